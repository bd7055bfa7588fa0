"""A battery lab that never was: cells, cyclers, their readings and the exact answers. Knows `schemas` only."""

from simulator.faults import FaultRates, Faults, Ledger
from simulator.lab import Lab
from simulator.messages import MESSAGE_FORMATS, MessageFormat, encode
from simulator.player import Progress, play
from simulator.protocol import Protocol
from simulator.publisher import Publisher
from simulator.readings import Readings
from simulator.truth import cycle_truth, step_truth, write_truth

__all__ = [
    "MESSAGE_FORMATS",
    "FaultRates",
    "Faults",
    "Lab",
    "Ledger",
    "MessageFormat",
    "Progress",
    "Protocol",
    "Publisher",
    "Readings",
    "cycle_truth",
    "encode",
    "play",
    "step_truth",
    "write_truth",
]

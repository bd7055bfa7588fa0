"""A battery lab that never was: cells, cyclers, their readings and the exact answers. Knows `schemas` only."""

from simulator.faults import FaultRates, Faults, Ledger
from simulator.lab import Lab
from simulator.messages import MESSAGE_FORMATS, MessageFormat, encode
from simulator.player import Progress, play
from simulator.protocol import Protocol, ageing_protocol, life_protocol
from simulator.publisher import Publisher
from simulator.readings import Readings
from simulator.resume import OtherLabError
from simulator.sampling import Noise
from simulator.truth import cycle_truth, step_truth, write_step_truth, write_truth

__all__ = [
    "MESSAGE_FORMATS",
    "FaultRates",
    "Faults",
    "Lab",
    "Ledger",
    "MessageFormat",
    "Noise",
    "OtherLabError",
    "Progress",
    "Protocol",
    "Publisher",
    "Readings",
    "ageing_protocol",
    "cycle_truth",
    "encode",
    "life_protocol",
    "play",
    "step_truth",
    "write_step_truth",
    "write_truth",
]

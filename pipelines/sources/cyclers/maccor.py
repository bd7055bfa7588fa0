"""Maccor: tab-separated text, one title line before the header."""

from pipelines.sources.cyclers.table import Export
from pipelines.sources.cyclers.units import DURATION, WALL_CLOCK

MACCOR = Export(
    make="maccor",
    title="Maccor text export",
    encoding="latin-1",
    separator="\t",
    columns={
        "record_index": (("Rec#", ""),),
        "cycle_count": (("Cyc#", ""),),
        "step_id": (("Step", ""),),
        "test_time_second": (("Test (Sec)", "s"), ("Test (Min)", "min"), ("TestTime", DURATION)),
        "step_time_second": (("Step (Sec)", "s"), ("Step (Min)", "min"), ("StepTime", DURATION)),
        "current_ampere": (("Amps", "A"),),  # signed; exports that leave the sign to State are not told apart here
        "voltage_volt": (("Volts", "V"),),
        "unix_time_second": (("DPt Time", WALL_CLOCK),),
    },
    required=("record_index", "cycle_count", "step_id", "test_time_second", "current_ampere", "voltage_volt"),
)

"""Arbin: comma-separated text; the names changed from version to version, the columns hardly."""

from pipelines.sources.cyclers.table import Export
from pipelines.sources.cyclers.units import WALL_CLOCK

ARBIN = Export(
    make="arbin",
    title="Arbin CSV",
    encoding="utf-8-sig",
    separator=",",
    columns={
        "record_index": (("Data_Point", ""), ("Data Point", "")),
        "cycle_count": (("Cycle_Index", ""), ("Cycle Index", "")),
        "step_id": (("Step_Index", ""), ("Step Index", "")),  # of the programme: it repeats
        "test_time_second": (("Test_Time", "s"), ("Test_Time(s)", "s"), ("Test Time (s)", "s")),
        "step_time_second": (("Step_Time", "s"), ("Step_Time(s)", "s"), ("Step Time (s)", "s")),
        "current_ampere": (("Current", "A"), ("Current(A)", "A"), ("Current (A)", "A"), ("Current (mA)", "mA")),
        "voltage_volt": (("Voltage", "V"), ("Voltage(V)", "V"), ("Voltage (V)", "V"), ("Voltage (mV)", "mV")),
        "temperature_t1_celsius": (
            ("Temperature", "degC"),
            ("Aux_Temperature_1 (C)", "degC"),
            ("Aux_Temperature_1(C)", "degC"),
        ),
        "unix_time_second": (("DateTime", "unix s"), ("Date_Time", WALL_CLOCK), ("Date Time", WALL_CLOCK)),
    },
    required=("cycle_count", "step_id", "test_time_second", "current_ampere", "voltage_volt"),
)

"""Arbin: comma-separated text; the names changed from version to version, the columns hardly.

MITS Pro 8 writes "Charge Capacity (Ah)", older ones "Charge_Capacity(Ah)", some re-exports no unit at all. The clock
is a text, unix seconds, or a day number of a spreadsheet; it may have a tab before it. The counters begin again where
the schedule says so.
"""

from pipelines.sources.cyclers.table import Export

ARBIN = Export(
    make="arbin",
    title="Arbin CSV",
    columns={
        "record_index": ("Data_Point", "Data Point Number"),
        "cycle_count": ("Cycle_Index",),
        "step_id": ("Step_Index",),  # of the programme: it repeats
        "test_time_second": ("Test_Time",),
        "step_time_second": ("Step_Time",),
        "unix_time_second": ("Date_Time",),
        "current_ampere": ("Current",),
        "voltage_volt": ("Voltage",),
        "charging_capacity_ah": ("Charge_Capacity",),
        "discharging_capacity_ah": ("Discharge_Capacity",),
        "charging_energy_wh": ("Charge_Energy",),
        "discharging_energy_wh": ("Discharge_Energy",),
        "temperature_t1_celsius": ("Aux_Temperature_1", "Temperature", "Aux_Temperature(C)_1", "Temperature_1"),
    },
    required=("test_time_second", "step_id", "current_ampere", "voltage_volt"),
    spelled=r"Data[ _]?Point.*|Step[ _]?Index|Test_?ID",
)

"""PEC: CSV with a block of "name:,value" lines (about 32, some versions 50) before the header, a comma behind each row.

Units are what the operator chose, times also as hh:mm:ss.xxx. In older versions the energies are called "Charge
Capacity (mWh)": told from the capacities by their unit. Counters begin again with every cycle; ``Cycle`` is from 0.
"""

from pipelines.sources.cyclers.table import Export

PEC = Export(
    make="pec",
    title="PEC CSV",
    columns={
        "cycle_count": ("Cycle",),
        "step_id": ("Step",),
        "test_time_second": ("Total Time",),
        "step_time_second": ("Step Time",),
        "unix_time_second": ("Real Time",),
        "current_ampere": ("Current",),
        "voltage_volt": ("Voltage",),
        "charging_capacity_ah": ("Charge Capacity",),
        "discharging_capacity_ah": ("Discharge Capacity",),
        "charging_energy_wh": ("Charge Capacity ()", "Charge Energy"),
        "discharging_energy_wh": ("Discharge Capacity ()", "Discharge Energy"),
        "temperature_t1_celsius": ("Cell surface temperature", "Temp", "Temperature"),
    },
    required=(("test_time_second", "unix_time_second"), "step_id", "current_ampere", "voltage_volt"),
    spelled=r"Real Time|Position Start Time|ReasonCode|Load On Time.*",
)

"""Forms that many share rather than one make's: BDF, Battery Archive, batterydata.energy.gov."""

from pipelines.sources.cyclers.table import CHARGING, DISCHARGING, Export

BDF = Export(
    make="bdf",
    title="Battery Data Format",
    columns={
        "record_index": ("record_index",),
        "cycle_count": ("cycle_count",),
        "step_count": ("step_count",),
        "step_id": ("step_id", "step_index"),  # the second one in files from before version 1.3
        "test_time_second": ("test_time",),
        "step_time_second": ("step_time",),
        "unix_time_second": ("unix_time_second", "Unix Time / s", "Unix Time", "Date Time", "Date Time ISO"),
        "current_ampere": ("current",),
        "voltage_volt": ("voltage",),
        "charging_capacity_ah": (
            *("charging_capacity", "cycle_charging_capacity", "step_charging_capacity", "schedule_charging_capacity"),
            "charge_capacity",
        ),
        "discharging_capacity_ah": (
            *("discharging_capacity", "cycle_discharging_capacity", "step_discharging_capacity"),
            *("schedule_discharging_capacity", "discharge_capacity"),
        ),
        "charging_energy_wh": (
            *("charging_energy", "cycle_charging_energy", "step_charging_energy", "schedule_charging_energy"),
            "charge_energy",
        ),
        "discharging_energy_wh": (
            *("discharging_energy", "cycle_discharging_energy", "step_discharging_energy"),
            *("schedule_discharging_energy", "discharge_energy"),
        ),
        "capacity_ah": ("net_capacity",),
        "energy_wh": ("net_energy",),
        "state": ("step_type",),
        "temperature_t1_celsius": ("temperature_t1", "surface_temperature"),
    },
    required=(("test_time_second", "unix_time_second"), "current_ampere", "voltage_volt"),
    spelled=r".+ / .+|.+_(second|ampere|volt)",
    charging=CHARGING,
    discharging=DISCHARGING,
    single_counter="net",
)

BATTERY_ARCHIVE = Export(
    make="batteryarchive",
    title="Battery Archive CSV",
    columns={
        "cycle_count": ("Cycle_Index",),
        "test_time_second": ("Test_Time",),
        "unix_time_second": ("Date_Time",),
        "current_ampere": ("Current",),
        "voltage_volt": ("Voltage",),
        "charging_capacity_ah": ("Charge_Capacity",),
        "discharging_capacity_ah": ("Discharge_Capacity",),
        "charging_energy_wh": ("Charge_Energy",),
        "discharging_energy_wh": ("Discharge_Energy",),
        "temperature_t1_celsius": ("Cell_Temperature",),
    },
    required=("test_time_second", "cycle_count", "current_ampere", "voltage_volt"),
    spelled=r"Environment_Temperature.*|Cell_Temperature.*|Test_Time \(.*",
)

BATTERYDATA = Export(
    make="batterydata",
    title="batterydata.energy.gov CSV",
    columns={
        "cycle_count": ("Cycle_Index",),
        "step_id": ("Step", "Step_Index"),
        "test_time_second": ("Time", "Test_Time"),
        "current_ampere": ("Current",),
        "voltage_volt": ("Voltage",),
        "charging_capacity_ah": ("Charge_Capacity",),
        "discharging_capacity_ah": ("Discharge_Capacity",),
        "charging_energy_wh": ("Charge_Energy",),
        "discharging_energy_wh": ("Discharge_Energy",),
        "temperature_t1_celsius": ("Cell_Temperature", "Temperature"),
        "label": ("Cycle_Label", "Segment_Label"),
    },
    required=("test_time_second", "current_ampere", "voltage_volt"),
    spelled=r"(Test_)?Time_s|Current_A|Voltage_V",
    not_readings=".*(eis|impedance).*",  # their voltage and current are placeholders
)

"""Further makes, each from its text export: Novonix, Digatron, BaSyTec; and the simulator PyBaMM."""

from pipelines.sources.cyclers.table import CHARGING, DISCHARGING, Export

NOVONIX = Export(
    make="novonix",
    title="Novonix CSV",
    columns={
        "cycle_count": ("Cycle Number", "Cycle"),
        "step_count": ("Step Number",),
        "step_id": ("Step position",),
        "test_time_second": ("Run Time",),
        "step_time_second": ("Step Time",),
        "unix_time_second": ("Date and Time",),
        "current_ampere": ("Current",),
        "voltage_volt": ("Potential", "Voltage"),
        "capacity_ah": ("Capacity",),
        "energy_wh": ("Energy",),
        "temperature_t1_celsius": ("Temperature",),
    },
    required=("test_time_second", "current_ampere", "voltage_volt"),
    spelled=r"Run[ -]?Time.*|Potential \(V\)",
    single_counter="net",
)

DIGATRON = Export(
    make="digatron",
    title="Digatron CSV",
    columns={
        "step_id": ("Step",),
        "cycle_count": ("Cycle",),
        "test_time_second": ("Program Duration", "Prog Time", "Program Time"),
        "step_time_second": ("Step Duration", "Step Time"),
        "unix_time_second": ("Timestamp",),
        "current_ampere": ("Current",),
        "voltage_volt": ("Voltage",),
        "charging_capacity_ah": ("AhCha",),
        "discharging_capacity_ah": ("AhDch",),
        "charging_energy_wh": ("WhCha",),
        "discharging_energy_wh": ("WhDch",),
        "capacity_ah": ("AhAccu",),
        "energy_wh": ("WhAccu",),
        "state": ("Status",),
        "temperature_t1_celsius": ("T1", "LogTemp001"),
    },
    required=(("test_time_second", "unix_time_second"), "current_ampere", "voltage_volt"),
    spelled=r".+#.+|Prog(ram)? (Time|Duration)|AhAccu",
    charging=f"{CHARGING}|CHA",
    discharging=f"{DISCHARGING}|DCH",
    single_counter="net",
)

BASYTEC = Export(
    make="basytec",
    title="BaSyTec text export",
    columns={
        "record_index": ("DataSet",),
        "cycle_count": ("Cyc-Count",),
        "step_id": ("Line",),
        "test_time_second": ("Time",),
        "step_time_second": ("t-Step",),
        "current_ampere": ("I", "Current"),
        "voltage_volt": ("U", "Voltage"),
        "capacity_ah": ("Ah",),
        "energy_wh": ("Wh",),
        "temperature_t1_celsius": ("T1", "Temp"),
    },
    required=("test_time_second", "current_ampere", "voltage_volt"),
    spelled=r"~Time ?\[.+\]|U ?\[.+\]|I ?\[.+\]",
    single_counter="net",
)

PYBAMM = Export(
    make="pybamm",
    title="PyBaMM CSV",
    columns={
        "cycle_count": ("Cycle",),
        "step_id": ("Step",),
        "test_time_second": ("Time",),
        "current_ampere": ("Current",),
        "voltage_volt": ("Terminal voltage", "Battery voltage", "Voltage"),
    },
    required=("test_time_second", "current_ampere", "voltage_volt"),
    spelled=r"Discharge capacity \[A\.h\]|(Terminal|Battery) voltage \[V\]",
    charging_sign=-1,
)

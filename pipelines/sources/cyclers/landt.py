"""Landt: a CSV with six lines before the header and a comma behind each row, and LANDdt's tables.

Counters begin again with every step. ``date_time_iso_string`` is month first. LANDdt writes "Current/mA" with or
without a sign and says the direction in the state ("C_CC", "D_CC", "R"); its Chinese form is in GBK.
"""

from pipelines.sources.cyclers.table import CHARGING, DISCHARGING, Export

LANDT_CSV = Export(
    make="landt",
    title="Landt CSV",
    columns={
        # channel_index counts the rows
        "record_index": ("channel_index", "record_index", "data_point"),
        "cycle_count": ("cycle_index",),
        "step_id": ("step_index",),
        "test_time_second": ("test_time",),
        "step_time_second": ("step_time",),
        "unix_time_second": ("date_time_iso_string", "date_time"),
        "current_ampere": ("current",),
        "voltage_volt": ("voltage",),
        "charging_capacity_ah": ("charge_capacity",),
        "discharging_capacity_ah": ("discharge_capacity",),
        "charging_energy_wh": ("charge_energy",),
        "discharging_energy_wh": ("discharge_energy",),
        "state": ("step_name",),
        "temperature_t1_celsius": ("temperature_1",),
    },
    required=("test_time_second", "step_id", "current_ampere", "voltage_volt"),
    spelled=r"date_time_iso_string|step_name|channel_index",
    charging=CHARGING,
    discharging=DISCHARGING,
)

LANDT_TABLE = Export(
    make="landt",
    title="LANDdt table",
    columns={
        "record_index": ("Record", "Index", "Record ID", "记录", "记录序号", "序号"),
        "cycle_count": ("Cycle-Index", "Cycle", "循环序号", "循环"),
        "step_id": ("Step-Index", "Step", "工步序号", "步骤序号", "步骤"),
        "test_time_second": ("TestTime", "测试时间"),
        "step_time_second": ("StepTime", "步骤时间", "工步时间"),
        "unix_time_second": ("SysTime", "DateTime", "系统时间"),
        "current_ampere": ("Current", "电流"),
        "voltage_volt": ("Voltage", "电压"),
        "capacity_ah": ("Capacity", "容量"),
        "energy_wh": ("Energy", "能量"),
        "state": ("Step-State", "State", "Status", "步骤状态", "工步状态", "状态"),
    },
    required=("test_time_second", "current_ampere", "voltage_volt"),
    spelled=r"SysTime|TestTime.*|StepTime.*|测试时间.*|Cycle-Index",
    charging=f"{CHARGING}|C.*",
    discharging=f"{DISCHARGING}|D.*",
    time_without_unit=True,
)

"""Neware: BTSDA (English, Chinese) and the older BTS client, flat or layered, CSV or Parquet; .nda and .ndax.

"Time" is the time in the step, "Total Time" that of the test, both as hours:minutes:seconds beyond 24 h. Units are
what the operator chose. All counters begin again with every step. The degree sign is often lost ("T1(?)").
"""

from dataclasses import replace

from pipelines.sources.cyclers.table import CHARGING, DISCHARGING, Export

NEWARE = Export(
    make="neware",
    title="Neware CSV",
    columns={
        "record_index": ("DataPoint", "Record ID", "Record Index", "Record number", "Record", "数据序号", "记录序号"),
        "cycle_count": ("Cycle Index", "Cycle ID", "Cycle", "Cycle Number", "循环号", "循环序号"),
        "step_id": ("Step Index", "Step ID", "Step", "Step Number", "工步号", "工步序号"),
        "test_time_second": ("Total Time", "Cumulative Time", "Test Time", "总时间", "累计时间", "测试时间"),
        "step_time_second": ("Time", "Relative Time", "Step Time", "State Time", "时间", "相对时间", "工步时间"),
        "unix_time_second": (
            *("Date", "Realtime", "Absolute Time", "DateTime"),
            *("绝对时间", "系统时间", "日期"),
        ),
        "current_ampere": ("Current", "Cur", "电流"),
        "voltage_volt": ("Voltage", "Volt", "电压"),
        "charging_capacity_ah": (
            *("Chg. Cap.", "Capacitance_Chg", "Chg. Capacity", "Charge Capacity", "CapaCity_Chg", "Cap_Chg"),
            "充电容量",
        ),
        "discharging_capacity_ah": (
            *("DChg. Cap.", "Capacitance_DChg", "DChg. Capacity", "Discharge Capacity", "CapaCity_DChg", "Cap_DChg"),
            "放电容量",
        ),
        "charging_energy_wh": ("Chg. Energy", "Engy_Chg", "Chg. Eng.", "Charge Energy", "Energy_Chg", "充电能量"),
        "discharging_energy_wh": (
            *("DChg. Energy", "Engy_DChg", "DChg. Eng.", "Discharge Energy", "Energy_DChg"),
            "放电能量",
        ),
        "capacity_ah": ("Capacity", "容量"),
        "energy_wh": ("Energy", "能量"),
        "state": ("Step Type", "Status", "State", "Step Name", "工步类型", "状态", "工步状态"),
        "temperature_t1_celsius": ("T1", "Temperature", "Auxiliary channel TU1 T", "温度", "temp1_1"),
    },
    required=(("test_time_second", "step_time_second", "unix_time_second"), "current_ampere", "voltage_volt"),
    spelled=(
        r"Data ?Point|Record (ID|Index|number)|Step Type|D?Chg\. ?.+|Cur ?\(.*|Capacitance_.*|Engy_.*|Realtime"
        r"|数据序号|记录序号|工步.+|电流.*|Total Time.*|Time\(h:.*|Relative Time.*"
    ),
    charging=f"{CHARGING}|C",
    discharging=f"{DISCHARGING}|D",
)

NEWARE_LAYERED = replace(NEWARE, title="Neware CSV, layered", layered=True)
"""A header line for cycles, one for steps behind an empty field, one for records behind two."""

NEWARE_BINARY = Export(
    make="neware",
    title="Neware .nda or .ndax",
    columns={
        "record_index": ("index",),
        "cycle_count": ("cycle_count",),
        "step_count": ("step_count",),
        "step_id": ("step_index",),
        "test_time_second": ("total_time_s",),
        "step_time_second": ("step_time_s",),
        "unix_time_second": ("unix_time_s",),
        "current_ampere": ("current",),
        "voltage_volt": ("voltage",),
        "capacity_ah": ("capacity",),
        "energy_wh": ("energy",),
        "state": ("step_type",),
    },
    required=("test_time_second", "current_ampere", "voltage_volt"),
    spelled="current_mA",
    charging=NEWARE.charging,
    discharging=NEWARE.discharging,
    single_counter="signed",
)
"""The columns of the library fastnda."""

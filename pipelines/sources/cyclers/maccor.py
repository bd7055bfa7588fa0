"""Maccor: text with titles before the header, tabs or commas between fields.

The current is signed in some exports and unsigned in others, which leave the direction to the state ("C", "D"); both
come from the same program. "TestTime" without a unit is a text with days ("0d 00:01:30.9") or a number of minutes;
"Test (Sec)" and "Test (Min)" say it. The counter begins again with every step. Waveform steps have counters of their
own, "N/A" elsewhere, which are not read.
"""

from dataclasses import replace

from pipelines.sources.cyclers.table import CHARGING, DISCHARGING, Export

MACCOR = Export(
    make="maccor",
    title="Maccor text export",
    columns={
        "record_index": ("Rec#", "Record"),
        "cycle_count": ("Cyc#", "Cycle C", "Cycle", "Cycle P"),
        "step_id": ("Step",),
        "test_time_second": ("Test ()", "TestTime"),
        "step_time_second": ("Step ()", "StepTime"),
        "unix_time_second": ("DPt Time", "Date Time"),
        "current_ampere": ("Amps", ("mAmps", "mA"), "Current", "Amp"),
        "voltage_volt": ("Volts", ("mVolts", "mV"), "Voltage", "Volt"),
        "capacity_ah": ("Amp-hr", ("mAmp-hr", "mAh"), "Capacity", "Cap."),
        "energy_wh": ("Watt-hr", ("mWatt-hr", "mWh"), "Energy", "Ener."),
        "state": ("State", "Md", "Mode"),
        "temperature_t1_celsius": ("Temp 1", "Temperature", "Temperature Cell", "EV Temp"),
    },
    required=("test_time_second", "record_index", "step_id", "current_ampere", "voltage_volt"),
    spelled=r"DP[tT] Time|Amp-hr|m?Amps|Rec#?",
    charging=f"{CHARGING}|CH?",
    discharging=f"{DISCHARGING}|D|DIS|DCH",
    time_without_unit=True,
)

LANDT_TEXT = replace(
    MACCOR,
    make="landt",
    title="Landt text export",
    columns={**MACCOR.columns, "unix_time_second": ("DPt-Time", "SysTime")},
    spelled=r"DPt-Time|Test\(Sec\)|Step\(Sec\)|Test\(Min\)",
    charging=f"{CHARGING}|C.*",
    discharging=f"{DISCHARGING}|D.*",
)
"""Landt's text has Maccor's names, spelled without blanks and with a hyphen."""

"""The five real cycler files as chunks, and the reference values that an independent script computed for them.

Column mappings are written out here, so that what is judged is the analysis and no reader.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas import ReadingChunk
from tests.oracle.generators import a_chunk

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"

Line = Mapping[str, str]
Read = Callable[[Line], float | None]


class CyclerFile(NamedTuple):
    """How one file is read: delimiter, lines before the header, and what each of our columns is."""

    file: str
    delimiter: str
    title_lines: int
    columns: Mapping[str, str | Read]


def _clock(text: str) -> float:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0 + float(seconds)


def _milli(name: str) -> Read:
    return lambda line: float(line[name]) / 1000.0


def _since_start(line: Line) -> float:
    moment = datetime.strptime(line["time/s"], "%m/%d/%Y %H:%M:%S.%f").replace(tzinfo=UTC)
    return (moment - datetime(2021, 5, 5, 15, 36, 22, 757000, UTC)).total_seconds()


def _of_states(name: str, states: str) -> Read:
    """The unsigned counter of a step, where the step goes that way; a suspended step (S) was a discharge."""
    return lambda line: float(line[name]) if line["State"] in states else 0.0


FILES = {
    "maccor_24cycles": CyclerFile(
        "maccor_24cycles.078",
        "\t",
        1,
        {
            "record_index": "Rec#",
            "cycle_count": "Cyc#",
            "step_id": "Step",
            "test_time_second": "Test (Sec)",
            "step_time_second": "Step (Sec)",
            "current_ampere": "Amps",
            "voltage_volt": "Volts",
            "charging_capacity_ah": _of_states("Amp-hr", "C"),
            "discharging_capacity_ah": _of_states("Amp-hr", "DS"),
            "charging_energy_wh": _of_states("Watt-hr", "C"),
            "discharging_energy_wh": _of_states("Watt-hr", "DS"),
        },
    ),
    "arbin_lfp_fastcharge": CyclerFile(
        "arbin_lfp_fastcharge.csv",
        ",",
        0,
        {
            "record_index": "Data_Point",
            "cycle_count": "Cycle_Index",
            "step_id": "Step_Index",
            "test_time_second": "Test_Time",
            "step_time_second": "Step_Time",
            "unix_time_second": "DateTime",
            "current_ampere": "Current",
            "voltage_volt": "Voltage",
            "temperature_t1_celsius": "Temperature",
            "charging_capacity_ah": "Charge_Capacity",
            "discharging_capacity_ah": "Discharge_Capacity",
            "charging_energy_wh": "Charge_Energy",
            "discharging_energy_wh": "Discharge_Energy",
        },
    ),
    "neware_flat_halfcell": CyclerFile(
        "neware_flat_halfcell.csv",
        ",",
        0,
        {
            "record_index": "DataPoint",
            "cycle_count": "Cycle Index",
            "step_count": "Step Index",
            "test_time_second": lambda line: _clock(line["Cumulative Time"]),
            "step_time_second": lambda line: _clock(line["Time"]),
            "current_ampere": "Current(A)",
            "voltage_volt": "Voltage(V)",
            "charging_capacity_ah": "Chg. Cap.(Ah)",
            "discharging_capacity_ah": "DChg. Cap.(Ah)",
            "charging_energy_wh": "Chg. Energy(Wh)",
            "discharging_energy_wh": "DChg. Energy(Wh)",
        },
    ),
    "biologic_mb_formation": CyclerFile(
        "biologic_mb_formation.csv",
        ";",
        0,
        {
            "cycle_count": lambda line: float(line["cycle_index"]) - 1.0,
            "step_id": "Ns",
            "test_time_second": _since_start,
            "current_ampere": _milli("I/mA"),
            "voltage_volt": "Ecell/V",
            "charging_capacity_ah": _milli("Q charge/mA.h"),
            "discharging_capacity_ah": _milli("Q discharge/mA.h"),
            "charging_energy_wh": "Energy charge/W.h",
            "discharging_energy_wh": lambda line: abs(float(line["Energy discharge/W.h"])),
        },
    ),
    "landt_graphite_coin": CyclerFile(
        "landt_graphite_coin.csv",
        ",",
        6,
        {
            "cycle_count": "cycle_index",
            "step_count": "step_index",
            "test_time_second": "test_time_s",
            "step_time_second": "step_time_s",
            "current_ampere": "current_A",
            "voltage_volt": "voltage_V",
            "charging_capacity_ah": "charge_capacity_Ah",
            "discharging_capacity_ah": "discharge_capacity_Ah",
            "charging_energy_wh": "charge_energy_Wh",
            "discharging_energy_wh": "discharge_energy_Wh",
        },
    ),
}


def lines_of(path: Path, delimiter: str = ",", title_lines: int = 0) -> list[dict[str, str]]:
    """The lines of a delimited file by the names in its header."""
    with path.open(encoding="latin-1", newline="") as file:
        for _ in range(title_lines):
            next(file)
        return list(csv.DictReader(file, delimiter=delimiter))


def chunk_of(name: str) -> ReadingChunk:
    """All readings of a file, the last ones of its battery."""
    file, delimiter, title_lines, columns = FILES[name]
    lines = lines_of(DATA / file, delimiter, title_lines)

    def read(theirs: str | Read) -> list[Any]:
        return [theirs(line) if callable(theirs) else float(line[theirs]) for line in lines]

    return a_chunk(closes=True, **{ours: read(theirs) for ours, theirs in columns.items()})


def reference_of(name: str, kind: str) -> list[dict[str, str]]:
    """The reference values of a file, ``kind`` is "cycles" or "steps"."""
    return lines_of(DATA / "expected" / f"{name}_{kind}.csv")

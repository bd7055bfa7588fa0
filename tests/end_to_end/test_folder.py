"""A folder of growing exports through the whole pipeline: the rows are those of the finished files."""

import csv
import json

import pytest

from tests.end_to_end.command import chargetracker, exported
from tests.sources.folder.exports import HEADER, append

SETTLED = ("cycle_number", "charging_capacity_ah", "discharging_capacity_ah", "voltage_min_volt", "reading_count")


def cycling(first, last, current):
    """Half an hour of each direction in turn: rows a minute apart, a new cycle each hour."""
    lines = []
    for number in range(first, last + 1):
        minute, second = number % 60, 60 * number
        clocks = f"{number},{second},{1_600_000_000 + second},{60 * (minute % 30)}"
        way = 1 if minute < 30 else -1
        lines.append(f"{clocks},{1 + (minute >= 30)},{1 + number // 60},{way * current},{3.5 + 0.01 * (minute % 30)}\n")
    return "".join(lines)


def told(rows):
    return [{name: row[name] for name in ("battery_id", *SETTLED)} for row in rows]


@pytest.mark.end_to_end
def test_a_file_that_was_written_anew_does_not_keep_a_run_that_reads_once(tmp_path):
    path = tmp_path / "cycler" / "a.csv"
    path.parent.mkdir()
    once = ("run", "--source", f"folder://{path.parent}", "--store", f"sqlite:///{tmp_path}/m.db", "--once")
    path.write_text(HEADER + cycling(0, 40, 2.0))
    chargetracker(*once)
    path.write_text(HEADER + cycling(0, 10, 2.0) + cycling(11, 70, 2.25))
    assert "41 readings of 1 batteries, 1 cycles, 0 duplicates, 0 late, 1 dead letters" in chargetracker(*once)
    append(path, cycling(71, 80, 2.25))
    assert "51 readings of 1 batteries, 2 cycles, 0 duplicates, 0 late, 1 dead letters" in chargetracker(*once)


@pytest.mark.end_to_end
def test_files_that_grow_and_are_renamed_give_the_rows_of_the_whole_files(tmp_path):
    folder, whole = tmp_path / "cycler", tmp_path / "whole"
    folder.mkdir()
    whole.mkdir()
    store, once = f"sqlite:///{tmp_path}/m.db", ("run", "--source", f"folder://{folder}", "--once")
    reference = f"sqlite:///{tmp_path}/reference.db"
    first, second = folder / "a.csv", folder / "b.csv"
    first.write_text(HEADER + cycling(0, 100, 2.0))
    second.write_text(HEADER + cycling(0, 40, 1.0)[:-7])
    chargetracker(*once, "--store", store)
    append(first, cycling(101, 130, 2.0) + "not,a,row\n")
    append(second, cycling(40, 40, 1.0)[-7:])
    first = first.rename(folder / "a (old).csv")
    chargetracker(*once, "--store", store)
    append(first, cycling(131, 200, 2.0))
    append(second, cycling(41, 90, 1.0))
    said = chargetracker(*once, "--store", store)
    assert "292 readings of 2 batteries, 6 cycles, 0 duplicates, 0 late, 1 dead letters" in said

    (whole / "a.csv").write_text(HEADER + cycling(0, 200, 2.0))
    (whole / "b.csv").write_text(HEADER + cycling(0, 90, 1.0))
    for name in ("a.csv", "b.csv"):
        chargetracker("run", "--source", f"file://{whole / name}", "--store", reference)
    output = tmp_path / "grown"
    output.mkdir()
    assert told(exported("cycles", store, output)) == told(exported("cycles", reference, tmp_path))
    rows = csv.DictReader((output / "cycles.csv").open())
    (half_hour,) = (row for row in rows if (row["battery_id"], row["cycle_number"]) == ("a", "2"))
    # 2 A for half an hour: by its step clock a direction begins at its first reading, so that the minute before that
    # belongs to the other one, whose current is held until then
    assert float(half_hour["charging_capacity_ah"]) == pytest.approx(1.0, rel=1e-9)
    assert json.loads((folder / ".chargetracker.json").read_text())[0]["name"] == "a (old).csv"

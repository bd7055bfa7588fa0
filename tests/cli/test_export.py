import csv
from math import nan

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.cli import export, table_file
from pipelines.cli.main import app
from pipelines.storage import StoreError
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, StepRow
from tests.cli.rows import A_LETTER, FakeReader, a_cycle, blank


@pytest.fixture
def kept(monkeypatch):
    reader = FakeReader(
        cycles=[
            a_cycle("b1", 1, cycle_count=4, charging_capacity_ah=0.1 + 0.2, status="final", test_id="t"),
            a_cycle("b2", 1, cycle_count=-1, coulombic_efficiency_percent=nan, voltage_min_volt=-1.0),
        ],
        dead_letters=[A_LETTER],
    )
    monkeypatch.setattr(export, "open_reader", lambda url: reader)
    return reader


def run_export(*arguments):
    return CliRunner().invoke(app, ["export", *map(str, arguments), "--store", "sqlite:///m.db"])


def read_csv(path):
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_the_columns_are_the_fields_of_the_rows_in_order(kept, tmp_path):
    for what, row in (
        ("cycles", CycleRow),
        ("steps", StepRow),
        ("batteries", BatteryRow),
        ("dead-letters", DeadLetter),
    ):
        output = tmp_path / f"{what}.csv"
        result = run_export(what, "--output", output)
        assert result.exit_code == 0, result.output
        assert read_csv(output)[0][: len(row._fields)] == list(row._fields)


def test_numbers_keep_all_their_digits(kept, tmp_path):
    run_export("cycles", "--output", tmp_path / "c.csv")
    header, first, _ = read_csv(tmp_path / "c.csv")
    assert first[header.index("charging_capacity_ah")] == "0.30000000000000004"


def test_what_is_not_known_is_empty_and_a_true_minus_one_is_not(kept, tmp_path):
    run_export("cycles", "--output", tmp_path / "c.csv")
    header, first, second = read_csv(tmp_path / "c.csv")
    assert first[header.index("cycle_count")] == "4"
    assert second[header.index("cycle_count")] == ""
    assert second[header.index("coulombic_efficiency_percent")] == ""
    assert second[header.index("voltage_min_volt")] == "-1.0"


def test_a_whole_refused_message_keeps_its_reading_index_and_its_payload_is_text(kept, tmp_path):
    run_export("dead-letters", "--output", tmp_path / "d.csv")
    header, letter = read_csv(tmp_path / "d.csv")
    assert letter[header.index("reading_index")] == "-1"
    assert letter[header.index("payload")] == '{"a":\\xff'


def test_only_the_wanted_battery_is_written(kept, tmp_path):
    run_export("cycles", "--output", tmp_path / "c.csv", "--battery", "b2")
    assert [line[0] for line in read_csv(tmp_path / "c.csv")] == ["battery_id", "b2"]
    run_export("late", "--output", tmp_path / "l.csv", "--battery", "b2")
    header, *lines = read_csv(tmp_path / "l.csv")
    assert [line[header.index("battery_id")] for line in lines] == ["b2"]


def test_cycles_and_steps_end_with_how_many_late_readings_belong_to_each(monkeypatch, tmp_path):
    late = [blank(LateReading, battery_id="b1", time_second=time_s) for time_s in (5.0, 99.0, 100.0, 250.0, 251.0)]
    cycles = [
        a_cycle("b1", number, start_time_second=start_s) for number, start_s in ((1, 0.0), (2, 100.0), (3, 300.0))
    ]
    monkeypatch.setattr(export, "open_reader", lambda url: FakeReader(cycles=cycles, late=late))
    run_export("cycles", "--output", tmp_path / "c.csv")
    header, *lines = read_csv(tmp_path / "c.csv")
    assert header == [*CycleRow._fields, "late_count"]
    assert [line[-1] for line in lines] == ["2", "3", "0"]
    run_export("batteries", "--output", tmp_path / "b.csv")
    assert read_csv(tmp_path / "b.csv")[0] == list(BatteryRow._fields)


def test_parquet_has_types_and_nulls(kept, tmp_path):
    run_export("cycles", "--output", tmp_path / "c.parquet")
    table = pq.read_table(tmp_path / "c.parquet")
    assert [str(table.schema.field(n).type) for n in ("battery_id", "cycle_number", "duration_second")] == [
        *("string", "int64", "double"),
    ]
    assert table["cycle_count"].to_pylist() == [4, None]
    assert table["charging_capacity_ah"].to_pylist() == [0.1 + 0.2, None]
    run_export("dead-letters", "--output", tmp_path / "d.parquet")
    assert pq.read_table(tmp_path / "d.parquet")["payload"].to_pylist() == [b'{"a":\xff']


@pytest.mark.parametrize("name", ["c.csv", "c.parquet"])
def test_an_empty_table_still_has_its_columns(name, monkeypatch, tmp_path):
    monkeypatch.setattr(export, "open_reader", lambda url: FakeReader())
    assert run_export("cycles", "--output", tmp_path / name).exit_code == 0
    names = pq.read_schema(tmp_path / name).names if name.endswith("parquet") else read_csv(tmp_path / name)[0]
    assert names[: len(CycleRow._fields)] == list(CycleRow._fields)


def test_the_reader_is_closed(kept, tmp_path):
    run_export("steps", "--output", tmp_path / "s.csv")
    assert kept.closed


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("c.xlsx", "--output c.xlsx: the name must end in .csv or .parquet."),
        ("nowhere/c.csv", "--output nowhere/c.csv: there is no folder"),
    ],
)
def test_a_file_that_cannot_be_is_refused_in_one_line(kept, output, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run_export("cycles", "--output", output)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"chargetracker: {expected}")
    assert result.stderr.count("\n") == 1


def test_an_unknown_table_is_a_usage_error(kept, tmp_path):
    assert run_export("volts", "--output", tmp_path / "c.csv").exit_code == 2


def test_a_file_that_is_there_is_kept_unless_it_is_to_be_replaced(kept, tmp_path):
    output = tmp_path / "c.csv"
    output.write_text("mine")
    result = run_export("cycles", "--output", output)
    assert result.exit_code == 1
    assert f"{output}: it is there already; name another file, or add --force" in result.stderr
    assert output.read_text() == "mine"
    assert run_export("cycles", "--output", output, "--force").exit_code == 0
    assert [line[0] for line in read_csv(output)] == ["battery_id", "b1", "b2"]
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


@pytest.mark.parametrize("name", ["c.csv", "c.parquet"])
def test_an_export_that_fails_leaves_the_file_as_it_was(name, kept, monkeypatch, tmp_path):
    def fails(since=None):
        raise StoreError("it went away")

    monkeypatch.setattr(kept, "cycles", fails)
    (tmp_path / name).write_text("mine")
    assert run_export("cycles", "--output", tmp_path / name, "--force").exit_code == 1
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_a_store_is_read_battery_by_battery(kept, monkeypatch, tmp_path):
    asked = []
    cycles = kept.cycles
    monkeypatch.setattr(kept, "cycles", lambda since=None: (asked.append(since), cycles(since))[1])
    run_export("cycles", "--output", tmp_path / "c.csv")
    assert asked == [{"b1": 0}, {"b2": 0}]


def test_a_long_table_is_several_row_groups_and_none_is_lost(monkeypatch, tmp_path):
    monkeypatch.setattr(table_file, "ROW_GROUP_ROWS", 10)
    cycles = [a_cycle(battery, number) for battery in ("b1", "b2") for number in range(1, 13)]
    monkeypatch.setattr(export, "open_reader", lambda url: FakeReader(cycles=cycles))
    run_export("cycles", "--output", tmp_path / "c.parquet")
    found = pq.ParquetFile(tmp_path / "c.parquet")
    groups = [found.metadata.row_group(k).num_rows for k in range(found.num_row_groups)]
    assert groups == [10, 2, 10, 2]
    table = found.read()
    assert table["battery_id"].to_pylist() == ["b1"] * 12 + ["b2"] * 12
    assert table["cycle_number"].to_pylist() == [*range(1, 13), *range(1, 13)]


def test_parquet_says_what_its_columns_mean(kept, tmp_path):
    run_export("cycles", "--output", tmp_path / "c.parquet")
    schema = pq.read_schema(tmp_path / "c.parquet")
    assert schema.field("coulombic_efficiency_percent").metadata == {
        b"column": b"coulombic_efficiency_percent",
        b"meaning": b"Charge taken out of what was put in, of this same cycle; "
        b"empty when either is less than a hundredth of both together",
        b"unit": b"%",
        b"formula": b"100 discharging_capacity_ah / charging_capacity_ah",
        b"source": b"analysis; EMMO CoulombicEfficiency",
    }
    assert b"unit" not in schema.field("battery_id").metadata
    assert {name: schema.field(name).metadata[b"unit"] for name in ("duration_second", "late_count")} == {
        "duration_second": b"s",
        "late_count": b"1",
    }

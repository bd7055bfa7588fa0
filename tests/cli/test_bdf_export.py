"""The trace in the Battery Data Format."""

import csv
from math import nan

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.cli import export
from pipelines.cli.main import app
from schemas import TracePoint
from tests.cli.rows import FakeReader

LABELS = ["Test Time / s", "Voltage / V", "Current / A", "Unix Time / s", "Cycle Count / 1", "Temperature T1 / degC"]
NAMES = [
    *("test_time_second", "voltage_volt", "current_ampere", "unix_time_second", "cycle_count"),
    "temperature_t1_celsius",
]
"""Of the terms of BDF 1.3, required ones first."""

WALL = 1_700_000_000.0


@pytest.fixture
def points(monkeypatch):
    """What the trace of every battery is; to be filled."""
    found = []
    reader = FakeReader()
    monkeypatch.setattr(reader, "trace", lambda battery_id, after_second=0.0: found)
    monkeypatch.setattr(export, "open_reader", lambda url: reader)
    return found


def run_export(*arguments):
    return CliRunner().invoke(app, ["export", *map(str, arguments), "--store", "sqlite:///m.db"])


def test_a_trace_has_the_labels_of_bdf_and_its_sign(points, tmp_path):
    points += [
        TracePoint("b1", 0, 29.5, WALL, -1.5, 3.25, 25.0, 1, 7),
        TracePoint("b1", 1, 59.5, WALL + 30.0, 0.1 + 0.2, 4.0, nan, 2, 8),
    ]
    output = tmp_path / "b1.bdf.csv"
    assert run_export("trace", "--battery", "b1", "--format", "bdf", "--output", output).exit_code == 0
    with output.open(newline="") as file:
        assert list(csv.reader(file)) == [
            LABELS,
            ["29.5", "3.25", "-1.5", "1700000000.0", "1", "25.0"],
            ["59.5", "4.0", "0.30000000000000004", "1700000030.0", "2", ""],
        ]


def test_machine_names_in_parquet_with_units_and_nulls(points, tmp_path):
    points += [TracePoint("b1", 0, 29.5, nan, -1.5, 3.25, nan, 1, 7)]
    output = tmp_path / "b1.bdf.parquet"
    assert run_export("trace", "--battery", "b1", "--format", "bdf-names", "--output", output).exit_code == 0
    table = pq.read_table(output)
    assert table.to_pylist() == [dict(zip(NAMES, [29.5, 3.25, -1.5, None, 1, None], strict=True))]
    units = [table.schema.field(name).metadata[b"unit"].decode() for name in NAMES]
    assert units == [label.partition(" / ")[2] for label in LABELS]


def test_a_battery_without_a_test_clock_counts_from_its_first_point(points, tmp_path):
    points += [TracePoint("b1", 0, WALL + k, WALL + k, 1.0, 3.5, nan, 1, 7) for k in (0.0, 30.5)]
    output = tmp_path / "b1.bdf.parquet"
    run_export("trace", "--battery", "b1", "--format", "bdf-names", "--output", output)
    assert pq.read_table(output)["test_time_second"].to_pylist() == [0.0, 30.5]


def test_an_empty_trace_still_has_its_columns(points, tmp_path):
    run_export("trace", "--battery", "b1", "--format", "bdf", "--output", tmp_path / "b1.parquet")
    assert pq.read_schema(tmp_path / "b1.parquet").names == LABELS


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["cycles", "--format", "bdf"], "--format bdf: only the trace has that form; leave it out for cycles."),
        (["trace", "--format", "bdf-names"], "--format bdf-names: such a file holds one battery; name it with"),
    ],
)
def test_what_has_no_such_form_is_said_in_one_line(points, tmp_path, arguments, told):
    result = run_export(*arguments, "--output", tmp_path / "x.csv")
    assert result.exit_code == 1
    assert told in result.stderr
    assert not list(tmp_path.iterdir())

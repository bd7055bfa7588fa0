"""The dictionary at the command line and in the documentation."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.columns import as_markdown
from pipelines.cli.kept import TABLE_OF, Kept
from pipelines.cli.main import app

DOCUMENT = Path(__file__).parents[2] / "docs" / "columns.md"


def run_columns(*arguments):
    result = CliRunner().invoke(app, ["columns", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_document_is_what_the_dictionary_says():
    said = run_columns("--format", "markdown")
    assert DOCUMENT.read_text("utf-8") == said, "run: chargetracker columns --format markdown > docs/columns.md"


def test_one_table_is_told_in_the_order_of_its_columns():
    header, *lines = (line.split("\t") for line in run_columns("trace").splitlines())
    assert header == ["table", "column", "meaning", "unit", "formula", "source"]
    assert [line[1] for line in lines] == list(TABLE_OF[Kept.TRACE].columns())
    assert {line[0] for line in lines} == {"trace"}
    assert lines[4][1:4] == ["current_ampere", "Current of the reading, positive when charging", "A"]


def test_all_tables_are_told_as_csv():
    rows = list(csv.DictReader(io.StringIO(run_columns("--format", "csv"))))
    assert list(dict.fromkeys(row["table"] for row in rows)) == list(Kept)
    (efficiency,) = (row for row in rows if row["column"] == "coulombic_efficiency_percent")
    assert (efficiency["unit"], efficiency["formula"]) == ("%", "100 discharging_capacity_ah / charging_capacity_ah")


def test_cycles_end_with_the_late_readings_that_export_adds():
    assert run_columns("cycles").splitlines()[-1].split("\t")[1] == "late_count"


@pytest.mark.parametrize("kept", Kept)
def test_every_line_of_a_markdown_table_has_as_many_cells_as_its_head(kept):
    section = as_markdown([kept]).partition(f"## {kept}\n\n")[2]
    widths = {line.replace("\\|", "").count("|") for line in section.splitlines()}
    assert widths == {6}


def test_an_unknown_table_is_a_usage_error():
    assert CliRunner().invoke(app, ["columns", "volts"]).exit_code == 2

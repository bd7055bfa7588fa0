from math import nan

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipelines.cli import show
from pipelines.cli.kept import TABLE_OF, Kept
from pipelines.cli.main import app
from tests.cli.rows import A_LETTER, FakeReader, a_cycle


@pytest.fixture
def kept(monkeypatch):
    cycles = [a_cycle("b1", number, charging_capacity_ah=1.23456789) for number in (1, 2, 3)]
    reader = FakeReader(cycles=cycles, dead_letters=[A_LETTER, A_LETTER._replace(offset=3)])
    monkeypatch.setattr(show, "open_reader", lambda url: reader)
    return reader


def lines_of(*arguments):
    result = CliRunner().invoke(app, ["show", *arguments, "--store", "sqlite:///m.db"])
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.stdout.splitlines()]


@pytest.mark.parametrize("what", list(Kept))
def test_every_table_can_be_shown_with_columns_that_it_has(what, kept):
    header, *lines = lines_of(what.value)
    assert set(header) <= set(TABLE_OF[what].columns())
    assert all(len(line) == len(header) for line in lines)


def test_a_piped_table_is_tab_separated_with_five_digits(kept):
    header, first, *_ = lines_of("cycles")
    assert first[header.index("charging_capacity_ah")] == "1.2346"


def test_a_limit_keeps_the_last_rows_and_the_newest_dead_letters(kept):
    assert [line[1] for line in lines_of("cycles", "--limit", "2")] == ["cycle_number", "2", "3"]
    header, letter = lines_of("dead-letters", "--limit", "1")
    assert letter[header.index("offset")] == "17"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("voltage_volt", nan, ""),
        ("cycle_count", -1, ""),
        ("reading_index", -1, "-1"),
        # 1,700,000,000 s after 1970: 19675 days and 80,000 s, which is 22:13:20 on 2023-11-14.
        ("arrival_unix_second", 1_700_000_000.0, "2023-11-14 22:13:20"),
        ("payload", b'{"a":\xff\n' + b"x" * 100, '{"a":\\xff\\n' + "x" * 53),
        ("detail", "two\nlines\tand a tab", "two lines and a tab"),
    ],
)
def test_a_cell_is_for_people(column, value, expected):
    assert show.cell(column, value) == expected


def test_a_payload_with_brackets_is_shown_as_it_is_at_a_terminal(monkeypatch, capsys):
    """Guards against taking hostile payloads for rich's mark-up, which raised on a closing tag."""
    monkeypatch.setattr(show, "Console", lambda: Console(force_terminal=True, width=100))
    show.print_lines(["payload"], [["[/red][bold]x"]])
    assert "[/red][bold]x" in capsys.readouterr().out

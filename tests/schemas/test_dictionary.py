"""The dictionary has one line for each column that a person sees, and says nothing that the names contradict."""

import re

import pytest

from pipelines.cli.kept import TABLE_OF
from schemas import dictionary as module
from schemas.dictionary import COUNTED_WHEN_READ, ColumnMeaning, dictionary, meanings

SEEN = tuple(TABLE_OF.values())
LINES = sorted(dictionary().items())

UNITS = {
    "ah": "Ah",
    "wh": "Wh",
    "volt": "V",
    "ampere": "A",
    "watt": "W",
    "ohm": "ohm",
    "second": "s",
    "hour": "h",
    "celsius": "degC",
    "percent": "%",
    "rate": "1/h",
    "count": "1",
    "number": "1",
    "index": "1",
    "cycles": "1",
    "cycle": "cycle",
}
"""By the last word of a name, or the words on both sides of a ``per``."""


def unit_in(name):
    """The unit that a name tells; `None` when it tells none."""
    name = re.sub(r"_\d+(s|a|second)$", "", name)  # resistance after 10 s
    above, per, below = name.partition("_per_")
    units = [UNITS.get(part.rpartition("_")[2]) for part in (above, below) if part]
    if per and None not in units:
        return "/".join(units)
    return None if per else units[0]


@pytest.mark.parametrize("table", SEEN, ids=lambda table: table.name)
def test_every_column_has_a_line(table):
    shown = (*table.columns(), *COUNTED_WHEN_READ.get(table.name, ()))
    missing = [name for name in shown if (table.name, name) not in dictionary()]
    assert missing == []
    assert tuple(one.column for one in meanings(table)) == shown


def test_every_line_has_a_column():
    there = {
        (table.name, name) for table in SEEN for name in (*table.columns(), *COUNTED_WHEN_READ.get(table.name, ()))
    }
    assert [key for key in dictionary() if key not in there] == []


@pytest.mark.parametrize(("key", "line"), LINES, ids=lambda value: ".".join(value) if len(value) == 2 else "")
def test_a_unit_is_the_one_in_the_name(key, line):
    told = unit_in(line.column)
    assert told in (None, line.unit)


def test_the_unit_in_a_name_is_found():
    names = (
        "max_gap_second",
        "start_unix_second",
        "dc_internal_resistance_ohm_10s",
        "fade_percent_per_cycle",
        "status",
    )
    assert [unit_in(name) for name in names] == ["s", "s", "ohm", "%/cycle", None]
    assert unit_in("relaxation_volt_per_hour") == "V/h"


@pytest.mark.parametrize("table", SEEN, ids=lambda table: table.name)
def test_numbers_have_a_unit_and_texts_have_none(table):
    kinds = {**table.columns(), **dict.fromkeys(COUNTED_WHEN_READ.get(table.name, ()), int)}
    assert [one.column for one in meanings(table) if bool(one.unit) != (kinds[one.column] in (int, float))] == []


@pytest.mark.parametrize(("key", "line"), LINES, ids=lambda value: ".".join(value) if len(value) == 2 else "")
def test_a_line_is_whole(key, line):
    assert all(isinstance(text, str) and text == text.strip() for text in line)
    assert line.meaning
    assert line.source
    assert not line.meaning.endswith(".")


def test_a_column_in_a_formula_is_one_of_the_same_table():
    """A formula names columns by their whole names; one that was renamed is found here."""
    units = "|".join(word for word in UNITS if word not in ("count", "number", "index", "cycles", "cycle"))
    for (table, _), line in LINES:
        named = re.findall(rf"\b[a-z]\w*_(?:{units})\b", line.formula)
        assert [name for name in named if (table, name) not in dictionary()] == []


def test_two_lines_for_one_column_are_refused(monkeypatch):
    text = "column\ttable\tmeaning\tunit\tformula\tsource\na\tcycle step\tm\t1\t\ts\na\tstep battery\tm\t1\t\ts\n"
    monkeypatch.setattr(module, "_text", lambda: text)
    with pytest.raises(ValueError, match="describes a of step twice"):
        dictionary.__wrapped__()


def test_a_line_of_several_tables_holds_in_each_and_quotes_are_plain_text(monkeypatch):
    text = 'column\ttable\tmeaning\tunit\tformula\tsource\na\tcycle step\t"m" one\tV\tb / c\ts\n'
    monkeypatch.setattr(module, "_text", lambda: text)
    told = ColumnMeaning("a", '"m" one', "V", "b / c", "s")
    assert dictionary.__wrapped__() == {("cycle", "a"): told, ("step", "a"): told}

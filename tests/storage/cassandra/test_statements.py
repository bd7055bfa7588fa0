"""What is never asked of Cassandra."""

import re
from pathlib import Path

import pytest

import pipelines.storage.cassandra as package
from pipelines.storage.cassandra import statements
from pipelines.storage.cassandra.layout import BATTERIES, CELLS, LATES, LAYOUTS, LETTERS, POINTS, RECORDS
from schemas.tables import TABLES

SOURCES = {file.name: file.read_text("utf-8") for file in Path(package.__file__).parent.glob("*.py")}


@pytest.mark.parametrize("word", ["ALLOW FILTERING", "BatchType.LOGGED", " counter ", "list<", "CREATE INDEX", "LIKE"])
def test_it_is_in_no_statement(word):
    assert [name for name, text in SOURCES.items() if word.lower() in text.lower()] == []


def test_every_table_has_a_place():
    assert {layout.name for layout in LAYOUTS} >= {table.name for table in TABLES}
    for table, layout in RECORDS.items():
        packed = list(CELLS) if layout is BATTERIES else []
        assert list(layout.columns)[1:] == [*table.row._fields, *packed]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_values_are_bound_and_names_are_quoted(layout):
    text = statements.insert("lab", layout)
    assert text.count("?") == len(layout.columns) + 1
    assert re.findall(r'"([^"]+)"', text) == ["lab", layout.name, *layout.columns]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_what_grows_old_is_compacted_by_time(layout):
    windows = "TimeWindowCompactionStrategy" in statements.create_table("lab", layout)
    assert windows is (layout in (POINTS, LATES, LETTERS))


def test_an_identifier_or_text_is_quoted_whatever_it_is():
    assert statements.quoted('a"b; --') == '"a""b; --"'
    assert statements.literal({"a'b": "x"}) == "{'a''b': 'x'}"

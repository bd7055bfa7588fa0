"""What every column of every table means, in which unit it is, and where it comes from.

The lines are plain data, ``dictionary.tsv``: one for each column, or one for several tables in which it means the same.
A test holds them against the tables, so none can be missing or left over.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from schemas.tables import Table

COUNTED_WHEN_READ = {"cycle": ("late_count",), "step": ("late_count",)}
"""By table: columns that are kept in no store and stand behind the others wherever a person sees them."""


class ColumnMeaning(NamedTuple):
    """One column of one table.

    Attributes:
        column: Its name.
        meaning: What it says, in a sentence without a stop.
        unit: Of its values: "1" for numbers without one, empty for texts.
        formula: How it is made from readings or other columns; empty when it is taken as it is.
        source: Where it, or its definition, comes from.
    """

    column: str
    meaning: str
    unit: str
    formula: str
    source: str


def meanings(table: Table) -> tuple[ColumnMeaning, ...]:
    """Of all columns that a person sees of ``table``, in the order in which they are shown.

    Raises:
        KeyError: A column has no line.
    """
    lines = dictionary()
    return tuple(lines[table.name, column] for column in (*table.columns(), *COUNTED_WHEN_READ.get(table.name, ())))


@cache
def dictionary() -> dict[tuple[str, str], ColumnMeaning]:
    """All lines, by table and column.

    Raises:
        ValueError: There are two lines for one column of a table.
    """
    found: dict[tuple[str, str], ColumnMeaning] = {}
    for line in csv.DictReader(_text().splitlines(), dialect="excel-tab", quoting=csv.QUOTE_NONE):
        meaning = ColumnMeaning(**{name: line[name] for name in ColumnMeaning._fields})
        for table in line["table"].split():
            if found.setdefault((table, meaning.column), meaning) is not meaning:
                raise ValueError(f"dictionary.tsv describes {meaning.column} of {table} twice")
    return found


def _text() -> str:
    return files("schemas").joinpath("dictionary.tsv").read_text("utf-8")

"""``chargetracker columns``: what the columns of the tables mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.kept import TABLE_OF, Kept
from pipelines.cli.show import print_lines
from pipelines.cli.verb import verb
from schemas.dictionary import ColumnMeaning, meanings

HEADER = ("table", *ColumnMeaning._fields)

_PREAMBLE = """\
# Columns

What every column of `chargetracker show` and `chargetracker export` means. Made by `chargetracker columns --format \
markdown` from `schemas/dictionary.tsv`; a test compares them.

Currents are positive while the battery is charged. Capacities and energies are magnitudes. Times are UTC. What is not \
known is empty. A unit of 1 is a number without one; a column without a unit is a text.
"""


class ColumnsFormat(StrEnum):
    """How the columns are told."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"


Format = Annotated[ColumnsFormat, typer.Option("--format", help="For people, for the documentation, or for programs.")]


@verb
def columns(
    what: Annotated[Kept | None, typer.Argument(help="Which table; without it, all.", show_default=False)] = None,
    form: Format = ColumnsFormat.TABLE,
) -> None:
    """Say what each column means: unit, formula, source."""
    tables = tuple(Kept) if what is None else (what,)
    _PRINT[form](tables)


def as_markdown(tables: Iterable[Kept]) -> str:
    """A section for each table."""
    return _PREAMBLE + "".join(_section(kept) for kept in tables)


def _section(kept: Kept) -> str:
    head = " | ".join(ColumnMeaning._fields)
    rule = " | ".join("---" for _ in ColumnMeaning._fields)
    lines = "".join(f"| {' | '.join(_cells(one))} |\n" for one in meanings(TABLE_OF[kept]))
    return f"\n## {kept}\n\n| {head} |\n| {rule} |\n{lines}"


def _cells(one: ColumnMeaning) -> list[str]:
    return [f"`{one.column}`", *(text.replace("|", "\\|") for text in one[1:])]


def _lines(tables: Iterable[Kept]) -> list[tuple[str, ...]]:
    return [(kept.value, *one) for kept in tables for one in meanings(TABLE_OF[kept])]


def _print_table(tables: Iterable[Kept]) -> None:
    print_lines(HEADER, _lines(tables))


def _print_markdown(tables: Iterable[Kept]) -> None:
    typer.echo(as_markdown(tables), nl=False)


def _print_csv(tables: Iterable[Kept]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *_lines(tables)])
    typer.echo(text.getvalue(), nl=False)


_PRINT: dict[ColumnsFormat, Callable[[Iterable[Kept]], None]] = {
    ColumnsFormat.TABLE: _print_table,
    ColumnsFormat.MARKDOWN: _print_markdown,
    ColumnsFormat.CSV: _print_csv,
}

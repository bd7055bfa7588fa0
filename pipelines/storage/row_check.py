"""Rows that are none of their table, found before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipelines.storage.base import StoreError
from pipelines.storage.url import StoreUrl
from schemas.tables import Table


def refuse_wrong_rows(url: StoreUrl, table: Table, rows: Sequence[Any]) -> None:
    """Let only rows pass that have the table's columns, each of its type.

    Raises:
        StoreError: One is not.
    """
    kinds = _kinds(table)
    for row in rows:
        if len(row) != len(kinds) or not all(map(isinstance, row, kinds)):
            raise StoreError(f"{url}: this is no row of {table.name}: {row!r}")


@cache
def _kinds(table: Table) -> tuple[tuple[type, ...], ...]:
    # An int is a float to everybody but isinstance.
    return tuple((int, float) if kind is float else (kind,) for kind in table.columns().values())

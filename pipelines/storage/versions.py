"""Stores of other versions: what is said about them, and what older ones lack."""

from __future__ import annotations

from math import nan
from typing import Any

from pipelines.storage.base import StoreError
from pipelines.storage.url import StoreUrl
from schemas import UNKNOWN_COUNT
from schemas.tables import CYCLE, DEAD_LETTER, SCHEMA_VERSION, STEP, ColumnType, Table


def _between(table: Table, first: str, last: str) -> tuple[tuple[Table, str], ...]:
    names = table.row._fields
    return tuple((table, name) for name in names[names.index(first) + 1 : names.index(last)])


_ADDED: dict[int, tuple[tuple[Table, str], ...]] = {
    2: ((DEAD_LETTER, "key"), (DEAD_LETTER, "headers")),
    3: (*_between(STEP, "duplicate_count", "revision"), *_between(CYCLE, "duplicate_count", "revision")),
}
"""By the version that added them: columns. In an older store they stand at the end of their table."""

UNKNOWN: dict[ColumnType, Any] = {str: "", int: UNKNOWN_COUNT, float: nan, bytes: b""}
"""What a row from before a column was added has in it."""


def columns_since(version: int) -> list[tuple[Table, str]]:
    """What tables of that version lack."""
    return [added for newer in range(version + 1, SCHEMA_VERSION + 1) for added in _ADDED[newer]]


def no_tables(url: StoreUrl) -> StoreError:
    """What to raise for a store without tables."""
    return StoreError(f"{url} holds no tables yet: run: chargetracker store init {url.typed}")


def refuse_other_version(version: int | None, url: StoreUrl) -> None:
    """Let only the version of this program pass; `None` is a store without tables.

    Raises:
        StoreError: It is another one.
    """
    if version is None:
        raise no_tables(url)
    refuse_newer_version(version, url)
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{url} has tables of version {version}, this program needs version {SCHEMA_VERSION}: bring it there, with "
            f"all that is in it, with: chargetracker store migrate {url.typed}"
        )


def refuse_newer_version(version: int | None, url: StoreUrl) -> None:
    """Let only versions pass that this program knows.

    Raises:
        StoreError: It is a newer one, or there are no tables.
    """
    if version is None:
        raise no_tables(url)
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{url} has tables of version {version}, this program needs version {SCHEMA_VERSION}: use a newer program "
            f"or another store, or throw this one away with: chargetracker store reset {url.typed}"
        )

"""Rows of Cassandra as records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from pipelines.storage.cassandra.layout import RecordLayout
from pipelines.storage.cassandra.session import Row
from pipelines.storage.cassandra.statements import select
from pipelines.storage.versions import UNKNOWN
from schemas.tables import Table

# numpy's floats are floats too.
pack: Callable[[Any], bytes] = msgspec.msgpack.Encoder(enc_hook=float).encode
"""A record in one value."""
_unpack = msgspec.msgpack.Decoder(list[Any]).decode


def select_records(keyspace: str, layout: RecordLayout, where: str, rest: str = "") -> str:
    """All of the record's columns, in its order."""
    return select(keyspace, layout, layout.table.row._fields, where=where, rest=rest)


def records(table: Table, rows: Iterable[Row]) -> list[Any]:
    """A record of each row; a column that was added after a row was written is unknown in it."""
    make = table.row._make
    return [make(row if None not in row else _filled(table, row)) for row in rows]


def unpacked(table: Table, rows: Iterable[Row]) -> list[Any]:
    """A record of each row whose last column is a packed one; as `records`. Where there is none, there is no record."""
    make, width = table.row._make, len(table.row._fields)
    found = (_unpack(row[-1]) for row in rows if row[-1] is not None)
    return [make(values if len(values) == width else _lengthened(table, values)) for values in found]


def _filled(table: Table, row: Row) -> Row:
    kinds = table.columns().values()
    return tuple(UNKNOWN[kind] if value is None else value for kind, value in zip(kinds, row, strict=True))


def _lengthened(table: Table, values: list[Any]) -> list[Any]:
    kinds = list(table.columns().values())
    return [*values, *(UNKNOWN[kind] for kind in kinds[len(values) :])]

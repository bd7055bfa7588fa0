"""Which tables a keyspace holds, and whose turn it is to write: one row, changed by compare-and-set."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from pipelines.storage.base import StoreError
from pipelines.storage.cassandra.layout import STANDING
from pipelines.storage.cassandra.session import CassandraSession
from pipelines.storage.cassandra.statements import equal, listed, qualified, quoted, select
from pipelines.storage.versions import no_tables
from schemas.tables import SCHEMA_VERSION

NAME = "store"


class Standing(NamedTuple):
    """The one row of the table ``meta``.

    Attributes:
        schema_version: Of the tables.
        made: Another number after each `Store.reset`.
        epoch: Taken last; 0 when none was.
        ledger: Where the committed offsets are: another number after each epoch and rewind.
    """

    schema_version: int
    made: int
    epoch: int
    ledger: int


def new_number() -> int:
    """One that nobody has had."""
    return secrets.randbits(62)


def find_standing(session: CassandraSession) -> Standing | None:
    """The row; `None` where there are no tables, or they are half made.

    Raises:
        StoreError: The keyspace holds tables of another program.
    """
    columns = _columns_by_table(session)
    if not columns:
        return None
    if columns.get(STANDING.name) != set(STANDING.columns):
        raise StoreError(f"{session.url} is the keyspace of another program: choose another name for ours.")
    rows = session.ask(_found(session), (NAME,))
    return Standing(*rows[0]) if rows else None


def standing_of(session: CassandraSession) -> Standing:
    """The row, of a store that is there."""
    rows = session.ask(_found(session), (NAME,))
    if not rows:
        raise no_tables(session.url)
    return Standing(*rows[0])


def begin_standing(session: CassandraSession) -> None:
    """Write the first row; does nothing when there is one."""
    names = ", ".join("?" * len(STANDING.columns))
    text = f"INSERT INTO {qualified(session.place.keyspace, STANDING)} ({listed(STANDING.columns)}) VALUES ({names})"  # noqa: S608
    session.decide(f"{text} IF NOT EXISTS", (NAME, SCHEMA_VERSION, new_number(), 0, new_number()))


def replace_standing(session: CassandraSession, before: Standing, after: Standing) -> bool:
    """Write another row, if it still is the one of before."""
    assigned = ", ".join(f"{quoted(name)} = ?" for name in Standing._fields)
    unchanged = equal(Standing._fields)
    table = qualified(session.place.keyspace, STANDING)
    text = f"UPDATE {table} SET {assigned} WHERE {quoted('name')} = ? IF {unchanged}"  # noqa: S608
    return session.decide(text, (*after, NAME, *before))


def _found(session: CassandraSession) -> str:
    return select(session.place.keyspace, STANDING, Standing._fields, where=equal(STANDING.partition))


def _columns_by_table(session: CassandraSession) -> dict[str, set[str]]:
    text = "SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = %s"
    found: dict[str, set[str]] = {}
    for table, column in session.change(text, (session.place.keyspace,)):
        found.setdefault(table, set()).add(column)
    return found

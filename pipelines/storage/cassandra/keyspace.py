"""The keyspace and its tables: made, emptied, thrown away, brought to a newer version."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.storage.base import StoreError
from pipelines.storage.cassandra.layout import BATTERIES, CELLS, LAYOUTS, RECORDS, STANDING, Layout
from pipelines.storage.cassandra.session import CassandraSession
from pipelines.storage.cassandra.standing import begin_standing
from pipelines.storage.cassandra.statements import (
    add_column,
    create_keyspace,
    create_table,
    drop_table,
    select,
    truncate,
)
from pipelines.storage.versions import columns_since

_EMPTIED = tuple(layout for layout in LAYOUTS if layout is not STANDING)


def make_keyspace(session: CassandraSession) -> None:
    """Make keyspace and tables, as far as they are not there.

    Raises:
        StoreError: There are fewer nodes than copies are wanted.
    """
    keyspace = session.place.keyspace
    if replication_of(session) is None:
        session.change(create_keyspace(keyspace, session.datacenter, _wanted_replication(session)))
    # First the one that says whose keyspace this is, and its row last: half made, nobody takes it for a store.
    for layout in (STANDING, *_EMPTIED):
        session.change(create_table(keyspace, layout))
    begin_standing(session)


def replication_of(session: CassandraSession) -> int | None:
    """How many nodes of the datacenter keep each row; `None` when there is no keyspace."""
    text = "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = %s"
    rows = session.change(text, (session.place.keyspace,))
    if not rows:
        return None
    options = rows[0][0]
    return int(options.get(session.datacenter, options.get("replication_factor", 0)))


def drop_tables(session: CassandraSession) -> None:
    """Throw away all tables; the keyspace stays."""
    text = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
    for (name,) in session.change(text, (session.place.keyspace,)):
        session.change(drop_table(session.place.keyspace, name))
    session.forget_statements()


def empty_tables(session: CassandraSession) -> None:
    """Throw away all that is in the tables. One without anything is left alone: emptying it takes as long."""
    keyspace = session.place.keyspace
    session.change_all(truncate(keyspace, layout) for layout in _with_rows(session))


def add_columns_since(session: CassandraSession, version: int) -> None:
    """Make tables and columns that those of an older version lack."""
    keyspace = session.place.keyspace
    for layout in LAYOUTS:
        session.change(create_table(keyspace, layout))
    for table, column in columns_since(version):
        session.change(add_column(keyspace, RECORDS[table], column))
    for cell in CELLS:
        session.change(add_column(keyspace, BATTERIES, cell))
    session.forget_statements()


def _wanted_replication(session: CassandraSession) -> int:
    nodes = session.node_count
    wanted = session.place.replication
    if wanted is None:
        return 3 if nodes >= 3 else 1
    if wanted > nodes:
        raise StoreError(
            f"{session.url} wants {wanted} copies of each row, and datacenter {session.datacenter} has {nodes} "
            f"node{'s' * (nodes > 1)}: add nodes, or leave out replication={wanted}."
        )
    return wanted


def _with_rows(session: CassandraSession) -> Iterable[Layout]:
    keyspace = session.place.keyspace
    questions = [(select(keyspace, layout, layout.partition[:1], rest="LIMIT 1"), ()) for layout in _EMPTIED]
    return [layout for layout, rows in zip(_EMPTIED, session.ask_all(questions), strict=True) if rows]

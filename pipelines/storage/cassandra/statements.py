"""Texts of statements, made from the layouts. Values are always bound; names are ours and quoted.

Unknown numbers are written as NaN: a null would be a tombstone, and a column left out would keep its old value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pipelines.storage.cassandra.layout import Layout
from schemas.tables import ColumnType

_KINDS: dict[ColumnType, str] = {str: "text", int: "bigint", float: "double", bytes: "blob"}

WINDOW_DAYS = 1
_WINDOWS = {
    "class": "TimeWindowCompactionStrategy",
    "compaction_window_unit": "DAYS",
    "compaction_window_size": str(WINDOW_DAYS),
}


def quoted(name: str) -> str:
    """The identifier as CQL takes it, whatever it is: there is a column called ``group``."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str]) -> str:
    """Quoted, with commas."""
    return ", ".join(map(quoted, names))


def literal(values: dict[str, str]) -> str:
    """A map of texts."""
    pairs = (f"{_text(name)}: {_text(value)}" for name, value in values.items())
    return "{" + ", ".join(pairs) + "}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def create_keyspace(keyspace: str, datacenter: str, replication: int) -> str:
    """The keyspace, with so many copies of each row in that datacenter."""
    options = literal({"class": "NetworkTopologyStrategy", datacenter: str(replication)})
    return f"CREATE KEYSPACE IF NOT EXISTS {quoted(keyspace)} WITH replication = {options}"


def create_table(keyspace: str, layout: Layout) -> str:
    """The table; does nothing when it is there."""
    fields = ", ".join(f"{quoted(name)} {_KINDS[kind]}" for name, kind in layout.columns.items())
    key = ", ".join(filter(None, (f"({listed(layout.partition)})", listed(layout.clustering))))
    options = f" WITH compaction = {literal(_WINDOWS)}" if layout.windows else ""
    return f"CREATE TABLE IF NOT EXISTS {qualified(keyspace, layout)} ({fields}, PRIMARY KEY ({key})){options}"


def add_column(keyspace: str, layout: Layout, column: str) -> str:
    """A column that older tables do not have; does nothing when it is there."""
    kind = _KINDS[layout.columns[column]]
    return f"ALTER TABLE {qualified(keyspace, layout)} ADD IF NOT EXISTS {quoted(column)} {kind}"


def drop_table(keyspace: str, name: str) -> str:
    """The table and all that is in it."""
    return f"DROP TABLE IF EXISTS {quoted(keyspace)}.{quoted(name)}"


def truncate(keyspace: str, layout: Layout) -> str:
    """All that is in the table."""
    return f"TRUNCATE {qualified(keyspace, layout)}"


def insert(keyspace: str, layout: Layout, columns: Collection[str] | None = None) -> str:
    """A row, full or those columns of it, and its write time."""
    columns = layout.columns if columns is None else columns
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {qualified(keyspace, layout)} ({listed(columns)}) VALUES ({places}) USING TIMESTAMP ?"  # noqa: S608


def select(keyspace: str, layout: Layout, columns: Sequence[str], *, where: str = "", rest: str = "") -> str:
    """Columns of the rows that ``where`` chooses, in the order of the key."""
    chosen = f" WHERE {where}" if where else ""
    return f"SELECT {listed(columns)} FROM {qualified(keyspace, layout)}{chosen}{rest and f' {rest}'}"  # noqa: S608


def select_range(keyspace: str, layout: Layout, columns: Sequence[str]) -> str:
    """Columns of all rows whose partition lies between two tokens, the first not included."""
    token = f"token({listed(layout.partition)})"
    return select(keyspace, layout, columns, where=f"{token} > ? AND {token} <= ?")


def delete(keyspace: str, layout: Layout, where: str) -> str:
    """Rows, ranges of rows or partitions."""
    return f"DELETE FROM {qualified(keyspace, layout)} WHERE {where}"  # noqa: S608


def delete_before(keyspace: str, layout: Layout, where: str, columns: Iterable[str] = ()) -> str:
    """Of what ``where`` chooses, all or some columns, only what has at most the write time that is bound first."""
    chosen = listed(columns)
    return f"DELETE {chosen and f'{chosen} '}FROM {qualified(keyspace, layout)} USING TIMESTAMP ? WHERE {where}"


def equal(names: Iterable[str]) -> str:
    """Every one of these columns has the value that is bound."""
    return " AND ".join(f"{quoted(name)} = ?" for name in names)


def qualified(keyspace: str, layout: Layout) -> str:
    """The table's full name."""
    return f"{quoted(keyspace)}.{quoted(layout.name)}"

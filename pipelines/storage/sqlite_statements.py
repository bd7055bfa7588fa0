"""SQLite's tables, upserts and selects, made from `schemas.tables` once a process.

NaN needs no care on the way in: SQLite's driver writes it as NULL. Only numbers can be NULL.
"""

from __future__ import annotations

import sqlite3

from schemas import UNKNOWN_COUNT
from schemas.tables import BATTERY, COMMITTED, DEAD_LETTER, TABLES, TRACE, ColumnType, Table

_KINDS: dict[ColumnType, str] = {
    str: "TEXT NOT NULL",
    int: "INTEGER NOT NULL",
    float: "REAL",
    bytes: "BLOB NOT NULL",
}
_UNKNOWN: dict[ColumnType, str] = {str: "''", int: str(UNKNOWN_COUNT), float: "NULL", bytes: "x''"}
"""What rows from before a column was added have in it (`pipelines.storage.versions`)."""

# A STRICT table refuses a value of the wrong type instead of keeping it. SQLite knows the word since 3.37.
_STRICT = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""


def quoted(name: str) -> str:
    """The identifier as SQL takes it, whatever it is: there is a column called ``group``."""
    return '"' + name.replace('"', '""') + '"'


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, names))


def create_table(table: Table) -> str:
    """The table, clustered by its key. Long values are kept out of the key's tree, where they would not fit a page."""
    columns = table.columns()
    fields = ", ".join(f"{quoted(name)} {_KINDS[kind]}" for name, kind in columns.items())
    clustered = "" if bytes in columns.values() else "WITHOUT ROWID"
    options = ", ".join(filter(None, (clustered, _STRICT)))
    return f"CREATE TABLE {quoted(table.name)} ({fields}, PRIMARY KEY ({_listed(table.key)})) {options}"


def add_column(table: Table, name: str) -> str:
    """A column that an older table lacks, at its end."""
    kind = table.columns()[name]
    return f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(name)} {_KINDS[kind]} DEFAULT {_UNKNOWN[kind]}"


def upsert(table: Table) -> str:
    """Write a row: the higher revision of a key wins, or the first one where there are no revisions."""
    if not table.guarded:
        return f"{_insert(table)} DO NOTHING"
    others = [quoted(name) for name in table.row._fields if name not in table.key]
    newer = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f"{_insert(table)} DO UPDATE SET {newer} WHERE excluded.revision > {quoted(table.name)}.revision"


def _insert(table: Table) -> str:
    places = ", ".join("?" * len(table.row._fields))
    names = _listed(table.row._fields)  # a table that was migrated has them in another order
    return f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({places}) ON CONFLICT ({_listed(table.key)})"  # noqa: S608


def select(table: Table, rest: str = "") -> str:
    """All columns in the order of the record; ``rest`` is what follows the table's name."""
    return f"SELECT {_listed(table.row._fields)} FROM {quoted(table.name)} {rest}"  # noqa: S608  # names are ours


META = "meta"
CREATE = (
    f"CREATE TABLE {META} (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    *map(create_table, TABLES),
    'CREATE INDEX "late_battery" ON "late" ("battery_id", "time_second")',
    'CREATE INDEX "dead_letter_arrival" ON "dead_letter" ("arrival_unix_second")',
    # Counting a million dead letters takes longer than the second after which they are counted again.
    "CREATE TABLE dead_letter_count (reason TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
    'CREATE TRIGGER dead_letter_kept AFTER INSERT ON "dead_letter" BEGIN '
    "INSERT INTO dead_letter_count VALUES (new.reason, 1) ON CONFLICT (reason) DO UPDATE SET count = count + 1; END",
    'CREATE TRIGGER dead_letter_gone AFTER DELETE ON "dead_letter" BEGIN '
    "UPDATE dead_letter_count SET count = count - 1 WHERE reason = old.reason; END",
)
"""In this order: everything there is in the file."""

GET_META = f"SELECT value FROM {META} WHERE name = ?"  # noqa: S608
SET_META = f"INSERT INTO {META} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"  # noqa: S608

SET_OFFSET = f'{_insert(COMMITTED)} DO UPDATE SET "offset" = excluded."offset", epoch = excluded.epoch'
MOVE_OFFSET = f'{SET_OFFSET} WHERE excluded."offset" > {COMMITTED.name}."offset"'
CARRY_OFFSETS = f"UPDATE {COMMITTED.name} SET epoch = ?"  # noqa: S608

EXPIRE_TRACE = f"""
    DELETE FROM {TRACE.name} WHERE time_second <
        (SELECT b.time_second - ? FROM {BATTERY.name} AS b WHERE b.battery_id = {TRACE.name}.battery_id)
"""  # noqa: S608

TOTALS = f"""
    SELECT count(*), coalesce(sum(max(cycle_number, 0)), 0), coalesce(sum(reading_count), 0),
        coalesce(sum(duplicate_count), 0), coalesce(sum(late_count), 0),
        (SELECT coalesce(sum(count), 0) FROM dead_letter_count), max(last_arrival_unix_second)
    FROM {BATTERY.name}
"""  # noqa: S608
DEAD_LETTER_COUNTS = "SELECT reason, count FROM dead_letter_count WHERE count > 0"
NEWEST_DEAD_LETTERS = select(
    DEAD_LETTER, 'ORDER BY arrival_unix_second DESC, partition, "offset" DESC, reading_index DESC LIMIT ?'
)

"""The store in one SQLite file.

The file is in WAL mode: readers see the last committed state and never wait for the writer, nor it for them.
``synchronous`` is normal: a killed process loses nothing, a power cut may lose the last moments as a whole, rows,
snapshots and offsets together, and they are read again.

What keeps the file small: pages that `expire` empties are used again, so the file stays at the size of its fullest
moment; the log beside it is cut back to `WAL_BYTES` when it was larger; `reset` gives everything back to the disk.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from pipelines.storage.base import Bundle, StoreError
from pipelines.storage.contents import contents
from pipelines.storage.expiry import ARRIVAL, refuse_lasting
from pipelines.storage.sqlite_file import (
    APPLICATION_ID,
    connect,
    file_of,
    in_words,
    version_in,
)
from pipelines.storage.sqlite_reader import SqliteReader
from pipelines.storage.sqlite_statements import (
    CARRY_OFFSETS,
    CREATE,
    EXPIRE_TRACE,
    GET_META,
    MOVE_OFFSET,
    SET_META,
    SET_OFFSET,
    add_column,
    quoted,
    select,
    upsert,
)
from pipelines.storage.url import StoreUrl
from pipelines.storage.versions import columns_since, refuse_newer_version, refuse_other_version
from schemas import CommittedOffset, Snapshot
from schemas.tables import COMMITTED, SCHEMA_VERSION, SNAPSHOT, TABLES

WAL_BYTES = 64 * 1024 * 1024
CHECKPOINT_PAGES = 4000
"""How much is written to the log (of 4 kB pages) before it goes into the file: a bundle touches several hundred."""
CACHE_KIBIBYTE = 16 * 1024
"""More than a bundle touches, so that nothing is written twice in one transaction."""

_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}",
    f"PRAGMA cache_size = -{CACHE_KIBIBYTE}",
    f"PRAGMA journal_size_limit = {WAL_BYTES}",
)
_UPSERT = {table: upsert(table) for table in TABLES}
_SNAPSHOT_OF = select(SNAPSHOT, "WHERE battery_id = ?")
_ALL_COMMITTED = select(COMMITTED)


class SqliteStore(SqliteReader):
    """Writes a store too; one transaction a call."""

    def __init__(self, url: StoreUrl, connection: sqlite3.Connection, made: int | None) -> None:
        super().__init__(url, connection)
        self._made = made

    def init(self) -> None:
        """Make the tables; does nothing when they are there in this version.

        Raises:
            StoreError: They are there in another version.
        """
        with self._transaction() as connection:
            version = version_in(connection, self._url)
            if version is None:
                self._make_tables(connection)
            else:
                refuse_other_version(version, self._url)

    def reset(self) -> None:
        """Throw everything away and make the tables anew, in the same file: readers go on and see it empty."""
        with self._transaction() as connection:
            version_in(connection, self._url)
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                connection.execute(f"DROP TABLE {quoted(table)}")
            self._make_tables(connection)
        with self._lock, suppress(sqlite3.OperationalError):  # while somebody reads, the space is only used again
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def migrate(self) -> int:
        """Add to tables of an older version what they lack; all of it, or nothing.

        Returns:
            The version they had.

        Raises:
            StoreError: There are none, or they are of a newer version.
        """
        with self._transaction() as connection:
            version = version_in(connection, self._url)
            refuse_newer_version(version, self._url)
            assert version is not None
            for table, column in columns_since(version):
                connection.execute(add_column(table, column))
            connection.execute(SET_META, ("schema_version", SCHEMA_VERSION))
        return version

    def cautions(self) -> list[str]:
        """None: the file is as safe as its disk."""
        return []

    def take_epoch(self, now_unix_second: float) -> int:
        """A new epoch [us], higher than every one before; the committed offsets are carried over into it."""
        with self._transaction() as connection:
            self._made = _meta(connection, "made")
            epoch = max(int(now_unix_second * 1e6), _meta(connection, "epoch") + 1)
            connection.execute(SET_META, ("epoch", epoch))
            connection.execute(CARRY_OFFSETS, (epoch,))
        return epoch

    def newest_epoch(self) -> int:
        """The epoch taken last; 0 when none was."""
        with self._one_state() as connection:
            return _meta(connection, "epoch")

    def committed(self) -> dict[str, CommittedOffset]:
        """Committed offset of each partition."""
        return {row.partition: row for row in self._read(CommittedOffset._make, _ALL_COMMITTED)}

    def commit(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Move committed offsets forward; false, and nothing done, when a newer epoch was taken."""
        return self._set_offsets(MOVE_OFFSET, epoch, offsets)

    def rewind(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Set committed offsets, backward too; false as in `commit`."""
        return self._set_offsets(SET_OFFSET, epoch, offsets)

    def snapshots(self, battery_ids: Iterable[str]) -> dict[str, Snapshot]:
        """Snapshots of those of the batteries that have one."""
        found = self._read(Snapshot._make, _SNAPSHOT_OF, ((battery_id,) for battery_id in battery_ids))
        return {row.battery_id: row for row in found}

    def write(self, bundle: Bundle) -> None:
        """Everything in the bundle, or nothing.

        Raises:
            StoreError: It was not written; or the store was reset since this connection was opened, so that what
                is already in its user's memory does not fit it.
        """
        with self._transaction() as connection:
            self._refuse_reset(connection)
            for table, rows in contents(bundle):
                connection.executemany(_UPSERT[table], rows)

    def expire_trace(self, keep_second: float) -> int:
        """Delete trace points that lie further behind their battery's newest reading."""
        with self._transaction() as connection:
            deleted = connection.execute(EXPIRE_TRACE, (keep_second,)).rowcount
        with self._lock:  # it has looked at all of the table: those pages would stay in memory for nothing
            self._connection.execute("PRAGMA shrink_memory")
        return deleted

    def expire(self, table: str, before_unix_second: float) -> int:
        """Delete ``late`` or ``dead_letter`` rows that arrived before that."""
        refuse_lasting(table)
        with self._transaction() as connection:
            older = f"DELETE FROM {quoted(table)} WHERE {quoted(ARRIVAL)} < ?"  # noqa: S608  # names are ours
            return connection.execute(older, (before_unix_second,)).rowcount

    def _set_offsets(self, statement: str, epoch: int, offsets: Mapping[str, int]) -> bool:
        with self._transaction() as connection:
            self._refuse_reset(connection)
            if epoch < _meta(connection, "epoch"):
                return False
            connection.executemany(statement, [(partition, offset, epoch) for partition, offset in offsets.items()])
        return True

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        for statement in CREATE:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._made = secrets.randbits(62)
        meta = {"schema_version": SCHEMA_VERSION, "epoch": 0, "made": self._made}
        connection.executemany(SET_META, list(meta.items()))

    def _refuse_reset(self, connection: sqlite3.Connection) -> None:
        made = _meta(connection, "made")
        self._made = self._made or made
        if made != self._made:
            raise StoreError(f"{self._url} was reset while it was written to: start the run again.")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, in_words(self._url):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                self._connection.rollback()


def _meta(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(GET_META, (name,)).fetchone()[0]
    return value


def open_sqlite_store(url: StoreUrl, create: bool) -> SqliteStore:
    """The store in the file.

    Args:
        url: Names the file.
        create: The file may be absent, empty, or of another version.

    Raises:
        StoreError: It cannot be opened; the message says what to do.
    """
    file = file_of(url, create=create)
    with in_words(url):
        connection = connect(file, "rwc" if create else "rw")
        try:
            return _checked(url, connection, create)
        except BaseException:
            connection.close()
            raise


def _checked(url: StoreUrl, connection: sqlite3.Connection, create: bool) -> SqliteStore:
    version = version_in(connection, url)
    if not create:
        refuse_other_version(version, url)
    for setting in _SETTINGS:
        connection.execute(setting)
    made = _meta(connection, "made") if version == SCHEMA_VERSION else None
    return SqliteStore(url, connection, made)

"""The store in a Cassandra keyspace.

There are no transactions across partitions. What takes their place: rows are written whole, under a write time that
decides between two of them (`layout`); snapshots only after all rows have been taken; offsets only after that, by who
asks for it. A crash in between leaves rows that are written again, the same or newer.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import partial

from pipelines.storage.base import Bundle
from pipelines.storage.cassandra.keyspace import (
    add_columns_since,
    drop_tables,
    empty_tables,
    make_keyspace,
    replication_of,
)
from pipelines.storage.cassandra.offsets import Offsets, refuse_reset
from pipelines.storage.cassandra.reader import CassandraReader
from pipelines.storage.cassandra.sender import patiently, send
from pipelines.storage.cassandra.session import CassandraSession, connect
from pipelines.storage.cassandra.spans import Span
from pipelines.storage.cassandra.standing import (
    Standing,
    find_standing,
    new_number,
    replace_standing,
    standing_of,
)
from pipelines.storage.cassandra.writer import BundleWriter
from pipelines.storage.expiry import refuse_lasting
from pipelines.storage.url import StoreUrl
from pipelines.storage.versions import refuse_newer_version, refuse_other_version
from schemas import CommittedOffset, Snapshot
from schemas.tables import LATE, SCHEMA_VERSION


class CassandraStore(CassandraReader):
    """Writes a store too. What does not get through is tried again for a bounded time."""

    def __init__(self, session: CassandraSession, made: int | None) -> None:
        super().__init__(session)
        self._made = made
        self._writer = BundleWriter(session, self._shards)
        self._offsets = Offsets(session)

    def init(self) -> None:
        """Make keyspace and tables; does nothing when they are there in this version.

        Raises:
            StoreError: They are there in another version.
        """
        standing = find_standing(self._session)
        if standing is None:
            make_keyspace(self._session)
            standing = standing_of(self._session)
        refuse_other_version(standing.schema_version, self._session.url)
        self._made = self._made or standing.made

    def reset(self) -> None:
        """Throw everything away; other openings see it empty, and write nothing before they take an epoch."""
        standing = find_standing(self._session)
        if standing is None or standing.schema_version != SCHEMA_VERSION:
            if standing is not None:
                drop_tables(self._session)
            make_keyspace(self._session)
        else:
            self._begin_anew(standing)
            empty_tables(self._session)
        self._made = standing_of(self._session).made
        self._writer.forget()

    def migrate(self) -> int:
        """Add to tables of an older version what they lack. When it is interrupted, it can be done again.

        Returns:
            The version they had.

        Raises:
            StoreError: There are none, or they are of a newer version.
        """
        standing = find_standing(self._session)
        refuse_newer_version(None if standing is None else standing.schema_version, self._session.url)
        assert standing is not None
        add_columns_since(self._session, standing.schema_version)
        while not replace_standing(self._session, standing, standing._replace(schema_version=SCHEMA_VERSION)):
            standing = standing_of(self._session)
        return standing.schema_version

    def cautions(self) -> list[str]:
        """What the number of copies means."""
        if (replication_of(self._session) or 0) > 1:
            return []
        return [f"replication 1: each row of {self._session.url} is on one node, and lost with it."]

    def take_epoch(self, now_unix_second: float) -> int:
        """A new epoch [us], higher than every one before; the committed offsets are carried over into it."""
        standing = self._offsets.take_epoch(now_unix_second)
        if standing.made != self._made:
            self._writer.forget()
        self._made = standing.made
        return standing.epoch

    def newest_epoch(self) -> int:
        """The epoch taken last; 0 when none was."""
        return standing_of(self._session).epoch

    def committed(self) -> dict[str, CommittedOffset]:
        """Committed offset of each partition."""
        return self._offsets.committed()

    def commit(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Move committed offsets forward; false, and nothing done, when a newer epoch was taken."""
        return patiently(partial(self._offsets.commit, epoch, offsets, self._refuse_reset), self._until())

    def rewind(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Set committed offsets, backward too; false as in `commit`."""
        return patiently(partial(self._offsets.rewind, epoch, offsets, self._refuse_reset), self._until())

    def snapshots(self, battery_ids: Iterable[str]) -> dict[str, Snapshot]:
        """Snapshots of those of the batteries that have one."""
        return patiently(partial(self._shards.snapshots, frozenset(battery_ids)), self._until())

    def write(self, bundle: Bundle) -> None:
        """Everything in the bundle; after an error a part of the rows may be there, and no snapshot before all of them.

        Raises:
            StoreAwayError: It was not taken within the time that the URL allows.
            StoreError: A row cannot be kept; or the store was reset since this connection was opened, so that what
                is already in its user's memory does not fit it.
        """
        until = self._until()
        writes = patiently(partial(self._writer.statements, bundle), until)
        self._refuse_reset(patiently(partial(standing_of, self._session), until))
        for group in writes.groups:
            send(self._session, group, until)
        self._writer.remember(writes)

    def expire_trace(self, keep_second: float) -> int:
        """Delete trace points that lie further behind their battery's newest reading."""
        newest = self._shards.newest(("battery_id", "time_second"))
        return self._points.expire({name: second - keep_second for name, second in newest})

    def expire(self, table: str, before_unix_second: float) -> int:
        """Delete ``late`` or ``dead_letter`` rows that arrived before that."""
        refuse_lasting(table)
        refused = self._late if table == LATE.name else self._letters

        def note(span: Span) -> None:
            send(self._session, [self._writer.changed(table, *span.key)], self._until())

        return refused.expire(before_unix_second, note)

    def _begin_anew(self, standing: Standing) -> None:
        """First of all the others are kept from writing."""
        while not replace_standing(
            self._session, standing, Standing(SCHEMA_VERSION, made=new_number(), epoch=0, ledger=new_number())
        ):
            standing = standing_of(self._session)

    def _refuse_reset(self, standing: Standing) -> None:
        refuse_reset(self._session, self._made, standing)
        self._made = standing.made

    def _until(self) -> float:
        return time.monotonic() + self._session.place.patience_second


def open_cassandra_store(url: StoreUrl, create: bool) -> CassandraStore:
    """The store in the keyspace.

    Args:
        url: Names nodes and keyspace.
        create: The keyspace may be absent, empty, or of another version.

    Raises:
        StoreAwayError: No node answers.
        StoreError: It cannot be opened; the message says what to do.
    """
    session = connect(url)
    try:
        standing = find_standing(session)
        if not create:
            refuse_other_version(None if standing is None else standing.schema_version, url)
        current = standing is not None and standing.schema_version == SCHEMA_VERSION
        return CassandraStore(session, standing.made if standing is not None and current else None)
    except BaseException:
        session.close()
        raise

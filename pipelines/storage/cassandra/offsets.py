"""Epochs and committed offsets.

Each epoch writes its offsets into a ledger of its own, a partition that only the row `Standing` names. Whoever takes
an epoch copies the offsets into a new ledger and then puts its name there, by compare-and-set; what an older epoch
still writes goes into a ledger that nobody reads. Within a ledger the offset is the write time, so it only grows; to
set one back takes a new ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.storage.base import StoreError
from pipelines.storage.cassandra.layout import OFFSETS
from pipelines.storage.cassandra.session import CassandraSession
from pipelines.storage.cassandra.standing import Standing, new_number, replace_standing, standing_of
from pipelines.storage.cassandra.statements import delete, equal, insert, select
from schemas import CommittedOffset


class Offsets:
    """Of one opening of the store."""

    def __init__(self, session: CassandraSession) -> None:
        keyspace = session.place.keyspace
        self._session = session
        self._insert = insert(keyspace, OFFSETS)
        of_ledger = equal(OFFSETS.partition)
        self._select = select(keyspace, OFFSETS, CommittedOffset._fields, where=of_ledger)
        self._delete = delete(keyspace, OFFSETS, of_ledger)

    def committed(self) -> dict[str, CommittedOffset]:
        """Of each partition."""
        return self._in_ledger(standing_of(self._session).ledger)

    def take_epoch(self, now_unix_second: float) -> Standing:
        """The standing with a new epoch, which nobody else has taken."""
        while True:
            before = standing_of(self._session)
            epoch = max(int(now_unix_second * 1e6), before.epoch + 1)
            after = before._replace(epoch=epoch, ledger=new_number())
            self._copy(before, after, {})
            if replace_standing(self._session, before, after):
                # What the epoch before committed until this moment counts; after it, its commits are refused.
                self._copy(before, after, {})
                self._forget(before)
                return after

    def commit(self, epoch: int, offsets: Mapping[str, int], check: Callable[[Standing], None]) -> bool:
        """Move offsets forward; false when a newer epoch was taken.

        Args:
            epoch: Of the caller.
            offsets: By partition.
            check: Raises when the store is not the caller's any more.
        """
        standing = standing_of(self._session)
        while True:
            check(standing)
            if epoch < standing.epoch:
                return False
            self._write(standing.ledger, epoch, offsets)
            # Only what was there before another epoch was taken is copied into that one's ledger.
            before, standing = standing, standing_of(self._session)
            if standing == before:
                return True

    def rewind(self, epoch: int, offsets: Mapping[str, int], check: Callable[[Standing], None]) -> bool:
        """Set offsets, backward too; false as in `commit`."""
        while True:
            before = standing_of(self._session)
            check(before)
            if epoch < before.epoch:
                return False
            after = before._replace(ledger=new_number())
            self._copy(before, after, offsets)
            if replace_standing(self._session, before, after):
                self._forget(before)
                return True

    def _copy(self, before: Standing, after: Standing, instead: Mapping[str, int]) -> None:
        kept = {name: row.offset for name, row in self._in_ledger(before.ledger).items()}
        self._write(after.ledger, after.epoch, {**kept, **instead})

    def _in_ledger(self, ledger: int) -> dict[str, CommittedOffset]:
        rows = map(CommittedOffset._make, self._session.ask(self._select, (ledger,)))
        return {row.partition: row for row in rows}

    def _write(self, ledger: int, epoch: int, offsets: Mapping[str, int]) -> None:
        rows = [(ledger, partition, offset, epoch) for partition, offset in offsets.items()]
        self._session.ask_all((self._insert, (*row, row[2])) for row in rows)

    def _forget(self, standing: Standing) -> None:
        self._session.ask(self._delete, (standing.ledger,))


def refuse_reset(session: CassandraSession, made: int | None, standing: Standing) -> None:
    """Let only the store pass that was opened.

    Raises:
        StoreError: It was reset since, so that what is in its user's memory does not fit it.
    """
    if made is not None and standing.made != made:
        raise StoreError(f"{session.url} was reset while it was written to: start the run again.")

"""Where a battery's points and late readings are, and a partition's dead letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.storage.cassandra.layout import OCCUPIED, SHARDS, Layout, shard_of
from pipelines.storage.cassandra.session import CassandraSession, Row
from pipelines.storage.cassandra.statements import delete_before, equal, select


class Span(NamedTuple):
    """One partition of a table that lies in spans.

    Attributes:
        name: Of the battery or partition.
        number: Of the span.
        changed: Another number after each change in it.
        newest: When it was changed last, on the clock of who did, UTC [us].
    """

    name: str
    number: int
    changed: int
    newest: int

    @property
    def key(self) -> tuple[str, int]:
        """What chooses the partition."""
        return self.name, self.number


class Spans:
    """Knows which spans of one table there are."""

    def __init__(self, session: CassandraSession, layout: Layout) -> None:
        keyspace = session.place.keyspace
        self._session = session
        self._kind = layout.name
        columns = ("name", "span", "changed")
        self._in_shard = select(keyspace, OCCUPIED, columns, where=equal(OCCUPIED.partition))
        self._of_name = select(keyspace, OCCUPIED, columns, where=equal((*OCCUPIED.partition, "name")))
        self._delete = delete_before(keyspace, OCCUPIED, equal((*OCCUPIED.partition, "name", "span")))

    def all(self) -> list[Span]:
        """Of all names, by name and number."""
        answers = self._session.ask_all((self._in_shard, (self._kind, shard)) for shard in range(SHARDS))
        return _spans(row for rows in answers for row in rows)

    def of(self, name: str) -> list[Span]:
        """Of one name, by number."""
        return _spans(self._session.ask(self._of_name, (self._kind, shard_of(name), name)))

    def forget(self, spans: Iterable[Span]) -> None:
        """There is nothing in these any more, as far as nobody has changed them since."""
        self._session.ask_all(
            (self._delete, (span.newest, self._kind, shard_of(span.name), span.name, span.number)) for span in spans
        )


def _spans(rows: Iterable[Row]) -> list[Span]:
    changes: dict[tuple[str, int], list[int]] = {}
    for name, number, changed in rows:
        changes.setdefault((name, number), []).append(changed)
    return [Span(*key, sum(of_writers), max(of_writers)) for key, of_writers in sorted(changes.items())]

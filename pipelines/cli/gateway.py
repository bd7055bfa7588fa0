"""Forwarding: what a source has goes to a topic, a battery's readings under its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Event

from pipelines.cli.position_file import PositionFile
from pipelines.cli.publisher import OpenPublisher
from pipelines.decoding import decode
from pipelines.sources import Source, SourceAwayError
from pipelines.sources.goals import still_there
from pipelines.sources.log.layout import partition_of
from schemas import DeadLetter, DeadLetterChunk, ReadingChunk, RecordBatch

POLL_BYTES = 4 * 1024 * 1024
LOOK_SECOND = 0.1
AWAY_SECOND = 1.0
MAX_LETTER_BYTES = 512 * 1024
"""Of a message that cannot be read: brokers take no more than a megabyte."""

Encode = Callable[[ReadingChunk], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Forwarded:
    """How far a gateway is.

    Attributes:
        readings: Sent in this run and acknowledged.
        letters: Messages and readings that cannot be read, sent as they are.
        lost: How often retention had deleted something before it was read.
        behind: What the source holds and was not sent, in its unit; -1 when that is not known now.
    """

    readings: int = 0
    letters: int = 0
    lost: int = 0
    behind: int = -1

    def text(self, unit: str) -> str:
        """For people."""
        behind = "the source does not answer" if self.behind < 0 else f"{self.behind:,} {unit} behind"
        lost = f", {self.lost:,} gaps" if self.lost else ""
        return f"{self.readings:,} readings and {self.letters:,} unreadable messages forwarded{lost}, {behind}"


class Gateway:
    """Reads on from a position, and notes it when everything before it is acknowledged."""

    def __init__(self, source: Source, publisher: OpenPublisher, positions: PositionFile, encode: Encode) -> None:
        """Read the position.

        Args:
            source: Where the readings come from.
            publisher: Where they go.
            positions: Where it is noted how far.
            encode: A chunk's messages.

        Raises:
            CommandError: The position cannot be used.
        """
        self._source = source
        self._publisher = publisher
        self._positions = positions
        self._encode = encode
        self._next = positions.read()
        self.forwarded = Forwarded()

    def run(self, stop: Event, show: Callable[[Forwarded], object], *, once: bool) -> None:
        """Forward until asked to stop; with ``once``, or when the source ends, until what there is now is through.

        Args:
            stop: Set to end it between two rounds.
            show: Told how far it is, after each round.
            once: Do not wait for more.

        Raises:
            SourceError: The source cannot be read any more, or the topic not be written.
        """
        goals = self._source.ends() if once or self._source.bounded else None
        done = False
        while not stop.is_set():
            try:
                moved = self._round()
                ends = self._source.ends()
                self.forwarded = replace(self.forwarded, behind=self._behind(ends))
                done = goals is not None and not self._behind(still_there(goals, ends))
            except SourceAwayError:
                self.forwarded = replace(self.forwarded, behind=-1)
                stop.wait(AWAY_SECOND)
                moved = False
            show(self.forwarded)
            if done:
                return
            if not moved:
                stop.wait(LOOK_SECOND)

    def _round(self) -> bool:
        """A piece of every partition; true when there was any."""
        before = dict(self._next)
        counted = self.forwarded
        for partition in self._source.partitions():
            batch = self._source.poll(partition, self._next.get(partition, 0), POLL_BYTES)
            if batch is not None:
                counted = self._send(batch, counted)
                self._next[partition] = batch.next_offset
        if self._next == before:
            return False
        self._publisher.flush()
        self._positions.write(self._next)
        self.forwarded = counted
        return True

    def _send(self, batch: RecordBatch, counted: Forwarded) -> Forwarded:
        for _, element in decode(batch):
            if isinstance(element, ReadingChunk):
                self._publish(element.battery_id.encode(), self._encode(element))
                counted = replace(counted, readings=counted.readings + len(element))
            else:
                counted = self._send_letters(element, counted)
        return counted

    def _send_letters(self, chunk: DeadLetterChunk, counted: Forwarded) -> Forwarded:
        """Who reads the topic counts them: nothing is refused twice, and nothing silently."""
        there = [letter for letter in chunk.letters if letter.reason != "lost"]
        for letter in there:
            self._publish(_key(letter), [letter.payload[:MAX_LETTER_BYTES]])
        lost = len(chunk.letters) - len(there)
        return replace(counted, letters=counted.letters + len(there), lost=counted.lost + lost)

    def _publish(self, key: bytes, messages: Iterable[bytes]) -> None:
        self._publisher.publish(partition_of(key, self._publisher.partitions), key, list(messages))

    def _behind(self, ends: Mapping[str, int]) -> int:
        return sum(max(0, end - self._next.get(partition, 0)) for partition, end in ends.items())


def _key(letter: DeadLetter) -> bytes:
    return letter.key or letter.partition.encode()

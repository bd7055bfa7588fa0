"""Where dead letters are kept, and which of them were sent again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from pipelines.dead_letters.message import identity, letter_of, note_message, noted_identity
from pipelines.dead_letters.target import Target, open_target
from pipelines.sources import Source, SourceAwayError, open_source
from pipelines.sources.kafka.connection import parse_topic
from schemas import DeadLetter, RecordBatch
from schemas.record_batch import Headers

POLL_BYTES = 4 * 1024 * 1024
PATIENCE_SECOND = 30.0
"""So long nothing may come of a topic that has something."""

_PAUSE_SECOND = 0.02


class Place(Protocol):
    """A store or a topic with dead letters."""

    def letters(self) -> Iterator[DeadLetter]:
        """Each of them once; those of a partition in the order of their offsets, as far as they were kept in it."""
        ...

    def resubmitted(self) -> set[str]:
        """Identities of those that were sent again."""
        ...

    def remember(self, letters: Sequence[DeadLetter], target_url: str) -> None:
        """Note that they were sent again."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Kept:
    """Letters out of a store. Which were sent again stands in a file beside it, one a line: identity, tab, target."""

    def __init__(self, letters: Iterable[DeadLetter], notes: Path) -> None:
        """Take what the store has.

        Args:
            letters: In any order.
            notes: Made when it is needed.
        """
        self._letters = sorted(letters, key=lambda letter: (letter.partition, letter.offset, letter.reading_index))
        self._notes = notes

    def letters(self) -> Iterator[DeadLetter]:
        """By partition, offset and number of the reading."""
        return iter(self._letters)

    def resubmitted(self) -> set[str]:
        """What stands in the file."""
        if not self._notes.exists():
            return set()
        return {line.partition("\t")[0] for line in self._notes.read_text("utf-8").splitlines()}

    def remember(self, letters: Sequence[DeadLetter], target_url: str) -> None:
        """Add lines to the file."""
        with self._notes.open("a", encoding="utf-8") as file:
            file.writelines(f"{identity(letter)}\t{target_url}\n" for letter in letters)

    def close(self) -> None:
        """Nothing is held open."""


class LetterTopic:
    """Letters in a topic, which also knows which of them were sent again."""

    def __init__(self, url: str) -> None:
        """Find it.

        Args:
            url: ``kafka://HOST:PORT/TOPIC``, to which a run publishes.

        Raises:
            SourceError: There is none, or its brokers do not answer or let us in.
        """
        self._url = parse_topic(url).url
        self._source = open_source(self._url)
        self._target: Target | None = None

    def letters(self) -> Iterator[DeadLetter]:
        """Those that are in it now; what is no dead letter is left out."""
        seen: set[str] = set()
        for _, value, headers in _messages(self._source):
            letter = letter_of(value, headers)
            if letter is not None and identity(letter) not in seen:
                seen.add(identity(letter))
                yield letter

    def resubmitted(self) -> set[str]:
        """The notes in it; reads all of it."""
        noted = (noted_identity(key, headers) for key, _, headers in _messages(self._source))
        return {name for name in noted if name is not None}

    def remember(self, letters: Sequence[DeadLetter], target_url: str) -> None:
        """Add notes to it."""
        if self._target is None:
            self._target = open_target(self._url)
        self._target.send([note_message(letter, target_url, self._target.partitions) for letter in letters])

    def close(self) -> None:
        """Let go of the connections."""
        self._source.close()
        if self._target is not None:
            self._target.close()


def _messages(source: Source) -> Iterator[tuple[bytes, bytes, Headers]]:
    """Key, value and headers of all that is in a source now, partition by partition."""
    for partition in source.partitions():
        offset, end = source.begin(partition), source.end(partition)
        while offset < end:
            batch = _poll(source, partition, offset)
            offset = batch.next_offset
            for number, value in enumerate(batch.messages()):
                yield batch.keys[number] if batch.keys else b"", value, batch.headers.get(number, ())


def _poll(source: Source, partition: str, offset: int) -> RecordBatch:
    deadline = time.monotonic() + PATIENCE_SECOND
    while (batch := source.poll(partition, offset, POLL_BYTES)) is None:
        if time.monotonic() > deadline:
            raise SourceAwayError(f"nothing comes of partition {partition} from {offset} on: try again later.")
        time.sleep(_PAUSE_SECOND)
    return batch

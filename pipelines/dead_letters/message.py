"""A dead letter as a Kafka message: the original bytes and headers, and behind those what is known of it.

    key       partition@offset/reading_index: the same letter again has the same key
    value     the message as it was sent; its beginning, when that was too large (see chargetracker-size)
    headers   the original ones, then chargetracker-reason, -detail, -partition, -topic, -topic-partition, -offset,
              -reading-index, -arrival (unix seconds), -key (of the message) and -size (its true one, in bytes)

That a letter was sent again is a message too, so that a topic knows it without any help: no value, the letter's key
with a word before it, and where it was sent to in the header chargetracker-resubmitted.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from schemas import DeadLetter
from schemas.dead_letter import decode_headers, encode_headers
from schemas.record_batch import Headers

RESUBMITTED = "chargetracker-resubmitted"
"""Header of a note; and of a message that was sent again, there with the identity of its letter."""

_NOTE_KEY = b"resubmitted "
_OURS = tuple(
    f"chargetracker-{name}"
    for name in (
        *("reason", "detail", "partition", "topic", "topic-partition"),
        *("offset", "reading-index", "arrival", "key", "size"),
    )
)
_NUMBERED = re.compile(r"(?:kafka|log):[^/]*/(\d+)")


class Message(NamedTuple):
    """What is sent to a partition of a topic, or of a log, which keeps the value alone."""

    partition: int
    key: bytes | None
    value: bytes
    headers: list[tuple[str, bytes]]


def identity(letter: DeadLetter) -> str:
    """Names a letter: the same one twice has the same."""
    return f"{letter.partition}@{letter.offset}/{letter.reading_index}"


def partition_number(letter: DeadLetter) -> int | None:
    """Number of the partition it was in, of a topic or a log; other sources number none."""
    found = _NUMBERED.fullmatch(letter.partition)
    return int(found[1]) if found else None


def letter_message(letter: DeadLetter, topic: str, partitions: int) -> Message:
    """The letter for a dead letter topic.

    Args:
        letter: With its whole payload.
        topic: Where the message was: a topic's name, or the URL of a source that has none.
        partitions: Of the dead letter topic. All letters of one partition of the source go to the same one, so that
            they stay in order.
    """
    number = partition_number(letter)
    ours = (
        letter.reason.encode(),
        letter.detail.encode(),
        letter.partition.encode(),
        topic.encode(),
        b"" if number is None else b"%d" % number,
        b"%d" % letter.offset,
        b"%d" % letter.reading_index,
        repr(letter.arrival_unix_second).encode(),
        letter.key,
        b"%d" % letter.payload_size,
    )
    headers = [*decode_headers(letter.headers), *zip(_OURS, ours, strict=True)]
    return Message(_home(letter, partitions), identity(letter).encode(), letter.payload, headers)


def letter_of(value: bytes, headers: Headers) -> DeadLetter | None:
    """Inverse of `letter_message`; `None` when that did not write the message."""
    original, own = headers[: -len(_OURS)], headers[-len(_OURS) :]
    if tuple(name for name, _ in own) != _OURS:
        return None
    reason, detail, partition, _, _, offset, index, arrival, _, size = (
        content.decode(errors="replace") for _, content in own
    )
    key = dict(own)["chargetracker-key"]
    fields = (partition, offset, index, reason, detail, value, size, arrival, key, encode_headers(original))
    try:
        return msgspec.convert(fields, DeadLetter, strict=False)
    except msgspec.ValidationError:
        return None


def note_message(letter: DeadLetter, target: str, partitions: int) -> Message:
    """For a dead letter topic: that the letter was sent again, to ``target``."""
    key = _NOTE_KEY + identity(letter).encode()
    return Message(_home(letter, partitions), key, b"", [(RESUBMITTED, target.encode())])


def noted_identity(key: bytes, headers: Headers) -> str | None:
    """Which letter was sent again, as `note_message` wrote it; `None` when the message is no note."""
    if [name for name, _ in headers] != [RESUBMITTED] or not key.startswith(_NOTE_KEY):
        return None
    return key.removeprefix(_NOTE_KEY).decode(errors="replace")


def concerns(letter: DeadLetter, battery_id: str) -> bool:
    """True when it is of the battery, as far as that can be told of something unreadable: key or content name it."""
    name = battery_id.encode()
    return letter.key == name or b'"%s"' % name in letter.payload


def without_note(headers: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Headers of a message without what an earlier re-submission added."""
    return [(name, content) for name, content in headers if name != RESUBMITTED]


def _home(letter: DeadLetter, partitions: int) -> int:
    return zlib.crc32(letter.partition.encode()) % partitions

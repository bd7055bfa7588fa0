"""A message, or one reading of a batch, that was refused; and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

MAX_PAYLOAD_BYTES = 4096
MAX_DETAIL_CHARACTERS = 400

Reason = Literal[
    "empty",
    "oversized",
    "malformed",
    "wrong_type",
    "missing_field",
    "out_of_range",
    "bad_identifier",
    "mixed_batch",
    "refused_by_analysis",
    "lost",
]
WHOLE_MESSAGE = -1


class DeadLetter(NamedTuple):
    """One row of the dead letter table.

    Attributes:
        partition: Source and partition.
        offset: Offset of the message.
        reading_index: Number of the reading within the message; `WHOLE_MESSAGE` when all of it was refused.
        reason: Short word, to count by.
        detail: What was wrong, for a person.
        payload: The message; a store keeps `MAX_PAYLOAD_BYTES` of it.
        payload_size: Its true size [byte].
        arrival_unix_second: When it was taken from the source, UTC [s].
        key: Key of the message, empty when it had none.
        headers: What it carried beside its content, see `encode_headers`; empty when nothing.
    """

    partition: str
    offset: int
    reading_index: int
    reason: Reason
    detail: str
    payload: bytes
    payload_size: int
    arrival_unix_second: float
    key: bytes = b""
    headers: bytes = b""


_headers_decoder = msgspec.msgpack.Decoder(list[tuple[str, bytes]])


def encode_headers(headers: Sequence[tuple[str, bytes]]) -> bytes:
    """Names and values as msgpack; empty when there are none."""
    return msgspec.msgpack.encode(list(headers)) if headers else b""


def decode_headers(data: bytes) -> list[tuple[str, bytes]]:
    """Inverse of `encode_headers`."""
    return _headers_decoder.decode(data) if data else []

"""One message: what it is, seen from its first bytes, and what it says."""

from __future__ import annotations

import base64

import msgspec

from pipelines.decoding.arrow_stream import decode_stream
from pipelines.decoding.columns import Columns
from pipelines.decoding.json_columns import decode_columns
from pipelines.decoding.json_reading import WireReading, decode_reading
from pipelines.decoding.limits import Limits
from pipelines.decoding.refusal import Refusal
from pipelines.decoding.salvage import salvage_columns
from schemas.reading import ARROW_STREAM_BEGINS

_BASE64_STREAM_BEGINS = base64.b64encode(ARROW_STREAM_BEGINS)[:5]
_SPACES = b" \t\r\n"


def read_message(message: bytes, size: int, limits: Limits) -> WireReading | Columns:
    """One reading, or the columns of a batch.

    Args:
        message: As far as the source has handed it on.
        size: Its true size [byte].
        limits: Of one message.

    Raises:
        Refusal: It is empty, too large, or nothing we know.
        Exception: Whatever the decoders raise; see `HOSTILE_INPUT`.
    """
    if size > limits.batch_bytes:
        raise Refusal("oversized", f"{size} bytes, more than {limits.batch_bytes}")
    if message.startswith(b"{"):
        return _read_object(message, limits)
    if message.startswith(ARROW_STREAM_BEGINS):
        return decode_stream(message, limits)
    if message.startswith(_BASE64_STREAM_BEGINS):
        return decode_stream(base64.b64decode(message.rstrip(_SPACES), validate=True), limits)
    return _read_spaced(message, limits)


def _read_object(message: bytes, limits: Limits) -> WireReading | Columns:
    batch = _read_columns(message, limits) if b"[" in message else None
    if batch is not None:
        return batch
    if len(message) > limits.reading_bytes:
        raise Refusal("oversized", f"{len(message)} bytes for one reading, more than {limits.reading_bytes}")
    return decode_reading(message)


def _read_columns(message: bytes, limits: Limits) -> Columns | None:
    try:
        return decode_columns(message, limits)
    except msgspec.ValidationError:
        return salvage_columns(message, limits)


def _read_spaced(message: bytes, limits: Limits) -> WireReading | Columns:
    text = message.lstrip(_SPACES)
    if not text:
        raise Refusal("empty", "the message is empty")
    if len(text) < len(message) and text.startswith(b"{"):
        return _read_object(text, limits)
    raise Refusal("malformed", f"neither a JSON object nor an Arrow stream; begins with {bytes(text[:8])!r}")

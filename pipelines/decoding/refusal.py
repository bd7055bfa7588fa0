"""Why something is refused; the one place that knows what all the decoders raise."""

from __future__ import annotations

import struct

import msgspec
import pyarrow as pa

from schemas import Reason


class Refusal(Exception):  # noqa: N818 - it is not our error
    """A message, or one reading of it, is not taken.

    Attributes:
        reason: To count by.
        detail: For a person.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


HOSTILE_INPUT = (
    Refusal,
    msgspec.MsgspecError,
    ValueError,  # UnicodeDecodeError, binascii.Error and ArrowInvalid are among them
    RecursionError,
    OverflowError,
    EOFError,
    OSError,  # what Arrow says of a stream that is cut short
    struct.error,
    pa.ArrowException,
)
"""Everything that reading a message may raise because of the message; `refusal_of` says what it means."""

_REASONS: tuple[tuple[str, Reason], ...] = (
    ("missing required field", "missing_field"),
    ("got `null`", "missing_field"),  # a field that may be unknown takes a null
    ("matching regex", "bad_identifier"),
    ("out of range", "out_of_range"),
    ("` >= ", "out_of_range"),
    ("` <= ", "out_of_range"),
    ("Expected `", "wrong_type"),
)
"""What msgspec says, the first that fits."""


def refusal_of(error: Exception) -> Refusal:
    """What one of `HOSTILE_INPUT` says of the input.

    Raises:
        MemoryError: It is one; that says nothing of the input.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, MemoryError):  # one of Arrow's errors is
        raise error
    if isinstance(error, msgspec.ValidationError):
        text = str(error)
        return Refusal(next((reason for sign, reason in _REASONS if sign in text), "malformed"), text)
    if isinstance(error, msgspec.DecodeError):
        return Refusal("malformed", str(error))
    return Refusal("malformed", f"{type(error).__name__}: {error}")

"""One JSON object, readings of one battery as columns."""

from __future__ import annotations

import msgspec
import numpy as np

from pipelines.decoding.columns import Columns, check_count, floats_of
from pipelines.decoding.identifiers import Identifiers
from pipelines.decoding.limits import Limits
from pipelines.decoding.refusal import Refusal
from schemas import COLUMNS, ReadingColumns

Numbers = list[float | None] | float | None

_decode = msgspec.json.Decoder(ReadingColumns).decode


def decode_columns(message: bytes, limits: Limits) -> Columns:
    """A message that fits `ReadingColumns`, its readings not yet checked.

    Raises:
        msgspec.ValidationError: It does not fit; `salvage_columns` may get readings out of it.
        msgspec.DecodeError: It is no JSON.
        Refusal: Its columns do not go together.
    """
    batch = _decode(message)
    identifiers = Identifiers(batch.battery_id, batch.test_id, batch.group)
    return joined(identifiers, {name: getattr(batch, name) for name in COLUMNS}, len(message), limits)


def joined(identifiers: Identifiers, columns: dict[str, Numbers], size: int, limits: Limits) -> Columns:
    """Columns of one battery, out of a message of ``size`` bytes.

    Args:
        identifiers: Of the battery.
        columns: One for each name in `COLUMNS`, in this order.
        size: For the limits [byte].
        limits: Of one message.

    Raises:
        Refusal: The identifiers are bad, or the columns do not go together.
    """
    length = _common_length(columns)
    check_count(length, size, limits)
    values = np.full((len(COLUMNS), length), np.nan)
    for row, column in zip(values, columns.values(), strict=True):
        if column is not None:
            row[:] = floats_of(column) if isinstance(column, list) else column
    return Columns((identifiers.require(),), np.zeros(length, np.int64), values)


def _common_length(columns: dict[str, Numbers]) -> int:
    lengths = {name: len(column) for name, column in columns.items() if isinstance(column, list)}
    if len(set(lengths.values())) != 1:
        raise Refusal("malformed", f"columns of different lengths: {lengths}")
    return next(iter(lengths.values()))

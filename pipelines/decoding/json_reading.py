"""One JSON object, one reading."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from pipelines.decoding.columns import Columns, floats_of
from pipelines.decoding.identifiers import Identifiers
from schemas import COLUMNS, Reading
from schemas.reading import REQUIRED_COLUMNS

_NOT_KNOWN = float("nan")


def _field(field: msgspec.structs.FieldInfo) -> tuple[str, Any] | tuple[str, Any, Any]:
    """The field as in `Reading`, but cheaper.

    Identifiers are not checked here: their pattern costs more than the rest of a reading, and they repeat.
    What is not known is NaN at once.
    """
    if field.name in Identifiers._fields:
        return (field.name, str) if field.required else (field.name, str | None, None)
    return (field.name, field.type) if field.name in REQUIRED_COLUMNS else (field.name, field.type, _NOT_KNOWN)


if TYPE_CHECKING:
    WireReading = Reading
else:
    WireReading = msgspec.defstruct(
        "WireReading", [_field(field) for field in msgspec.structs.fields(Reading)], kw_only=True, gc=False
    )

decode_reading = msgspec.json.Decoder(WireReading).decode
"""A message as `WireReading`, whose numbers are of the types and within the limits of `Reading`."""

_columns = [attrgetter(name) for name in COLUMNS]
_identifiers = attrgetter(*Identifiers._fields)


def columns_of(readings: Sequence[WireReading]) -> Columns:
    """Readings, one or more of them, as columns in the same order."""
    codes: dict[tuple[str, str | None, str | None], int] = {}
    numbers = [codes.setdefault(identifiers, len(codes)) for identifiers in map(_identifiers, readings)]
    values = np.empty((len(COLUMNS), len(readings)))
    for row, column in zip(values, _columns, strict=True):
        row[:] = floats_of(list(map(column, readings)))
    return Columns(tuple(map(Identifiers._make, codes)), np.array(numbers, np.int64), values)

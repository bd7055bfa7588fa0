"""Readings that were read and are not yet checked, columnar; the middle ground of all formats."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.decoding.identifiers import Identifiers
from pipelines.decoding.limits import Limits
from pipelines.decoding.refusal import Refusal

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """Readings of one batch message, or of several messages with one each.

    Attributes:
        identifiers: Those that occur, each once.
        codes: Which of them a reading has, shape (n,).
        values: One row a name in `schemas.COLUMNS`, NaN where not known, shape (len(COLUMNS), n).
        refused: Readings that were found to be none while they were read, by their place.
    """

    identifiers: tuple[Identifiers, ...]
    codes: Integers
    values: Floats
    refused: Mapping[int, Refusal] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.values.shape[1])


def floats_of(numbers: Sequence[float | None]) -> Floats:
    """Python's numbers as an array, NaN for `None`; takes a third of the time of `numpy.array` where there is none."""
    try:
        return np.frombuffer(struct.pack(f"{len(numbers)}d", *numbers))
    except struct.error:
        return np.array(numbers, np.float64)


def check_count(readings: int, size: int, limits: Limits) -> None:
    """Refuse a batch message of ``size`` bytes that holds no readings, or too many.

    Raises:
        Refusal: It does.
    """
    if readings == 0:
        raise Refusal("empty", "the message holds no readings")
    if readings > limits.readings:
        raise Refusal("oversized", f"{readings} readings, more than {limits.readings}")
    if readings > size:
        raise Refusal("oversized", f"{readings} readings out of {size} bytes")

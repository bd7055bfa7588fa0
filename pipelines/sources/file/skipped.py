"""Rows of an export that hold no reading of a test."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sources.cyclers import Export

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def no_readings(values: dict[str, Floats], labels: pa.Array | None, export: Export) -> Flags:
    """Which rows are points of an impedance spectrum: voltage and current there are placeholders or amplitudes.

    Args:
        values: By our name, shape (n,) each; ``frequency_hertz`` is taken out.
        labels: What the export calls the rows; `None` when it doesn't.
        export: Knows which labels mean it.
    """
    frequency = values.pop("frequency_hertz", None)
    flags = np.zeros(len(values["current_ampere"]), np.bool_)
    if frequency is not None:
        flags |= np.nan_to_num(frequency) > 0
    if labels is not None and export.not_readings:
        coded = labels.dictionary_encode()
        words = [re.fullmatch(export.not_readings, text or "", re.IGNORECASE) for text in coded.dictionary.to_pylist()]
        meant = np.array([*(word is not None for word in words), False])
        flags |= meant[coded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)]
    return flags

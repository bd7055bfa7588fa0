"""Rows of an export that hold no reading of a test."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from pipelines.sources.cyclers import Export
from pipelines.sources.cyclers.columns import by_word
from pipelines.sources.cyclers.numbers import Flags, Floats


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
        named = re.compile(export.not_readings, re.IGNORECASE)
        flags |= by_word(labels, lambda label: named.fullmatch(label) is not None) > 0
    return flags

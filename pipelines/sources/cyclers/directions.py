"""Which way the current flows where the export says it in words, and what that makes of unsigned columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sources.cyclers.columns import by_word
from pipelines.sources.cyclers.numbers import Flags, Floats
from pipelines.sources.cyclers.table import Export

Directions = NDArray[np.int8]
"""1 charging, -1 discharging, 0 neither or not said."""

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Net:
    """A counter that goes up and down, so far.

    Attributes:
        last: Its newest value; NaN before the first one.
        up, down: The sums of its rises and of its falls.
    """

    last: float = np.nan
    up: float = 0.0
    down: float = 0.0


def directions(states: pa.Array, export: Export) -> Directions:
    """The direction of each state.

    Args:
        states: Texts, null where there is none, shape (n,).
        export: Says which words are which.
    """
    return by_word(states, lambda state: _direction(state, export))


def signed(current: Floats, said: Directions) -> Floats:
    """An unsigned current with the sign of its direction: what is not said to be a discharge stays as it is."""
    return np.where(said < 0, -np.abs(current), current)


def flows(current: Floats, said: Directions, counter: Floats, before: int) -> Directions:
    """The direction in which a counter of both counts: as said, else as the current, else as in the row before.

    The last row of a step that was suspended says neither and has no current, while the counter has moved on.

    Args:
        current: With its sign, shape (n,) [A].
        said: Shape (n,).
        counter: Shape (n,).
        before: Direction of the row before the first one.
    """
    found = np.where(said != 0, said, np.sign(np.nan_to_num(current))).astype(np.int8)
    goes_on = (found == 0) & (counter != 0) & ~np.isnan(counter)
    return filled(found, goes_on, before)


def filled(values: NDArray[Value], missing: Flags, before: float) -> NDArray[Value]:
    """The newest value that is not missing, at each place; before the first one ``before``."""
    places = np.where(missing, -1, np.arange(len(values)))
    newest = np.maximum.accumulate(places)
    return np.where(newest < 0, np.array(before, values.dtype), values[newest])


def split_by_direction(counter: Floats, flow: Directions) -> tuple[Floats, Floats]:
    """Charge and discharge of a counter that begins again with every step; the other one is at 0 meanwhile."""
    magnitude = np.abs(counter)
    unknown = np.isnan(counter)
    charged, discharged = np.where(flow > 0, magnitude, 0.0), np.where(flow < 0, magnitude, 0.0)
    return np.where(unknown, np.nan, charged), np.where(unknown, np.nan, discharged)


def split_net(counter: Floats, before: Net) -> tuple[Floats, Floats, Net]:
    """Sums of the rises and of the falls of a counter since the begin of the file.

    Args:
        counter: NaN where not known, shape (n,).
        before: What came before the first row.

    Returns:
        Both sums at each row, NaN where the counter is; and what the next rows begin with.
    """
    known = np.flatnonzero(~np.isnan(counter))
    charged, discharged = np.full(len(counter), np.nan), np.full(len(counter), np.nan)
    if not len(known):
        return charged, discharged, before
    values = counter[known]
    first = values[0] if np.isnan(before.last) else before.last
    changes = np.diff(values, prepend=first)
    charged[known] = before.up + np.cumsum(np.maximum(changes, 0.0))
    discharged[known] = before.down + np.cumsum(np.maximum(-changes, 0.0))
    return charged, discharged, Net(float(values[-1]), float(charged[known[-1]]), float(discharged[known[-1]]))


def _direction(state: str, export: Export) -> int:
    word = state.strip()
    for pattern, direction in ((export.discharging, -1), (export.charging, 1)):
        if pattern and re.fullmatch(pattern, word, re.IGNORECASE):
            return direction
    return 0

"""Statistics of a group of batteries; plain numpy, NaN is "has no value"."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Verdict = Literal["Outlier", "Watch", "OK", "n too small"]

MIN_CELLS = 3
"""Below this a spread says nothing; no band is drawn and nothing is judged."""

MIN_CELLS_FOR_OUTLIER = 6
"""Below this the median rule alarms too often to speak of an outlier; see `verdicts`."""

ROBUST_LIMIT = 3.5
DEVIATION_LIMIT_PERCENT = 100.0


class Moments(NamedTuple):
    """Count, mean and sample standard deviation of the same thing."""

    n: Integers
    mean: Floats
    sd: Floats


def moments(values: Floats) -> Moments:
    """Count, mean and sample SD over the last axis but one, in two passes.

    Args:
        values: Shape (..., cells, cycles); NaN where a cell has no value.

    Returns:
        Arrays of shape (..., cycles). Mean is NaN for n = 0, SD (divisor n - 1) for n < 2.
    """
    there = ~np.isnan(values)
    n = there.sum(axis=-2)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=-2) / n
        squares = np.where(there, values - mean[..., None, :], 0.0) ** 2
        sd = np.where(n > 1, np.sqrt(squares.sum(axis=-2) / (n - 1)), np.nan)
    return Moments(n.astype(np.int64), mean, sd)


def percent_deviation(values: Floats) -> Floats:
    """(x - mean) * 100 / (2 * SD): 100 is two standard deviations from the mean [%].

    A sample of n cells cannot exceed 50 (n - 1) / sqrt(n): 89 % for n = 5. NaN for n < 3 or a spread of zero.

    >>> percent_deviation(np.array([1.0, 2.0, 3.0])).tolist()
    [-50.0, 0.0, 50.0]
    """
    n, mean, sd = moments(values[:, None])
    if n[0] < MIN_CELLS or not sd[0] > 0:
        return np.full_like(values, np.nan)
    return (values - mean[0]) * 100.0 / (2.0 * sd[0])


def robust_z(values: Floats) -> Floats:
    """Modified z-score of each value, 0.6745 (x - median) / MAD (Iglewicz and Hoaglin, 1993).

    Where more than half of the values are equal, the mean absolute deviation takes the place of the MAD:
    (x - median) / (1.253314 MeanAD). NaN for n < 3 or values that are all equal.
    """
    there = values[~np.isnan(values)]
    if len(there) < MIN_CELLS:
        return np.full_like(values, np.nan)
    median = np.median(there)
    distance = np.abs(there - median)
    scale = np.median(distance) / 0.6745 or 1.253314 * np.mean(distance)
    return (values - median) / scale if scale > 0 else np.full_like(values, np.nan)


def verdicts(values: Floats) -> list[Verdict]:
    """One word for each cell of a group.

    Outlier: robust z beyond 3.5 in a group of six or more. Watch: beyond two standard deviations of the mean
    (the familiar rule), or robust z beyond 3.5 in a group of three to five.

    Of normal cells that are all alike the familiar rule marks at least one in 74 % of groups of 25, and none ever
    in groups of five or fewer; the robust rule marks 10 % of the cells in groups of three, 3 % in groups of six
    and 0.5 % in groups of 25 (40 000 simulated groups each). Hence the two words.
    """
    count = int((~np.isnan(values)).sum())
    if count < MIN_CELLS:
        return ["n too small"] * len(values)
    far = np.abs(robust_z(values)) > ROBUST_LIMIT
    wide = np.abs(percent_deviation(values)) > DEVIATION_LIMIT_PERCENT
    word: Verdict = "Outlier" if count >= MIN_CELLS_FOR_OUTLIER else "Watch"
    return [word if f else "Watch" if w else "OK" for f, w in zip(far, wide, strict=True)]


def latest_complete(last_ended: Integers, running: NDArray[np.bool_]) -> int:
    """The newest cycle that every cell of a group has ended.

    Cells that have stopped do not hold the others back; when all have, every cell counts.

    Args:
        last_ended: Newest ended cycle of each cell, -1 for none, shape (cells,).
        running: Which cells go on, shape (cells,).

    Returns:
        The cycle's number, or -1 when no cell has ended one.
    """
    begun = last_ended >= 0
    counted = begun & running if (begun & running).any() else begun
    return int(last_ended[counted].min()) if counted.any() else -1


def axis_limits(low: Floats, high: Floats, padding: float = 0.06) -> tuple[float, float]:
    """Start and end of an axis that shows the values, without letting a single wild one flatten the rest.

    What lies further out than the range of the middle 98 % once more is left outside.
    """
    found = np.concatenate([low, high])
    found = found[np.isfinite(found)]
    if not len(found):
        return 0.0, 1.0
    inner_low, inner_high = np.quantile(found, [0.01, 0.99])
    room = inner_high - inner_low
    start, end = (
        (max(found.min(), inner_low - room), min(found.max(), inner_high + room))
        if room
        else (
            found.min(),
            found.max(),
        )
    )
    margin = padding * (end - start) or 0.05 * abs(end) or 0.5
    return float(start - margin), float(end + margin)

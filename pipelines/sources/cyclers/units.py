"""Units of the exports and how their texts become numbers in ours."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

SCALES = {
    "": (1, 1),
    "s": (1, 1),
    "ms": (1, 1000),
    "min": (60, 1),
    "h": (3600, 1),
    "unix s": (1, 1),
    "unix ms": (1, 1000),
    "A": (1, 1),
    "mA": (1, 1000),
    "uA": (1, 1_000_000),
    "V": (1, 1),
    "mV": (1, 1000),
    "degC": (1, 1),
}
"""Multiply, then divide: a division by 1000 rounds better than a multiplication by 0.001."""

DURATION = "HH:MM:SS"
WALL_CLOCK = "MM/DD/YYYY HH:MM:SS"
UNITS = (*SCALES, DURATION, WALL_CLOCK)

NOT_KNOWN = frozenset({"", "-", "--", "N/A", "n/a", "NA", "NaN", "nan"})
"""What exports write where they have no value."""

_DURATION = re.compile(r"(?:(\d+)d )?(\d+):([0-5]?\d):([0-5]?\d(?:\.\d*)?)")
_WALL_CLOCK = re.compile(r"(\d\d?)/(\d\d?)/(\d{4}) (\d\d?):(\d\d):(\d\d)(\.\d+)?(?: ([AP]M))?")


def converter(unit: str, zone: tzinfo = UTC) -> Callable[[str], float]:
    """What turns a text in ``unit`` into a number in ours (second, ampere, volt, degree Celsius).

    Args:
        unit: One of `UNITS`.
        zone: Where the wall clock hangs. Of the hour that comes twice in autumn, the first is taken.

    Returns:
        A function that gives NaN for a text in `NOT_KNOWN` and raises `ValueError` for one that is no such value.
    """
    if unit == DURATION:
        return _known(_duration)
    if unit == WALL_CLOCK:
        return _known(lambda text: _wall_clock(text, zone))
    multiply, divide = SCALES[unit]
    if multiply == divide:
        return _known(_number)
    return _known(lambda text: _number(text) * multiply / divide)


def _known(convert: Callable[[str], float]) -> Callable[[str], float]:
    def known(text: str) -> float:
        text = text.strip()
        return math.nan if text in NOT_KNOWN else convert(text)

    return known


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is no finite number")
    return number


def _duration(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no duration like 27:15:00")
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86_400 + int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _wall_clock(text: str, zone: tzinfo) -> float:
    match = _WALL_CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time like 08/13/2019 19:17:53")
    month, day, year, hour, minute, second, fraction, half = match.groups()
    hours = int(hour) if half is None else int(hour) % 12 + 12 * (half == "PM")
    moment = datetime(int(year), int(month), int(day), hours, int(minute), int(second), tzinfo=zone)
    return moment.timestamp() + float(fraction or 0)

"""Units of the exports: how they are spelled, and what makes ours of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SCALES = {
    "time": {"s": (1, 1), "ms": (1, 1000), "us": (1, 1_000_000), "min": (60, 1), "h": (3600, 1), "d": (86_400, 1)},
    "current": {"A": (1, 1), "mA": (1, 1000), "uA": (1, 1_000_000), "nA": (1, 1_000_000_000), "kA": (1000, 1)},
    "voltage": {"V": (1, 1), "mV": (1, 1000), "uV": (1, 1_000_000), "kV": (1000, 1)},
    "charge": {
        "Ah": (1, 1),
        "mAh": (1, 1000),
        "uAh": (1, 1_000_000),
        "kAh": (1000, 1),
        "As": (1, 3600),
        "mAs": (1, 3_600_000),
        "uAs": (1, 3_600_000_000),
    },
    "energy": {
        "Wh": (1, 1),
        "mWh": (1, 1000),
        "uWh": (1, 1_000_000),
        "kWh": (1000, 1),
        "Ws": (1, 3600),
        "mWs": (1, 3_600_000),
        "uWs": (1, 3_600_000_000),
        "kJ": (10, 36),
    },
    "temperature": {"degC": (1, 1), "K": (1, 1)},
    "count": {"1": (1, 1)},
    "clock": {"clock": (1, 1)},
    "text": {"text": (1, 1)},
}
"""By dimension and unit: multiply, then divide. A division by 1000 rounds better than a multiplication by 0.001.

The first unit of a dimension is ours. A time may also be a text like 27:15:00, whatever its unit; a clock is a wall
clock, a unix time or a day number of a spreadsheet, told apart by what it looks like (`clocks`).
"""

KELVIN_AT_ZERO_CELSIUS = 273.15

_ALIASES = {
    "time": {
        "s": (
            "s sec secs second seconds h:min:s h:min:sms hh:mm:ss hh:mm:ssxxx h:m:s hms "
            "hoursinhh:mm:ssxxx hoursinhh:mm:ss"
        ),
        "ms": "ms msec millisecond milliseconds",
        "us": "us microsecond microseconds",
        "min": "min mins minute minutes",
        "h": "h hr hrs hour hours decimalhours",
        "d": "d day days",
    },
    "current": {"A": "a amp amps ampere amperes", "mA": "ma", "uA": "ua", "nA": "na", "kA": "ka"},
    "voltage": {"V": "v volt volts", "mV": "mv", "uV": "uv", "kV": "kv"},
    "charge": {
        "Ah": "ah amphr amperehour",
        "mAh": "mah",
        "uAh": "uah",
        "kAh": "kah",
        "As": "as c coulomb",
        "mAs": "mas",
        "uAs": "uas",
    },
    "energy": {
        "Wh": "wh watthr watthour",
        "mWh": "mwh",
        "uWh": "uwh",
        "kWh": "kwh",
        "Ws": "ws j joule",
        "mWs": "mws",
        "uWs": "uws",
        "kJ": "kj",
    },
    "temperature": {"degC": "degc celsius c oc deg", "K": "k kelvin"},
    "count": {"1": "1"},
    "clock": {"clock": "clock"},
    "text": {"text": "text"},
}
_SPELLINGS = {
    dimension: {word: unit for unit, words in units.items() for word in words.split()}
    for dimension, units in _ALIASES.items()
}
_MICRO_OR_LOST = re.compile(r"^[^a-z]+(?=[a-z])")
_NOT_IN_UNITS = re.compile(r"[\s._*·-]")
_WITH_UNIT = (
    re.compile(r"(?P<name>.*?)\s*[(（\[{]\s*(?P<unit>[^()（）\[\]{}]*)\s*[)）\]}]"),
    re.compile(r"(?P<name>.*?)\s*#\s*(?P<unit>\S+)"),
    re.compile(r"(?P<name>.*)/\s*(?P<unit>[^/]+)"),
    re.compile(r"(?P<name>.*)[_ ,](?P<unit>[^_ ,]+)"),
)
_NOT_IN_NAMES = re.compile(r"[^\w|]|_")


class Scale(NamedTuple):
    """What makes our unit of another one: times `multiply`, by `divide`, plus `add`."""

    multiply: float
    divide: float
    add: float = 0.0


def unit_of(text: str, dimension: str) -> str | None:
    """The unit of ``dimension`` that is spelled ``text``; `None` when there is none.

    Of what stands before the letters the micro sign is often all that was there before an encoding was mistaken, and
    so is the degree sign.

    >>> unit_of("mA.h", "charge"), unit_of("µA", "current"), unit_of("?", "temperature"), unit_of("A", "voltage")
    ('mAh', 'uA', 'degC', None)
    """
    plain = _NOT_IN_UNITS.sub("", text.casefold().replace("℃", "c"))
    if dimension == "temperature":
        return _SPELLINGS[dimension].get(_MICRO_OR_LOST.sub("", plain) if plain.strip("?�°") else "c")
    if dimension != "time":
        plain = _MICRO_OR_LOST.sub("u", plain)
    return _SPELLINGS[dimension].get(plain)


def scale_of(unit: str, dimension: str) -> Scale:
    """From ``unit`` to ours; a minus before it turns the sign round."""
    multiply, divide = SCALES[dimension][unit.removeprefix("-")]
    sign = -1 if unit.startswith("-") else 1
    return Scale(sign * multiply, divide, -KELVIN_AT_ZERO_CELSIUS if unit == "K" else 0.0)


@lru_cache(4096)
def plain_name(text: str) -> str:
    """A column's name for comparing: letters, digits and bars; no case, blanks, brackets, dots or underscores.

    >>> plain_name("Chg. Cap."), plain_name("Cyc#"), plain_name("|I|")
    ('chgcap', 'cyc', '|i|')
    """
    return _NOT_IN_NAMES.sub("", text.casefold())


@lru_cache(4096)
def named_unit(header: str, dimension: str) -> tuple[str, str] | None:
    """Plain name and unit of a header that ends in a unit of ``dimension``; `None` when it doesn't.

    >>> named_unit("Charge_Capacity(Ah)", "charge"), named_unit("test_time_second", "time"), named_unit("Time", "time")
    (('chargecapacity', 'Ah'), ('testtime', 's'), None)
    """
    for form in _WITH_UNIT:
        match = form.fullmatch(header)
        if match is not None and (unit := unit_of(match["unit"], dimension)) is not None:
            return plain_name(match["name"]), unit
    return None

"""What a person says about a file: ``map=COLUMN=NAME:UNIT``, and how that gets into a URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers.table import CHARGING, DIMENSIONS, DISCHARGING, Column, Export, our_unit
from pipelines.sources.cyclers.units import SCALES, unit_of

MAP_SEPARATOR = "|"
"""Between two columns in one ``map=``."""


class Override(NamedTuple):
    """A column that is said to be something.

    Attributes:
        column: As it is called in the header.
        target: What it is.
        unit: Its unit; with a minus before it when the sign is to be turned round.
    """

    column: str
    target: str
    unit: str


def parse_map(text: str) -> tuple[Override, ...]:
    """Columns as ``COLUMN=NAME:UNIT``, with "|" between two; the unit may be left out when it is ours.

    >>> parse_map("I=current_ampere:-mA|Temp=temperature_t1_celsius")[0]
    Override(column='I', target='current_ampere', unit='-mA')

    Raises:
        SourceError: A part is not of that form, or there is no such name or unit.
    """
    return tuple(_parsed(part) for part in text.split(MAP_SEPARATOR) if part.strip())


def url_with_overrides(url: str, make: str | None = None, maps: Sequence[str] = ()) -> str:
    """The URL of a file with what ``--make`` and ``--map`` say in its query.

    Args:
        url: ``file://PATH`` with or without a query.
        make: One of the makes; `None` leaves the URL's own.
        maps: ``COLUMN=NAME:UNIT`` each.

    Raises:
        SourceError: A map cannot be read, or the URL says it already.
    """
    said = {"make": make, "map": MAP_SEPARATOR.join(maps)}
    path, _, query = url.partition("?")
    known = parse_qsl(query, keep_blank_values=True)
    for one in maps:
        parse_map(one)
    for key, value in said.items():
        if value and any(name == key for name, _ in known):
            raise SourceError(f"the source URL has a {key}= already: leave out --{key}.")
    settings = [*known, *((key, value) for key, value in said.items() if value)]
    return f"{path}?{urlencode(settings)}" if settings else path


def applied(overrides: Sequence[Override], columns: Sequence[Column], header: Sequence[str]) -> list[Column]:
    """The columns that are read, with what is said about them before what the export says."""
    said = [Column(header.index(one.column), one.target, one.unit) for one in overrides if one.column in header]
    fields, targets = {column.field for column in said}, {column.target for column in said}
    return [*said, *(one for one in columns if one.field not in fields and one.target not in targets)]


def mapped_export(overrides: Sequence[Override]) -> Export:
    """An export that is known by nothing but what is said about its columns."""
    return Export(
        make="mapped",
        title="file with mapped columns",
        columns={one.target: ((one.column, one.unit),) for one in overrides},
        required=(("test_time_second", "unix_time_second", "step_time_second"), "current_ampere", "voltage_volt"),
        charging=f"{CHARGING}|C",
        discharging=f"{DISCHARGING}|D",
    )


def _parsed(part: str) -> Override:
    column, found, meaning = part.strip().rpartition("=")
    target, _, unit = meaning.partition(":")
    if not found or not column:
        raise SourceError(
            f"map {part[:60]!r} is not of the form COLUMN=NAME:UNIT: write for example I=current_ampere:mA."
        )
    if target not in DIMENSIONS:
        raise SourceError(f"a column cannot be mapped to {target[:60]!r}: use one of {', '.join(DIMENSIONS)}.")
    return Override(column, target, _unit(unit, target))


def _unit(text: str, target: str) -> str:
    dimension = DIMENSIONS[target]
    if not text:
        return our_unit(target)
    unit = unit_of(text.removeprefix("-"), dimension)
    if unit is None:
        raise SourceError(f"{target} has no unit {text[:30]!r}: use one of {', '.join(SCALES[dimension])}.")
    return f"-{unit}" if text.startswith("-") else unit

"""How a cycler's export is described: everything that differs from make to make, as data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipelines.sources.cyclers.units import SCALES, named_unit, plain_name

DIMENSIONS = {
    "test_time_second": "time",
    "unix_time_second": "clock",
    "current_ampere": "current",
    "voltage_volt": "voltage",
    "temperature_t1_celsius": "temperature",
    "cycle_count": "count",
    "step_count": "count",
    "step_id": "count",
    "step_time_second": "time",
    "record_index": "count",
    "charging_capacity_ah": "charge",
    "discharging_capacity_ah": "charge",
    "charging_energy_wh": "energy",
    "discharging_energy_wh": "energy",
    "capacity_ah": "charge",
    "energy_wh": "energy",
    "state": "text",
    "label": "text",
    "frequency_hertz": "count",
}
"""What a column of an export can be, and what its unit measures.

Beside fields of a reading: ``capacity_ah`` and ``energy_wh`` count both directions in one column
(`Export.single_counter` says how), ``state`` says which direction, ``label`` and ``frequency_hertz`` tell rows that
are no readings.
"""

CHARGING = ".*(charg|chg|充).*"
DISCHARGING = ".*(discharg|dischg|dchg|放).*"
"""The words for the two directions, in whatever form; what a make writes beside them is in its own table."""

Names = tuple[str | tuple[str, str], ...]
"""Names of one column in the versions of an export.

A pair where a name without a unit means another one than ours; with "()" behind it where it needs a unit to be meant.
"""


class Column(NamedTuple):
    """A column of a file that is read.

    Attributes:
        field: Its place in the header.
        target: One of `DIMENSIONS`.
        unit: One of the units of that dimension; with a minus before it when the sign is to be turned round.
        has_unit: False when neither header nor export says the unit.
    """

    field: int
    target: str
    unit: str
    has_unit: bool = True


@dataclass(frozen=True, slots=True)
class Export:
    """One make's export: a header somewhere near the top, then one reading a row.

    Names are compared by their letters and digits; a unit behind a name (in brackets, behind a slash, an underscore
    or a blank) is understood, whatever it is.

    Attributes:
        make: As in ``?make=``.
        title: What people call the export.
        columns: What is read, and how it is called in the versions of this export. The first name in the header wins.
        required: Columns without which it is not this export; of a pair, one is enough.
        spelled: One column at least is written so (a regular expression, whole name); what tells this export from
            others with the same columns.
        charging, discharging: Regular expressions of the whole ``state``, for the two directions. What is neither
            rests or can go both ways. ``discharging`` is looked at first.
        charging_sign: 1 when the export writes charging current as positive, -1 when as negative.
        single_counter: How ``capacity_ah`` and ``energy_wh`` count: "step": up from zero in each step, in the
            direction of its state or current; "signed": the same with the sign of the direction; "net": up while
            charging and down while discharging, never reset.
        time_without_unit: A time column without a unit can be in seconds, minutes, hours or days; compare it with
            the wall clock.
        not_readings: Regular expression of the ``label`` of rows that hold no reading (impedance).
        layered: Cycle, step and record lines are mixed.
    """

    make: str
    title: str
    columns: Mapping[str, Names]
    required: tuple[str | tuple[str, ...], ...]
    spelled: str = ".*"
    charging: str = ""
    discharging: str = ""
    charging_sign: Literal[1, -1] = 1
    single_counter: Literal["step", "signed", "net"] = "step"
    time_without_unit: bool = False
    not_readings: str = ""
    layered: bool = False

    def find(self, header: Sequence[str]) -> list[Column]:
        """The columns of a file with this header that this export has."""
        found = []
        for target, names in self.columns.items():
            column = next(_matches(header, target, names), None)
            if column is not None:
                found.append(column)
        return found

    def missing(self, header: Sequence[str], said: Collection[str] = ()) -> list[str]:
        """What those of ``required`` are called in this export that neither the header nor ``said`` (targets) has."""
        found = {column.target for column in self.find(header)}.union(said)
        return [self._called(targets[0]) for targets in self.needed() if found.isdisjoint(targets)]

    def needed(self) -> list[tuple[str, ...]]:
        """Of each tuple one column has to be there."""
        return [(one,) if isinstance(one, str) else one for one in self.required]

    def is_spelled_in(self, header: Sequence[str]) -> bool:
        """Whether one of the names is spelled as in this export."""
        return any(re.fullmatch(self.spelled, name) for name in header if name)

    def _called(self, target: str) -> str:
        name = self.columns[target][0]
        return (name if isinstance(name, str) else name[0]).removesuffix(" ()")


def our_unit(target: str) -> str:
    """The unit that a column of a reading has."""
    return next(iter(SCALES[DIMENSIONS[target]]))


def _matches(header: Sequence[str], target: str, names: Names) -> Iterator[Column]:
    dimension = DIMENSIONS[target]
    for name in names:
        text, unit = (name, "") if isinstance(name, str) else name
        wanted, needs_unit = plain_name(text), text.endswith("()")
        for place, written in enumerate(header):
            if plain_name(written) == wanted and not needs_unit:
                yield Column(place, target, unit or our_unit(target), bool(unit) or dimension != "time")
            elif (split := named_unit(written, dimension)) is not None and split[0] == wanted:
                yield Column(place, target, split[1])

"""One reading of one battery: names, units, signs and limits, stated once.

Names are the machine names of the Battery Data Format (BDF 1.3). The sign of the current is positive while
the battery is charged. ``unix_time_second`` is UTC. A reading needs at least one of the two times.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

# `$` alone would let a newline pass at the end.
IDENTIFIER_PATTERN = r"^[A-Za-z0-9._:-]{1,64}$(?!\n)"
MAX_READING_BYTES = 64 * 1024
MAX_BATCH_BYTES = 1024 * 1024
MAX_BATCH_READINGS = 4000
"""So many readings in one message stay below `MAX_BATCH_BYTES` in every form: what our own senders keep to."""
ARROW_STREAM_BEGINS = b"\xff\xff\xff\xff"
"""By this an Arrow IPC stream is told from JSON."""

Identifier = Annotated[str, Meta(pattern=IDENTIFIER_PATTERN)]
TestTime = Annotated[float, Meta(ge=0.0, le=4.0e9)]
UnixTime = Annotated[float, Meta(ge=946_684_800.0, le=4.0e9)]
"""From 2000-01-01. What lies more than a day ahead of its arrival is refused as well (`MAX_AHEAD_SECOND`)."""
Volt = Annotated[float, Meta(ge=-10.0, le=1.0e4)]
Ampere = Annotated[float, Meta(ge=-1.0e4, le=1.0e4)]
Celsius = Annotated[float, Meta(ge=-273.15, le=2000.0)]
Counter = Annotated[float, Meta(ge=-1.0e6, le=1.0e6)]
"""What a cycler has counted [Ah] or [Wh]. Below zero only where it counts both directions in one column."""
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
RecordIndex = Annotated[int, Meta(ge=0, le=2**53)]

MAX_AHEAD_SECOND = 86_400.0


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What a cycler says about one battery at one time; the message format ``application/json``, one a message.

    Unknown fields are skipped. `None` means "not known".

    Attributes:
        battery_id: Names the battery; the key of everything.
        test_id: Names the test the battery is in, when the sender knows it.
        group: The group the battery is compared with.
        test_time_second: Time since the start of the test [s].
        unix_time_second: Wall clock, UTC [s].
        current_ampere: Positive when charging [A].
        voltage_volt: Terminal voltage [V].
        temperature_t1_celsius: Temperature of the cell [degC].
        cycle_count: The cycler's own cycle number, kept as it is.
        step_count: Unique for each execution of a step.
        step_id: Programme step; may repeat.
        step_time_second: Time since the step began [s]; places the edge between two steps.
        record_index: The cycler's own record number within the test; repeats are duplicates.
        charging_capacity_ah: The cycler's own counter of charge put in, a magnitude; it may start anew with a step,
            a half cycle, a cycle or never [Ah]. A counter of both directions in one column: this one or the next,
            the other one not known.
        discharging_capacity_ah: Likewise of charge taken out [Ah].
        charging_energy_wh: Likewise of energy put in [Wh].
        discharging_energy_wh: Likewise of energy taken out [Wh].
    """

    battery_id: Identifier
    current_ampere: Ampere
    voltage_volt: Volt
    test_time_second: TestTime | None = None
    unix_time_second: UnixTime | None = None
    temperature_t1_celsius: Celsius | None = None
    cycle_count: Count | None = None
    step_count: Count | None = None
    step_id: Count | None = None
    step_time_second: TestTime | None = None
    record_index: RecordIndex | None = None
    charging_capacity_ah: Counter | None = None
    discharging_capacity_ah: Counter | None = None
    charging_energy_wh: Counter | None = None
    discharging_energy_wh: Counter | None = None
    test_id: Identifier | None = None
    group: Identifier | None = None


COLUMNS = (
    "test_time_second",
    "unix_time_second",
    "current_ampere",
    "voltage_volt",
    "temperature_t1_celsius",
    "cycle_count",
    "step_count",
    "step_id",
    "step_time_second",
    "record_index",
    "charging_capacity_ah",
    "discharging_capacity_ah",
    "charging_energy_wh",
    "discharging_energy_wh",
)
"""The numeric fields, in the order of the rows of `ReadingChunk.values`. Not known is NaN there."""

REQUIRED_COLUMNS = ("current_ampere", "voltage_volt")
INTEGER_COLUMNS = ("cycle_count", "step_count", "step_id", "record_index")


def limits() -> dict[str, tuple[float, float]]:
    """Lowest and highest accepted value of each numeric column, both inclusive, read off `Reading`.

    >>> limits()["voltage_volt"]
    (-10.0, 10000.0)
    """
    found = {}
    for field in msgspec.inspect.type_info(Reading).fields:  # type: ignore[attr-defined]
        kinds = getattr(field.type, "types", (field.type,))
        number = next((k for k in kinds if getattr(k, "ge", None) is not None), None)
        if number is not None:
            found[field.name] = (float(number.ge), float(number.le))
    return found

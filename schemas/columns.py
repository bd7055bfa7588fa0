"""A batch of readings as columns: the JSON form for senders that have several readings of one battery at hand."""

from __future__ import annotations

import msgspec

from schemas.reading import Identifier

Numbers = list[float | None] | float | None
"""A list with one entry a reading, or one value that holds for all of them; null means "not known"."""


class ReadingColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of one battery in the order they were taken; same names, units and limits as `Reading`.

    The limits are checked reading by reading after decoding, so that one bad reading costs only itself.
    All lists have one length; the identifiers hold for the whole batch.
    """

    battery_id: Identifier
    current_ampere: Numbers
    voltage_volt: list[float | None]
    test_time_second: Numbers = None
    unix_time_second: Numbers = None
    temperature_t1_celsius: Numbers = None
    cycle_count: Numbers = None
    step_count: Numbers = None
    step_id: Numbers = None
    step_time_second: Numbers = None
    record_index: Numbers = None
    charging_capacity_ah: Numbers = None
    discharging_capacity_ah: Numbers = None
    charging_energy_wh: Numbers = None
    discharging_energy_wh: Numbers = None
    test_id: Identifier | None = None
    group: Identifier | None = None

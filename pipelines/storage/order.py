"""The order in which refused readings are shown. What is not known comes before what is."""

from __future__ import annotations

from typing import Any

from schemas import DeadLetter, LateReading


def newest_first(letter: DeadLetter) -> tuple[Any, ...]:
    """Sorts dead letters by arrival, the newest first."""
    arrival = unknown_first(letter.arrival_unix_second)
    return -arrival, letter.partition, -letter.offset, -letter.reading_index


def by_battery_and_time(reading: LateReading) -> tuple[Any, ...]:
    """Sorts late readings."""
    return reading.battery_id, unknown_first(reading.time_second), reading[:3]


def unknown_first(value: float) -> float:
    """NaN as the lowest number: it compares with nothing."""
    return value if value == value else float("-inf")

"""What to compare with: the shortest Python program that gets Ah and Wh of every cycle out of JSON readings.

Typed decoding and a dictionary of running trapezoids: no horizon, no duplicates, no step edges, no restart, no
store. It is the limit for one reading at a time in Python, not a competitor.
"""

from collections.abc import Iterable

import msgspec


class PlainReading(msgspec.Struct):
    battery_id: str
    test_time_second: float
    current_ampere: float
    voltage_volt: float
    cycle_count: int


def plain_sums(messages: Iterable[bytes]) -> dict[tuple[str, int], tuple[float, float]]:
    """Net Ah and Wh of each (battery, cycle) from one-reading messages in order."""
    decode = msgspec.json.Decoder(PlainReading).decode
    last: dict[str, tuple[float, float, float]] = {}
    sums: dict[tuple[str, int], tuple[float, float]] = {}
    for message in messages:
        reading = decode(message)
        time, current = reading.test_time_second, reading.current_ampere
        power = current * reading.voltage_volt
        before = last.get(reading.battery_id)
        if before is not None:
            hours = (time - before[0]) / 7200.0
            key = (reading.battery_id, reading.cycle_count)
            charge, energy = sums.get(key, (0.0, 0.0))
            sums[key] = charge + (current + before[1]) * hours, energy + (power + before[2]) * hours
        last[reading.battery_id] = time, current, power
    return sums

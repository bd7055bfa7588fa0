"""What the cycler's own counters say from one reading to the next, one pair of readings after the other (rule 13)."""

from typing import NamedTuple

from tests.oracle.arrival import Content, Kept

CHARGE = ("charging_capacity_ah", "discharging_capacity_ah")
ENERGY = ("charging_energy_wh", "discharging_energy_wh")


class Count(NamedTuple):
    """What was counted in and out over an interval [Ah] or [Wh]; `None` when the counters do not tell."""

    came_in: float
    went_out: float


def is_told(content: Content, names: tuple[str, str]) -> bool:
    """Whether a reading tells one of a pair of counters."""
    return any(getattr(content, name) is not None for name in names)


def counted(a: Kept, b: Kept, names: tuple[str, str], new_step: bool) -> Count | None:
    """The pair ``names`` from reading ``a`` to reading ``b``, with which a step may begin."""
    before = [getattr(a.content, name) for name in names]
    after = [getattr(b.content, name) for name in names]
    told = [x is not None and y is not None for x, y in zip(before, after, strict=True)]
    if not any(told):
        return None
    rose = [told[way] and after[way] > before[way] for way in (0, 1)]
    gained = [0.0, 0.0]
    for way in (0, 1):
        if not told[way]:
            continue
        if after[way] >= before[way]:
            gained[way] += after[way] - before[way]
            continue
        own, other = _fallen(a, b, way, before[way], after[way], names, new_step)
        gained[way] += own
        if other is not None and not rose[1 - way]:
            gained[1 - way] += other
    return Count(*gained)


def _fallen(
    a: Kept, b: Kept, way: int, before: float, after: float, names: tuple[str, str], new_step: bool
) -> tuple[float, float | None]:
    """What a counter that fell adds to its own way and, unless that one's counter rose by itself, to the other one."""
    lost = before - after
    alone = getattr(b.content, names[1 - way]) is None
    back = _flow(a, b, way, names is ENERGY)
    if after != 0 and (lost <= 2 * back or (alone and abs(after) > 0.1 * abs(before))):
        return 0.0, lost
    if not new_step and lost <= 0.1 * before:
        return -lost, None
    return max(after, 0.0), max(-after, 0.0) if alone else None


def _flow(a: Kept, b: Kept, way: int, as_energy: bool) -> float:
    """What flowed against that way between the readings, by the trapezoidal rule [Ah] or [Wh]."""
    sign = -1 if way == 0 else 1
    ends = []
    for reading in (a, b):
        flow = max(sign * reading.content.current_ampere, 0.0)
        ends.append(flow * reading.content.voltage_volt if as_energy else flow)
    return sum(ends) / 2 * (b.time - a.time) / 3600.0

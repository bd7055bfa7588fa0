"""The kept readings divided into steps and cycles, and what flowed in each: rules 7 to 10."""

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas import Direction
from tests.oracle.admission import Test
from tests.oracle.arrival import Content, Kept
from tests.oracle.counters import CHARGE, ENERGY, Count, counted, is_told

REST_SHARE = 1e-3
GAP_SECOND = 600.0
RETURN_SHARE = 0.01


class Part(NamedTuple):
    """What flowed in one stretch of time: charge [A s] and energy [W s] in and out, never negative for positive V."""

    length: float
    direction: Direction
    charged_as: float
    discharged_as: float
    charged_ws: float
    discharged_ws: float
    temperature: float | None


@dataclass(eq=False, slots=True)
class Span:
    """A step or a cycle: its readings in order and the sums of its parts."""

    number: int
    test: Test
    start: float
    end: float
    readings: list[Kept] = field(default_factory=list)
    steps: int = 1
    max_gap: float = 0.0
    charging_time: float = 0.0
    discharging_time: float = 0.0
    rest_time: float = 0.0
    warmth: float = 0.0
    warm_time: float = 0.0
    before: Kept | None = None
    previous: "Span | None" = None
    highest_current: float = 0.0
    charged_as: float = 0.0
    discharged_as: float = 0.0
    charged_ws: float = 0.0
    discharged_ws: float = 0.0
    bridged_as: float = 0.0
    counted_ah: list[float] = field(default_factory=lambda: [0.0, 0.0])
    counted_wh: list[float] = field(default_factory=lambda: [0.0, 0.0])
    untold_ah: bool = False
    untold_wh: bool = False

    def add(self, part: Part) -> None:
        """Credit a stretch of time."""
        self.charged_as += part.charged_as
        self.discharged_as += part.discharged_as
        self.charged_ws += part.charged_ws
        self.discharged_ws += part.discharged_ws
        if part.direction == "charge":
            self.charging_time += part.length
        elif part.direction == "discharge":
            self.discharging_time += part.length
        else:
            self.rest_time += part.length
        if part.temperature is not None:
            self.warmth += part.temperature * part.length
            self.warm_time += part.length

    def count(self, charge: Count | None, energy: Count | None) -> None:
        """Credit what the cycler's counters say of an interval; once they say nothing, the whole is not known."""
        self.untold_ah |= charge is None
        self.untold_wh |= energy is None
        for way in (0, 1):
            self.counted_ah[way] += 0.0 if charge is None else charge[way]
            self.counted_wh[way] += 0.0 if energy is None else energy[way]

    def append(self, reading: Kept) -> None:
        """Let the span end, for now, at this reading."""
        self.readings.append(reading)
        self.end = reading.time


class Fold:
    """Steps and cycles of a battery, by number - 1; filled test by test."""

    def __init__(self) -> None:
        self.steps: list[Span] = []
        self.cycles: list[Span] = []
        self._highest_current = 0.0

    def add_test(self, test: Test) -> None:
        """Fold the readings of the next test, in the order of rule 6."""
        readings = sorted(test.kept, key=lambda kept: kept.order)
        for reading in readings:
            self._classify(reading)
        for number, reading in enumerate(readings):
            if number == 0:
                self._begin_step(test, reading.time, new_cycle=True)
                for span in (self.steps[-1], self.cycles[-1]):
                    span.untold_ah = not is_told(reading.content, CHARGE)
                    span.untold_wh = not is_told(reading.content, ENERGY)
                active: Direction = reading.direction
            else:
                # The first charge or discharge of the test, up to here.
                active = reading.direction if active == "rest" else active
                self._add_interval(test, readings[number - 1], reading, active)
            self.steps[-1].append(reading)
            self.cycles[-1].append(reading)

    def _classify(self, reading: Kept) -> None:
        current = reading.content.current_ampere
        self._highest_current = max(self._highest_current, abs(current))
        if abs(current) <= REST_SHARE * self._highest_current:
            reading.direction = "rest"
        else:
            reading.direction = "charge" if current > 0 else "discharge"
        reading.highest_current = self._highest_current

    def _begin_step(self, test: Test, start: float, new_cycle: bool) -> None:
        self.steps.append(Span(len(self.steps) + 1, test, start, start))
        if new_cycle:
            self._begin_cycle(test, start)
        else:
            self.cycles[-1].steps += 1

    def _begin_cycle(self, test: Test, start: float) -> None:
        cycle = Span(len(self.cycles) + 1, test, start, start)
        if self.cycles and self.cycles[-1].test is test:
            cycle.previous = self.cycles[-1]
        self.cycles.append(cycle)

    def _add_interval(self, test: Test, a: Kept, b: Kept, active: Direction) -> None:
        if _new_step(a, b):
            self._cross_edge(test, a, b, active)
        else:
            if _cycle_count_differs(a.content, b.content):
                self._begin_cycle(test, a.time)
            self._credit(_trapezoid(a, b), a, b)
        counts = [counted(a, b, names, _new_step(a, b)) for names in (CHARGE, ENERGY)]
        for span in (self.steps[-1], self.cycles[-1]):
            span.count(*counts)
            span.max_gap = max(span.max_gap, b.time - a.time)

    def _cross_edge(self, test: Test, a: Kept, b: Kept, active: Direction) -> None:
        """Hold a's current until the new step began, then b's (rule 9)."""
        edge = _edge(a, b)
        self._credit(_held(a, edge - a.time), a, b)
        self.steps[-1].end = edge
        new_cycle = self._new_cycle_at_step(a, b, active)
        if new_cycle:
            self.cycles[-1].end = edge
        self._begin_step(test, edge, new_cycle)
        self.steps[-1].before, self.steps[-1].highest_current = a, b.highest_current
        self._credit(_held(b, b.time - edge), a, b)

    def _credit(self, part: Part, a: Kept, b: Kept) -> None:
        for span in (self.steps[-1], self.cycles[-1]):
            span.add(part)
            if b.time - a.time > GAP_SECOND:
                span.bridged_as += part.charged_as + part.discharged_as

    def _new_cycle_at_step(self, a: Kept, b: Kept, active: Direction) -> bool:
        if b.content.cycle_count is not None:
            return _cycle_count_differs(a.content, b.content)
        if active == "rest" or b.direction != active:
            return False
        charged, discharged = self.cycles[-1].charged_as, self.cycles[-1].discharged_as
        forth, back = (charged, discharged) if active == "charge" else (discharged, charged)
        return forth > 0 and back > 0 and back >= RETURN_SHARE * forth


def _differs(a: float | None, b: float | None) -> bool:
    """Both known, and not the same."""
    return a is not None and b is not None and a != b


def _cycle_count_differs(a: Content, b: Content) -> bool:
    return _differs(a.cycle_count, b.cycle_count)


def _new_step(a: Kept, b: Kept) -> bool:
    """Rule 7."""
    x, y = a.content, b.content
    if _differs(x.step_count, y.step_count) or _differs(x.step_id, y.step_id):
        return True
    if y.step_time_second is not None:
        return x.step_time_second is not None and y.step_time_second < x.step_time_second
    if y.step_count is None and y.step_id is None:
        return a.direction != b.direction
    return False


def _edge(a: Kept, b: Kept) -> float:
    """When the step of ``b`` began [s], by its step clock where there is one; never outside of the interval."""
    step_time = b.content.step_time_second
    return b.time if step_time is None else min(max(b.time - step_time, a.time), b.time)


def _trapezoid(a: Kept, b: Kept) -> Part:
    length = b.time - a.time
    in_a, in_b = max(a.content.current_ampere, 0.0), max(b.content.current_ampere, 0.0)
    out_a, out_b = max(-a.content.current_ampere, 0.0), max(-b.content.current_ampere, 0.0)
    volt_a, volt_b = a.content.voltage_volt, b.content.voltage_volt
    return Part(
        length,
        b.direction,
        (in_a + in_b) / 2 * length,
        (out_a + out_b) / 2 * length,
        (volt_a * in_a + volt_b * in_b) / 2 * length,
        (volt_a * out_a + volt_b * out_b) / 2 * length,
        b.content.temperature_t1_celsius,
    )


def _held(reading: Kept, length: float) -> Part:
    current, volt = reading.content.current_ampere, reading.content.voltage_volt
    charged_as, discharged_as = max(current, 0.0) * length, max(-current, 0.0) * length
    temperature = reading.content.temperature_t1_celsius
    return Part(
        length, reading.direction, charged_as, discharged_as, volt * charged_as, volt * discharged_as, temperature
    )

"""Which readings count: rules 1 to 5. One reading after the other, in the order of arrival."""

import math
from bisect import insort
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from operator import attrgetter

from schemas import UNKNOWN_COUNT, LateReading
from tests.oracle.arrival import Arrival, Content, Kept

REMEMBERED_TESTS = 8


@dataclass(eq=False, slots=True)
class Test:
    """A test of the battery: axis time = ``newest_before`` + (time - ``first_time``); the first one has time itself."""

    __test__ = False  # not a test case for pytest

    test_id: str
    has_test_time: bool
    first_time: float = 0.0
    newest_before: float = 0.0
    kept: list[Kept] = field(default_factory=list)

    def axis(self, content: Content) -> float:
        """The battery's own time of a reading [s] (rules 2 and 3).

        Raises:
            ValueError: The reading has another time base than the test, or no time.
        """
        if (content.test_time_second is not None) != self.has_test_time:
            raise ValueError("the reading has not the time base of its test")
        return self.newest_before + (own_time(content) - self.first_time)


def own_time(content: Content) -> float:
    """Test time when given, else unix time [s].

    Raises:
        ValueError: Neither is given.
    """
    time = content.unix_time_second if content.test_time_second is None else content.test_time_second
    if time is None:
        raise ValueError("the reading has no time")
    return time


class Admission:
    """Everything about a battery that decides whether its next reading counts."""

    def __init__(self, horizon_second: float, horizon_readings: int) -> None:
        self.horizon_second = horizon_second
        self.horizon_readings = horizon_readings
        self.tests: list[Test] = []
        self.recent: deque[Test] = deque(maxlen=REMEMBERED_TESTS)
        self.newest: Kept | None = None
        self.limit = -math.inf
        self.pending: list[Kept] = []  # in order of rule 6
        self.twins: dict[Hashable, Kept] = {}  # of the pending ones, by what makes a duplicate
        self.late: list[LateReading] = []
        self.accepted = 0
        self.duplicates = 0
        self.closed = False
        self.first_arrival_unix_second = math.nan

    def take(self, arrival: Arrival) -> None:
        """Keep the reading, or count it as late or as a duplicate."""
        test = self._test_of(arrival)
        time = test.axis(arrival.content)
        if test is not self.tests[-1] or time <= self.limit:
            self.late.append(_late(arrival, test, time))
            return
        twin = self._twin_of(arrival.content)
        if twin is not None:
            twin.duplicates += 1
            self.duplicates += 1
            return
        self._keep(arrival, test, time)

    def close(self) -> None:
        """Nothing comes after this."""
        self.closed = True
        if self.newest is not None:
            self._settle(self.newest.time)

    def _test_of(self, arrival: Arrival) -> Test:
        if not self.tests:
            return self._begin(arrival, None)
        current = self.tests[-1]
        if arrival.test_id and arrival.test_id != current.test_id:
            earlier = [test for test in self.recent if test.test_id == arrival.test_id]
            return earlier[-1] if earlier else self._begin(arrival, self.newest)
        if self.newest is not None and _falls_back(arrival.content, self.newest.content):
            return self._begin(arrival, self.newest)
        return current

    def _begin(self, arrival: Arrival, newest: Kept | None) -> Test:
        time = own_time(arrival.content)
        test = Test(arrival.test_id, arrival.content.test_time_second is not None)
        if newest is not None:
            test.first_time = time
            test.newest_before = newest.time + _gap(newest.content, arrival.content)
            self._settle(newest.time)
            # One step below: the new test's first reading may have the very time of the old one's last.
            self.limit = math.nextafter(newest.time, -math.inf)
        self.tests.append(test)
        self.recent.append(test)
        self.newest = None
        return test

    def _twin_of(self, content: Content) -> Kept | None:
        if content.record_index is not None and content.record_index in self.twins:
            return self.twins[content.record_index]
        return self.twins.get(content)

    def _keep(self, arrival: Arrival, test: Test, time: float) -> None:
        content = arrival.content
        kept = Kept(content, time, _order(content, time, self.accepted), arrival.arrival_unix_second)
        if not self.accepted:
            self.first_arrival_unix_second = arrival.arrival_unix_second
        self.accepted += 1
        self.closed = False
        test.kept.append(kept)
        if self.newest is None or kept.order > self.newest.order:
            self.newest = kept
        insort(self.pending, kept, key=attrgetter("order"))
        self.twins[content] = kept
        if content.record_index is not None:
            self.twins[content.record_index] = kept
        self._settle(self._limit_after(self.newest))

    def _limit_after(self, newest: Kept) -> float:
        limit = max(self.limit, newest.time - self.horizon_second)
        if len(self.pending) > self.horizon_readings:
            limit = max(limit, self.pending[-1 - self.horizon_readings].time)
        return limit

    def _settle(self, limit: float) -> None:
        self.limit = limit
        while self.pending and self.pending[0].time <= limit:
            settled = self.pending.pop(0).content
            del self.twins[settled]
            if settled.record_index is not None:
                del self.twins[settled.record_index]


def _falls_back(content: Content, newest: Content) -> bool:
    """Whether the test time starts again while the wall clock goes on (rule 3)."""
    return _is_less(content.test_time_second, newest.test_time_second) and _is_less(
        newest.unix_time_second, content.unix_time_second
    )


def _is_less(a: float | None, b: float | None) -> bool:
    """Both known, and ``a`` the smaller one."""
    return a is not None and b is not None and a < b


def _gap(newest: Content, first: Content) -> float:
    """Wall clock time between two tests [s]; 0 when it is not known."""
    if newest.unix_time_second is None or first.unix_time_second is None:
        return 0.0
    return max(first.unix_time_second - newest.unix_time_second, 0.0)


def _order(content: Content, time: float, arrival: int) -> tuple[float, float, float, float, int]:
    """Rule 6: unknown counts first, an unknown step time last, a longer step time before a shorter one."""
    return (
        time,
        -math.inf if content.cycle_count is None else content.cycle_count,
        -math.inf if content.step_count is None else content.step_count,
        math.inf if content.step_time_second is None else -content.step_time_second,
        arrival,
    )


def _late(arrival: Arrival, test: Test, time: float) -> LateReading:
    content = arrival.content
    return LateReading(
        partition=arrival.partition,
        offset=arrival.offset,
        reading_index=arrival.reading_index,
        battery_id=arrival.battery_id,
        test_id=test.test_id,
        time_second=time,
        unix_time_second=math.nan if content.unix_time_second is None else content.unix_time_second,
        current_ampere=content.current_ampere,
        voltage_volt=content.voltage_volt,
        cycle_count=UNKNOWN_COUNT if content.cycle_count is None else int(content.cycle_count),
        arrival_unix_second=arrival.arrival_unix_second,
    )

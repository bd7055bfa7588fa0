"""Readings taken one by one, in the order they arrived: exact, for what cannot be decided for all at once."""

from __future__ import annotations

from bisect import bisect_right

from pipelines.analytics.horizon import limit_after
from pipelines.analytics.layout import DUPLICATES, RECORD, TEST_TIME, UNIX_TIME, Floats
from pipelines.analytics.order import contents, sort_keys
from pipelines.analytics.settings import Settings

Key = tuple[float, ...]


class Arrivals:
    """A queue of readings in order, to which others are added.

    Attributes:
        queue: Columns of the buffer, in order.
        late: Columns that came behind the horizon.
        duplicates: How many repeated a pending one.
    """

    def __init__(self, buffer: Floats, held: int, newest: int | None, limit_s: float, settings: Settings) -> None:
        """Begin with the columns 1 to ``held`` in the queue.

        Args:
            buffer: Pending readings, then others as they arrived; duplicates are counted in it.
            held: How many are pending.
            newest: Column of the newest reading so far; `None` when the test has none.
            limit_s: Where the horizon is.
            settings: How far it reaches.
        """
        self.queue = list(range(1, held + 1))
        self.late: list[int] = []
        self.duplicates = 0
        self._buffer, self._newest, self._limit_s, self._settings = buffer, newest, limit_s, settings
        self._keys: list[Key] = list(zip(*sort_keys(buffer).tolist(), strict=True))
        self._clocks: list[Key] = list(zip(*buffer[[TEST_TIME, UNIX_TIME]].tolist(), strict=True))
        self._records: list[float] = buffer[RECORD].tolist()
        self._contents = contents(buffer)
        self._queue_keys = [self._keys[column] for column in self.queue]
        self._queue_times_s = [key[0] for key in self._queue_keys]
        self._by_content = {self._contents[column]: column for column in self.queue}
        self._by_record = {self._records[column]: column for column in self.queue}  # one NaN never finds another

    def take(self, column: int) -> bool:
        """Add a reading, or count it as late or repeated; false, and nothing done, when a new test begins with it."""
        if self._begins_test(column):
            return False
        if self._keys[column][0] <= self._limit_s:
            self.late.append(column)
        elif (twin := self._twin(column)) is not None:
            self._buffer[DUPLICATES, twin] += 1.0
            self.duplicates += 1
        else:
            self._add(column)
        return True

    def _begins_test(self, column: int) -> bool:
        """Whether the test clock started again while the wall clock went on; an unknown one did neither."""
        if self._newest is None:
            return False
        test_time_s, unix_s = self._clocks[column]
        newest_test_time_s, newest_unix_s = self._clocks[self._newest]
        return test_time_s < newest_test_time_s and unix_s > newest_unix_s

    def _twin(self, column: int) -> int | None:
        """The pending reading that this one repeats."""
        twin = self._by_record.get(self._records[column])
        if twin is not None and self._keys[twin][0] > self._limit_s:
            return twin
        return self._by_content.get(self._contents[column])

    def _add(self, column: int) -> None:
        place = bisect_right(self._queue_keys, self._keys[column])
        self._queue_keys.insert(place, self._keys[column])
        self._queue_times_s.insert(place, self._keys[column][0])
        self.queue.insert(place, column)
        self._by_content[self._contents[column]] = self._by_record[self._records[column]] = column
        self._newest = self.queue[-1]
        self._limit_s = limit_after(self._limit_s, self._queue_times_s, self._settings)

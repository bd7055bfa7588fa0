"""The door of the analysis: a battery's state and a chunk of its readings become its next state and its rows."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from pipelines.analytics.admission import admit
from pipelines.analytics.advance import Delivery, advance
from pipelines.analytics.layout import as_readings
from pipelines.analytics.report import Report
from pipelines.analytics.rows import Rows
from pipelines.analytics.settings import Settings
from pipelines.analytics.state import BatteryState
from pipelines.analytics.succession import begin_test, earlier_test, is_renamed
from pipelines.analytics.time_axis import Test, place, refuse_other_clocks
from schemas import ReadingChunk

DEFAULTS = Settings()


def track(state: BatteryState, chunk: ReadingChunk, settings: Settings = DEFAULTS) -> tuple[BatteryState, Rows]:
    """Fold a chunk into a battery's state.

    The newest row of each key, over all calls, is that of all readings in the order of time, whatever the chunks
    they came in. Disorder within the horizon can undo a step or a cycle that was seen before: its row is void when
    its number lies above that in the battery's row, until another one begins. Neither argument is changed.

    Args:
        state: Of the battery, after all chunks before; `BatteryState.empty` before the first one.
        chunk: Its next readings, as they arrived.
        settings: The same for all chunks of a battery.

    Returns:
        The next state, and the rows that the chunk may have changed. Messages that were applied already are
        skipped; when nothing is left, the state as it was and no rows.

    Raises:
        ValueError: A reading has no time, or is not timed like the first one of its test.
    """
    skipped = _skipped(state, chunk)
    if skipped == len(chunk) and (state.test is None or not chunk.closes):
        return state, Rows()
    delivery = _delivery(state, chunk, len(chunk) - skipped)
    report = Report(chunk, delivery.revision, settings)
    if is_renamed(state, chunk.test_id) and (test := earlier_test(state, chunk.test_id)) is not None:
        state = _all_late(state, test, chunk, skipped, report)
        skipped = len(chunk)
    return _test_by_test(state, chunk, skipped, delivery, report, settings), report.rows()


def _skipped(state: BatteryState, chunk: ReadingChunk) -> int:
    """How many readings of the chunk were applied before."""
    applied, offsets = state.applied.get(chunk.position.partition, -1), chunk.offsets
    if len(offsets) and int(offsets[0]) > applied:
        return 0
    return int(offsets.searchsorted(applied, "right"))


def _delivery(state: BatteryState, chunk: ReadingChunk, fresh: int) -> Delivery:
    """What comes with the readings of the chunk, of which ``fresh`` are new."""
    applied = state.applied
    if fresh:
        applied = {**applied, chunk.position.partition: int(chunk.offsets[-1])}
    return Delivery(state.revision + max(fresh, 1), applied, chunk.group or state.group, chunk.arrival_unix_second)


def _all_late(state: BatteryState, test: Test, chunk: ReadingChunk, skipped: int, report: Report) -> BatteryState:
    """The readings of the chunk are of a test that is over."""
    times_s = place(test, as_readings(chunk.values[:, skipped:]))
    refuse_other_clocks(times_s)
    report.add_late(test, list(enumerate(times_s.tolist(), skipped)))
    return replace(state, tally=msgspec.structs.replace(state.tally, late=state.tally.late + len(times_s)))


def _test_by_test(
    state: BatteryState, chunk: ReadingChunk, first: int, delivery: Delivery, report: Report, settings: Settings
) -> BatteryState:
    """Fold the readings of the chunk from number ``first`` on; a test ends where another one begins."""
    if state.test is None:
        state = begin_test(state, chunk.test_id, chunk.values[:, first])
    end = len(chunk)
    stop = first if is_renamed(state, chunk.test_id) else end
    while True:
        admission = admit(state, chunk.values[:, first:stop], settings)
        following = first + admission.taken
        is_over = following < end or chunk.closes
        advanced = advance(state, admission, is_over, delivery, settings)
        report.add(admission, advanced, first)
        state = advanced.state
        first, stop = following, end
        if first == stop:
            return state
        state = begin_test(state, chunk.test_id, chunk.values[:, first])

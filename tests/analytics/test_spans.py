"""A buffer is cut where a segment begins and at the horizon, and nowhere else."""

from pipelines.analytics.segment import Sums
from pipelines.analytics.spans import Span, spans
from pipelines.analytics.turn import Change

A_STEP = Change(is_step=True, is_cycle=False, is_counted=False, direction=1, held=Sums(), start_s=4.0)


def test_without_a_change_and_with_all_on_one_side_of_the_horizon_there_is_one_span():
    assert spans({}, cut=0, columns=9) == spans({}, cut=8, columns=9) == [Span(1, 9, None)]


def test_the_horizon_cuts_a_segment_in_two():
    assert spans({}, cut=3, columns=9) == [Span(1, 4, None), Span(4, 9, None)]


def test_a_change_begins_a_span():
    assert spans({5: A_STEP}, cut=3, columns=9) == [Span(1, 4, None), Span(4, 5, None), Span(5, 9, A_STEP)]


def test_a_change_at_the_horizon_or_with_the_first_reading_cuts_once():
    assert spans({4: A_STEP}, cut=3, columns=9) == [Span(1, 4, None), Span(4, 9, A_STEP)]
    assert spans({1: A_STEP}, cut=0, columns=2) == [Span(1, 2, A_STEP)]

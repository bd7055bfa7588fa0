"""Numbers as texts, places of labels, patches of sources."""

import numpy as np
import pytest

from dashboard.label_places import spread_apart
from dashboard.metrics import decimals_for
from dashboard.readable import fixed, grouped, signed, span
from dashboard.sources import differences
from dashboard.thinning import thin


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.44, "0.4 s"), (99.0, "99.0 s"), (600.0, "10 min"), (7200.0, "2.0 h"), (864_000.0, "10.0 d")],
)
def test_a_time_span_has_a_fitting_unit(seconds, text):
    assert " ".join(span(seconds)) == text


def test_numbers_have_true_minus_signs_and_a_dash_for_nothing():
    assert signed(-1.25, 1) == "−1.2"
    assert signed(3.0, 1) == "+3.0"
    assert signed(float("nan"), 1) == fixed(float("nan"), 2) == "–"
    assert grouped(58914) == "58\u2009914"


@pytest.mark.parametrize(("value", "decimals"), [(3.1, 3), (99.8, 2), (0.00312, 6), (0.0, 3), (12345.0, 1)])
def test_four_digits_are_shown(value, decimals):
    assert decimals_for(value) == decimals


def test_labels_that_have_room_stay():
    assert spread_apart([3.0, 1.0, 2.0], 0.5, 0.0, 4.0) == [3.0, 1.0, 2.0]


def test_labels_on_one_spot_move_apart_in_their_order_and_stay_inside():
    found = spread_apart([1.0, 0.99, 1.01], 0.2, 0.0, 1.1)
    assert min(np.diff(sorted(found))) >= 0.2 - 1e-9
    assert found[1] < found[0] < found[2] <= 1.1 + 1e-9


def test_only_what_differs_is_patched():
    nan = float("nan")
    old = {"x": [1, 2, 3], "y": [nan, 5.0, nan]}
    assert differences(old, {"x": [1, 2, 4], "y": [nan, 5.0, 1.0]}) == {"x": [(2, 4)], "y": [(2, 1.0)]}
    assert differences(old, old) == {}
    assert differences(old, {"x": [1], "y": [2]}) is None


def test_thinning_keeps_short_traces_and_the_ends_of_long_ones():
    columns = {"t": np.arange(10_000.0), "v": np.sin(np.arange(10_000.0) / 50)}
    assert thin(columns, "v", 20_000) is columns
    thinned = thin(columns, "v", 500)
    assert len(thinned["t"]) == 500
    assert thinned["t"][[0, -1]].tolist() == [0.0, 9999.0]
    assert (np.sin(thinned["t"] / 50) == thinned["v"]).all()

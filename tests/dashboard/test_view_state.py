"""What a viewer chose, and what is shown when that is not there."""

import pytest

from dashboard.fleet import Fleet
from dashboard.view_state import ViewState
from tests.dashboard.fake_store import a_battery, a_cycle


@pytest.fixture
def fleet() -> Fleet:
    made = Fleet()
    made.apply(
        1, [a_battery("b1", "B"), a_battery("a1", "A"), a_battery("a2", "A")], [a_cycle("a1", 4), a_cycle("a2", 3)]
    )
    return made


def test_without_a_choice_the_first_group_and_its_first_battery_are_shown(fleet):
    state = ViewState()
    assert (state.shown_group(fleet), state.shown_battery(fleet)) == ("A", "a1")


def test_a_choice_that_is_not_there_falls_back(fleet):
    state = ViewState(group="gone", battery="<script>")
    assert (state.shown_group(fleet), state.shown_battery(fleet)) == ("A", "a1")


def test_the_chosen_battery_stays_when_it_is_in_another_group(fleet):
    assert ViewState(group="A", battery="b1").shown_battery(fleet) == "b1"


def test_latest_is_the_newest_cycle_of_all(fleet):
    assert ViewState().shown_cycle(fleet, "A", 1e9) == 3
    assert ViewState().shown_cycle(fleet, "B", 1e9) == -1
    assert ViewState(cycle="17").shown_cycle(fleet, "A", 1e9) == 17


@pytest.mark.parametrize("wrong", ["-1", "1e3", "newest", ""])
def test_a_cycle_is_a_number_or_latest(wrong):
    with pytest.raises(ValueError, match="cycle"):
        ViewState(cycle=wrong)


def test_an_empty_fleet_shows_nothing():
    assert ViewState().shown_group(Fleet()) is None
    assert ViewState().shown_battery(Fleet()) is None

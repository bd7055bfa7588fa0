"""Choices in the URL."""

from panel.io.location import Location

from dashboard.url import keep_equal, query, read_query
from dashboard.view_state import ViewState


def test_choices_survive_the_way_through_the_url():
    chosen = ViewState(metric="charge-capacity", group="a b&c", cycle="12", battery="007", theme="dark")
    state = ViewState()
    read_query(query(chosen), state)
    assert state.param.values() | {"name": ""} == chosen.param.values() | {"name": ""}


def test_defaults_are_not_in_the_url():
    assert query(ViewState()) == ""
    assert query(ViewState(cycle="3")) == "?cycle=3"


def test_a_wrong_value_is_left_out_and_the_others_hold():
    state = ViewState()
    read_query("?cycle=soon&theme=pink&metric=nonsense&group=X&other=1", state)
    assert (state.cycle, state.theme, state.group) == ("latest", "light", "X")


def test_url_and_choices_follow_each_other():
    location, state = Location(search="?battery=1e3"), ViewState()
    keep_equal(location, state)
    assert state.battery == "1e3"
    state.group = "X"
    assert location.search == "?group=X&battery=1e3"
    location.search = "?group=Y"
    assert state.group == "Y"

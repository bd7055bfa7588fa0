"""The choices of a viewer as the query of the URL."""

from __future__ import annotations

import contextlib
from urllib.parse import parse_qsl, urlencode

from panel.io.location import Location

from dashboard.view_state import ViewState

NAMES = ("metric", "group", "cycle", "battery", "theme")


def read_query(search: str, state: ViewState) -> None:
    """Take over what the query says; what is not a possible choice is left out.

    Panel's own sync reads ``007`` as a number and gives up on all names when one is wrong.
    """
    for name, value in parse_qsl(search.lstrip("?")):
        if name in NAMES:
            with contextlib.suppress(ValueError):
                state.param.update(**{name: value})


def query(state: ViewState) -> str:
    """The choices that are not the default's, with the question mark; empty when there are none."""
    chosen = {name: getattr(state, name) for name in NAMES if getattr(state, name) != state.param[name].default}
    return f"?{urlencode(chosen)}" if chosen else ""


def keep_equal(location: Location, state: ViewState) -> None:
    """Read the URL now and whenever it changes; write it whenever a choice changes."""
    read_query(location.search, state)
    location.param.watch(lambda event: read_query(event.new, state), "search")
    state.param.watch(lambda *_events: location.param.update(search=query(state)), list(NAMES))

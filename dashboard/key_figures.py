"""The row of key figures."""

from __future__ import annotations

import numpy as np

from dashboard.feed import Feed
from dashboard.fleet import Fleet
from dashboard.metrics import metric_index
from dashboard.readable import NOTHING, counted, grouped, span
from dashboard.standing import outliers
from dashboard.view_state import ViewState
from dashboard.words import Tiles, set_words

LABELS = [
    "Cells running",
    "Cycles completed",
    "Capacity retention",
    "Outliers",
    "Data age",
    "Readings",
]
STALE_SECOND = 10.0

Tile = list[str]


class KeyFigures:
    """Six numbers about the whole fleet.

    Attributes:
        source: The component on the page; ``figures`` is what it shows.
    """

    def __init__(self, state: ViewState) -> None:
        self._state = state
        self.source = Tiles(
            labels=LABELS, figures=[[NOTHING, "", "", ""] for _ in LABELS], margin=0, sizing_mode="stretch_width"
        )

    def update(self, feed: Feed, now: float) -> None:
        """Bring all of them up to date."""
        fleet = feed.fleet
        figures = [
            _running(fleet, now),
            [grouped(fleet.cycles_completed()), "", f"in {counted(len(fleet.groups()), 'group')}", ""],
            _retention(fleet),
            _outliers(outliers(fleet, self._state, metric_index(self._state.metric), now)),
            _age(feed),
            _readings(feed),
        ]
        set_words(self.source, figures=figures)


def _running(fleet: Fleet, now: float) -> Tile:
    running = sum(fleet.running(battery_id, now) for battery_id in fleet.batteries)
    finished = sum(fleet.is_finished(battery_id) for battery_id in fleet.batteries)
    silent = len(fleet.batteries) - running - finished
    parts = [f"{silent} silent"] * (silent > 0) + [f"{finished} finished"] * (finished > 0)
    tone = "warning" if silent else ""
    return [str(running), f"of {len(fleet.batteries)}", ", ".join(parts) or "all of them", tone]


def _retention(fleet: Fleet) -> Tile:
    found = fleet.retention_percent()
    if not len(found):
        return [NOTHING, "", "needs two cycles", ""]
    lowest = float(found.min())
    return [f"{float(np.median(found)):.1f}", "%", f"median; lowest {lowest:.1f} %", ""]


def _outliers(found: list[str]) -> Tile:
    if not found:
        return ["0", "cells", "none at this cycle", ""]
    return [str(len(found)), "cell" if len(found) == 1 else "cells", ", ".join(found), "bad"]


def _age(feed: Feed) -> Tile:
    age = feed.data_age_second()
    if age is None:
        return [NOTHING, "", "no reading yet", "warning"]
    value, unit = span(age)
    stale = age > STALE_SECOND and not feed.fleet.all_finished()
    return [value, unit, "newest reading → screen", "warning" if stale else ""]


def _readings(feed: Feed) -> Tile:
    totals = feed.health.totals
    if totals is None:
        return [NOTHING, "", "", ""]
    value, unit = _compact(totals.readings)
    note = f"{grouped(totals.late)} late, {counted(totals.dead_letters, 'dead letter')}"
    return [value, unit, note, ""]


def _compact(count: int) -> tuple[str, str]:
    return (f"{count / 1e6:.3f}", "million") if count >= 1_000_000 else (grouped(count), "")

"""One viewer: builds the views and brings the feed's changes to them."""

from __future__ import annotations

import time
from collections.abc import Callable

import panel as pn
from bokeh.document import Document
from bokeh.plotting import figure

from dashboard.controls import Controls
from dashboard.cycle_table import CycleTable
from dashboard.deep_dive import DeepDive
from dashboard.feed import Feed
from dashboard.fleet_grid import FleetGrid
from dashboard.group_chart import GroupChart
from dashboard.key_figures import KeyFigures
from dashboard.live_strips import LiveStrips
from dashboard.metrics import METRICS, metric_index
from dashboard.page import card, page, stack
from dashboard.palette import MAX_GROUPS
from dashboard.status_line import StatusLine
from dashboard.view_state import ViewState
from dashboard.words import Heading, set_words

HEARTBEAT_SECOND = 1.0
READING_SECOND = 0.9
"""Texts and tables need not change faster than one reads; they cost most of an update."""


class Session:
    """The page of one viewer.

    Nothing is changed between building and `begin`: what is sent before the browser is ready would be lost.

    Attributes:
        page: What to serve.
        version: Of the feed, that the page shows.
    """

    def __init__(self, feed: Feed, state: ViewState, document: Document) -> None:
        self._feed, self._state, self._document = feed, state, document
        self._pending, self._pushed, self._told = False, 0.0, 0.0
        self._begun, self._postponed = False, list[Callable[[], None]]()
        self._watched: str | None = None
        self._controls = Controls(state)
        self._figures = KeyFigures(state)
        self._chart_heading = Heading(sizing_mode="stretch_width")
        self._chart = GroupChart(state)
        self._grid = FleetGrid(state, self._choose, self._rebuild)
        self._dive = DeepDive(state, self._choose)
        self._strips = LiveStrips(state)
        self._cycles = CycleTable()
        self._status = StatusLine()
        self._shown = self._parts()
        words = (self._status.stamp, self._status.summary)
        main = stack(self._status.notice, self._shown, *words, kind="content")
        self.page = page(main, self._status.light, dark=state.theme == "dark")
        with feed.lock:
            self.version = feed.version
            self._show()
            self._paint()
        self.page.param.watch(lambda event: state.param.update(theme="dark" if event.new else "light"), "dark_theme")
        state.param.watch(lambda *_events: self._rebuild(), ["metric", "group", "cycle", "battery"])
        state.param.watch(lambda _event: self._themed(), "theme")

    def begin(self) -> None:
        """The browser is ready: catch up, and follow the feed from now on."""
        self._begun = True
        self._feed.subscribe(self._noticed)
        self._refresh()
        for change in self._postponed:
            self._when_ready(change)

    def end(self) -> None:
        """The viewer went."""
        self._feed.unsubscribe(self._noticed)
        if self._watched is not None:
            self._feed.unwatch(self._watched)
            self._watched = None

    def _noticed(self) -> None:
        """In the feed's thread: ask for a refresh when there is news, or once a second for the data age."""
        news = self._feed.version != self.version or time.monotonic() - self._pushed >= HEARTBEAT_SECOND
        if news and not self._pending:
            self._pending = True
            self._document.add_next_tick_callback(self._refresh)

    def _refresh(self) -> None:
        self._pending, self._pushed = False, time.monotonic()
        with pn.io.hold(self._document), self._feed.lock:
            change = self._feed.change_since(self.version)
            self.version = change.version
            if change.members:
                self._show()
            else:
                self._chart.update(self._feed.fleet, change)
                self._update()
                if time.monotonic() - self._told >= READING_SECOND:
                    self._tell()

    def _rebuild(self) -> None:
        self._when_ready(self._show)

    def _themed(self) -> None:
        self._when_ready(self._paint)

    def _when_ready(self, change: Callable[[], None]) -> None:
        """Now, or when the browser is ready: its first words come before that."""
        if not self._begun:
            self._postponed.append(change)
            return
        with pn.io.hold(self._document), self._feed.lock:
            change()

    def _choose(self, battery_id: str) -> None:
        with self._feed.lock:
            known = battery_id in self._feed.fleet.batteries
            group = self._feed.fleet.group_of(battery_id) if known else ""
        if known:
            self._state.param.update(battery=battery_id, group=group)

    def _show(self) -> None:
        fleet = self._feed.fleet
        self._chart.show(fleet)
        self._grid.show(fleet, self._feed.clock())
        metric = METRICS[metric_index(self._state.metric)]
        note = (
            "Mean of the group and band of ± 1 SD; in numbers, the mean at the newest cycle that all cells have ended. "
            "Fine dots: fewer cells; no band below 3."
        )
        if len(fleet.groups()) > MAX_GROUPS:
            note += f" More than {MAX_GROUPS} groups: those after the eighth share one grey."
        set_words(self._chart_heading, title=f"{metric.label} by group", note=note)
        self._shown.visible = bool(fleet.batteries)
        self._update()
        self._tell()

    def _update(self) -> None:
        """What is drawn."""
        fleet, battery = self._feed.fleet, self._state.shown_battery(self._feed.fleet)
        self._watch(battery)
        self._grid.update(fleet, self._feed.clock())
        self._strips.update(self._feed.watched(battery or ""), fleet.batteries.get(battery or ""))

    def _tell(self) -> None:
        """What is read."""
        self._told = time.monotonic()
        fleet, now, battery = self._feed.fleet, self._feed.clock(), self._watched
        self._controls.update(fleet, now)
        self._figures.update(self._feed, now)
        self._dive.update(fleet, now)
        self._cycles.update(battery, self._feed.watched(battery or ""))
        self._status.update(self._feed, self._state, now)

    def _paint(self) -> None:
        self.page.dark_theme = self._state.theme == "dark"
        for view in (self._chart, self._grid, self._strips):
            view.paint()

    def _watch(self, battery_id: str | None) -> None:
        if battery_id == self._watched:
            return
        if self._watched is not None:
            self._feed.unwatch(self._watched)
        if battery_id is not None:
            self._feed.watch(battery_id)
        self._watched = battery_id

    def _parts(self) -> pn.Column:
        left = stack(
            card(self._chart_heading, _pane(self._chart.figure), order=1),
            card(self._grid.heading, _pane(self._grid.figure), order=3),
            card(self._cycles.heading, self._cycles.source.widget, order=5),
        )
        right = stack(
            card(self._dive.heading, self._dive.source.widget, order=2),
            card(self._strips.heading, *(_pane(strip) for strip in self._strips.figures), order=4),
        )
        sides = stack(left, right, kind="columns")
        return stack(self._controls.row, self._figures.source, sides, kind="content-parts")


def _pane(made: figure) -> pn.pane.Bokeh:
    return pn.pane.Bokeh(made, sizing_mode=made.sizing_mode, margin=0)

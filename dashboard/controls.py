"""The choices of the viewer as widgets, kept equal to the `ViewState`."""

from __future__ import annotations

import panel as pn
import panel_material_ui as pmui

from dashboard.fleet import Fleet
from dashboard.metrics import METRICS
from dashboard.view_state import LATEST, ViewState


class Controls:
    """Metric, group, cycle and cell.

    Attributes:
        row: What to put on the page.
    """

    def __init__(self, state: ViewState) -> None:
        self._state = state
        common = {"size": "small", "margin": 0, "sizing_mode": "stretch_width"}
        self._metric = pmui.Select(label="Metric", options={m.label: m.key for m in METRICS}, value=state.metric, **common)
        self._group = pmui.Select(label="Group", options=[], **common)
        self._cycle = pmui.Select(label="Cycle", options={"Latest complete": LATEST}, value=LATEST, **common)
        self._cell = pmui.Select(label="Cell", options=[], **common)
        self.row = pn.Column(
            self._metric, self._group, self._cycle, self._cell, css_classes=["controls"], sizing_mode="stretch_width"
        )
        for widget, name in self._links():
            widget.param.watch(lambda event, name=name: self._set(name, event.new), "value")
            state.param.watch(lambda event, widget=widget: self._follow(widget, event.new), name)

    def update(self, fleet: Fleet) -> None:
        """Offer the groups, cycles and cells there are now."""
        groups, group = list(fleet.groups()), self._state.shown_group(fleet)
        newest = max((len(table) for table in fleet.tables.values()), default=0)
        cycles = {"Latest complete": LATEST} | {str(number): str(number) for number in reversed(range(newest))}
        if self._state.cycle not in cycles.values():
            cycles[self._state.cycle] = self._state.cycle
        _offer(self._group, groups, group)
        _offer(self._cycle, cycles, self._state.cycle)
        _offer(self._cell, sorted(fleet.batteries), self._state.shown_battery(fleet))

    def _links(self) -> list[tuple[pn.widgets.Widget, str]]:
        return [(self._metric, "metric"), (self._group, "group"), (self._cycle, "cycle"), (self._cell, "battery")]

    def _set(self, name: str, value: str | None) -> None:
        if value:
            self._state.param.update(**{name: value})

    def _follow(self, widget: pn.widgets.Widget, value: str) -> None:
        offered = widget.options.values() if isinstance(widget.options, dict) else widget.options
        if value in offered and widget.value != value:
            widget.value = value


def _offer(widget: pn.widgets.Widget, options: list[str] | dict[str, str], value: str | None) -> None:
    with pn.param.discard_events(widget) if False else _quiet():
        if widget.options != options or widget.value != value:
            widget.param.update(options=options, value=value)

"""The choices of the viewer as widgets, kept equal to the `ViewState`."""

from __future__ import annotations

import panel as pn
import panel_material_ui as pmui
import param

from dashboard.fleet import Fleet
from dashboard.metrics import METRICS
from dashboard.view_state import LATEST, ViewState

CONTROLS = """
:host {
  background: var(--mui-palette-background-paper); border: 1px solid var(--mui-palette-divider); border-radius: 10px;
  padding: 13px 16px 0 !important; box-sizing: border-box;
  display: grid !important; grid-template-columns: 1.5fr 1fr 1fr 0.9fr auto;
  gap: 14px; align-items: start;
}
@media (max-width: 760px) {
  :host { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 12px 10px; }
}
"""


class Controls:
    """Metric, group, cycle and cell.

    Attributes:
        row: What to put on the page.
    """

    def __init__(self, state: ViewState) -> None:
        self._state = state
        common = {"size": "small", "margin": 0, "sizing_mode": "stretch_width"}
        labels = {metric.label: metric.key for metric in METRICS}
        self._metric = pmui.Select(label="Metric", options=labels, value=state.metric, **common)
        self._group = pmui.Select(label="Group", options=[], **common)
        self._cycle = pmui.IntInput(label="Cycle", value=0, start=0, disabled=state.cycle == LATEST, **common)
        self._latest = pmui.Switch(label="Latest complete", value=state.cycle == LATEST, margin=(1, 0))
        self._cell = pmui.Select(label="Cell", options=[], searchable=True, **common)
        parts = (self._metric, self._group, self._cell, self._cycle, self._latest)
        self.row = pn.Column(*parts, css_classes=["controls"], stylesheets=[CONTROLS], sizing_mode="stretch_width")
        self._link()

    def update(self, fleet: Fleet, now: float) -> None:
        """Offer the groups and cells there are, and show the cycle that is meant."""
        group = self._state.shown_group(fleet)
        if group is None:
            return
        _offer(self._group, list(fleet.groups()), group)
        _offer(self._cell, sorted(fleet.batteries), self._state.shown_battery(fleet))
        cycle = max(0, self._state.shown_cycle(fleet, group, now))
        if self._cycle.value != cycle:
            self._cycle.value = cycle

    def _link(self) -> None:
        for widget, name in ((self._metric, "metric"), (self._group, "group"), (self._cell, "battery")):
            widget.param.watch(lambda event, name=name: self._state.param.update(**{name: event.new or ""}), "value")
        self._latest.param.watch(self._latest_switched, "value")
        self._cycle.param.watch(self._cycle_entered, "value")
        self._state.param.watch(self._follow, ["metric", "cycle"])

    def _latest_switched(self, event: param.parameterized.Event) -> None:
        self._state.cycle = LATEST if event.new else str(self._cycle.value)

    def _cycle_entered(self, event: param.parameterized.Event) -> None:
        if self._state.cycle != LATEST and event.new is not None:
            self._state.cycle = str(event.new)

    def _follow(self, *_events: param.parameterized.Event) -> None:
        latest = self._state.cycle == LATEST
        self._metric.value = self._state.metric
        self._latest.value = self._cycle.disabled = latest
        if not latest:
            self._cycle.value = int(self._state.cycle)


def _offer(widget: pmui.Select, options: list[str], value: str | None) -> None:
    if widget.options != options or widget.value != value:
        widget.param.update(options=options, value=value)

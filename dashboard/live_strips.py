"""Voltage, current and temperature of the chosen cell over its last two cycles."""

# the types that Bokeh declares are not those it takes
# mypy: disable-error-code="attr-defined, arg-type, union-attr"

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bokeh.models import ColumnDataSource, CrosshairTool, HoverTool, PrintfTickFormatter, Range1d, Span
from bokeh.plotting import figure

from dashboard.figures import paint, plain_figure, set_decimals, set_range
from dashboard.palette import GROUP_COLOURS, PALETTES
from dashboard.readable import signed
from dashboard.statistics import Floats, axis_limits
from dashboard.thinning import thin
from dashboard.view_state import ViewState
from dashboard.watched_cell import WatchedCell
from dashboard.words import Heading, set_words
from schemas import BatteryRow, TracePoint

MAX_SENT = 2000
MAX_KEPT = 4000
STRIPS = (
    ("voltage", "Voltage / V", "V", 3, GROUP_COLOURS[0]),
    ("current", "Current / A", "A", 3, GROUP_COLOURS[1]),
    ("temperature", "Temp. / °C", "°C", 1, GROUP_COLOURS[2]),
)
DIRECTIONS = {"charge": "charging", "discharge": "discharging", "rest": "at rest"}
SECONDS_AN_HOUR = 3600.0


class LiveStrips:
    """Three strips with one time axis.

    Attributes:
        heading: Title and newest values.
        figures: The strips from top to bottom.
        source: One row a trace point.
    """

    def __init__(self, state: ViewState) -> None:
        self._state = state
        self.heading = Heading(sizing_mode="stretch_width")
        self._x = Range1d(0, 1)
        self._ranges = [Range1d(0, 1) for _ in STRIPS]
        self.source = ColumnDataSource(_columns([]), name="live-trace")
        self._cell: WatchedCell | None = None
        self._shown = 0
        self.figures = [self._strip(k) for k in range(len(STRIPS))]
        line = Span(dimension="height", line_width=1, line_alpha=0.5)
        self._cursor = line
        for strip in self.figures:
            strip.add_tools(CrosshairTool(overlay=[line, Span(dimension="width", line_alpha=0.0)]))

    def update(self, cell: WatchedCell | None, row: BatteryRow | None) -> None:
        """Stream what is new; another cell, or too many points, replaces all."""
        if cell is None or row is None:
            set_words(self.heading, title="Live", note="No battery chosen.")
            return
        behind = cell.dropped + len(cell.points) - self._shown
        if cell is not self._cell or self._shown < cell.dropped or self._kept() + behind > MAX_KEPT:
            self._replace(cell)
        elif behind or self._last_differs(cell):
            self._append(cell)
        set_words(self.heading, title=f"Live: cell {row.battery_id}", note=_newest(row, bool(cell.points)))

    def paint(self) -> None:
        """Colours of the chosen theme."""
        palette = PALETTES[self._state.theme]
        self._cursor.line_color = palette.muted
        for strip in self.figures:
            paint(strip, palette)

    def _strip(self, k: int) -> figure:
        column, title, unit, decimals, colour = STRIPS[k]
        last = k == len(STRIPS) - 1
        strip = plain_figure(
            self._x, self._ranges[k], name=f"live-{column}", label=title, height=(174, 140, 178)[k],
            sizing_mode="stretch_width", min_border_left=66, min_border_right=14, min_border_top=6, min_border_bottom=4,
        )  # fmt: skip
        strip.yaxis.axis_label = title
        strip.yaxis.ticker.desired_num_ticks = 3
        strip.yaxis.ticker.num_minor_ticks = 0
        strip.xaxis.visible = last
        strip.xaxis.axis_label = "Test time / h"
        strip.xaxis.formatter = PrintfTickFormatter(format="%.1f")
        drawn = strip.line("time", column, source=self.source, line_width=1.6, line_color=colour)
        number = "0." + "0" * decimals
        strip.add_tools(
            HoverTool(
                renderers=[drawn],
                mode="vline",
                tooltips=[("Test time", "@time{0.000} h"), (title.split(" /")[0], f"@{column}{{{number}}} {unit}")],
            )
        )
        return strip

    def _kept(self) -> int:
        return len(self.source.data["time"])

    def _replace(self, cell: WatchedCell) -> None:
        self._cell, self._shown = cell, cell.dropped + len(cell.points)
        columns = _columns(cell.points)
        self.source.data = thin(columns, "voltage", MAX_SENT)
        self._frame(cell)

    def _append(self, cell: WatchedCell) -> None:
        if self._last_differs(cell):
            newest = _columns([self._last_shown(cell)])
            self.source.patch({name: [(self._kept() - 1, float(v[0]))] for name, v in newest.items()})
        fresh = cell.points[self._shown - cell.dropped :]
        if fresh:
            self.source.stream({name: values.tolist() for name, values in _columns(fresh).items()})
        self._shown = cell.dropped + len(cell.points)
        self._frame(cell)

    def _last_shown(self, cell: WatchedCell) -> TracePoint:
        return cell.points[self._shown - cell.dropped - 1]

    def _last_differs(self, cell: WatchedCell) -> bool:
        if self._shown <= cell.dropped or not self._kept():
            return False
        return bool(self.source.data["time"][-1] != self._last_shown(cell).time_second / SECONDS_AN_HOUR)

    def _frame(self, cell: WatchedCell) -> None:
        if not cell.points:
            return
        start, end = (cell.points[k].time_second / SECONDS_AN_HOUR for k in (0, -1))
        width = end - start or 0.01
        set_range(self._x, (start - 0.01 * width, end + 0.02 * width))
        visible = np.asarray(self.source.data["time"]) >= start
        for strip, shown, (column, *_) in zip(self.figures, self._ranges, STRIPS, strict=True):
            values = np.asarray(self.source.data[column], dtype=float)[visible]
            set_range(shown, tuple(round(edge, 4) for edge in axis_limits(values, values, padding=0.1)))
            set_decimals(strip.yaxis[0], shown)
        set_decimals(self.figures[-1].xaxis[0], self._x)


def _columns(points: Sequence[TracePoint]) -> dict[str, Floats]:
    return {
        "time": np.array([p.time_second for p in points], dtype=float) / SECONDS_AN_HOUR,
        "voltage": np.array([p.voltage_volt for p in points], dtype=float),
        "current": np.array([p.current_ampere for p in points], dtype=float),
        "temperature": np.array([p.temperature_t1_celsius for p in points], dtype=float),
    }


def _newest(row: BatteryRow, traced: bool) -> str:
    parts = [
        f"Cycle {row.cycle_number}, {DIRECTIONS.get(row.direction, row.direction)}",
        f"{signed(row.voltage_volt, 3).lstrip('+')} V",
        f"{signed(row.current_ampere, 3)} A",
    ]
    if row.temperature_t1_celsius == row.temperature_t1_celsius:
        parts.append(f"{signed(row.temperature_t1_celsius, 1).lstrip('+')} °C")
    return " · ".join(parts) if traced else f"{' · '.join(parts)} · the store keeps no trace of it"

"""One square for each cell; its colour is the distance from its siblings."""

# the types that Bokeh declares are not those it takes
# mypy: disable-error-code="arg-type"

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, LinearColorMapper, Range1d, TapTool

from dashboard.figures import FONT, paint, plain_figure, set_range
from dashboard.fleet import Fleet
from dashboard.metrics import METRICS, decimals_for, metric_index
from dashboard.palette import PALETTES
from dashboard.readable import fixed, signed
from dashboard.sources import update_source
from dashboard.standing import Standing, standings
from dashboard.view_state import LATEST, ViewState
from dashboard.words import Heading, set_words

WIDE_ROW, NARROW_ROW = 25, 13
NARROW_PIXEL = 480
MARKS = {"Outlier": "!"}
ROW = ("x", "y", "battery", "group", "cycle", "value", "deviation", "distance", "word", "mark")


class FleetGrid:
    """All cells, a row (or more) for each group. A click chooses the battery.

    Attributes:
        figure: What to put on the page.
        heading: Title and explanation of the card.
        source: One row a cell.
    """

    def __init__(self, state: ViewState, choose: Callable[[str], None], rebuild: Callable[[], None]) -> None:
        """A grid without cells.

        Args:
            state: What the viewer looks at.
            choose: Called with the battery that was clicked.
            rebuild: Called when the width asks for other rows: `show` has to follow.
        """
        self._state, self._choose, self._rebuild = state, choose, rebuild
        self._row_length = WIDE_ROW
        self._x, self._y = Range1d(-0.6, WIDE_ROW - 0.4), Range1d(0.6, -0.6)
        self.heading = Heading(legend=True, sizing_mode="stretch_width")
        self.figure = plain_figure(
            self._x, self._y, name="fleet-grid", label="One square a cell", sizing_mode="scale_width", min_border=0
        )
        self.figure.xaxis.visible = False
        self.figure.ygrid.visible = False
        self._ticker = FixedTicker(ticks=[])
        self.figure.yaxis.ticker = self._ticker
        self._mapper = LinearColorMapper(palette=[], low=-100, high=100)
        self.source = ColumnDataSource({name: [] for name in (*ROW, "chosen")}, name="fleet-cells")
        self._draw()
        self.source.selected.on_change("indices", self._tapped)
        self.figure.on_change("inner_width", self._resized)

    def show(self, fleet: Fleet, now: float) -> None:
        """Groups or members changed: rows, labels and shape anew."""
        starts, rows = _row_starts(fleet, self._row_length)
        self._ticker.ticks = list(starts.values())
        self.figure.yaxis.major_label_overrides = {row: group for group, row in starts.items()}
        set_range(self._x, (-0.6, self._row_length - 0.4))
        set_range(self._y, (rows - 0.4, -0.6))
        self.figure.aspect_ratio = (self._row_length + 2) / max(rows + 0.4, 1.0)
        self.update(fleet, now)

    def update(self, fleet: Fleet, now: float) -> None:
        """Patch the squares that changed."""
        metric = metric_index(self._state.metric)
        cycles = {group: self._state.shown_cycle(fleet, group, now) for group in fleet.groups()}
        starts, _ = _row_starts(fleet, self._row_length)
        rows = [
            self._row(s, group, cycle, k, starts[group], METRICS[metric].unit)
            for group, cycle in cycles.items()
            for k, s in enumerate(standings(fleet.tables[group], metric, cycle))
        ]
        columns = {name: [row[k] for row in rows] for k, name in enumerate(ROW)}
        chosen = self._state.shown_battery(fleet)
        columns["chosen"] = [3.0 if battery == chosen else 0.0 for battery in columns["battery"]]
        update_source(self.source, columns)
        set_words(self.heading, title=self._title(), note=_note(cycles, self._state.cycle))

    def paint(self) -> None:
        """Colours of the chosen theme."""
        palette = PALETTES[self._state.theme]
        paint(self.figure, palette)
        self.figure.yaxis.major_label_text_color = palette.text
        self._mapper.update(palette=list(palette.diverging), nan_color=palette.missing)
        self._squares.glyph.line_color = palette.grid
        self._outline.glyph.line_color = palette.text
        self._marks.glyph.text_color = "#FFFFFF"

    def _draw(self) -> None:
        self._squares = self.figure.rect(
            "x", "y", 0.88, 0.88, source=self.source, line_width=1,
            fill_color={"field": "deviation", "transform": self._mapper}, border_radius=3,
        )  # fmt: skip
        self._outline = self.figure.rect(
            "x", "y", 0.92, 0.92, source=self.source, fill_color=None, line_width="chosen", border_radius=3
        )
        self._marks = self.figure.text(
            "x", "y", "mark", source=self.source, text_align="center", text_baseline="middle", text_font=FONT,
            text_font_size="13px", text_font_style="bold",
        )  # fmt: skip
        for renderer in (self._squares, self._outline, self._marks):
            renderer.nonselection_glyph = renderer.selection_glyph = renderer.glyph
        self.figure.add_tools(
            TapTool(renderers=[self._squares]), HoverTool(renderers=[self._squares], tooltips=_tooltips())
        )

    def _row(self, cell: Standing, group: str, cycle: int, place: int, start: int, unit: str) -> tuple[object, ...]:
        number = fixed(cell.value, decimals_for(cell.value))
        return (
            place % self._row_length,
            start + place // self._row_length,
            cell.battery_id,
            group,
            cycle,
            f"{number} {unit}",
            _shade(cell),
            f"{signed(cell.deviation_percent, 1)} %",
            cell.word,
            MARKS.get(cell.word, ""),
        )

    def _title(self) -> str:
        where = "the latest complete cycle" if self._state.cycle == LATEST else f"cycle {self._state.cycle}"
        label = METRICS[metric_index(self._state.metric)].label.lower()
        return f"Fleet: {label} at {where}"

    def _resized(self, _attribute: str, _old: int, width: int) -> None:
        wanted = NARROW_ROW if width < NARROW_PIXEL else WIDE_ROW
        if width > 0 and wanted != self._row_length:
            self._row_length = wanted
            self._rebuild()

    def _tapped(self, _attribute: str, _old: list[int], new: list[int]) -> None:
        if new:
            self._choose(self.source.data["battery"][new[0]])
            self.source.selected.indices = []


def _shade(cell: Standing) -> float:
    """Where the square is on the colour scale; a value without a spread to judge it by is in the middle."""
    if np.isnan(cell.value):
        return float("nan")
    return 0.0 if np.isnan(cell.deviation_percent) else round(cell.deviation_percent, 1)


def _row_starts(fleet: Fleet, row_length: int) -> tuple[dict[str, int], int]:
    starts, rows = {}, 0
    for group in fleet.groups():
        starts[group] = rows
        rows += -(-len(fleet.tables[group].members) // row_length)
    return starts, rows


def _note(cycles: dict[str, int], chosen: str) -> str:
    if chosen != LATEST:
        return "Click a square to look at its cell."
    told = ", ".join(f"{group} {cycle if cycle >= 0 else 'none'}" for group, cycle in list(cycles.items())[:8])
    return f"Ended by all running cells of the group: {told}. Click a square to look at its cell."


def _tooltips() -> list[tuple[str, str]]:
    return [
        ("Cell", "@battery"),
        ("Group", "@group"),
        ("Cycle", "@cycle"),
        ("Value", "@value"),
        ("Deviation", "@distance"),
        ("", "@word"),
    ]

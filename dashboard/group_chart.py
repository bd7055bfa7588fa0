"""The groups over their cycles: mean, one standard deviation, and how many cells that rests on."""

# the types that Bokeh declares are not those it takes
# mypy: disable-error-code="attr-defined, arg-type, operator, call-overload"

from __future__ import annotations

from bokeh.models import BasicTicker, ColumnDataSource, HoverTool, LabelSet, Range1d

from dashboard.changes import Change
from dashboard.figures import FONT, paint, plain_figure, set_decimals, set_range
from dashboard.fleet import Fleet
from dashboard.group_lines import GroupLines, curve
from dashboard.label_places import spread_apart
from dashboard.metrics import METRICS, decimals_for, metric_index
from dashboard.palette import PALETTES, group_colour
from dashboard.sources import update_source
from dashboard.statistics import axis_limits
from dashboard.view_state import ViewState

HEIGHT_PIXEL = 380
FRAME_PIXEL = 310
LABEL_PIXEL = 17
LABEL_OFFSET_PIXEL = 9
CHARACTER_PIXEL = 7.6
USUAL_WIDTH_PIXEL = 700


class GroupChart:
    """One line and one band for each group, labelled at its end.

    Attributes:
        figure: What to put on the page.
        source: The labels at the ends of the lines.
        lines: Line and band of each group, by the group's place.
    """

    def __init__(self, state: ViewState) -> None:
        self._state = state
        self._width_pixel = USUAL_WIDTH_PIXEL
        self._x, self._y = Range1d(0, 1), Range1d(0, 1)
        self.figure = plain_figure(
            self._x,
            self._y,
            name="group-chart",
            label="Mean of each group over its cycles with a band of one standard deviation",
            height=HEIGHT_PIXEL,
            sizing_mode="stretch_width",
            min_border_right=8,
            min_border_left=64,
        )
        self.figure.xaxis.axis_label = "Cycle"
        self.figure.xaxis.ticker = BasicTicker(min_interval=1, num_minor_ticks=0)
        self.lines: list[GroupLines] = []
        self._hover = HoverTool(renderers=[], tooltips=[], mode="mouse", attachment="vertical")
        self.figure.add_tools(self._hover)
        self.source = ColumnDataSource({"x": [], "y": [], "text": [], "colour": []}, name="group-labels")
        self._labels = LabelSet(
            source=self.source,
            x="x",
            y="y",
            text="text",
            text_color="colour",
            text_font=FONT,
            text_font_size="13px",
            text_font_style="bold",
            text_baseline="middle",
            x_offset=LABEL_OFFSET_PIXEL,
        )
        self.figure.add_layout(self._labels)
        self.figure.on_change("inner_width", self._resized)

    def show(self, fleet: Fleet) -> None:
        """Build everything anew: another metric, or groups came or went."""
        metric = METRICS[metric_index(self._state.metric)]
        self.figure.yaxis.axis_label = metric.axis_title
        groups = fleet.groups()
        while len(self.lines) < len(groups):
            self.lines.append(GroupLines(self.figure, len(self.lines)))
            self._hover.renderers = [line.pick for line in self.lines]
        for place, line in enumerate(self.lines):
            group = groups[place] if place < len(groups) else None
            line.show(group, curve(fleet.tables[group], metric_index(metric.key)) if group else None)
        decimals = decimals_for(self._largest())
        self._hover.tooltips = _tooltips(metric.label, metric.unit, decimals)
        self.paint()

    def update(self, fleet: Fleet, change: Change) -> None:
        """Patch the cycles that changed."""
        index = metric_index(self._state.metric)
        groups = fleet.groups()
        for group, cycles in change.cycles.items():
            self.lines[groups.index(group)].update(curve(fleet.tables[group], index), cycles)
        if change.cycles:
            self._frame()

    def paint(self) -> None:
        """Colours of the chosen theme."""
        palette = PALETTES[self._state.theme]
        paint(self.figure, palette)
        for line in self.lines:
            line.paint(palette)
        self._frame()

    def _resized(self, _attribute: str, _old: int, new: int) -> None:
        if new > 0:
            self._width_pixel = new
            self._frame()

    def _largest(self) -> float:
        return max((line.largest() for line in self.lines), default=0.0)

    def _frame(self) -> None:
        shown = [line for line in self.lines if line.end() is not None]
        newest = max((line.last_cycle for line in shown), default=1)
        first = min((line.first_cycle for line in shown), default=0)
        decimals = decimals_for(self._largest())
        texts = [f"{_short(line.group)}  {line.told():.{decimals}f}" for line in shown]
        longest = 2 * LABEL_OFFSET_PIXEL + CHARACTER_PIXEL * max(map(len, texts), default=0)
        room = longest / max(self._width_pixel, 2 * longest)
        start, width = first - 0.5, newest - first + 1.0
        set_range(self._x, (start, start + width / (1.0 - room)))
        set_range(self._y, axis_limits(*GroupLines.extent(shown)))
        set_decimals(self.figure.yaxis[0], self._y)
        self._label(shown, texts)

    def _label(self, shown: list[GroupLines], texts: list[str]) -> None:
        ends = [line.end() or (0.0, 0.0) for line in shown]
        unit_per_pixel = (self._y.end - self._y.start) / FRAME_PIXEL
        heights = spread_apart([y for _, y in ends], LABEL_PIXEL * unit_per_pixel, self._y.start, self._y.end)
        palette = PALETTES[self._state.theme]
        rows = {
            "x": [x for x, _ in ends],
            "y": heights,
            "text": texts,
            "colour": [group_colour(line.place, palette) for line in shown],
        }
        update_source(self.source, rows)


def _short(group: str) -> str:
    return group if len(group) <= 10 else f"{group[:9]}…"


def _tooltips(label: str, unit: str, decimals: int) -> list[tuple[str, str]]:
    number = "0." + "0" * decimals
    return [
        ("Group", "@group"),
        ("Cycle", "@cycle{0}"),
        (f"Mean {label[0].lower()}{label[1:]}", f"@mean{{{number}}} {unit}"),
        ("± 1 SD", f"@sd{{{number}0}} {unit}"),
        ("Cells (n)", "@n{0} of @size{0}"),
    ]

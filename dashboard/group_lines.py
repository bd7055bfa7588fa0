"""Line and band of one group in the chart."""

# the types that Bokeh declares are not those it takes
# mypy: disable-error-code="union-attr"

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from dashboard.group_table import GroupTable
from dashboard.palette import PARTIAL_DASH, Palette, group_colour, group_dash
from dashboard.statistics import MIN_CELLS, Floats

COLUMNS = ("cycle", "mean", "full", "partial", "low", "high", "sd", "n", "size", "group")


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn of one group, from its first cycle with a value on.

    Attributes:
        first: Number of the first cycle.
        size: Cells of the group.
        n: Cells that have ended each cycle.
        mean: Their mean.
        sd: Their sample standard deviation.
    """

    first: int
    size: int
    n: Floats
    mean: Floats
    sd: Floats

    def columns(self, start: int = 0) -> dict[str, Floats]:
        """Columns of the source from the place ``start`` on; the band is NaN where n < 3.

        ``full`` is the mean where all cells have arrived, ``partial`` where not, joined to the full part.
        """
        full = self.n == self.size
        joined = ~full | ~np.append(full[1:], True) | ~np.append(True, full[:-1])
        spread = np.where(self.n >= MIN_CELLS, self.sd, np.nan)
        drawn = {
            "cycle": self.first + np.arange(len(self.n), dtype=float),
            "mean": self.mean,
            "full": np.where(full, self.mean, np.nan),
            "partial": np.where(joined, self.mean, np.nan),
            "low": self.mean - spread,
            "high": self.mean + spread,
            "sd": self.sd,
            "n": self.n,
        }
        return {name: values[start:] for name, values in drawn.items()}


def curve(table: GroupTable, metric: int) -> Curve:
    """What to draw of a group for one metric."""
    n, mean, sd = (values[metric] for values in table.statistics)
    first = int(np.argmax(n > 0)) if n.any() else len(n)
    last = len(n) - int(np.argmax(n[::-1] > 0)) if n.any() else len(n)
    # copies, because the table changes its arrays in place and the source compares old with new
    n, mean, sd = (values[first:last].astype(float) for values in (n, mean, sd))
    return Curve(first, len(table.members), n, mean, sd)


class GroupLines:
    """The glyphs of the group at one place in the sorted list.

    Attributes:
        place: That place; decides colour and dashes.
        group: Name of the group that is shown; empty for none.
        source: One row a cycle.
        pick: The renderer that the mouse finds.
    """

    def __init__(self, plot: figure, place: int) -> None:
        self.place, self.group, self._first = place, "", 0
        self.source = ColumnDataSource({name: [] for name in COLUMNS})
        dash = group_dash(place)
        self._band = plot.varea("cycle", "low", "high", source=self.source, level="underlay")
        self._full = plot.line("cycle", "full", source=self.source, line_width=2.2, line_dash=dash)
        self._partial = plot.line("cycle", "partial", source=self.source, line_width=2.2, line_dash=PARTIAL_DASH)
        self._partial.glyph.line_cap = "round"
        self._dots = plot.scatter("cycle", "mean", source=self.source, size=5, line_color=None)
        self.pick = plot.scatter("cycle", "mean", source=self.source, size=16, alpha=0.0, hover_alpha=0.25)

    @property
    def first_cycle(self) -> int:
        """The first cycle shown."""
        return self._first

    @property
    def last_cycle(self) -> int:
        """The newest cycle shown."""
        return self._first + len(self.source.data["cycle"]) - 1

    def show(self, group: str | None, drawn: Curve | None) -> None:
        """Replace all data."""
        self.group = group or ""
        self.source.name = f"group-{self.group}" if group else None
        if drawn is None:
            self.source.data = {name: [] for name in COLUMNS}
            return
        self._first = drawn.first
        self.source.data = {**drawn.columns(), **self._constant(drawn, len(drawn.n))}
        self._dots.visible = len(drawn.n) == 1

    def update(self, drawn: Curve, cycles: Iterable[int]) -> None:
        """Patch these cycles and stream the new ones; an earlier first cycle replaces all."""
        length = len(self.source.data["cycle"])
        if drawn.first != self._first or len(drawn.n) < length or not length:
            self.show(self.group, drawn)
            return
        touched = {place - drawn.first for place in cycles}
        near = sorted({k for t in touched for k in (t - 1, t, t + 1) if 0 <= k < length})
        columns = drawn.columns()
        self._patch(columns, near)
        if len(drawn.n) > length:
            fresh = {name: values[length:] for name, values in columns.items()}
            self.source.stream({**fresh, **self._constant(drawn, len(drawn.n) - length)})
            self._dots.visible = False

    def paint(self, palette: Palette) -> None:
        """Colours of a theme."""
        colour = group_colour(self.place, palette)
        self._band.glyph.update(fill_color=colour, fill_alpha=palette.band_alpha)
        for line in (self._full, self._partial):
            line.glyph.line_color = colour
        for dots in (self._dots, self.pick):
            dots.glyph.update(fill_color=colour, line_color=None)
        self.pick.hover_glyph.update(fill_color=colour, line_color=None)

    def end(self) -> tuple[float, float] | None:
        """Where the line ends, (cycle, value); `None` when nothing is drawn."""
        mean = np.asarray(self.source.data["mean"], dtype=float)
        there = np.flatnonzero(np.isfinite(mean))
        return (float(self._first + there[-1]), float(mean[there[-1]])) if len(there) else None

    def told(self) -> float:
        """Mean at the newest cycle that all cells have ended, or where most have; NaN when nothing is drawn."""
        n, mean = (np.asarray(self.source.data[name], dtype=float) for name in ("n", "mean"))
        return float(mean[np.flatnonzero(n == n.max())[-1]]) if len(n) else float("nan")

    def largest(self) -> float:
        """The largest mean that is drawn; zero when there is none."""
        mean = np.asarray(self.source.data["mean"], dtype=float)
        return float(np.nanmax(np.abs(mean))) if np.isfinite(mean).any() else 0.0

    @staticmethod
    def extent(lines: Iterable[GroupLines]) -> tuple[Floats, Floats]:
        """Lower and upper edges of everything drawn, as two arrays."""
        found = [line.source.data for line in lines]
        low = [np.fmin(data["low"], data["mean"]) for data in found]
        high = [np.fmax(data["high"], data["mean"]) for data in found]
        empty = [np.empty(0)]
        return np.concatenate(low or empty), np.concatenate(high or empty)

    def _constant(self, drawn: Curve, length: int) -> dict[str, list[object]]:
        return {"size": [drawn.size] * length, "group": [self.group] * length}

    def _patch(self, columns: dict[str, Floats], places: list[int]) -> None:
        data = self.source.data
        patches = {
            name: [(k, float(values[k])) for k in places if not _same(data[name][k], values[k])]
            for name, values in columns.items()
        }
        patches = {name: changed for name, changed in patches.items() if changed}
        if patches:
            self.source.patch(patches)


def _same(a: float, b: float) -> bool:
    return bool(a == b or (np.isnan(a) and np.isnan(b)))

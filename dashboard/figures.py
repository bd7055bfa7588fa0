"""A plain figure: no logo, no frame, few tools, ranges of our own; and its colours."""

# the types that Bokeh declares are not those it takes
# mypy: disable-error-code="arg-type, attr-defined"

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.core.properties import value
from bokeh.models import Axis, PrintfTickFormatter, Range1d
from bokeh.plotting import figure

from dashboard.palette import Palette

FONT_FAMILY = "Roboto, Inter, 'Helvetica Neue', Arial, sans-serif"
FONT = value(FONT_FAMILY)
"""As a glyph takes it; a plain text would be read as a column's name."""


def plain_figure(x_range: Range1d, y_range: Range1d, *, name: str, label: str, **settings: Any) -> figure:
    """A figure without decoration.

    Args:
        x_range: Computed on the server; a range of the browser's own would report back at every update.
        y_range: Likewise.
        name: To find it by in tests.
        label: What a screen reader says.
        **settings: More of Bokeh's.
    """
    made = figure(
        x_range=x_range,
        y_range=y_range,
        name=name,
        toolbar_location=None,
        tools="",
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=None,
        html_attributes={"role": "figure", "aria-label": label},
        **settings,
    )
    made.toolbar.logo = None
    made.xgrid.grid_line_color = None
    for axis in made.axis:
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
        axis.major_label_text_font = axis.axis_label_text_font = FONT_FAMILY
        axis.major_label_text_font_size = axis.axis_label_text_font_size = "12px"
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_standoff = 8
    made.yaxis.formatter = PrintfTickFormatter(format="%.1f")
    return made


def paint(made: figure, palette: Palette) -> None:
    """Give a figure the colours of a theme."""
    for axis in made.axis:
        axis.major_label_text_color = palette.muted
        axis.axis_label_text_color = palette.text
    made.ygrid.grid_line_color = palette.grid


def set_range(shown: Range1d, limits: tuple[float, float]) -> None:
    """Move a range, if it is not there already."""
    if (shown.start, shown.end) != limits:
        shown.update(start=limits[0], end=limits[1])


def set_decimals(axis: Axis, shown: Range1d) -> None:
    """As many decimals at an axis as tell its ticks apart."""
    span = abs(float(shown.end) - float(shown.start)) or 1.0
    wanted = f"%.{int(np.clip(np.ceil(-np.log10(span / 4)), 0, 8))}f"
    if axis.formatter.format != wanted:
        axis.formatter.format = wanted

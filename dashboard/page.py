"""Where everything is on the page, and its look."""

# panel_material_ui makes its names while it is imported
# mypy: disable-error-code="name-defined, attr-defined"

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.io.state import state as panel_state
from panel.viewable import Viewable

from dashboard.palette import PALETTES, Palette
from dashboard.words import Sentence

CARD = """
:host {
  background: var(--mui-palette-background-paper); border: 1px solid var(--mui-palette-divider);
  border-radius: 10px; padding: 13px 16px 10px; min-width: 0; box-sizing: border-box; gap: 6px;
}
.scroll-button { display: none !important; }
"""
GRID = """
.scroll-button { display: none !important; }
:host(.content) { display: flex; flex-direction: column; gap: 10px; padding: 14px 16px 18px; box-sizing: border-box; }
:host, :host(.content) > * { height: auto !important; max-height: none !important; }
:host(.content) > * { flex: none !important; }
:host(.content-parts), :host(.stack) { gap: 12px; min-width: 0; }
:host(.columns) {
  display: grid !important; grid-template-columns: minmax(0, 1.72fr) minmax(0, 1fr); gap: 12px; align-items: start;
}
@media (max-width: 1000px) {
  :host(.columns) { grid-template-columns: minmax(0, 1fr); }
  :host(.stack) { display: contents !important; }
}
@media (max-width: 760px) {
  :host(.content) { padding: 10px 8px 16px; }
  :host(.content-parts), :host(.columns) { gap: 8px; }
}
"""

LOOK = {
    "& .title": {"fontSize": "19px", "fontWeight": 700},
    "& .MuiToolbar-root": {"minHeight": "52px !important"},
    "& .main": {"backgroundColor": "var(--mui-palette-background-default)"},
    "&.mui-dark .header": {"backgroundColor": f"{PALETTES['dark'].bar} !important", "backgroundImage": "none"},
}


def card(*parts: Viewable, order: int) -> pn.Column:
    """A framed part of the page; ``order`` counts where all are below each other."""
    return pn.Column(*parts, stylesheets=[CARD, f":host {{ order: {order}; }}"], sizing_mode="stretch_width", margin=0)


def stack(*parts: Viewable, kind: str = "stack") -> pn.Column:
    """Parts one below the other, or side by side for ``kind="columns"`` where there is room."""
    return pn.Column(*parts, css_classes=[kind], stylesheets=[GRID], sizing_mode="stretch_width", margin=0)


def page(main: Viewable, light: Sentence, *, dark: bool) -> pmui.Page:
    """The page around the parts.

    Args:
        main: What it shows.
        light: The line in the bar on top that says how the data are.
        dark: Which theme it begins with.
    """
    made = pmui.Page(
        title="ChargeTracker",
        main=[main],
        header=[light],
        dark_theme=dark,
        busy_indicator=None,
        theme_config={name: {"palette": _mui(PALETTES[name])} for name in PALETTES},
        sx=LOOK,
    )
    _let_go_of_busy(made)
    return made


def _let_go_of_busy(made: pmui.Page) -> None:
    """Page watches a global for its busy bar, and that would keep every page that ever was."""
    watchers = panel_state.param.watchers.get("busy", {}).get("value", [])
    for watcher in list(watchers):
        bound = getattr(watcher.fn, "__self__", None)
        if getattr(bound, "self", None) is made:
            panel_state.param.unwatch(watcher)


def _mui(palette: Palette) -> dict[str, Any]:
    return {
        "primary": {"main": "#2A7DB8" if palette.page == PALETTES["dark"].page else palette.bar},
        "error": {"main": palette.bad},
        "warning": {"main": palette.warning},
        "success": {"main": palette.good},
        "background": {"default": palette.page, "paper": palette.paper},
        "text": {"primary": palette.text, "secondary": palette.muted},
        "divider": palette.line,
        "below": {"main": palette.diverging[0]},
        "neutral": {"main": palette.diverging[3]},
        "above": {"main": palette.diverging[-1]},
    }

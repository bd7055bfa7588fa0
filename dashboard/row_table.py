"""A table of fixed height that is patched cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import panel as pn

from dashboard.sources import differences

Columns = Mapping[str, Sequence[Any]]

STYLE = """
:host { --table-font: Roboto, Inter, Helvetica, Arial, sans-serif; }
:host .tabulator.tabulator {
  border: none; background: transparent; font: 13px/1.35 var(--table-font); font-variant-numeric: tabular-nums;
  color: var(--mui-palette-text-primary);
}
.tabulator .tabulator-header {
  background: transparent; border: none; border-bottom: 1px solid var(--mui-palette-divider); color: inherit;
}
.tabulator .tabulator-header .tabulator-col { background: transparent !important; border: none; }
.tabulator .tabulator-header .tabulator-col .tabulator-col-content { padding: 5px 8px; }
.tabulator .tabulator-header .tabulator-col .tabulator-col-title {
  font-weight: 600; font-size: 12px; color: var(--mui-palette-text-secondary); white-space: nowrap; padding-right: 0;
}
.tabulator .tabulator-tableholder { background: transparent; }
.tabulator .tabulator-tableholder .tabulator-table { background: transparent; color: inherit; }
:host .tabulator-row, :host .tabulator-row.tabulator-row-even {
  background: transparent !important; font-size: 13px;
  min-height: 29px; border: none; border-bottom: 1px solid var(--mui-palette-divider);
}
.tabulator-row:hover, .tabulator-row.tabulator-selectable:hover {
  background: var(--mui-palette-action-hover) !important;
}
:host .tabulator-row .tabulator-cell { border: none !important; padding: 5px 8px; height: 29px !important;
  font-size: 13px; }
.bad { color: var(--mui-palette-error-main); }
.watch { color: var(--mui-palette-warning-main); }
.good { color: var(--mui-palette-success-main); }
.tabulator .tabulator-placeholder .tabulator-placeholder-contents {
  font-size: 13px !important; font-weight: 400 !important; color: var(--mui-palette-text-secondary) !important;
  white-space: normal;
}
"""


class RowTable:
    """Texts in rows and columns; the caller formats and orders them.

    Attributes:
        widget: What to put on the page.
    """

    def __init__(
        self,
        columns: Mapping[str, str],
        *,
        name: str,
        height: int,
        left: Sequence[str],
        wide: Mapping[str, int] | None = None,
        marked: Sequence[str] = (),
        min_width: int = 60,
        placeholder: str = "",
    ) -> None:
        """An empty table.

        Args:
            columns: Title by column name.
            name: To find it by in tests.
            height: In pixels; fixed, or the page would jump.
            left: Columns set to the left; the others are numbers and go right.
            wide: Width of a column in pixels; the others share what is left.
            marked: Columns whose texts are HTML of ours; all others are shown as they are.
            min_width: Of every column, in pixels; below that the table scrolls sideways.
            placeholder: Shown when there are no rows.
        """
        self._titles = dict(columns)
        self.widget = pn.widgets.Tabulator(
            pd.DataFrame({column: pd.Series(dtype=object) for column in columns}),
            css_classes=[name],
            show_index=False,
            disabled=True,
            selectable=False,
            height=height,
            sizing_mode="stretch_width",
            margin=0,
            sortable=False,
            layout="fit_columns",
            theme="simple",
            titles=self._titles,
            text_align={column: "left" if column in left else "right" for column in columns},
            header_align={column: "left" if column in left else "right" for column in columns},
            formatters={column: {"type": "html" if column in marked else "plaintext"} for column in columns},
            stylesheets=[STYLE],
            configuration={
                "columnDefaults": {"headerSort": False, "resizable": False, "tooltip": True, "minWidth": min_width},
                "placeholder": placeholder,
                "columns": [],
            },
            widths=dict(wide or {}),
        )

    def retitle(self, **titles: str) -> None:
        """Other column titles."""
        new = {**self._titles, **titles}
        if new != self._titles:
            self._titles = new
            self.widget.titles = new

    def show(self, rows: Columns) -> None:
        """Make the table hold these rows: patches what differs, replaces all when the number of rows does."""
        old = {column: self.widget.value[column].tolist() for column in self.widget.value.columns}
        patches = differences(old, rows)
        if patches is None:
            self.widget.value = pd.DataFrame(rows, dtype=object)
        elif patches:
            self.widget.patch(patches)

"""One group at one cycle: every cell with its distance from the others, worst first."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.fleet import Fleet
from dashboard.metrics import METRICS, decimals_for, metric_index
from dashboard.readable import counted, fixed, signed
from dashboard.row_table import RowTable
from dashboard.standing import Standing, standings, worst_first
from dashboard.statistics import MIN_CELLS, MIN_CELLS_FOR_OUTLIER
from dashboard.view_state import ViewState
from dashboard.words import Heading, set_words

SYMBOLS = {
    "Outlier": '<b class="bad">▲ Outlier</b>',
    "Watch": '<b class="watch">● Watch</b>',
    "OK": '<span class="good">OK</span>',
}
"""Our own words, the only HTML in the table."""

COLUMNS = {
    "cell": "Cell",
    "status": "Status",
    "value": "Energy / Wh",
    "deviation": "Dev. / %",
    "robust": "Robust z",
    "cycle": "Cycle",
}


class DeepDive:
    """The table of the chosen group and cycle. A click on a row chooses the battery.

    Attributes:
        heading: Title and explanation of the card.
        source: The table.
    """

    def __init__(self, state: ViewState, choose: Callable[[str], None]) -> None:
        self._state, self._choose = state, choose
        self.heading = Heading(sizing_mode="stretch_width")
        self.source = RowTable(
            COLUMNS,
            name="deep-dive",
            height=340,
            left=("cell", "status"),
            marked=("status",),
            wide={"cycle": 54, "value": 98, "deviation": 70, "robust": 74, "status": 90},
            min_width=52,
            placeholder="No cell has ended this cycle yet.",
        )
        self.source.widget.on_click(lambda event: self._choose(self.source.widget.value["cell"].iloc[event.row]))

    def update(self, fleet: Fleet, now: float) -> None:
        """Bring table and heading up to date."""
        group = self._state.shown_group(fleet)
        if group is None:
            return
        metric = METRICS[metric_index(self._state.metric)]
        cycle = self._state.shown_cycle(fleet, group, now)
        table = fleet.tables[group]
        found = worst_first(standings(table, metric_index(metric.key), cycle))
        self.source.retitle(value=f"{metric.short} / {metric.unit}")
        self.source.show(_rows(found, cycle))
        n, mean, sd = table.at(metric_index(metric.key), cycle)
        decimals = decimals_for(mean)
        cells = f"n = {n} of {counted(len(found), 'cell')}"
        told = f"{cells} · mean {fixed(mean, decimals)} {metric.unit} · SD {fixed(sd, decimals + 1)}"
        set_words(
            self.heading,
            title=f"Group {group}, cycle {cycle}" if cycle >= 0 else f"Group {group}",
            note=f"{told}. {_advice(n)}",
        )


def _rows(found: list[Standing], cycle: int) -> dict[str, list[str]]:
    there = [cell for cell in found if cell.value == cell.value]
    decimals = decimals_for(max((abs(cell.value) for cell in there), default=0.0))
    return {
        "cell": [cell.battery_id for cell in there],
        "status": [SYMBOLS.get(cell.word, cell.word) for cell in there],
        "value": [fixed(cell.value, decimals) for cell in there],
        "deviation": [signed(cell.deviation_percent, 1) for cell in there],
        "robust": [signed(cell.robust_z, 2) for cell in there],
        "cycle": [str(cycle) for _ in there],
    }


def _advice(n: int) -> str:
    if n < MIN_CELLS:
        return "Too few cells to judge one by the others."
    if n < MIN_CELLS_FOR_OUTLIER:
        return f"With n = {n} no deviation can reach 100 %: the 2 SD rule cannot flag, so look at the robust z."
    return "Deviation = (x − mean) · 100 / (2 SD). Outlier: |robust z| > 3.5. Watch: |deviation| > 100 %."

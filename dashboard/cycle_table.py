"""The cycles of the chosen cell, the newest first."""

from __future__ import annotations

from dashboard.readable import counted, fixed, span
from dashboard.row_table import RowTable
from dashboard.watched_cell import WatchedCell
from dashboard.words import Heading, set_words
from schemas import CycleRow

MAX_ROWS = 60
COLUMNS = {
    "cycle": "Cycle",
    "status": "Status",
    "duration": "Duration",
    "charge": "Chg. / Ah",
    "discharge": "Dis. / Ah",
    "energy_in": "Chg. / Wh",
    "energy_out": "Dis. / Wh",
    "coulombic": "CE / %",
    "energy": "EE / %",
    "voltage": "Dis. / V",
}
STATUS = {"running": "running …", "provisional": "provisional", "final": "final", "revised": "revised"}


class CycleTable:
    """All numbers of the newest cycles of one battery.

    Attributes:
        heading: Title and explanation of the card.
        source: The table.
    """

    def __init__(self) -> None:
        self.heading = Heading(sizing_mode="stretch_width")
        self.source = RowTable(
            COLUMNS,
            name="cycle-table",
            height=290,
            left=("status",),
            wide={"status": 98},
            min_width=70,
            placeholder="No cycle yet.",
        )

    def update(self, battery_id: str | None, cell: WatchedCell | None) -> None:
        """Bring table and heading up to date."""
        rows = sorted(cell.cycles.values(), key=lambda row: -row.cycle_number) if cell else []
        shown = rows[:MAX_ROWS]
        cells = [_texts(row) for row in shown]
        self.source.show({name: [texts[k] for texts in cells] for k, name in enumerate(COLUMNS)})
        told = f"the newest {MAX_ROWS} of {len(rows)} cycles" if len(rows) > MAX_ROWS else counted(len(rows), "cycle")
        note = f"{told}, newest first. Dis. / V is the mean voltage. Provisional: late readings can still change it."
        set_words(self.heading, title=f"Cycles of cell {battery_id}" if battery_id else "Cycles", note=note)


def _texts(row: CycleRow) -> tuple[str, ...]:
    decimals = 4
    return (
        str(row.cycle_number),
        STATUS.get(row.status, row.status),
        " ".join(span(row.duration_second)),
        fixed(row.charging_capacity_ah, decimals),
        fixed(row.discharging_capacity_ah, decimals),
        fixed(row.charging_energy_wh, decimals),
        fixed(row.discharging_energy_wh, decimals),
        fixed(row.coulombic_efficiency_percent, 2),
        fixed(row.energy_efficiency_percent, 2),
        fixed(row.mean_discharging_voltage_volt, 3),
    )

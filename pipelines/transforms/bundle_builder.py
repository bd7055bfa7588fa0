"""What a bundle has to write, gathered while it is processed: of each key, only the newest row."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.analytics import Rows
from pipelines.storage import Bundle
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, Snapshot, StepRow, TracePoint
from schemas.dead_letter import MAX_PAYLOAD_BYTES


class BundleBuilder:
    """Gathers rows, snapshots and dead letters of one bundle; a new bundle takes a new builder."""

    def __init__(self) -> None:
        self._batteries: dict[str, BatteryRow] = {}
        self._cycles: dict[tuple[str, int], CycleRow] = {}
        self._steps: dict[tuple[str, int], StepRow] = {}
        self._trace: dict[tuple[str, int], TracePoint] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._late: list[LateReading] = []
        self._dead_letters: list[DeadLetter] = []

    def add_rows(self, rows: Rows) -> None:
        """Later rows of a key take the place of earlier ones."""
        if rows.battery is not None:
            self._batteries[rows.battery.battery_id] = rows.battery
        self._cycles.update({(row.battery_id, row.cycle_number): row for row in rows.cycles})
        self._steps.update({(row.battery_id, row.step_number): row for row in rows.steps})
        self._trace.update({(row.battery_id, row.bucket): row for row in rows.trace})
        self._late.extend(rows.late)

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """The state behind the rows that were added for the battery."""
        self._snapshots[snapshot.battery_id] = snapshot

    def add_dead_letters(self, letters: Iterable[DeadLetter]) -> None:
        """Dead letters are kept by position, so the same one twice is one; of long ones the beginning."""
        self._dead_letters.extend(letter._replace(payload=letter.payload[:MAX_PAYLOAD_BYTES]) for letter in letters)

    def bundle(self) -> Bundle:
        """Everything gathered."""
        return Bundle(
            tuple(self._batteries.values()),
            tuple(self._cycles.values()),
            tuple(self._steps.values()),
            tuple(self._trace.values()),
            tuple(self._late),
            tuple(self._dead_letters),
            tuple(self._snapshots.values()),
        )

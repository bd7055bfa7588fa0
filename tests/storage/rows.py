"""Rows for the tests of the stores: of any table, told apart by one number."""

from math import nan
from typing import Any

from pipelines.storage import Bundle, Store, StoreReader
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, Snapshot, StepRow, TracePoint
from schemas.tables import BATTERY, CYCLE, DEAD_LETTER, LATE, SNAPSHOT, STEP, TABLES, TRACE, Table

GUARDED = [table for table in TABLES if table.guarded]

FIELD_OF = {
    BATTERY: "batteries",
    CYCLE: "cycles",
    STEP: "steps",
    TRACE: "trace",
    SNAPSHOT: "snapshots",
    LATE: "late",
    DEAD_LETTER: "dead_letters",
}
"""Where a table's rows are in a bundle."""


def a_row(table: Table, mark: int = 1, **given: Any) -> Any:
    """A row whose values all follow from ``mark`` and the place of their column; ``given`` ones are set."""
    made = {
        str: lambda place: f"text {mark}/{place}",
        int: lambda place: 1000 * mark + place,
        float: lambda place: mark + place / 64,
        bytes: lambda place: bytes([mark % 256, place, 0, 255]),
    }
    values = {name: made[kind](place) for place, (name, kind) in enumerate(table.columns().items())}
    return table.row(**{**values, **given})


def a_row_of_b1(table: Table, mark: int, **given: Any) -> Any:
    """Rows of one key whatever the mark, so that they meet."""
    names = {"battery_id": "b1", "partition": "log:a/0"}
    keys = {name: names.get(name, 5) for name in table.key}
    # A position is one reading, of one battery.
    of_battery = {"battery_id": "b1"} if "battery_id" in table.columns() else {}
    return a_row(table, mark, **{**keys, **of_battery, **given})


def a_battery(battery_id: str = "b1", **given: Any) -> BatteryRow:
    return a_row(BATTERY, battery_id=battery_id, **given)


def a_cycle(battery_id: str = "b1", cycle_number: int = 1, **given: Any) -> CycleRow:
    return a_row(CYCLE, battery_id=battery_id, cycle_number=cycle_number, **given)


def a_step(battery_id: str = "b1", step_number: int = 1, **given: Any) -> StepRow:
    return a_row(STEP, battery_id=battery_id, step_number=step_number, **given)


def a_point(battery_id: str = "b1", bucket: int = 1, **given: Any) -> TracePoint:
    return a_row(TRACE, battery_id=battery_id, bucket=bucket, **given)


def a_late_reading(battery_id: str = "b1", offset: int = 1, **given: Any) -> LateReading:
    return a_row(LATE, battery_id=battery_id, partition="log:a/0", offset=offset, reading_index=0, **given)


def a_dead_letter(offset: int = 1, **given: Any) -> DeadLetter:
    return a_row(DEAD_LETTER, **{"partition": "log:a/0", "offset": offset, "reason": "malformed", **given})


def a_snapshot(battery_id: str = "b1", revision: int = 1, state: bytes = b"state") -> Snapshot:
    return Snapshot(battery_id, state, revision)


def with_unknown_numbers(row: Any) -> Any:
    """The row with NaN wherever a float stands."""
    return row._replace(**{name: nan for name, value in row._asdict().items() if isinstance(value, float)})


def bundle_of(table: Table, *rows: Any) -> Bundle:
    return Bundle(**{FIELD_OF[table]: rows})


def kept(store: StoreReader | Store, table: Table, battery_id: str = "b1") -> list[Any]:
    """What the store holds of a table; of one battery where it can only be asked for one."""
    read = {
        BATTERY: lambda: store.batteries(),
        CYCLE: lambda: store.cycles(),
        STEP: lambda: store.steps(),
        TRACE: lambda: store.trace(battery_id),
        LATE: lambda: store.late(),
        DEAD_LETTER: lambda: store.dead_letters(),
        SNAPSHOT: lambda: list(store.snapshots([battery_id]).values()),
    }
    return read[table]()


def exactly(rows: Any) -> str:
    """To compare with: types, every bit of a float, and NaN as equal to itself."""
    return repr(rows)

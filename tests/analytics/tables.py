"""Chunks followed through the analysis, and the newest row of each key, as a store would hold them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.analytics import BatteryState, Rows, Settings, decode_state, encode_state, track
from schemas import BatteryRow, CycleRow, LateReading, ReadingChunk, StepRow, TracePoint
from tests.oracle.replay import Replayed, differences


@dataclass
class Tables:
    """The rows so far, and the state they came with."""

    state: BatteryState = field(default_factory=BatteryState.empty)
    battery: BatteryRow | None = None
    cycles: dict[int, CycleRow] = field(default_factory=dict)
    steps: dict[int, StepRow] = field(default_factory=dict)
    trace: dict[int, TracePoint] = field(default_factory=dict)
    late: list[LateReading] = field(default_factory=list)

    def write(self, state: BatteryState, rows: Rows) -> None:
        """Keep the newest row of each key."""
        self.state = state
        self.battery = rows.battery or self.battery
        self.cycles |= {row.cycle_number: row for row in rows.cycles}
        self.steps |= {row.step_number: row for row in rows.steps}
        self.trace |= {row.bucket: row for row in rows.trace}
        self.late += rows.late
        if self.battery is not None:  # what lies above was undone by readings out of order
            self.cycles = {key: row for key, row in self.cycles.items() if key <= self.battery.cycle_number}
            self.steps = {key: row for key, row in self.steps.items() if key <= self.battery.step_number}

    def exactly(self) -> str:
        """Every number to the last bit; the revision tells how the chunks were cut, so it is left out."""
        rows = [table[key] for table in (self.cycles, self.steps, self.trace) for key in sorted(table)]
        return repr([row._replace(revision=0) for row in (*rows, self.battery)] + self.late)


def followed(chunks: Iterable[ReadingChunk], settings: Settings | None = None, through_bytes: bool = False) -> Tables:
    """What the chunks of one battery come to; the state may go through its bytes between any two of them."""
    tables = Tables()
    for chunk in chunks:
        state = decode_state(encode_state(tables.state)) if through_bytes else tables.state
        tables.write(*track(state, chunk, settings or Settings()))
    return tables


def differences_to(expected: Replayed, actual: Tables) -> list[str]:
    """Every field of every row that is not as the oracle says, in words."""
    return [
        *differences(expected.cycles, actual.cycles),
        *differences(expected.steps, actual.steps),
        *differences(expected.trace, actual.trace),
        *differences({"battery": expected.battery}, {"battery": actual.battery}),
        *differences(dict(enumerate(expected.late)), dict(enumerate(actual.late))),
    ]

"""What a store promises. One contract test runs against all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas import (
    BatteryRow,
    CommittedOffset,
    CycleRow,
    DeadLetter,
    LateReading,
    Snapshot,
    StepRow,
    TracePoint,
)


class StoreError(Exception):
    """A store that cannot be opened, read or written, in a sentence for the person at the terminal."""


class StoreAwayError(StoreError):
    """A store that does not answer now: what was asked of it may be asked again later."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything one bundle writes. At most one row a key in it: the newest."""

    batteries: Sequence[BatteryRow] = ()
    cycles: Sequence[CycleRow] = ()
    steps: Sequence[StepRow] = ()
    trace: Sequence[TracePoint] = ()
    late: Sequence[LateReading] = ()
    dead_letters: Sequence[DeadLetter] = ()
    snapshots: Sequence[Snapshot] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is in a store."""

    batteries: int
    cycles: int
    readings: int
    duplicates: int
    late: int
    dead_letters: int
    newest_arrival_unix_second: float


class StoreReader(Protocol):
    """The reading side: what the page, `show` and `export` use. Never blocks the writer."""

    def batteries(self) -> list[BatteryRow]:
        """All batteries, by identifier."""
        ...

    def cycles(self, since: Mapping[str, int] | None = None) -> list[CycleRow]:
        """Cycles by battery and number: all, or of each battery in ``since`` those from that number on.

        A row above its battery's ``cycle_number`` is left out: a reading that came out of order has undone it.
        """
        ...

    def steps(self, since: Mapping[str, int] | None = None) -> list[StepRow]:
        """Steps by battery and number, chosen as in `cycles` (by ``step_number``)."""
        ...

    def trace(self, battery_id: str, after_second: float = float("-inf")) -> list[TracePoint]:
        """The battery's trace points with ``time_second`` over ``after_second``, by time."""
        ...

    def late(self, battery_id: str | None = None) -> list[LateReading]:
        """Late readings by battery and time."""
        ...

    def dead_letters(self, limit: int | None = None) -> list[DeadLetter]:
        """Dead letters, the newest arrival first."""
        ...

    def dead_letter_counts(self) -> dict[str, int]:
        """How many dead letters there are for each reason."""
        ...

    def totals(self) -> Totals:
        """Counts, cheap enough to ask every second."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class Store(StoreReader, Protocol):
    """The writing side. All writes are idempotent; rows and snapshots never go back to a lower ``revision``.

    Two different contents of one key must not have one revision: a store need not notice.
    """

    def init(self) -> None:
        """Make the tables; does nothing when they are there in this version.

        Raises:
            StoreError: They are there in another version.
        """
        ...

    def reset(self) -> None:
        """Throw everything away and make the tables anew."""
        ...

    def migrate(self) -> int:
        """Bring the tables of an older version to this one, with all that is in them.

        Returns:
            The version they had.

        Raises:
            StoreError: There are none, or they are of a newer version.
        """
        ...

    def cautions(self) -> list[str]:
        """What whoever makes this store should know about how safe it is, in sentences; mostly nothing."""
        ...

    def take_epoch(self, now_unix_second: float) -> int:
        """A new epoch [us], higher than every one before; from now on older ones can commit nothing.

        The committed offsets are carried over into it.
        """
        ...

    def newest_epoch(self) -> int:
        """The epoch taken last; 0 when none was."""
        ...

    def committed(self) -> dict[str, CommittedOffset]:
        """Committed offset of each partition."""
        ...

    def commit(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Move committed offsets forward; false, and nothing done, when a newer epoch was taken."""
        ...

    def rewind(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Set committed offsets, backward too (``--from``); false as in `commit`."""
        ...

    def snapshots(self, battery_ids: Iterable[str]) -> dict[str, Snapshot]:
        """Snapshots of those of the batteries that have one."""
        ...

    def write(self, bundle: Bundle) -> None:
        """Rows, dead letters and late readings, then snapshots: all of them or, after an error, none that counts."""
        ...

    def expire_trace(self, keep_second: float) -> int:
        """Delete trace points that lie further behind their battery's newest reading; returns how many.

        By the battery's own time axis: readings may be played faster than they were taken, or come from an old file.
        Never on the hot path.
        """
        ...

    def expire(self, table: str, before_unix_second: float) -> int:
        """Delete ``late`` or ``dead_letter`` rows that arrived before that; returns how many. Not on the hot path."""
        ...

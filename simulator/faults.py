"""Faults on demand: how often each comes, all of them in a row, and the book that is kept of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.fault_steps import chance, clock_jumped, disordered, repeated, silenced, spoiled
from simulator.readings import TEST_TIME, Floats, Readings

LATE_SECOND = 120.0
"""A late reading is held back for this long in test time: well beyond the reorder horizon of the analysis [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRates:
    """How often what goes wrong. Shares of the readings, 0 to 1, unless said otherwise.

    Attributes:
        missing: Never sent.
        repeated: Sent twice.
        disordered: Sent after some that were taken later, within ``disorder_second``.
        late: Sent `LATE_SECOND` later.
        malformed: Sent as a message that nobody can read.
        clock_jumps: Readings at which the cycler's wall clock jumps by ``clock_jump_second``, for good.
        silent: Share of the windows of ten minutes in which a channel says nothing.
        disorder_second: At most so much test time late [s].
        clock_jump_second: Forward; backward would look like another test to who gets late readings too [s].
    """

    missing: float = 0.0
    repeated: float = 0.0
    disordered: float = 0.0
    late: float = 0.0
    malformed: float = 0.0
    clock_jumps: float = 0.0
    silent: float = 0.0
    disorder_second: float = 5.0
    clock_jump_second: float = 2.0

    def __post_init__(self) -> None:
        for name in (*_FATES, "clock_jumps", "silent"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} {getattr(self, name)}: a share of 0 to 1")
        if sum(self.fates()) > 1.0:
            raise ValueError(f"{', '.join(_FATES)}: together at most 1")

    def fates(self) -> tuple[float, ...]:
        """Shares of the fates that exclude each other, in the order of `_FATES`."""
        return tuple(getattr(self, name) for name in _FATES)


_FATES = ("missing", "repeated", "disordered", "late", "malformed")
_MISSING, _REPEATED, _DISORDERED, _LATE, _MALFORMED = range(len(_FATES))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was done to readings. A reading has at most one fate, so the book balances.

    ``sent = generated - silenced - missing - held + repeated`` and an analysis must find
    ``sent = accepted + repeated (as duplicates) + late + malformed (as dead letters)``.

    Attributes:
        generated: Readings that came in.
        silenced: Not sent: their channel was silent.
        missing: Not sent.
        repeated: Sent once more.
        disordered: Sent out of order, within the horizon.
        late: Sent late.
        held: To be sent late, but not sent yet.
        malformed: Sent as something else.
        clock_jumps: Jumps of a wall clock.
    """

    generated: int = 0
    silenced: int = 0
    missing: int = 0
    repeated: int = 0
    disordered: int = 0
    late: int = 0
    held: int = 0
    malformed: int = 0
    clock_jumps: int = 0

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Ledger)))

    @property
    def sent(self) -> int:
        """Readings that went out, the unreadable ones too."""
        return self.generated - self.silenced - self.missing - self.held + self.repeated

    @property
    def accepted(self) -> int:
        """Readings that must be in the sums of an analysis."""
        return self.sent - self.repeated - self.late - self.malformed


class Disturbed(NamedTuple):
    """What goes out instead of some readings: readings in the order they arrive, and spoiled messages."""

    readings: Readings
    spoiled: list[bytes]


@dataclass(frozen=True, slots=True)
class _Channel:
    """What is remembered of a battery: late readings that are held, and how far its clock is ahead [s]."""

    held: Floats
    ahead_second: float = 0.0


class Faults:
    """Lets readings go wrong on their way; remembers between pieces only what is held back.

    Attributes:
        ledger: All that was done so far.
    """

    def __init__(self, rates: FaultRates, seed: int) -> None:
        self.ledger = Ledger()
        self._rates = rates
        self._seed = seed
        self._limits = np.add.accumulate(rates.fates())
        self._channels: dict[str, _Channel] = {}

    def disturb(self, readings: Readings) -> Disturbed:
        """The next readings of a battery, in order, as they go out."""
        rates, seed = self._rates, self._seed
        done = Ledger(generated=len(readings))
        channel = self._channels.get(readings.battery_id, _Channel(readings.values[:, :0]))
        readings, jumps, ahead = clock_jumped(
            readings, seed, rates.clock_jumps, rates.clock_jump_second, channel.ahead_second
        )
        readings, lost = silenced(readings, seed, rates.silent)
        fate = np.searchsorted(self._limits, chance(readings, seed, "fate"), side="right")
        sent, moved = self._on_the_way(readings, fate)
        unreadable = readings.take(np.flatnonzero(fate == _MALFORMED))
        waiting = np.concatenate((channel.held, readings.values[:, fate == _LATE]), axis=1)
        due = _due(waiting, sent)
        self._channels[readings.battery_id] = _Channel(waiting[:, ~due], ahead)
        counts = np.bincount(fate, minlength=len(_FATES)).tolist()
        late = int(np.count_nonzero(due))
        self.ledger += replace(
            done,
            silenced=lost,
            missing=counts[_MISSING],
            repeated=counts[_REPEATED],
            disordered=moved,
            late=late,
            held=counts[_LATE] - late,
            malformed=counts[_MALFORMED],
            clock_jumps=jumps,
        )
        everything = replace(sent, values=np.concatenate((sent.values, waiting[:, due]), axis=1))
        return Disturbed(everything, spoiled(unreadable, seed))

    def _on_the_way(self, readings: Readings, fate: NDArray[np.intp]) -> tuple[Readings, int]:
        kept = np.flatnonzero((fate == _REPEATED) | (fate == _DISORDERED) | (fate == len(_FATES)))
        fate = fate[kept]
        twice = np.repeat(fate, 1 + (fate == _REPEATED))
        doubled = repeated(readings.take(kept), fate == _REPEATED)
        return disordered(doubled, twice == _DISORDERED, self._seed, self._rates.disorder_second)


def _due(waiting: Floats, sent: Readings) -> NDArray[np.bool_]:
    """Which of the held readings go out behind these: those that are late by then, shape (n,)."""
    newest = sent.values[TEST_TIME].max(initial=-np.inf)
    found: NDArray[np.bool_] = waiting[TEST_TIME] + LATE_SECOND <= newest
    return found

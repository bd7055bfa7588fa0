"""Whether a file's current has a sign, and whether it is ours: by what the file says elsewhere of the direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.sources.cyclers.directions import Directions
from pipelines.sources.cyclers.numbers import Floats

_CLEARLY = 20
"""So many times more rows one way than the other: cells can be charged for a moment within a discharge."""

_STATE_WEIGHT = 10
"""A row whose state says the direction counts as so many by their counters, which can move by a digit at rest."""

_ENOUGH_ROWS = 1000
_SMALL = 0.05
"""Of the largest current in the same direction: less can be an offset at rest."""


@dataclass(frozen=True, slots=True)
class SignEvidence:
    """Rows by what the file says and what the sign of the current would be; those by the state weigh more.

    Attributes:
        charging_positive, charging_negative: Weight of the rows that charge, by sign of the current.
        discharging_positive, discharging_negative: The same of those that discharge.
        discharge_is_said: Whether a state has said that a row discharges.
    """

    charging_positive: int = 0
    charging_negative: int = 0
    discharging_positive: int = 0
    discharging_negative: int = 0
    discharge_is_said: bool = False

    def with_rows(self, current: Floats, said: Directions, counted: Directions) -> SignEvidence:
        """With further rows; those with little current tell nothing.

        Args:
            current: Shape (n,) [A].
            said: Their direction by the state, shape (n,).
            counted: By the counters, for those of which the state says nothing, shape (n,).
        """
        direction = np.where(said != 0, said, counted)
        weight = np.where(said != 0, _STATE_WEIGHT, 1)
        charging, discharging = direction > 0, direction < 0
        charged = _by_sign(current[charging], weight[charging])
        discharged = _by_sign(current[discharging], weight[discharging])
        return SignEvidence(
            self.charging_positive + charged[0],
            self.charging_negative + charged[1],
            self.discharging_positive + discharged[0],
            self.discharging_negative + discharged[1],
            self.discharge_is_said or bool((said < 0).any()),
        )

    @property
    def settled(self) -> bool:
        """So many discharges are negative that the rest of a file is not asked."""
        return self.discharging_negative >= _ENOUGH_ROWS * _STATE_WEIGHT and not self._discharge_is_positive

    @property
    def unsigned(self) -> bool:
        """Charge and discharge are positive."""
        return self._discharge_is_positive and self.charging_positive > _CLEARLY * self.charging_negative

    @property
    def turned_round(self) -> bool:
        """Discharge is positive and charge negative, or one of them and the other one is not there."""
        if self._discharge_is_positive:
            return self.charging_negative >= _CLEARLY * self.charging_positive
        return self._charge_is_negative and self.discharging_positive >= _CLEARLY * self.discharging_negative

    @property
    def _discharge_is_positive(self) -> bool:
        return _is_clear(self.discharging_positive, self.discharging_negative)

    @property
    def _charge_is_negative(self) -> bool:
        return _is_clear(self.charging_negative, self.charging_positive)


def _by_sign(current: Floats, weight: NDArray[np.int64]) -> tuple[int, int]:
    """Weight of the rows of one direction that are positive, and of those that are negative."""
    magnitude = np.abs(current)
    large = magnitude > _SMALL * np.nanmax(magnitude, initial=0.0)
    return int(weight[large & (current > 0)].sum()), int(weight[large & (current < 0)].sum())


def _is_clear(wrong: int, right: int) -> bool:
    return wrong >= max(_STATE_WEIGHT, _CLEARLY * right + 1)


def rising(charged: Floats, discharged: Floats) -> Directions:
    """The direction by which of two counters rises; 0 where none does, or both.

    The last rise before one of the other counter, or before the end, says nothing: it can be that of the time before
    the row, which is the first one in the new direction.

    Args:
        charged: Sum of charge so far, whatever its sign, shape (n,).
        discharged: The same of discharge.
    """
    up, down = (np.diff(np.abs(counter), prepend=np.abs(counter[:1])) > 0 for counter in (charged, discharged))
    found: Directions = up.astype(np.int8) - down.astype(np.int8)
    rows = np.flatnonzero(found)
    found[rows[np.diff(found[rows], append=0) != 0]] = 0
    return found

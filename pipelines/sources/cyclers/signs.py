"""Whether a file's current has a sign, and whether it is ours: by what the file says elsewhere of the direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.sources.cyclers.directions import Directions
from pipelines.sources.cyclers.numbers import Floats

_CLEARLY = 20
"""So many times more rows one way than the other: cells can be charged for a moment within a discharge."""

_ENOUGH = 1000
_SMALL = 0.05
"""Of the largest current: less can be an offset at rest."""


@dataclass(frozen=True, slots=True)
class SignEvidence:
    """Rows by what the file says and what the sign of the current would be.

    Attributes:
        charging_positive, charging_negative: Rows that charge, by sign of the current.
        discharging_positive, discharging_negative: The same of those that discharge.
        least: So many rows have to say that a sign is wrong before it is believed.
    """

    charging_positive: int = 0
    charging_negative: int = 0
    discharging_positive: int = 0
    discharging_negative: int = 0
    least: int = 1

    def with_rows(self, current: Floats, said: Directions) -> SignEvidence:
        """With further rows, shape (n,) each; those with little current tell nothing."""
        magnitude = np.abs(current)
        current = np.where(magnitude > _SMALL * np.nanmax(magnitude, initial=0.0), current, 0.0)
        return SignEvidence(
            self.charging_positive + int(((said > 0) & (current > 0)).sum()),
            self.charging_negative + int(((said > 0) & (current < 0)).sum()),
            self.discharging_positive + int(((said < 0) & (current > 0)).sum()),
            self.discharging_negative + int(((said < 0) & (current < 0)).sum()),
            self.least,
        )

    @property
    def settled(self) -> bool:
        """So many discharges are negative that nothing else would change that."""
        return self.discharging_negative >= _ENOUGH and not self._discharge_is_positive

    @property
    def unsigned(self) -> bool:
        """Charge and discharge are positive."""
        return self._discharge_is_positive and self.charging_positive > _CLEARLY * self.charging_negative

    @property
    def turned_round(self) -> bool:
        """Discharge is positive, charge negative or not there."""
        return self._discharge_is_positive and self.charging_negative >= _CLEARLY * self.charging_positive

    @property
    def _discharge_is_positive(self) -> bool:
        return self.discharging_positive >= max(self.least, _CLEARLY * self.discharging_negative + 1)


def rising(charged: Floats, discharged: Floats) -> Directions:
    """The direction by which of two counters rises; 0 where none does, or both.

    Args:
        charged: Sum of charge so far, whatever its sign, shape (n,).
        discharged: The same of discharge.
    """
    up, down = (np.diff(np.abs(counter), prepend=np.abs(counter[:1])) > 0 for counter in (charged, discharged))
    return up.astype(np.int8) - down.astype(np.int8)

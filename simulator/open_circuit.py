"""Open-circuit voltage of a full cell over its state of charge, in closed form, and its integral."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EMPTY_VOLT = 2.0
FULL_VOLT = 4.5
EMPTY_KNEE = 0.02
"""How fast the voltage falls away at the empty end, in state of charge."""


@dataclass(frozen=True, slots=True)
class OpenCircuit:
    """Coefficients of U(z), one value a cell, shape (n,), or one value for all.

    ``U(z) = base + slope z + sum_k height_k / (1 + exp(-(z - centre_k) / width_k))
    - empty exp(-z / EMPTY_KNEE) + full exp((z - 1) / full_width)``: a slope, two smooth steps (staging of graphite,
    order and disorder in the cathode), the graphite running empty and the cathode running full. It rises over all
    z, also outside of 0 to 1, so a voltage limit is always met.
    """

    base: Floats
    slope: Floats
    height_1: Floats
    centre_1: Floats
    width_1: Floats
    height_2: Floats
    centre_2: Floats
    width_2: Floats
    empty: Floats
    full: Floats
    full_width: Floats

    def volt(self, soc: Floats) -> Floats:
        """U [V] at the state of charge ``soc``."""
        return (
            self.base
            + self.slope * soc
            + self.height_1 / (1.0 + np.exp((self.centre_1 - soc) / self.width_1))
            + self.height_2 / (1.0 + np.exp((self.centre_2 - soc) / self.width_2))
            - self.empty * np.exp(soc * (-1.0 / EMPTY_KNEE))
            + self.full * np.exp((soc - 1.0) / self.full_width)
        )

    def slope_volt(self, soc: Floats) -> Floats:
        """dU/dz [V] at the state of charge ``soc``; over zero everywhere."""
        first = 1.0 / (1.0 + np.exp((self.centre_1 - soc) / self.width_1))
        second = 1.0 / (1.0 + np.exp((self.centre_2 - soc) / self.width_2))
        return (
            self.slope
            + self.height_1 / self.width_1 * first * (1.0 - first)
            + self.height_2 / self.width_2 * second * (1.0 - second)
            + self.empty / EMPTY_KNEE * np.exp(soc * (-1.0 / EMPTY_KNEE))
            + self.full / self.full_width * np.exp((soc - 1.0) / self.full_width)
        )

    def soc(self, volt: float) -> Floats:
        """The state of charge at which U is ``volt``, within -1 to 2."""
        low, high = np.full_like(self.base, -1.0), np.full_like(self.base, 2.0)
        for _ in range(52):
            middle = (low + high) / 2.0
            below = self.volt(middle) < volt
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return (low + high) / 2.0

    def integral(self, soc: Floats) -> Floats:
        """An antiderivative of U over the state of charge [V]."""
        return (
            self.base * soc
            + self.slope * soc * soc / 2.0
            + self.height_1 * self.width_1 * np.logaddexp(0.0, (soc - self.centre_1) / self.width_1)
            + self.height_2 * self.width_2 * np.logaddexp(0.0, (soc - self.centre_2) / self.width_2)
            + self.empty * EMPTY_KNEE * np.exp(soc * (-1.0 / EMPTY_KNEE))
            + self.full * self.full_width * np.exp((soc - 1.0) / self.full_width)
        )


def open_circuit(
    base_volt: float,
    slope_volt: float,
    steps: tuple[tuple[float, float, float], tuple[float, float, float]],
    full_width: float,
) -> OpenCircuit:
    """The curve of one chemistry, through `EMPTY_VOLT` at 0 and `FULL_VOLT` at 1.

    Args:
        base_volt: Where the plateau would begin without its ends.
        slope_volt: Of the plateau, from empty to full.
        steps: Height [V], centre and width of each of the two smooth steps.
        full_width: How early the full end is felt, in state of charge.
    """
    numbers = (base_volt, slope_volt, *steps[0], *steps[1], 0.0, 0.0, full_width)
    names = [field.name for field in fields(OpenCircuit)]
    bare = OpenCircuit(**{name: np.asarray(number) for name, number in zip(names, numbers, strict=True)})
    full = np.asarray(FULL_VOLT - bare.volt(np.asarray(1.0)))
    empty = np.asarray(bare.volt(np.asarray(0.0)) + full * np.exp(-1.0 / full_width) - EMPTY_VOLT)
    return replace(bare, empty=empty, full=full)


def stacked(curves: list[OpenCircuit]) -> OpenCircuit:
    """One curve a cell, coefficients of shape (n,)."""
    names = [field.name for field in fields(OpenCircuit)]
    return OpenCircuit(*(np.array([getattr(curve, name) for curve in curves]) for name in names))


def in_rows(curves: OpenCircuit) -> OpenCircuit:
    """Coefficients of shape (n, 1), for states of charge of shape (n, m)."""
    return OpenCircuit(*(getattr(curves, field.name)[:, np.newaxis] for field in fields(OpenCircuit)))

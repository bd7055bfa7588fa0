"""Integral and counter side by side, and which one counts (rule 13)."""

import math
from typing import Any

from tests.oracle.fold import Span

TOLERANCE = 0.5
NOISE = 0.01
WAYS = ("charging", "discharging")


def charges(span: Span) -> dict[str, Any]:
    """All columns about charge and energy of a row."""
    found: dict[str, Any] = {"bridged_share_percent": _bridged(span)}
    for kind, unit, integral, counter in _pairs(span):
        source = _source(integral, counter)
        found["capacity_source" if unit == "ah" else "energy_source"] = source
        for way, one, other in zip(WAYS, integral, counter, strict=True):
            found[f"{way}_{kind}_integral_{unit}"] = one
            found[f"{way}_{kind}_counter_{unit}"] = other
            found[f"{way}_{kind}_deviation_percent"] = (one - other) / other * 100 if other else math.nan
            found[f"{way}_{kind}_{unit}"] = other if source == "counter" else one
    return found


def efficiencies(span: Span) -> dict[str, float]:
    """Efficiencies and mean voltages of a cycle."""
    row = charges(span)
    mixed = row["capacity_source"] != row["energy_source"]
    found = {
        "coulombic_efficiency_percent": _percent(row["discharging_capacity_ah"], row["charging_capacity_ah"]),
        "energy_efficiency_percent": _percent(row["discharging_energy_wh"], row["charging_energy_wh"]),
    }
    for way in WAYS:
        of = "_integral" if mixed else ""
        charge, energy = row[f"{way}_capacity{of}_ah"], row[f"{way}_energy{of}_wh"]
        found[f"mean_{way}_voltage_volt"] = energy / charge if charge else math.nan
    return found


def _pairs(span: Span) -> list[tuple[str, str, list[float], list[float]]]:
    unknown = [math.nan, math.nan]
    return [
        (
            "capacity",
            "ah",
            [span.charged_as / 3600, span.discharged_as / 3600],
            unknown if span.untold_ah else span.counted_ah,
        ),
        (
            "energy",
            "wh",
            [span.charged_ws / 3600, span.discharged_ws / 3600],
            unknown if span.untold_wh else span.counted_wh,
        ),
    ]


def _source(integral: list[float], counter: list[float]) -> str:
    if any(math.isnan(value) for value in counter):
        return "integral"
    moved = max(sum(integral), sum(counter))
    for one, other in zip(integral, counter, strict=True):
        if abs(one - other) > max(TOLERANCE * max(one, other), NOISE * moved):
            return "integral"
    return "counter"


def _bridged(span: Span) -> float:
    moved = span.charged_as + span.discharged_as
    return 100 * span.bridged_as / moved if moved else 0.0


def _percent(part: float, whole: float) -> float:
    return 100.0 * part / whole if part and whole else math.nan

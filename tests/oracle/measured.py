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


def means(span: Span) -> dict[str, float]:
    """Mean voltage and mean temperature of a step."""
    row = charges(span)
    of = _of_one_source(row)
    charge = sum(row[f"{way}_capacity{of}_ah"] for way in WAYS)
    energy = sum(row[f"{way}_energy{of}_wh"] for way in WAYS)
    return {
        "voltage_mean_volt": energy / charge if charge else math.nan,
        "temperature_mean_celsius": span.warmth / span.warm_time if span.warm_time else math.nan,
    }


def onset(span: Span) -> dict[str, float]:
    """Resistance at the onset of a step, from the last reading before it to its first one."""
    first, before = span.readings[0], span.before
    resistance = delay = change = math.nan
    if before is not None:
        amperes = first.content.current_ampere - before.content.current_ampere
        if abs(amperes) > 0.02 * span.highest_current:
            resistance = (first.content.voltage_volt - before.content.voltage_volt) / amperes
            delay, change = first.time - span.start, amperes
    return {
        "onset_resistance_ohm": resistance,
        "onset_delay_second": delay,
        "onset_current_step_ampere": change,
    }


def efficiencies(span: Span, status: str) -> dict[str, Any]:
    """Efficiencies, mean voltages and throughput of a cycle."""
    row = charges(span)
    of = _of_one_source(row)
    before = math.nan if span.previous is None else charges(span.previous)["charging_capacity_ah"]
    found: dict[str, Any] = {
        "coulombic_efficiency_to_previous_charge_percent": _percent(row["discharging_capacity_ah"], before),
        "no_efficiency_reason": _reason(row, status),
        "throughput_ah": row["charging_capacity_ah"] + row["discharging_capacity_ah"],
        "coulombic_efficiency_percent": _percent(row["discharging_capacity_ah"], row["charging_capacity_ah"]),
        "energy_efficiency_percent": _percent(row["discharging_energy_wh"], row["charging_energy_wh"]),
    }
    for way in WAYS:
        charge, energy = row[f"{way}_capacity{of}_ah"], row[f"{way}_energy{of}_wh"]
        found[f"mean_{way}_voltage_volt"] = energy / charge if charge else math.nan
    charging, discharging = (found[f"mean_{way}_voltage_volt"] for way in WAYS)
    return found | {
        "voltage_hysteresis_volt": charging - discharging,
        "voltage_efficiency_percent": 100 * discharging / charging,
    }


def _of_one_source(row: dict[str, Any]) -> str:
    """Which columns a voltage is made of: charge and energy must come from the same place."""
    return "" if row["capacity_source"] == row["energy_source"] else "_integral"


def _reason(row: dict[str, Any], status: str) -> str:
    throughput = sum(row[f"{way}_capacity_ah"] for way in WAYS)
    missing = [way for way in WAYS if not row[f"{way}_capacity_ah"] > NOISE * throughput]
    if not missing:
        return ""
    if status == "running":
        return "unfinished"
    return "no charge" if "charging" in missing else "no discharge"


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
    """Neither may be noise beside the other."""
    noisy = math.isnan(whole) or part <= NOISE * (part + whole) or whole <= NOISE * (part + whole)
    return math.nan if noisy else part / whole * 100

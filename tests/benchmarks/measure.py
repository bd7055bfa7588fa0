"""Timing and reporting that all benchmarks share."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def rate(work: Callable[[], int], seconds: float = 2.0, least: int = 3) -> dict[str, float]:
    """Readings per second of ``work``, which says how many it did; called again and again."""
    rates: list[float] = []
    began = time.perf_counter()
    while len(rates) < least or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        readings = work()
        rates.append(readings / (time.perf_counter() - start))
    return {"readings_per_second": statistics.median(rates), "lowest": min(rates), "highest": max(rates)}


def report(benchmark: str, **figures: object) -> None:
    """One JSON line a figure, rounded to what a timing can carry."""
    rounded = {name: _rounded(value) for name, value in figures.items()}
    print(json.dumps({"benchmark": benchmark, **rounded}), flush=True)


def _rounded(value: object) -> object:
    if not isinstance(value, float):
        return value
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")


def resident_mb(pid: int | str = "self") -> float:
    """Resident memory of a process [MB]."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def percentile(values: list[float], percent: float) -> float:
    """The value that ``percent`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

"""Resident memory of the pipeline's process at the demo's rate, over time.

usage: python -m tests.benchmarks.memory MINUTES
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.sources.log import LogWriter
from tests.benchmarks.measure import report, resident_mb

EVERY_SECOND = 0.1
"""Memory grows by 20 MB a minute within a roll: a coarser look would miss how low it falls between two of them."""
WINDOW_SECOND = 130.0
"""A little over the length of a roll: between two rolls the runner's memory falls back to where it stays."""


def slope_mb_an_hour(samples: list[tuple[float, float]]) -> float:
    """Of a straight line through (second, MB), by least squares."""
    n = len(samples)
    mean_t = sum(t for t, _ in samples) / n
    mean_m = sum(m for _, m in samples) / n
    spread = sum((t - mean_t) ** 2 for t, _ in samples)
    return sum((t - mean_t) * (m - mean_m) for t, m in samples) / spread * 3600 if spread else 0.0


def troughs(samples: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The lowest sample of each whole window: what stays when a roll has ended."""
    windows: dict[int, tuple[float, float]] = {}
    for second, mb in samples:
        number = int(second // WINDOW_SECOND)
        windows[number] = min(windows.get(number, (second, mb)), (second, mb), key=lambda sample: sample[1])
    return list(windows.values())[:-1]


def main(minutes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, store = Path(folder, "log"), f"sqlite:///{folder}/m.db"
        LogWriter(log, 4).close()
        program = [sys.executable, "-m", "pipelines.cli.main"]
        commands = (
            ["simulate", "--to", f"log://{log}", "--speed", "60", "--log-retention-mb", "500"],
            ["run", "--source", f"log://{log}", "--store", store, "--trace-retention-hours", "24"],
        )
        lab, run = (subprocess.Popen([*program, *words], stderr=subprocess.DEVNULL) for words in commands)
        began, samples = time.monotonic(), []
        while time.monotonic() - began < minutes * 60:
            time.sleep(EVERY_SECOND)
            samples.append((time.monotonic() - began, resident_mb(run.pid)))
        for process in (lab, run):
            process.terminate()
            process.wait(15)
        low = troughs(samples)
        later = [sample for sample in low if sample[0] >= samples[-1][0] / 3]
        report(
            "memory of the pipeline at the demo's rate",
            minutes=minutes,
            first_mb=samples[0][1],
            last_mb=samples[-1][1],
            highest_mb=max(mb for _, mb in samples),
            troughs_mb=[round(mb, 1) for _, mb in low],
            troughs_after_a_third_mb_an_hour=slope_mb_an_hour(later),
        )


if __name__ == "__main__":
    main(float(sys.argv[1]))

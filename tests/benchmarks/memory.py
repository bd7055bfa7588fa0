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

EVERY_SECOND = 10.0


def slope_mb_an_hour(samples: list[tuple[float, float]]) -> float:
    """Of a straight line through (second, MB), by least squares."""
    n = len(samples)
    mean_t = sum(t for t, _ in samples) / n
    mean_m = sum(m for _, m in samples) / n
    spread = sum((t - mean_t) ** 2 for t, _ in samples)
    return sum((t - mean_t) * (m - mean_m) for t, m in samples) / spread * 3600 if spread else 0.0


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
        later = [sample for sample in samples if sample[0] >= samples[-1][0] / 2]
        report(
            "memory of the pipeline at the demo's rate",
            minutes=minutes,
            first_mb=samples[0][1],
            last_mb=samples[-1][1],
            highest_mb=max(mb for _, mb in samples),
            second_half_mb_an_hour=slope_mb_an_hour(later),
            curve_mb=[round(mb, 1) for _, mb in samples[:: max(1, len(samples) // 20)]],
        )


if __name__ == "__main__":
    main(float(sys.argv[1]))

"""The whole graph: readings log -> SQLite on the embedded runner, in a process of its own, until all is committed.

usage: python -m tests.benchmarks.end_to_end json|columns|arrow [READINGS] [--profile]
"""

import cProfile
import pstats
import resource
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import numpy as np

from pipelines.options import RunSettings
from pipelines.runners.local import run_local
from pipelines.storage import open_reader
from schemas import ReadingColumns
from tests.benchmarks.lab_messages import write_log
from tests.benchmarks.measure import report, resident_mb
from tests.benchmarks.reference import plain_sums

READINGS = {"json": 1_000_000, "columns": 6_000_000, "arrow": 6_000_000}
BATTERIES = 100


def lines_of(log: Path):
    for segment in sorted(log.glob("partition-*/*.jsonl")):
        with segment.open("rb") as file:
            yield from file


def plain_columns(lines) -> int:
    """The reference for columns: typed decoding, numpy's trapezoid for each message, nothing carried over."""
    decode = msgspec.json.Decoder(ReadingColumns).decode
    readings = 0
    for line in lines:
        columns = decode(line)
        times, currents = np.array(columns.test_time_second), np.array(columns.current_ampere)
        np.trapezoid(currents, times)
        np.trapezoid(currents * np.array(columns.voltage_volt), times)
        readings += len(times)
    return readings


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(message_format: str, readings: int, profiled: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, store = Path(folder, "log"), f"sqlite:///{folder}/m.db"
        count = write_log(log, BATTERIES, readings, 20 if message_format == "json" else 600, message_format)
        before_mb = resident_mb()
        settings = RunSettings(f"log://{log}", store, once=True)
        profile = cProfile.Profile()
        second = timed(lambda: profile.runcall(run_local, settings) if profiled else run_local(settings))
        totals = open_reader(store).totals()
        assert totals.readings == count, (totals, count)
        report(
            "end to end",
            message_format=message_format,
            readings=count,
            second=second,
            readings_per_second=count / second,
            memory_before_mb=before_mb,
            peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )
        if profiled:
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        elif message_format != "arrow":
            reference = plain_sums if message_format == "json" else plain_columns
            second = timed(lambda: reference(lines_of(log)))
            name = "typed decoding and sums in one loop, no store"
            report(f"reference: {name}", message_format=message_format, readings_per_second=count / second)


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    wanted = int(arguments[1]) if len(arguments) > 1 else READINGS[arguments[0]]
    main(arguments[0], wanted, "--profile" in sys.argv)

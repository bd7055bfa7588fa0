"""`make bench`: every figure of the project on this machine, one JSON line each, each part in a fresh process."""

import subprocess
import sys

PARTS = (
    ("decode",),
    ("core",),
    ("end_to_end", "json"),
    ("end_to_end", "columns"),
    ("end_to_end", "arrow"),
    ("latency",),
    ("kafka_to_store", "json", "sqlite"),
    ("kafka_to_store", "columns", "sqlite"),
    ("kafka_to_store", "json", "cassandra"),
    ("kafka_to_store", "columns", "cassandra"),
    ("kafka_latency",),
    *(("kafka_to_store", form, "sqlite", runner) for runner in ("flink", "spark") for form in ("json", "columns")),
    ("kafka_to_store", "columns", "cassandra", "flink"),
    ("kafka_latency", "sqlite", "flink"),
    ("kafka_latency", "sqlite", "spark"),
    ("memory", "10"),
)


def main() -> int:
    failed = 0
    for module, *arguments in PARTS:
        command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
        failed += subprocess.run(command, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())

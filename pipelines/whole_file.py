"""A file that is replaced in one piece: a crash leaves the old one or the new one, also one of the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Where to write ``file``: it takes its name when all of it is on the disk, and goes when the work fails.

    Raises:
        OSError: It cannot be written.
    """
    unfinished = file.with_name(f"{file.name}.new")
    try:
        yield unfinished
        _wait_for_disk(unfinished)
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _wait_for_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

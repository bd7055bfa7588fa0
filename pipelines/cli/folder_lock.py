"""One process a folder: a lock that the system lets go of when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.cli.verb import CommandError


@contextmanager
def only_one_in(directory: Path) -> Iterator[None]:
    """Hold the folder while the block runs.

    Raises:
        CommandError: Another process holds it.
    """
    with (directory / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            message = (
                f"--data {directory}: another demo (process {file.read().strip()}) works in this folder. "
                "Stop it, or give this one another folder."
            )
            raise CommandError(message) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield

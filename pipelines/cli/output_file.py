"""Files that a verb is told to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.cli.verb import CommandError


def refuse_missing_folder(flag: str, file: Path) -> None:
    """Find out before the work whether its result can be written.

    Raises:
        CommandError: The file's folder is not there.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        message = f"{flag} {file}: there is no folder {folder}; make it first."
        raise CommandError(message)


def refuse_existing(flag: str, file: Path) -> None:
    """Keep what is there.

    Raises:
        CommandError: There is such a file.
    """
    if file.exists():
        message = f"{flag} {file}: it is there already; name another file, or add --force to replace it."
        raise CommandError(message)


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Where to write ``file``: it takes its name when all of it is there, and goes when the work fails."""
    unfinished = file.with_name(f"{file.name}.new")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)

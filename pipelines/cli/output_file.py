"""Files that a verb is told to write."""

from __future__ import annotations

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

"""``log.json``: which log a directory is, and how many partitions it has."""

from __future__ import annotations

import fcntl
import secrets
from pathlib import Path

import msgspec

from pipelines.sources.base import SourceError
from pipelines.whole_file import whole_file

VERSION = 1
MAX_PARTITIONS = 1000
DEFAULT_PARTITIONS = 4
_FILE = "log.json"


class LogDescription(msgspec.Struct, frozen=True):
    """What ``log.json`` says.

    Attributes:
        id: Random, given once: a log made anew in the same place is another log.
        partitions: How many there are, numbered from 0.
        version: Of the layout.
    """

    id: str
    partitions: int
    version: int


def read_description(directory: Path) -> LogDescription:
    """The description of the log in ``directory``.

    Raises:
        SourceError: There is no log, or one that this program cannot read.
    """
    try:
        found = msgspec.json.decode((directory / _FILE).read_bytes(), type=LogDescription)
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError(
            f"there is no readings log in {directory}: start a producer first "
            f"(chargetracker simulate --to log://{directory}), or correct the path."
        ) from None
    except (OSError, msgspec.DecodeError) as error:
        raise SourceError(f"{directory / _FILE} cannot be read ({error}): bring it back, or make a new log.") from None
    if found.version != VERSION:
        raise SourceError(f"the log in {directory} has version {found.version}, this program reads {VERSION}: update.")
    return found


def make_description(directory: Path, partitions: int | None) -> LogDescription:
    """The description of the log in ``directory``; made now when there is none.

    Args:
        directory: Made when it is not there.
        partitions: How many the log must have; `None` takes what is there, or `DEFAULT_PARTITIONS` for a new one.

    Raises:
        SourceError: The log has another number of partitions, or ``partitions`` is out of range.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "log.lock").open("a") as lock:  # several writers may start at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / _FILE).exists():
            _write_new(directory, DEFAULT_PARTITIONS if partitions is None else partitions)
    return check_partitions(directory, read_description(directory), partitions)


def check_partitions(directory: Path, found: LogDescription, partitions: int | None) -> LogDescription:
    """``found`` itself, when it has ``partitions`` partitions or any number will do.

    Raises:
        SourceError: It has another number.
    """
    if partitions is not None and partitions != found.partitions:
        raise SourceError(
            f"the log in {directory} has {found.partitions} partitions, not {partitions}: "
            "leave the number out, or write to another directory."
        )
    return found


def _write_new(directory: Path, partitions: int) -> None:
    if not 1 <= partitions <= MAX_PARTITIONS:
        raise SourceError(f"a log cannot have {partitions} partitions: choose 1 to {MAX_PARTITIONS}.")
    described = LogDescription(secrets.token_hex(8), partitions, VERSION)
    with whole_file(directory / _FILE) as unfinished:
        unfinished.write_bytes(msgspec.json.encode(described) + b"\n")

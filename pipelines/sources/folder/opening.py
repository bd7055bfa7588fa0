"""``folder://PATH?files=GLOB&battery=ID&pattern=REGEX``, and settings of ``file://`` that hold for every file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pipelines.sources.base import SourceError
from pipelines.sources.file.opening import battery_named_after
from pipelines.sources.folder.source import FolderSource
from pipelines.sources.url import SourceUrl
from schemas.reading import IDENTIFIER_PATTERN

FILE_SETTINGS = ("make", "group", "test", "timezone", "map")
"""Handed on for every file."""

_SETTINGS = ("files", "battery", "pattern", *FILE_SETTINGS)

BatteryOf = Callable[[Path], str | None]


def open_folder(url: SourceUrl) -> FolderSource:
    """The folder at ``url``.

    Raises:
        SourceError: It is not there, or a setting is wrong.
    """
    url.refuse_unknown(_SETTINGS)
    folder = Path(url.path)
    if not folder.is_dir():
        raise SourceError(f"there is no folder {folder}: make it, or correct the path.")
    file_settings = {key: value for key, value in url.query.items() if key in FILE_SETTINGS}
    files = _checked_names(folder, url.query.get("files", "*"))
    return FolderSource(folder, _battery_of(url), files=files, file_settings=file_settings)


def _checked_names(folder: Path, pattern: str) -> str:
    """The pattern, when it is one that `Path.glob` takes, of names that are within the folder."""
    try:
        next(folder.glob(pattern), None)
        is_wrong = ".." in Path(pattern).parts
    except (ValueError, NotImplementedError, IndexError):
        is_wrong = True
    if is_wrong:
        raise SourceError(
            f"files={pattern} is no pattern of names in the folder: write files=*.csv, or files=**/*.csv for those in "
            "folders within, too."
        )
    return pattern


def _battery_of(url: SourceUrl) -> BatteryOf:
    battery, pattern = url.query.get("battery"), url.query.get("pattern")
    if battery is not None and pattern is not None:
        raise SourceError("battery= and pattern= both say whose the files are: leave one of them out.")
    if battery is not None:
        return _always(battery)
    if pattern is not None:
        return _matcher(pattern)
    return battery_named_after


def _always(battery: str) -> BatteryOf:
    if re.fullmatch(IDENTIFIER_PATTERN, battery) is None:
        raise SourceError(f"battery={battery[:64]} is no name for a battery: use 1 to 64 of A-Z a-z 0-9 . _ : -")
    return lambda _path: battery


def _matcher(pattern: str) -> BatteryOf:
    """The battery is what the one group of ``pattern`` finds in the file's name; `None` where it finds nothing."""
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise SourceError(f"pattern={pattern} is no regular expression ({error}): correct it.") from None
    if expression.groups != 1:
        raise SourceError(f"pattern={pattern} needs one group, which holds the battery: write (cell[0-9]+)_.*")

    def battery(path: Path) -> str | None:
        found = expression.search(path.name)
        return battery_named_after(Path(f"{found[1]}.csv")) if found and found[1] else None

    return battery

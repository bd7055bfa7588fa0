"""``file://PATH?battery=ID&make=MAKE&group=G&test=ID&timezone=ZONE&map=COLUMN=NAME:UNIT|...``."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import makes, parse_map
from pipelines.sources.file.source import FileSource
from pipelines.sources.url import SourceUrl
from schemas.reading import IDENTIFIER_PATTERN

_SETTINGS = ("battery", "make", "group", "test", "timezone", "map")
_MAX_CHARACTERS = 64


def open_file(url: SourceUrl) -> FileSource:
    """The export at ``url``.

    The battery is called like the file when the URL does not say otherwise; the wall clock is taken for UTC.

    Raises:
        SourceError: A setting is wrong, or the file cannot be read.
    """
    url.refuse_unknown(_SETTINGS)
    path = Path(url.path)
    return FileSource(
        path,
        _identifier(url, "battery") or battery_named_after(path),
        group=_identifier(url, "group"),
        test_id=_identifier(url, "test"),
        make=_make(url),
        zone=_zone(url),
        overrides=parse_map(url.query.get("map", "")),
    )


def battery_named_after(path: Path) -> str:
    """The file's name without its ending, with an underscore for each character that no identifier may hold."""
    return re.sub(r"[^A-Za-z0-9._:-]", "_", path.stem)[:_MAX_CHARACTERS]


def _identifier(url: SourceUrl, setting: str) -> str:
    value = url.query.get(setting, "")
    if value and re.fullmatch(IDENTIFIER_PATTERN, value) is None:
        raise SourceError(
            f"{value[:_MAX_CHARACTERS]!r} is no name for a {setting}: use 1 to {_MAX_CHARACTERS} of A-Z a-z 0-9 . _ : -"
        )
    return value


def _make(url: SourceUrl) -> str | None:
    make = url.query.get("make")
    if make not in (None, *makes()):
        raise SourceError(f"exports of make {make!r} cannot be read: use one of {', '.join(makes())}.")
    return make


def _zone(url: SourceUrl) -> tzinfo:
    name = url.query.get("timezone")
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SourceError(f"there is no time zone {name!r}: write for example timezone=Europe/Berlin.") from None

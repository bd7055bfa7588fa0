"""Where jars may come from: copies on this machine, a mirror that the user names, Maven's own settings."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

MIRROR_VARIABLE = "CHARGETRACKER_MAVEN_MIRROR"
_CENTRAL = "central"


def maven_repository() -> Path:
    """Where Maven keeps the jars it has fetched for this user; need not exist."""
    return Path(os.environ.get("M2_REPO") or Path.home() / ".m2" / "repository")


def mirror() -> str | None:
    """Address of the Maven repository to use in place of the public one, without a slash at its end.

    The environment variable `MIRROR_VARIABLE` goes before the mirrors in Maven's ``settings.xml``.
    """
    named = os.environ.get(MIRROR_VARIABLE) or _mirror_in(Path.home() / ".m2" / "settings.xml")
    return named.rstrip("/") if named else None


def _mirror_in(settings: Path) -> str | None:
    try:
        root = ElementTree.parse(settings).getroot()  # noqa: S314 - the user's own file
    except (OSError, ElementTree.ParseError):
        return None
    for element in root.iterfind("{*}mirrors/{*}mirror"):
        mirrored = (element.findtext("{*}mirrorOf") or "").split(",")
        if _mirrors_central([each.strip() for each in mirrored]):
            return (element.findtext("{*}url") or "").strip() or None
    return None


def _mirrors_central(mirrored: list[str]) -> bool:
    everything = {"*", "external:*"}.intersection(mirrored)
    return f"!{_CENTRAL}" not in mirrored and bool(everything or _CENTRAL in mirrored)

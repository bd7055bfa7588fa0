"""The URL of a source, taken apart: ``scheme://PATH?key=value&...`` with a plain path, not percent-encoded."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pipelines.sources.base import SourceError

_PASSWORD = re.compile(r"[^/?@]*:[^/?@]*@")


@dataclass(frozen=True, slots=True)
class SourceUrl:
    """Where a source is.

    Attributes:
        scheme: Kind of source, lower case.
        path: Everything between ``://`` and the first question mark, as it was written.
        query: The settings behind the question mark, percent-decoded.
    """

    scheme: str
    path: str
    query: Mapping[str, str]

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Check the keys of the query.

        Raises:
            SourceError: A key is not in ``known``.
        """
        unknown = [key for key in self.query if key not in known]
        if not unknown:
            return
        allowed = f"use {', '.join(known)}" if known else "leave out everything from the question mark on"
        raise SourceError(f"a {self.scheme}:// source has no setting {unknown[0]!r}: {allowed}.")


def parse_url(url: str) -> SourceUrl:
    """The parts of ``url``.

    Raises:
        SourceError: There is no ``://``, no path, a password, or a setting without a value or given twice. The
            message never repeats a password or the value of a setting.
    """
    scheme, found, rest = url.partition("://")
    if _PASSWORD.match(rest):
        raise SourceError("a source URL must not hold a user name and password: take out what is before the '@'.")
    if not found:
        raise SourceError(f"{url!r} is no source URL: write for example log://DIR or file://PATH.")
    path, _, query = rest.partition("?")
    if not path:
        raise SourceError(f"{scheme}:// needs a path behind it: write for example {scheme}://data/readings.")
    return SourceUrl(scheme.lower(), path, _settings(query))


def _settings(query: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key in settings:
            raise SourceError(f"the setting {key!r} is given twice in the source URL: leave one of them.")
        if not value:
            raise SourceError(f"the setting {key!r} in the source URL is empty: give it a value or leave it out.")
        settings[key] = value
    return settings

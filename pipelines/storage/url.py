"""The URL of a store, taken apart: ``scheme://REST[?name=value&...]``, not percent-encoded, without passwords."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from pipelines.storage.base import StoreError

_PASSWORD = re.compile(r"[^/@]*:[^/@]*@")


@dataclass(frozen=True, slots=True)
class StoreUrl:
    """Where a store is.

    Attributes:
        scheme: Kind of store, lower case.
        rest: Everything between ``://`` and the question mark, as it was written.
        settings: Names and values behind the question mark; only some kinds of stores know any.
    """

    scheme: str
    rest: str
    settings: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        place = f"{self.scheme}://{self.rest}"
        return place + "?" * bool(self.settings) + "&".join(f"{name}={value}" for name, value in self.settings)

    @property
    def typed(self) -> str:
        """As it is written in a command line."""
        return shlex.quote(str(self))


def parse_url(url: str) -> StoreUrl:
    """The parts of ``url``.

    Raises:
        StoreError: There is no ``://``, nothing behind it, or a password, which the message does not repeat.
    """
    place, asked, query = url.partition("?")
    scheme, found, rest = place.partition("://")
    if _PASSWORD.match(rest):
        raise StoreError("a store URL must not hold a user name and password: take out what is before the '@'.")
    if not (found and scheme):
        raise StoreError(f"{place!r} is no store URL: write for example sqlite:///metrics.db.")
    if not rest.strip("/"):
        raise StoreError(f"{place} names no store: write for example sqlite:///metrics.db.")
    if not url.isprintable():
        raise StoreError(f"there is a character in {place!r} that nobody can see: write it again.")
    return StoreUrl(scheme.lower(), rest, _settings(query) if asked else ())


def _settings(query: str) -> tuple[tuple[str, str], ...]:
    pairs = (setting.partition("=") for setting in query.split("&"))
    return tuple((name, value) for name, _, value in pairs)

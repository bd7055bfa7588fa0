"""The URL of a store, taken apart: ``scheme://REST``, not percent-encoded, without settings or passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.storage.base import StoreError

_PASSWORD = re.compile(r"[^/@]*:[^/@]*@")


@dataclass(frozen=True, slots=True)
class StoreUrl:
    """Where a store is.

    Attributes:
        scheme: Kind of store, lower case.
        rest: Everything behind ``://``, as it was written.
    """

    scheme: str
    rest: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.rest}"


def parse_url(url: str) -> StoreUrl:
    """The parts of ``url``.

    Raises:
        StoreError: There is no ``://``, nothing behind it, a setting, or a password, which the message does not
            repeat.
    """
    scheme, found, rest = url.partition("://")
    if _PASSWORD.match(rest):
        raise StoreError("a store URL must not hold a user name and password: take out what is before the '@'.")
    if not (found and scheme):
        raise StoreError(f"{url!r} is no store URL: write for example sqlite:///metrics.db.")
    if not rest.strip("/"):
        raise StoreError(f"{url} names no store: write for example sqlite:///metrics.db.")
    if not url.isprintable():
        raise StoreError(f"there is a character in {url!r} that nobody can see: write it again.")
    if "?" in rest:
        raise StoreError("a store URL has no settings: leave out everything from the question mark on.")
    return StoreUrl(scheme.lower(), rest)

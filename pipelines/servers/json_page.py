"""Questions that a server answers over HTTP, in JSON."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from typing import TypeVar

import msgspec

from pipelines.servers.readiness import ANSWERS_WITHIN_SECOND

Answer = TypeVar("Answer")

Address = tuple[str, int]
"""Host and port."""


def ask(address: Address, method: str, path: str) -> bytes:
    """The answer, whatever it is.

    Raises:
        OSError, HTTPException: There is none.
    """
    # No proxy is asked, whatever the environment says.
    connection = HTTPConnection(*address, timeout=ANSWERS_WITHIN_SECOND)
    try:
        connection.request(method, path)
        return connection.getresponse().read()
    finally:
        connection.close()


def read_page(address: Address, path: str, kind: type[Answer]) -> Answer | None:
    """What a page says; `None` when nobody answers, or with something else."""
    try:
        return msgspec.json.decode(ask(address, "GET", path), type=kind)
    except (OSError, HTTPException, msgspec.MsgspecError):
        return None

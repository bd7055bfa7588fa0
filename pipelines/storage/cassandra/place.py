"""Where a Cassandra store is and how it is kept, as its URL says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.storage.base import StoreError
from pipelines.storage.url import StoreUrl

DEFAULT_PORT = 9042
DEFAULT_KEYSPACE = "battery_data"
PATIENCE_SECOND = 10.0
CONSISTENCIES = ("local_quorum", "quorum", "all")
"""Weaker ones would not see what was written, and epochs and offsets rest on that."""
REPLICATIONS = (1, 3)

_KEYSPACE = re.compile(r"[a-z][a-z0-9_]{0,47}")
_DATACENTER = re.compile(r"[A-Za-z0-9_.-]{1,48}")
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class CassandraPlace:
    """Where to connect to, and what for.

    Attributes:
        contact_points: Nodes to begin with, host and port; they name the others.
        keyspace: Holds nothing but this store.
        replication: How many nodes keep each row; `None` leaves it to the number of nodes.
        datacenter: The one to write to; `None` means that of the first node that answers.
        consistency: How many of them have to answer, one of `CONSISTENCIES`.
        patience_second: For how long a write is tried again while the nodes do not take it [s].
    """

    contact_points: tuple[tuple[str, int], ...]
    keyspace: str
    replication: int | None
    datacenter: str | None
    consistency: str
    patience_second: float


def place_of(url: StoreUrl) -> CassandraPlace:
    """What the URL says.

    Raises:
        StoreError: It cannot be understood; the message says what to write.
    """
    hosts, _, keyspace = url.rest.partition("/")
    settings = dict(url.settings)
    return CassandraPlace(
        tuple(_contact_point(host) for host in hosts.split(",")),
        _keyspace(keyspace or DEFAULT_KEYSPACE),
        _replication(settings),
        _datacenter(settings),
        _consistency(settings),
        _patience(settings),
    )


def _contact_point(text: str) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    port = int(found["port"] or DEFAULT_PORT) if found else 0
    if found is None or not 0 < port < 65536:
        raise StoreError(f"{text!r} is no host: write for example cassandra://127.0.0.1:9042/{DEFAULT_KEYSPACE}.")
    return found["name"].strip("[]"), port


def _keyspace(name: str) -> str:
    # It cannot be bound to a statement, it becomes part of its text.
    if _KEYSPACE.fullmatch(name) is None:
        raise StoreError(
            f"{name!r} is no keyspace: begin with a letter and use at most 48 of a-z, 0-9 and _, "
            f"for example {DEFAULT_KEYSPACE}."
        )
    return name


def _replication(settings: Mapping[str, str]) -> int | None:
    text = settings.get("replication")
    if text is None:
        return None
    if text not in map(str, REPLICATIONS):
        raise StoreError(f"replication={text}: write 1, or 3, with which one node can be lost.")
    return int(text)


def _datacenter(settings: Mapping[str, str]) -> str | None:
    name = settings.get("datacenter")
    if name is not None and _DATACENTER.fullmatch(name) is None:
        raise StoreError(f"datacenter={name}: use at most 48 letters, digits, '.', '_' and '-', as the nodes call it.")
    return name


def _consistency(settings: Mapping[str, str]) -> str:
    name = settings.get("consistency", CONSISTENCIES[0]).lower()
    if name not in CONSISTENCIES:
        raise StoreError(f"consistency={name}: write one of {', '.join(CONSISTENCIES)}.")
    return name


def _patience(settings: Mapping[str, str]) -> float:
    text = settings.get("patience_second", str(PATIENCE_SECOND))
    try:
        second = float(text)
    except ValueError:
        second = -1.0
    if not 0.0 <= second <= 3600.0:
        raise StoreError(f"patience_second={text}: write for how many seconds a write is tried again, 0 to 3600.")
    return second

"""What the driver raises, in words."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from cassandra import (
    AuthenticationFailed,
    CoordinationFailure,
    DriverException,
    InvalidRequest,
    OperationTimedOut,
    Timeout,
    Unauthorized,
    Unavailable,
    UnresolvableContactPoints,
)
from cassandra.cluster import NoHostAvailable
from cassandra.connection import ConnectionBusy, ConnectionException
from cassandra.pool import NoConnectionsAvailable
from cassandra.protocol import (
    ErrorMessage,
    IsBootstrappingErrorMessage,
    OverloadedErrorMessage,
    ServerError,
    TruncateError,
)

from pipelines.storage.base import StoreAwayError, StoreError
from pipelines.storage.cassandra.access import CA_FILE, PASSWORD, USERNAME
from pipelines.storage.url import StoreUrl

_AWAY = (
    NoHostAvailable,
    OperationTimedOut,
    Timeout,
    Unavailable,
    CoordinationFailure,
    ConnectionException,
    ConnectionBusy,
    NoConnectionsAvailable,
    ConnectionError,
    OverloadedErrorMessage,
    IsBootstrappingErrorMessage,
    TruncateError,
    ServerError,
)
_NO_VALUE = (struct.error, OverflowError, UnicodeError, TypeError)


@contextmanager
def in_words(url: StoreUrl) -> Iterator[None]:
    """Turn what the driver raises into a `StoreAwayError` or `StoreError`."""
    try:
        yield
    except (DriverException, ErrorMessage, *_AWAY) as error:
        raise worded(url, error) from error


@contextmanager
def values_in_words(url: StoreUrl) -> Iterator[None]:
    """Turn what the driver raises when a value is none of its column's into a `StoreError`."""
    try:
        yield
    except _NO_VALUE as error:
        raise StoreError(f"{url}: a value does not fit its column: {error}") from error


def worded(url: StoreUrl, error: Exception) -> StoreError:
    """What is to be raised for it."""
    if isinstance(error, NoHostAvailable):
        return _no_node(url, error)
    if isinstance(error, UnresolvableContactPoints):
        return StoreError(f"{url}: no node has this name: correct it, or write its address.")
    if isinstance(error, AuthenticationFailed):
        return StoreError(f"{url}: {_LOG_IN}")
    if isinstance(error, Unauthorized):
        return StoreError(f"{url}: this user may not do that ({_said(error)}): grant it, or use another user.")
    if isinstance(error, InvalidRequest):
        return StoreError(
            f"{url}: {_said(error)}: if its tables are not there, run: chargetracker store init {url.typed}"
        )
    if isinstance(error, _AWAY):
        return StoreAwayError(f"{url} does not answer in time ({_said(error)}): wait, or look after its nodes.")
    return StoreError(f"{url}: {_said(error)}")


_LOG_IN = f"user name or password was refused: set {USERNAME} and {PASSWORD}."


def _no_node(url: StoreUrl, error: NoHostAvailable) -> StoreError:
    """A node that refuses us is no outage: waiting would not help."""
    # By node; or a list of the nodes, when none was tried.
    by_node = error.errors if isinstance(error.errors, dict) else {}
    reasons = [reason for reason in by_node.values() if isinstance(reason, Exception)]
    said = "; ".join(dict.fromkeys(map(_said, reasons)))
    if any(isinstance(reason, AuthenticationFailed) for reason in reasons) or "AuthenticationFailed" in said:
        return StoreError(f"{url}: {_LOG_IN}")
    if "CERTIFICATE" in said.upper():
        return StoreError(f"{url}: its certificate is not trusted ({said}): correct {CA_FILE}, or the certificate.")
    # A node that wants TLS hangs up on whoever speaks without.
    hung_up = any(isinstance(reason, ConnectionException | ConnectionResetError) for reason in reasons)
    hint = f"; if they want TLS, set {CA_FILE}" if hung_up else ""
    return StoreAwayError(f"no node of {url} answers{said and f' ({said})'}: start them, or wait{hint}.")


def _said(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__

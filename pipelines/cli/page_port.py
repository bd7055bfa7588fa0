"""The page's port: whether it is free, and whether the page answers there."""

from __future__ import annotations

import http.client
import socket

from pipelines.cli.verb import CommandError

LOOPBACK = "127.0.0.1"
LIVENESS_PATH = "/liveness"
ANSWERS_WITHIN_SECOND = 0.5


def refuse_port_in_use(port: int, address: str = LOOPBACK) -> None:
    """Find out before anything else starts.

    Raises:
        CommandError: Something listens on the port, or it may not be used.
    """
    with socket.socket() as probe:
        # As the server does it: a port that was let go of a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            where = f"--port {port}" if address == LOOPBACK else f"--address {address} --port {port}"
            message = f"{where}: {error.strerror}. Choose another, for example --port {_other_than(port)}."
            raise CommandError(message) from error


def _other_than(port: int) -> int:
    return port + 1 if port < 65535 else 5006


def answers(port: int) -> bool:
    """True when the server of the page is up and not too busy to say so."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWERS_WITHIN_SECOND)
    try:
        # Not the page itself: each request of it builds one, which is work for a machine that is starting up.
        connection.request("GET", LIVENESS_PATH)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

"""Whether a server answers, asked in its own language with as few bytes as it takes."""

from __future__ import annotations

import socket
import ssl
import struct
from pathlib import Path

LOOPBACK = "127.0.0.1"
ANSWERS_WITHIN_SECOND = 1.0

# Kafka: size, then API key 18 (ApiVersions) in version 0, a number to know the answer by, and no client name.
_CORRELATION = 20250
_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, _CORRELATION, -1)
# CQL, version 4: no flags, stream 0, opcode 5 (OPTIONS), empty body. The answer's opcode is 6 (SUPPORTED).
_OPTIONS = bytes([4, 0, 0, 0, 5, 0, 0, 0, 0])
_SUPPORTED = 6
# HTTP/2, which gRPC speaks: the client's preface and empty settings. The answer's first frame has type 4 (SETTINGS).
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
_SETTINGS = 4


def kafka_answers(port: int) -> bool:
    """True when a broker says which requests it knows."""
    answer = _ask(port, _API_VERSIONS, 10)
    if len(answer) < 10:
        return False
    _size, correlation, error_code = struct.unpack(">iih", answer)
    return bool(correlation == _CORRELATION and error_code == 0)


def cassandra_answers(port: int, certificate: Path | None = None) -> bool:
    """True when a node says which CQL it speaks.

    Args:
        port: On loopback.
        certificate: Where clients have to use TLS: what the node has to show.
    """
    answer = _ask(port, _OPTIONS, 9, certificate)
    return len(answer) == 9 and answer[4] == _SUPPORTED


def grpc_answers(port: int) -> bool:
    """True when a gRPC server takes a connection."""
    answer = _ask(port, _PREFACE, 9)
    return len(answer) == 9 and answer[3] == _SETTINGS


def _ask(port: int, request: bytes, answer_bytes: int, certificate: Path | None = None) -> bytes:
    try:
        with socket.create_connection((LOOPBACK, port), ANSWERS_WITHIN_SECOND) as plain:
            connection = _secured(plain, certificate) if certificate else plain
            connection.sendall(request)
            return _received(connection, answer_bytes)
    except OSError:
        return b""


def _secured(plain: socket.socket, certificate: Path) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(certificate))
    return context.wrap_socket(plain, server_hostname=LOOPBACK)


def _received(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count and (part := connection.recv(count - len(received))):
        received += part
    return received

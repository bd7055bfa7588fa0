import socket
import threading
from contextlib import contextmanager

import pytest

from pipelines.servers.readiness import cassandra_answers, grpc_answers, kafka_answers


@contextmanager
def answering(*parts):
    """A server that answers one client's first bytes with these, one after the other; yields port and what it got."""
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            client, _ = server.accept()
            with client:
                received.append(client.recv(100))
                for part in parts:
                    client.sendall(part)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], received
        thread.join(20)


def test_kafka_is_asked_for_its_api_versions_and_known_by_the_number_of_the_request():
    # The request by Kafka's protocol guide: size 10, key 18, version 0, a number, no client (-1).
    with answering(bytes.fromhex("0000000a 00004f1a 0000")) as (port, received):
        assert kafka_answers(port)
    assert received == [bytes.fromhex("0000000a 0012 0000 00004f1a ffff")]


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad", bytes.fromhex("0000000a 00004f1a 0023"), bytes.fromhex("0000000a 00000000 0000")],
)
def test_another_answer_is_none_of_kafkas(answer):
    with answering(answer) as (port, _):
        assert not kafka_answers(port)


def test_cassandra_is_asked_for_its_options():
    # Version 4 of the protocol: a request 04, its answer 84 with opcode 6.
    with answering(bytes.fromhex("84000000"), bytes.fromhex("06 00000060")) as (port, received):
        assert cassandra_answers(port)
    assert received == [bytes.fromhex("04 00 0000 05 00000000")]


@pytest.mark.parametrize("answer", [b"", bytes.fromhex("840000000000000004")])
def test_an_error_is_not_an_answer_of_a_node_that_is_ready(answer):
    with answering(answer) as (port, _):
        assert not cassandra_answers(port)


def test_where_nothing_listens_nothing_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert not kafka_answers(port)
    assert not cassandra_answers(port)


def test_grpc_is_asked_with_the_preface_of_http_2_and_known_by_its_settings():
    # RFC 9113: a frame's header is 3 bytes of length, its type (4: SETTINGS), flags, and 4 bytes of stream.
    with answering(bytes.fromhex("000006 04 00 00000000"), b"more") as (port, received):
        assert grpc_answers(port)
    assert received == [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000 04 00 00000000")]


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad", bytes.fromhex("000006 07 00 00000000")])
def test_another_answer_is_none_of_grpcs(answer):
    with answering(answer) as (port, _):
        assert not grpc_answers(port)

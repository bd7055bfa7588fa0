import http.server
import socket
import threading

import pytest

from pipelines.cli.page_port import LOOPBACK, answers, refuse_port_in_use
from pipelines.cli.verb import CommandError


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        yield server


def test_a_port_in_use_is_refused_with_another_one_to_try(listener):
    port = listener.getsockname()[1]
    with pytest.raises(CommandError, match=f"--port {port}: Address already in use. .*--port {port + 1}"):
        refuse_port_in_use(port)


def test_a_free_port_is_taken_and_let_go_of(listener):
    port = listener.getsockname()[1]
    listener.close()
    refuse_port_in_use(port)
    refuse_port_in_use(port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CommandError, match=r"--address 192.0.2.1"):
        refuse_port_in_use(0, "192.0.2.1")


def test_nobody_answers_at_a_free_port(listener):
    port = listener.getsockname()[1]
    listener.close()
    assert not answers(port)


@pytest.mark.parametrize(("status", "expected"), [(200, True), (500, False)])
def test_only_a_page_that_is_there_counts_as_an_answer(status, expected):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer((LOOPBACK, 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert answers(server.server_port) is expected
        thread.join()

"""Starting and stopping the server, without a browser."""

import socket
import threading
import urllib.request

import pytest

from dashboard.app import PortInUseError, serving
from dashboard.feed import Feed
from tests.dashboard.fake_store import FakeStore


def test_a_port_in_use_is_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"Port {port} .* --port"), serving(Feed(FakeStore), port=port):
            pass


def test_the_server_answers_and_ends():
    answers = []

    def ask(server):
        with urllib.request.urlopen(f"{server.url}liveness", timeout=20) as answer:
            answers.append(answer.status)
        server.stop()

    with serving(Feed(FakeStore)) as server:
        threading.Thread(target=ask, args=(server,), daemon=True).start()
        server.run()
    assert answers == [200]
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the closed connection may still be waiting
        again.bind(("127.0.0.1", int(server.url.rsplit(":", 1)[1].strip("/"))))

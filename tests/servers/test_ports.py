import socket

import pytest

from pipelines.servers.errors import ServerError
from pipelines.servers.node import refuse_ports_in_use
from tests.servers.fake_server import FakeServer


def test_a_port_of_another_program_is_refused_with_its_flag():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServerError, match=rf"fake: port {port}, for clients.*Choose another with --fake-port"):
            refuse_ports_in_use([FakeServer(port=port)])


def test_two_servers_do_not_get_the_same_port():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with pytest.raises(ServerError, match=r"b: port .*a has it too"):
        refuse_ports_in_use([FakeServer("a", port=port), FakeServer("b", port=port)])


def test_a_port_that_there_is_not_is_refused():
    with pytest.raises(ServerError, match="65535"):
        refuse_ports_in_use([FakeServer(port=65536)])

import socket
import sys
from types import ModuleType

import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.cli.page_port import LOOPBACK
from pipelines.storage import open_store


class PortInUseError(Exception):
    pass


@pytest.fixture
def pages(monkeypatch, tmp_path):
    """How the page was asked to be served; none is."""
    found = []
    module = ModuleType("dashboard.app")

    def serve(store_url, *, port, address, on_ready):
        found.append((store_url, port, address))
        on_ready(f"http://{address}:{port}/")
        if module.ends_with is not None:
            raise module.ends_with

    module.serve = serve
    module.ends_with = None
    module.PortInUseError = PortInUseError
    monkeypatch.setitem(sys.modules, "dashboard.app", module)
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///m.db", create=True)
    store.init()
    store.close()
    return found


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def serve(*arguments):
    return CliRunner().invoke(app, ["serve", *map(str, arguments)])


def test_the_page_is_served_on_loopback_and_its_address_is_said(pages, free_port):
    result = serve("--store", "sqlite:///m.db", "--port", free_port)
    assert result.exit_code == 0
    assert f"http://127.0.0.1:{free_port}/ " in result.stdout
    assert pages == [("sqlite:///m.db", free_port, "127.0.0.1")]


def test_a_port_in_use_is_one_line_with_another_one_to_try(pages):
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        result = serve("--store", "sqlite:///m.db", "--port", other.getsockname()[1])
    assert result.exit_code == 1
    assert "Choose another" in result.stderr
    assert result.stderr.count("\n") == 1
    assert pages == []


def test_a_store_that_is_not_there_is_one_line(pages, free_port):
    result = serve("--store", "sqlite:///none.db", "--port", free_port)
    assert result.exit_code == 1
    assert result.stderr.startswith("chargetracker: ")
    assert "none.db" in result.stderr
    assert pages == []


def test_ctrl_c_is_how_it_ends_and_no_error(pages, free_port):
    sys.modules["dashboard.app"].ends_with = KeyboardInterrupt()
    assert serve("--store", "sqlite:///m.db", "--port", free_port).exit_code == 0


def test_a_port_that_was_taken_in_the_last_moment_is_one_line(pages, free_port):
    sys.modules["dashboard.app"].ends_with = PortInUseError("taken")
    result = serve("--store", "sqlite:///m.db", "--port", free_port)
    assert result.exit_code == 1
    assert result.stderr == "chargetracker: taken\n"


@pytest.mark.parametrize("port", [0, 65536, "http"])
def test_a_port_that_cannot_be_is_a_usage_error(port, pages):
    assert serve("--store", "sqlite:///m.db", "--port", port).exit_code == 2

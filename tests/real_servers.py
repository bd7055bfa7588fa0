"""Fixtures of real servers: started when a test first asks, shared by the whole run, ended with it.

Their ports are free ones, their data are thrown away. Who kills or pauses a node brings it back before the test ends.
A test that asks for one of them is marked `servers`.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines.servers import CASSANDRA_LOGIN, Login, ServerError, Stack, default_cache, kill

ROOT = Path(__file__).parents[1]
KAFKA_LOGIN = Login("tester", 'a "long", secret=1')


class RunningSet:
    """One set of servers that is up."""

    def __init__(self, stack: Stack, name: str) -> None:
        self._stack, self._name = stack, name

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(node.name for node in self._stack.nodes([self._name]))

    @property
    def bootstrap(self) -> str:
        """Of all nodes: "127.0.0.1:PORT", with commas between them."""
        return self._addresses(0)

    @property
    def address(self) -> str:
        """The same, for a set that is one node."""
        return self.bootstrap

    @property
    def folder(self) -> Path:
        """Of the first node: settings, data and log."""
        return self._stack.nodes([self._name])[0].process.folder

    def state(self, node: str | None = None) -> str:
        """ "down", "starting", "ready" or "silent"; of the first node when none is named."""
        return self._stack.node(node or self.nodes[0]).state()

    def process_id(self, node: str) -> int | None:
        process = self._stack.node(node).process.running()
        return process.pid if process else None

    def kill(self, node: str) -> None:
        """kill -9; returns when it has ended."""
        kill(self._stack.node(node))

    def up(self) -> None:
        """Start what is down and let go on what is paused; returns when all of it answers."""
        self.resume()
        self._stack.up({self._name: {}})

    def down(self) -> None:
        """Stop all nodes, in order; their data stay."""
        self._stack.down([self._name])

    def pause(self, *nodes: str) -> None:
        """Halt these nodes, or all: their connections stay open, and nothing answers."""
        self._send(signal.SIGSTOP, nodes)

    def resume(self, *nodes: str) -> None:
        """Let them go on."""
        self._send(signal.SIGCONT, nodes)

    def _send(self, number: signal.Signals, nodes: tuple[str, ...]) -> None:
        for node in nodes or self.nodes:
            self._stack.node(node).process.send(number)

    def _addresses(self, port_index: int) -> str:
        return ",".join(f"127.0.0.1:{node.server.ports[port_index].number}" for node in self._stack.nodes([self._name]))


class RunningCluster(RunningSet):
    """A cluster that takes jobs, with a pool of Python workers.

    Attributes:
        stack_folder: What `chargetracker run --stack` wants.
    """

    def __init__(self, stack: Stack, name: str, stack_folder: Path) -> None:
        super().__init__(stack, name)
        self.stack_folder = stack_folder

    def workers(self) -> list[int]:
        """Process numbers of the pool's workers; those that have waited for the longest time, or work, come first."""
        pool = self.process_id(f"{self._name}-workers")
        children = psutil.Process(pool).children() if pool else []
        return [child.pid for child in sorted(children, key=psutil.Process.create_time)]


class SecuredKafka(RunningSet):
    """One broker that also listens for logins (SCRAM-SHA-512) and for TLS."""

    user, password = KAFKA_LOGIN.user, KAFKA_LOGIN.password

    @property
    def sasl_bootstrap(self) -> str:
        return self._addresses(2)

    @property
    def tls_bootstrap(self) -> str:
        return self._addresses(3)

    @property
    def ca_file(self) -> str:
        return str(self._stack.nodes([self._name])[0].certificate)


class SecuredCassandra(RunningSet):
    """A node whose clients have to log in and to use TLS."""

    user, password = CASSANDRA_LOGIN.user, CASSANDRA_LOGIN.password

    @property
    def ca_file(self) -> str:
        return str(self._stack.nodes([self._name])[0].certificate)


class SparkSet(RunningSet):
    """A standalone cluster with all that `run --runner spark` needs."""

    @property
    def stack_folder(self) -> Path:
        return self.folder.parent

    def executors(self) -> list[psutil.Process]:
        """What runs the tasks; none before the first job."""
        workers = [self._stack.node(node).process.running() for node in self.nodes if "-worker-" in node]
        return [child for worker in workers if worker for child in worker.children(recursive=True)]


def free_ports(count: int) -> int:
    """The first of so many ports in a row that nothing uses; below those that the system gives to clients."""
    while True:
        first = random.SystemRandom().randrange(20_000, 32_000)
        if all(_is_free(first + offset) for offset in range(count)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Where all servers of this run live; they end with it, even when it is killed."""
    folder = Path(tempfile.mkdtemp(prefix="chargetracker-servers-")).resolve()
    reaper = subprocess.Popen(
        [sys.executable, "-m", "tests.reap_servers", folder], cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True
    )
    yield folder
    assert reaper.stdin is not None
    reaper.stdin.close()
    reaper.wait()


def supplied(folder: Path, name: str, login: Login | None = None) -> Stack:
    """A stack that can be started; skips the test where the machine can have no servers."""
    stack = Stack(folder, default_cache(), login)
    try:
        stack.supply([name])
    except ServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    return stack


def started(folder: Path, name: str, settings: dict[str, Any], login: Login | None = None) -> Stack:
    """A stack with this set up."""
    stack = supplied(folder, name, login)
    stack.up({name: settings})
    return stack


@pytest.fixture(scope="session")
def kafka(servers_folder) -> str:
    """ "127.0.0.1:PORT" of one broker."""
    stack = started(servers_folder / "kafka", "kafka", {"port": free_ports(2)})
    return RunningSet(stack, "kafka").bootstrap


@pytest.fixture(scope="session")
def kafka3(servers_folder) -> RunningSet:
    """Three brokers, each of them a controller too."""
    return RunningSet(started(servers_folder / "kafka3", "kafka3", {"port": free_ports(22)}), "kafka3")


@pytest.fixture(scope="session")
def kafka_secured(servers_folder) -> SecuredKafka:
    settings = {"port": free_ports(4), "sasl": True, "tls": True}
    return SecuredKafka(started(servers_folder / "kafka-secured", "kafka", settings, KAFKA_LOGIN), "kafka")


@pytest.fixture(scope="session")
def flink(servers_folder) -> RunningCluster:
    """JobManager, TaskManager with two slots, job server, Python workers."""
    folder = servers_folder / "flink"
    return RunningCluster(started(folder, "flink", {"port": free_ports(9), "memory": "256m"}), "flink", folder)


@pytest.fixture(scope="session")
def cassandra(servers_folder) -> RunningSet:
    """One node; nobody has to log in."""
    return RunningSet(started(servers_folder / "cassandra", "cassandra", cassandra_settings("768m")), "cassandra")


@pytest.fixture(scope="session")
def spark(servers_folder) -> SparkSet:
    """A master, two workers, a job server and Python workers."""
    settings = {"port": free_ports(10), "memory": "512m"}
    return SparkSet(started(servers_folder / "spark", "spark", settings), "spark")


@pytest.fixture(scope="session")
def cassandra_secured(servers_folder) -> SecuredCassandra:
    settings = {**cassandra_settings("512m"), "auth": True, "tls": True}
    stack = started(servers_folder / "cassandra-secured", "cassandra", settings)
    wait_for_first_user(stack)
    return SecuredCassandra(stack, "cassandra")


def wait_for_first_user(stack: Stack, limit_second: float = 60.0) -> None:
    """Cassandra makes its first user a moment after it answers."""
    deadline = time.monotonic() + limit_second
    while not stack.node("cassandra").process.has_said(b"Created default superuser role"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def cassandra_settings(memory: str) -> dict[str, Any]:
    first = free_ports(2)
    return {"port": first, "storage_port": first + 1, "memory": memory}

"""A server of the tests' own: a Python program in place of Java."""

import sys
from dataclasses import dataclass
from pathlib import Path

from pipelines.servers.node import Node
from pipelines.servers.process import ServerProcess
from pipelines.servers.server import JavaProgram, Launch, Port

SERVES = "import time; print('it runs', flush=True); time.sleep(60)"
IGNORES_SIGTERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SERVES
FAILS = "print('no memory'); raise SystemExit(3)"
LAUNCH = Launch(Path(sys.executable), ())


@dataclass(frozen=True)
class FakeServer:
    name: str = "fake"
    program: str = SERVES
    port: int = 9
    is_answering: bool = True
    version: str = "1.2.3"
    java: JavaProgram | None = None
    started_words: bytes = b"it runs"

    @property
    def ports(self):
        return (Port(self.port, f"--{self.name}-port", "clients"),)

    def prepare(self, folder, launch):
        (folder / "prepared").touch()

    def command(self, folder, launch, mark):
        return [str(launch.program), "-c", self.program, mark]

    def answers(self, folder):
        return self.is_answering


def a_node(folder: Path, **server) -> Node:
    made = FakeServer(**server)
    return Node(made, ServerProcess(folder / made.name))

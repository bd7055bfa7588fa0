"""What a server is to those who start, ask and stop it."""

from __future__ import annotations

import os
from collections.abc import Container, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Launch:
    """What it takes to run a server.

    Attributes:
        program: Java, or Python.
        jars: All of the server's; none for a Python program.
    """

    program: Path
    jars: tuple[Path, ...] = ()

    @property
    def environment(self) -> Mapping[str, str]:
        """The class path; as a variable, because it would make the command line long and hard to read."""
        return {"CLASSPATH": os.pathsep.join(map(str, self.jars))} if self.jars else {}

    def jar(self, artifact: str) -> Path:
        """The one jar of this name, whatever its version."""
        (found,) = (jar for jar in self.jars if jar.name.startswith(f"{artifact}-"))
        return found


@dataclass(frozen=True, slots=True)
class JavaProgram:
    """What a server in Java is made of.

    Attributes:
        jar_list: Name of its list of jars.
        versions: Of Java, that it runs on.
        wanted: The same for people, such as "Java 17".
    """

    jar_list: str
    versions: Container[int]
    wanted: str


Launches = Mapping[JavaProgram | None, Launch]
"""By what a server is made of."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a server listens on.

    Attributes:
        number: On loopback.
        flag: Which of our flags moves it.
        use: For people.
        for_clients: False for what only servers use.
        is_page: True where a browser can look.
    """

    number: int
    flag: str
    use: str
    for_clients: bool = True
    is_page: bool = False


class Server(Protocol):
    """One node: what it is called, and how it is run in a folder of its own.

    Attributes:
        name: Of the node, and of its folder.
        version: Of the program.
        java: What it is made of; `None` for a program in Python.
        started_words: What its log says once it has started.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def java(self) -> JavaProgram | None: ...  # noqa: D102
    @property
    def started_words(self) -> bytes: ...  # noqa: D102

    @property
    def ports(self) -> tuple[Port, ...]:
        """All that it listens on; the first is the one for clients."""
        ...

    def prepare(self, folder: Path, launch: Launch) -> None:
        """Write what it reads at its start; make its data when there are none."""
        ...

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """What to run, in its folder and with the launch's environment."""
        ...

    def answers(self, folder: Path) -> bool:
        """True when it answers a client."""
        ...


def own_file(name: str) -> Path:
    """A file of settings that is part of the program."""
    return Path(str(files("pipelines.servers").joinpath("files", name)))

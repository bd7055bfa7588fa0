"""A child process: in a process group of its own, with a file for all that it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """What a child runs.

    Attributes:
        name: For people, and of its file.
        words: Program and arguments.
    """

    name: str
    words: tuple[str, ...]


def of_verb(*arguments: str) -> Command:
    """One of our verbs with its flags, as a child that ends when this process does."""
    return Command(arguments[0], (sys.executable, "-m", "pipelines.cli.bound", str(os.getpid()), *arguments))


class Child:
    """A command, running from now on.

    Args:
        command: What to run.
        log_directory: An existing folder; the file of the last start is overwritten.

    Attributes:
        name: Of the command.
        log: Where its stdout and stderr go.
    """

    def __init__(self, command: Command, log_directory: Path) -> None:
        self.name = command.name
        self.log = log_directory / f"{self.name}.log"
        with self.log.open("wb") as log:
            # A group of its own: the terminal's Ctrl-C reaches only us, and we stop the children in order.
            self._process = subprocess.Popen(
                command.words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                process_group=0,
            )

    @property
    def process_id(self) -> int:
        """Of the process, which is also its group's."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Its exit code, negative for a signal; `None` while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send SIGTERM, which every verb takes as "finish what you are at, then end"."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)
        self._process.wait()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, at most so long; true when it has ended."""
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_lines(self, count: int = 12) -> str:
        """The end of what it has said."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-count:])

    def _send(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, number)

"""A server's process: started to outlive us, found again by a pid file that never names a stranger."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

_LOOK_EVERY_SECOND = 0.02


class ServerProcess:
    """What runs, or does not, in one server's folder.

    Args:
        folder: Absolute; the server's own. Pid file and log are in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self._pid_file = folder / "pid"
        self._started: subprocess.Popen[bytes] | None = None

    @property
    def mark(self) -> str:
        """An argument of the command that no other process has."""
        return f"-Dchargetracker.server={self.folder}"

    def running(self) -> psutil.Process | None:
        """The process; `None` when it has ended, also when its number belongs to another program by now."""
        try:
            process = psutil.Process(int(self._pid_file.read_text()))
            # A process that has ended and was not waited for has no command line any more.
            return process if self.mark in process.cmdline() else None
        except (OSError, ValueError, psutil.Error):
            return None

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it, with a log that begins now; the log of the start before is kept beside it.

        Args:
            command: Holds `mark`.
            environment: In addition to ours.
        """
        assert self.mark in command
        if self.log.exists():
            self.log.replace(self.folder / "log.previous")
        with self.log.open("wb") as log:
            # A session of its own: a Ctrl-C at our terminal is not for the server.
            self._started = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self._pid_file.write_text(f"{self._started.pid}\n")
        # Between fork and exec, and for a moment after it, the command line is not there yet.
        while self._started.poll() is None and self.running() is None:
            time.sleep(_LOOK_EVERY_SECOND)

    def send(self, number: signal.Signals) -> psutil.Process | None:
        """Send a signal; the process that it went to, `None` when nothing runs."""
        process = self.running()
        try:
            if process:
                process.send_signal(number)
        except psutil.NoSuchProcess:
            return None
        return process

    def has_ended(self, process: psutil.Process) -> bool:
        """True when a process of this folder has let go of all it had, its ports too.

        That is later than `running` says: a process that ends loses its memory, and with it the mark, before its files.
        """
        if self._started:
            self._started.poll()
        try:
            zombie = process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
            return zombie or not process.is_running()
        except psutil.NoSuchProcess:
            return True

    def has_said(self, words: bytes) -> bool:
        """True when a line of this start's log holds these words."""
        try:
            with self.log.open("rb") as log:
                return any(words in line for line in log)
        except FileNotFoundError:
            return False

    def last_lines(self, count: int = 25) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-count:])

"""Child processes that live and end together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from pipelines.cli.child import Child, Command
from pipelines.cli.verb import CommandError

PATIENCE_SECOND = 4.0
"""From the wish to stop until what still runs is killed."""


class Supervisor:
    """Starts children in one order and stops them in the same order, the writers before the readers.

    Use as a context manager: whatever ends the block, no child is left.
    """

    def __init__(self, commands: Sequence[Command], log_directory: Path) -> None:
        self._commands = commands
        self._log_directory = log_directory
        self.children: list[Child] = []

    def __enter__(self) -> Supervisor:
        try:
            for command in self._commands:
                self.children.append(Child(command, self._log_directory))
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def check(self, may_finish: Sequence[str] = ()) -> None:
        """Notice a child that has ended.

        Args:
            may_finish: Names of children that may end with exit code 0.

        Raises:
            CommandError: One has ended that should run; with the last that it said.
        """
        for child in self.children:
            code = child.exit_code()
            if code is None or (code == 0 and child.name in may_finish):
                continue
            message = f"'{child.name}' has ended (exit code {code}), so all was stopped. {child.log} ends:"
            raise CommandError(message, child.last_lines())

    def _stop(self) -> None:
        start = time.monotonic()
        for number, child in enumerate(self.children, 1):
            child.ask_to_stop()
            # Each may use up its share of the patience, and what those before it have left.
            child.wait(start + PATIENCE_SECOND * number / len(self.children) - time.monotonic())
        for child in self.children:
            child.kill()

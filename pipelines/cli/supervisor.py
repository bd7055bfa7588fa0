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
FIRST_PATIENCE_SECOND = 1.0
"""How long of it is waited for the first one before the others are asked."""


class Supervisor:
    """Starts children, and stops the first one before the others: what makes the work before what does it.

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
        for child in self.children[:1]:
            child.ask_to_stop()
            child.wait(FIRST_PATIENCE_SECOND)
        for child in self.children[1:]:
            child.ask_to_stop()
        for child in self.children:
            child.wait(start + PATIENCE_SECOND - time.monotonic())
            child.kill()

"""What became different between two versions of the fleet."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """The difference to an older version.

    Attributes:
        version: The version it leads to.
        cycles: By group, the cycles with new statistics.
        batteries: Batteries with a newer row.
        members: True when batteries or groups came or went: what is shown has to be built anew.
    """

    version: int
    cycles: Mapping[str, frozenset[int]] = field(default_factory=dict)
    batteries: frozenset[str] = frozenset()
    members: bool = False


class ChangeLog:
    """The last changes, so that a viewer who was away for a moment catches up by delta."""

    def __init__(self, depth: int = 600) -> None:
        self._changes: deque[Change] = deque(maxlen=depth)

    def append(self, change: Change) -> None:
        """Add the newest."""
        self._changes.append(change)

    def since(self, version: int, newest: int) -> Change:
        """Everything from ``version`` to ``newest`` as one change; ``members`` is true when it goes back too far."""
        missed = [change for change in self._changes if change.version > version]
        if len(missed) < newest - version:
            return Change(newest, members=True)
        return _merged(missed, newest)


def _merged(changes: list[Change], version: int) -> Change:
    cycles: dict[str, frozenset[int]] = {}
    for change in changes:
        for group, touched in change.cycles.items():
            cycles[group] = cycles.get(group, frozenset()) | touched
    batteries = frozenset[str]().union(*(change.batteries for change in changes))
    return Change(version, cycles, batteries, any(change.members for change in changes))

"""Until where a source is read that is read once."""

from __future__ import annotations

from collections.abc import Mapping


def still_there(goals: Mapping[str, int], ends: Mapping[str, int]) -> dict[str, int]:
    """The goals, each no further than its partition goes now: what has gone meanwhile cannot be waited for.

    >>> still_there({"a": 9, "b": 9, "c": 9}, {"a": 12, "b": 5})
    {'a': 9, 'b': 5, 'c': 0}
    """
    return {partition: min(goal, ends.get(partition, 0)) for partition, goal in goals.items()}

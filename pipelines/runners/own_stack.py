"""The servers of one's own that a run needs; it says which of them it starts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from pipelines.servers import Node, Stack, Watch, default_cache

_LOGGER = logging.getLogger(__name__)


class _Told(Watch):
    def starting(self, nodes: Sequence[Node]) -> None:
        if nodes:
            _LOGGER.warning("starting %s", ", ".join(node.name for node in nodes))


def own_stack(folder: Path) -> Stack:
    """The servers of that folder."""
    return Stack(folder, default_cache(), watch=_Told())

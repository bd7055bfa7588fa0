"""What a viewer looks at; every part of it is in the URL."""

from __future__ import annotations

from typing import Any

import param

from dashboard.fleet import Fleet
from dashboard.metrics import METRIC_KEYS

LATEST = "latest"
"""Value of ``cycle`` for the newest cycle that all running cells of a group have ended."""


class ViewState(param.Parameterized):
    """The choices of one viewer.

    Attributes:
        metric: Key of a metric.
        group: Name of a group; empty for the first.
        cycle: `LATEST` or a cycle's number.
        battery: The chosen battery; empty for the first of the group.
        theme: ``light`` or ``dark``.
    """

    metric: Any = param.Selector(default=METRIC_KEYS[0], objects=list(METRIC_KEYS))
    group = param.String(default="")
    cycle = param.String(default=LATEST, regex=rf"^({LATEST}|\d{{1,9}})$")
    battery = param.String(default="")
    theme: Any = param.Selector(default="light", objects=["light", "dark"])

    def shown_group(self, fleet: Fleet) -> str | None:
        """The chosen group, or the first when there is none of that name; `None` when there is no group."""
        groups = fleet.groups()
        if self.group in groups:
            return self.group
        return groups[0] if groups else None

    def shown_cycle(self, fleet: Fleet, group: str, now: float) -> int:
        """The chosen cycle of a group; -1 when it has none yet."""
        return fleet.latest_complete(group, now) if self.cycle == LATEST else int(self.cycle)

    def shown_battery(self, fleet: Fleet) -> str | None:
        """The chosen battery, or the first of the chosen group; `None` when there is no battery."""
        if self.battery in fleet.batteries:
            return self.battery
        group = self.shown_group(fleet)
        return fleet.tables[group].members[0] if group else None

"""Where labels go that would cover each other."""

from __future__ import annotations

from collections.abc import Sequence


def spread_apart(wanted: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Heights close to the wanted ones, in their order and at least ``distance`` apart.

    They stay between ``low`` and ``high`` as long as there is room for all of them.
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = [wanted[k] for k in order]
    for _ in range(len(placed) * len(placed)):
        crowded = _push_once(placed, distance)
        placed = [
            min(max(y, low + k * distance), high - (len(placed) - 1 - k) * distance) for k, y in enumerate(placed)
        ]
        if not crowded:
            break
    heights = [0.0] * len(wanted)
    for k, y in zip(order, placed, strict=True):
        heights[k] = y
    return heights


def _push_once(placed: list[float], distance: float) -> bool:
    crowded = False
    for k in range(len(placed) - 1):
        overlap = distance - (placed[k + 1] - placed[k])
        if overlap > 1e-9 * distance:
            placed[k] -= overlap / 2
            placed[k + 1] += overlap / 2
            crowded = True
    return crowded

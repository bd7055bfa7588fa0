"""Numbers as people read them."""

from __future__ import annotations

import math

NOTHING = "–"


def grouped(count: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{count:,}".replace(",", "\u2009")


def counted(count: int, thing: str) -> str:
    """A number of things; the plural takes an s."""
    return f"{grouped(count)} {thing}" if count == 1 else f"{grouped(count)} {thing}s"


def signed(value: float, decimals: int) -> str:
    """With a plus or a true minus sign; a dash when not known."""
    if math.isnan(value):
        return NOTHING
    return f"{value:+.{decimals}f}".replace("-", "\u2212")


def fixed(value: float, decimals: int) -> str:
    """With so many decimals and a true minus sign; a dash when not known."""
    return NOTHING if math.isnan(value) else f"{value:.{decimals}f}".replace("-", "\u2212")


def span(seconds: float) -> tuple[str, str]:
    """A time span as number and unit."""
    for limit, size, unit, decimals in ((100.0, 1.0, "s", 1), (6000.0, 60.0, "min", 0), (172_800.0, 3600.0, "h", 1)):
        if seconds < limit:
            return f"{seconds / size:.{decimals}f}", unit
    return f"{seconds / 86_400.0:.1f}", "d"

"""What a lab may be; everything else is refused before it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.reading import IDENTIFIER_PATTERN

LOWEST_VOLT, HIGHEST_VOLT = 1.5, 5.0
MAX_CURRENT_MA = 6000.0


def check_counts(batteries: int, groups: Sequence[str], cycles: int, seed: int) -> None:
    """Raise `ValueError`, naming the setting, when one is out of its range."""
    _refuse(batteries < 1, f"batteries {batteries}: at least 1")
    _refuse(not groups or len(set(groups)) < len(groups), f"groups {','.join(groups)}: at least one, each once")
    # Digits are put behind the group's name to make that of a battery.
    bad = [group for group in groups if not re.fullmatch(IDENTIFIER_PATTERN, group) or len(group) > 48]
    _refuse(bool(bad), f"groups {','.join(bad)}: letters, digits and ._:- only, at most 48")
    _refuse(cycles < 1, f"cycles {cycles}: at least 1")
    _refuse(seed < 0, f"seed {seed}: 0 or more")


def check_limits(current_ma: float, voltage_min_v: float, voltage_max_v: float, sampling_second: float) -> None:
    """Raise `ValueError`, naming the setting, when one is out of its range."""
    _refuse(not 0.0 < current_ma <= MAX_CURRENT_MA, f"current_ma {current_ma}: over 0, at most {MAX_CURRENT_MA}")
    _refuse(
        not LOWEST_VOLT <= voltage_min_v < voltage_max_v <= HIGHEST_VOLT,
        f"voltage_min_v {voltage_min_v} and voltage_max_v {voltage_max_v}: "
        f"the first below the second, both within {LOWEST_VOLT} to {HIGHEST_VOLT}",
    )
    ms = sampling_second * 1000.0
    _refuse(not 1.0 <= ms <= 1e7 or abs(ms - round(ms)) > 1e-6, f"sampling_second {sampling_second}: whole ms, over 0")


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise ValueError(message)

"""What is said about a lab at the command line, as what the simulator takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from math import inf
from typing import TYPE_CHECKING

from pipelines.cli.verb import CommandError

if TYPE_CHECKING:
    from simulator import FaultRates, Lab


@dataclass(frozen=True, slots=True)
class LabFlags:
    """Which lab; the fields are the flags (``current_ma`` is ``--current-ma``)."""

    batteries: int
    cycles: int
    current_ma: float
    voltage_min_v: float
    voltage_max_v: float
    seed: int
    protocol: str = "ageing"

    def words(self) -> tuple[str, ...]:
        """As flags of `simulate`."""
        return tuple(word for name, value in asdict(self).items() for word in (_flag(name), str(value)))

    def make(self) -> Lab:
        """The lab.

        Raises:
            CommandError: There is no such lab; names flag and value.
        """
        from simulator import Lab, ageing_protocol, life_protocol

        names = [field.name for field in fields(self)]
        steps = {"ageing": ageing_protocol, "life": life_protocol}[self.protocol]

        def made() -> Lab:
            protocol = steps(self.current_ma, self.voltage_min_v, self.voltage_max_v)
            return Lab(**{**asdict(self), "protocol": protocol})

        return _with_flags(names, made)


def parse_speed(text: str) -> float:
    """Seconds of test in a second; infinite for "max".

    Raises:
        CommandError: It is neither, or not over zero.
    """
    if text == "max":
        return inf
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.0 < speed < inf:
        message = f"--speed {text}: say how many seconds of test pass in a second, for example 60, or 'max'."
        raise CommandError(message)
    return speed


def parse_faults(text: str) -> FaultRates | None:
    """Fault rates from ``name=share,name=share``; `None` for an empty text.

    Raises:
        CommandError: A name is unknown, or a share is no number or out of its range.
    """
    from simulator import FaultRates

    if not text:
        return None
    known = [field.name for field in fields(FaultRates)]
    rates: dict[str, float] = {}
    for part in text.split(","):
        name, _, share = part.partition("=")
        if name.strip() not in known or not re.fullmatch(r"\s*\d*\.?\d+(e-?\d+)?\s*", share):
            message = f"--faults {part}: write name=share, as late=0.01; the names are {', '.join(known)}."
            raise CommandError(message)
        rates[name.strip()] = float(share)
    try:
        return FaultRates(**rates)
    except ValueError as error:
        message = f"--faults {text}: {error}."
        raise CommandError(message) from error


def _with_flags(names: list[str], make: Callable[[], Lab]) -> Lab:
    try:
        return make()
    except ValueError as error:
        pattern = rf"\b({'|'.join(names)})\b"
        message = re.sub(pattern, lambda found: _flag(found[0]), str(error))
        raise CommandError(f"{message}.") from error


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"

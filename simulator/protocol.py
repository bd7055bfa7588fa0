"""What a cycler is told to do, as data: steps, cycles made of steps, and which cycle comes when."""

from __future__ import annotations

from dataclasses import dataclass

REST_SECOND = 300.0


@dataclass(frozen=True, slots=True)
class ConstantCurrent:
    """Hold a current until a voltage is met or a time is over, whichever comes first.

    Attributes:
        current_ampere: Positive charges, negative discharges, zero rests [A].
        until_volt: Ends the step when the voltage has risen (charge) or fallen (discharge) to it [V].
        until_second: Ends the step after this time [s].
    """

    current_ampere: float
    until_volt: float | None = None
    until_second: float | None = None

    def __post_init__(self) -> None:
        if self.until_volt is None and self.until_second is None:
            raise ValueError("a constant current step needs an end: a voltage or a time")
        if self.current_ampere == 0.0 and self.until_second is None:
            raise ValueError("a rest needs a time")


@dataclass(frozen=True, slots=True)
class ConstantVoltage:
    """Hold a voltage while charging, until the current has fallen [V], [A] or a time is over [s]."""

    volt: float
    until_ampere: float
    until_second: float | None = None

    def __post_init__(self) -> None:
        if self.until_ampere <= 0.0:
            raise ValueError("a constant voltage step ends at a current over zero")


Step = ConstantCurrent | ConstantVoltage


@dataclass(frozen=True, slots=True)
class Protocol:
    """Which steps each cycle has.

    Attributes:
        ageing: Steps of an ordinary cycle.
        formation: Steps of each of the first ``formation_cycles``.
        formation_cycles: How many there are.
        check_up: Steps of a check-up cycle.
        check_up_every: Every so many cycles one is a check-up; 0 for none.
    """

    ageing: tuple[Step, ...]
    formation: tuple[Step, ...] = ()
    formation_cycles: int = 0
    check_up: tuple[Step, ...] = ()
    check_up_every: int = 0

    def __post_init__(self) -> None:
        if not self.ageing:
            raise ValueError("a protocol needs an ageing cycle of at least one step")
        if self.formation_cycles and not self.formation:
            raise ValueError("formation cycles without steps")
        if self.check_up_every and not self.check_up:
            raise ValueError("check-ups without steps")

    def steps_of(self, cycle: int) -> tuple[Step, ...]:
        """Steps of a cycle, counted from 1."""
        if cycle <= self.formation_cycles:
            return self.formation
        if self.check_up_every and cycle % self.check_up_every == 0:
            return self.check_up
        return self.ageing


def rest(second: float = REST_SECOND) -> ConstantCurrent:
    """No current for a time [s]."""
    return ConstantCurrent(0.0, until_second=second)


def full_cycle(current_ma: float, voltage_min_v: float, voltage_max_v: float) -> tuple[Step, ...]:
    """CC-CV charge, rest, CC discharge, rest; the CV phase ends at a twentieth of the current."""
    current_a = current_ma / 1000.0
    return (
        ConstantCurrent(current_a, until_volt=voltage_max_v),
        ConstantVoltage(voltage_max_v, until_ampere=current_a / 20.0),
        rest(),
        ConstantCurrent(-current_a, until_volt=voltage_min_v),
        rest(),
    )


def pulses(
    current_a: float, voltage_min_v: float, voltage_max_v: float, second: float = 10.0, rest_second: float = 40.0
) -> tuple[Step, ...]:
    """A discharging and a charging pulse of the same charge, each with a rest after it; cut at the limits."""
    discharge = ConstantCurrent(-current_a, until_volt=voltage_min_v, until_second=second)
    charge = ConstantCurrent(current_a, until_volt=voltage_max_v, until_second=second)
    return (discharge, rest(rest_second), charge, rest(rest_second))


def ageing_protocol(current_ma: float, voltage_min_v: float, voltage_max_v: float) -> Protocol:
    """The same full cycle over and over."""
    return Protocol(full_cycle(current_ma, voltage_min_v, voltage_max_v))


def life_protocol(
    current_ma: float,
    voltage_min_v: float,
    voltage_max_v: float,
    formation_cycles: int = 2,
    check_up_every: int = 25,
) -> Protocol:
    """Formation at a fifth of the current, then ageing with a check-up now and then.

    A check-up is a full cycle at half the current, with pulses at the full one in mid-discharge.
    """
    half = full_cycle(current_ma / 2.0, voltage_min_v, voltage_max_v)
    middle = ConstantCurrent(-current_ma / 2000.0, until_volt=voltage_min_v, until_second=3600.0)
    pulse = pulses(current_ma / 1000.0, voltage_min_v, voltage_max_v)
    return Protocol(
        ageing=full_cycle(current_ma, voltage_min_v, voltage_max_v),
        formation=full_cycle(current_ma / 5.0, voltage_min_v, voltage_max_v),
        formation_cycles=formation_cycles,
        check_up=(*half[:3], middle, rest(), *pulse, *half[3:]),
        check_up_every=check_up_every,
    )

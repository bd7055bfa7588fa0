"""What a run is told, checked before anything starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from pipelines.analytics import Settings

DEFAULT_STACK = Path("data/stack")
"""Where servers of one's own are, when nobody says otherwise."""


class SettingsError(Exception):
    """A setting that cannot be, with flag and value, in a sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Which cluster a run uses, on a runner that needs one.

    Attributes:
        stack: Folder of the servers of one's own.
        master: Address of an existing cluster; `None` for the one of ``stack``.
        environment: Where the Python part of a job runs: "docker:IMAGE", "external:HOST:PORT"; `None` for the workers
            of ``stack``.
    """

    stack: Path = DEFAULT_STACK
    master: str | None = None
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Where a run reads and writes, and its few knobs.

    Attributes:
        source_url: Where readings come from; a bounded source ends the run.
        store_url: Where rows go.
        once: Read what is there at the start, then end.
        start_from: "committed" (go on), "earliest", or a unix time [s] as text.
        tick_second: How often a live source is looked at [s]; the delay a reading waits at most for its turn.
        poll_bytes: How much of a partition is taken at a time [byte].
        roll_second: A run in the embedded runner ends itself after this time [s] and the next goes on, because the
            runner keeps a little memory for every bundle.
        trace_retention_second: Trace points further behind their battery's newest reading, by the battery's own
            time [s], are dropped between two rolls; `None` keeps all.
        refused_retention_second: Dead letters and late readings that arrived longer ago [s] are dropped likewise.
        dead_letter_url: Topic to which dead letters go as well; `None` for the store alone.
        analysis: Settings of the analytics.
        beam_options: Flags for Beam, checked strictly.
        cluster: Where a runner runs that needs servers.
    """

    source_url: str
    store_url: str
    once: bool = False
    start_from: str = "committed"
    tick_second: float = 0.1
    poll_bytes: int = 4 * 1024 * 1024
    roll_second: float = 120.0
    trace_retention_second: float | None = None
    refused_retention_second: float | None = None
    dead_letter_url: str | None = None
    analysis: Settings = field(default_factory=Settings)
    beam_options: tuple[str, ...] = ()
    cluster: ClusterSettings = field(default_factory=ClusterSettings)

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            SettingsError: A value is out of its range.
        """
        _in_range("--tick-second", self.tick_second, 0.001, 60.0)
        _in_range("--poll-bytes", self.poll_bytes, 1024, 256 * 1024 * 1024)
        _in_range("--roll-second", self.roll_second, 1.0, 86_400.0)
        _retention("--trace-retention-hours", self.trace_retention_second)
        _retention("--refused-retention-hours", self.refused_retention_second)
        if self.start_from not in ("committed", "earliest"):
            _in_range("--from", _number("--from", self.start_from), 0.0, 4.0e9)


def _retention(flag: str, second: float | None) -> None:
    if second is not None:
        _in_range(flag, second / 3600.0, 0.01, 1.0e6)


def _number(flag: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        message = f"{flag} {text}: say 'committed', 'earliest' or a unix time in seconds."
        raise SettingsError(message) from None


def _in_range(flag: str, value: float, low: float, high: float) -> None:
    if not (isfinite(value) and low <= value <= high):
        message = f"{flag} {value:g}: must lie between {low:g} and {high:g}."
        raise SettingsError(message)

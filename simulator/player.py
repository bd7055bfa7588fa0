"""A lab, played: finished cycles at once, then readings as their time comes, each published exactly once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.faults import Faults, Ledger
from simulator.lab import Lab
from simulator.messages import MessageFormat, encode
from simulator.publisher import Publisher, partition_of
from simulator.readings import Readings
from simulator.resume import SLICE_MS, Standing, standing

Integers = NDArray[np.int64]

TICK_SECOND = 0.25


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a lab was played.

    Attributes:
        readings: Generated in this call, before faults.
        total_readings: Of the lab, since its begin.
        cycles: Finished in the lab so far, over all batteries.
        lab_second: Lab time that was reached [s].
        start_unix_second: When the lab began by the readings' wall clock, UTC [s].
        newest_unix_second: What time it is there now, UTC [s].
        live: True behind the backlog.
        done: True when all cycles of all batteries are published.
        ledger: Of the faults in this call.
    """

    readings: int
    total_readings: int
    cycles: int
    lab_second: float
    start_unix_second: float
    newest_unix_second: float
    live: bool
    done: bool
    ledger: Ledger = field(default_factory=Ledger)


def play(
    lab: Lab,
    publisher: Publisher,
    *,
    speed: float = 60.0,
    message_format: MessageFormat = "columns",
    backlog_cycles: int = 0,
    faults: Faults | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    resume: bool = True,
    progress: Callable[[Progress], object] = lambda _: None,
) -> Progress:
    """Publish the readings of a lab until its cycles are done or it is stopped.

    The last test of a new lab ends now by its readings' wall clock, so no reading lies in the future. A lab that
    was played before goes on where its messages end. Faults do not outlive this call: late readings that are held
    back when it ends are lost.

    Args:
        lab: What is played.
        publisher: Where the messages go.
        speed: Lab time over wall time; infinite for as fast as it can.
        message_format: Of the messages.
        backlog_cycles: So many cycles of every battery are published at once, before the clock matters.
        faults: Applied to the readings.
        clock: Wall clock, UTC [s].
        sleep: Waits so many seconds.
        stop: Asked between slices; true ends the play.
        resume: Look how far the lab was published; false begins anew.
        progress: Told after each slice.

    Raises:
        ValueError: The speed is not over zero, or the backlog is negative.
        OtherLabError: What is there to go on from is another lab's.
    """
    if not speed > 0.0 or backlog_cycles < 0:
        raise ValueError(f"speed {speed}: over 0; backlog_cycles {backlog_cycles}: 0 or more")
    begin = standing(lab, publisher) if resume else Standing(np.zeros_like(lab.begin_ms), 0, None)
    player = _Player(lab, publisher, message_format, faults, begin, clock())
    backlog_ms = lab.backlog_ms(backlog_cycles)
    while not player.done and player.lab_ms < backlog_ms and not stop():
        progress(player.publish(min(player.lab_ms + SLICE_MS, backlog_ms), live=False))
    live_ms, live_second = player.lab_ms, clock()
    while not player.done and not stop():
        now_ms = live_ms + speed * (clock() - live_second) * 1000.0 if math.isfinite(speed) else math.inf
        until_ms = min(now_ms, player.lab_ms + SLICE_MS)
        progress(player.publish(int(until_ms), live=True))
        if until_ms == now_ms and not player.done:
            sleep(TICK_SECOND)
    return player.progress(live=player.lab_ms >= backlog_ms)


class _Player:
    """What was published, and publishing the next."""

    def __init__(
        self,
        lab: Lab,
        publisher: Publisher,
        message_format: MessageFormat,
        faults: Faults | None,
        begin: Standing,
        now_unix_second: float,
    ) -> None:
        self._lab = lab
        self._publisher = publisher
        self._format = message_format
        self._faults = faults
        self._published = begin.published
        self._start = math.floor(now_unix_second * 1000.0 - lab.length_ms) / 1000.0
        if begin.start_unix_second is not None:
            # A lab that was made longer begins earlier instead of ending in the future.
            self._start = min(begin.start_unix_second, self._start)
        # A battery that lags far behind, as one that is new in the lab, catches up in pieces that fit into memory.
        self._most = 4 * SLICE_MS // lab.sampling_ms + 100
        self._readings = 0
        self.lab_ms = begin.lab_ms

    @property
    def done(self) -> bool:
        return bool((self._published >= self._lab.records.totals).all())

    def publish(self, until_ms: int, *, live: bool) -> Progress:
        """All readings before that lab time that are not published yet."""
        behind = np.minimum(self._lab.records_before(until_ms), self._published + self._most)
        behind = np.maximum(behind, self._published)
        for readings in self._lab.read(self._published, behind, self._start):
            if messages := self._messages(readings):
                partition = partition_of(readings.battery_id, self._publisher.partitions)
                self._publisher.publish(partition, readings.battery_id.encode(), messages)
        self._readings += int((behind - self._published).sum())
        self._published, self.lab_ms = behind, max(self.lab_ms, until_ms)
        return self.progress(live=live)

    def progress(self, *, live: bool) -> Progress:
        lab_ms = min(self.lab_ms, self._lab.length_ms)
        return Progress(
            readings=self._readings,
            total_readings=int(self._published.sum()),
            cycles=int(self._lab.cycles_before(lab_ms + 1).sum()),
            lab_second=lab_ms / 1000.0,
            start_unix_second=self._start,
            newest_unix_second=self._start + lab_ms / 1000.0,
            live=live,
            done=self.done,
            ledger=self._faults.ledger if self._faults else Ledger(),
        )

    def _messages(self, readings: Readings) -> list[bytes]:
        if self._faults is None:
            return encode(readings, self._format)
        disturbed = self._faults.disturb(readings)
        return encode(disturbed.readings, self._format) + disturbed.spoiled

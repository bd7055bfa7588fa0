"""The eye on a live run: reports its status, and ends it when it is time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from pipelines.runners.patience import AWAY
from pipelines.runners.status import RunStatus, StatusWatch, behind
from pipelines.sources import open_source
from pipelines.sources.goals import still_there
from pipelines.storage import open_store
from pipelines.transforms.ticks import END_OF_RUN

StatusCallback = Callable[[RunStatus], None]

LOOK_SECOND = 0.05
STATUS_SECOND = 1.0


class Watcher:
    """A thread beside the graph. It sets `END_OF_RUN`, which the ticks of this process look at.

    Args:
        source_url: What is read.
        store_url: What is written.
        stop: Set when the run is to end for good.
        goals: With ``--once``: offsets at which it is done.
        epoch: That of the newest attempt: when the store has a newer one, the roll ends, and finds that out.
        on_status: Called about once a second.

    Raises:
        SourceError, StoreError: Source or store cannot be opened.
    """

    def __init__(
        self,
        source_url: str,
        store_url: str,
        stop: threading.Event,
        goals: Mapping[str, int] | None,
        epoch: Callable[[], int],
        on_status: StatusCallback,
    ) -> None:
        self._source = open_source(source_url)
        self._store = open_store(store_url)
        self._status = StatusWatch(self._source, self._store)
        self._last: RunStatus | None = None
        self._stop = stop
        self._goals = goals
        self._goals_now = goals
        self._epoch = epoch
        self._on_status = on_status
        self._deadline = float("inf")
        self._closing = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()
        self._source.close()
        self._store.close()
        if error is None and self._failure is not None:
            raise self._failure

    def next_roll(self, seconds: float) -> None:
        """A new roll begins; it is to end after ``seconds``."""
        END_OF_RUN.clear()
        self._deadline = time.monotonic() + seconds

    def _watch(self) -> None:
        """A failure here ends the run: nobody would end its rolls any more."""
        try:
            self._look_again_and_again()
        except Exception as error:
            self._failure = error
            self._stop.set()
            END_OF_RUN.set()

    def _look_again_and_again(self) -> None:
        next_status = 0.0
        while not self._closing.wait(LOOK_SECOND):
            if time.monotonic() >= next_status:
                next_status = time.monotonic() + STATUS_SECOND
                self._report()
                if self._superseded():
                    END_OF_RUN.set()
                self._look_at_goals()
            if self._reached():
                self._stop.set()
            if self._stop.is_set() or time.monotonic() >= self._deadline:
                END_OF_RUN.set()
        self._report()

    def _report(self) -> None:
        try:
            self._last = self._status.look(time.time())
        except AWAY as error:
            if self._last is None:
                return
            self._last = replace(self._last, readings_per_second=0.0, trouble=str(error))
        self._on_status(self._last)

    def _superseded(self) -> bool:
        with suppress(*AWAY):
            newest = self._store.newest_epoch()
            return newest > self._epoch()  # ours is looked at last: an attempt that begins takes the store's first
        return False

    def _look_at_goals(self) -> None:
        if self._goals is not None:
            with suppress(*AWAY):
                self._goals_now = still_there(self._goals, self._source.ends())

    def _reached(self) -> bool:
        if self._goals_now is None:
            return False
        with suppress(*AWAY):
            return not behind(self._store.committed(), self._goals_now)
        return False

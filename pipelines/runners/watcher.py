"""The eye on a live run: reports its status, and ends it when it is time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

from pipelines.runners.status import RunStatus, StatusWatch, behind
from pipelines.sources import open_source
from pipelines.storage import Store, open_store
from pipelines.transforms.ticks import END_OF_RUN

StatusCallback = Callable[[RunStatus], None]


class Watcher:
    """A thread beside the graph. It sets `END_OF_RUN`, which the ticks of this process look at.

    Args:
        source_url: What is read.
        store_url: What is written.
        stop: Set when the run is to end for good.
        goals: With ``--once``: offsets at which it is done.
        on_status: Called about once a second.
    """

    def __init__(
        self,
        source_url: str,
        store_url: str,
        stop: threading.Event,
        goals: Mapping[str, int] | None,
        on_status: StatusCallback,
    ) -> None:
        self._urls = source_url, store_url
        self._stop = stop
        self._goals = goals
        self._on_status = on_status
        self._deadline = float("inf")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()

    def next_roll(self, seconds: float) -> None:
        """A new roll begins; it is to end after ``seconds``."""
        END_OF_RUN.clear()
        self._deadline = time.monotonic() + seconds

    def _watch(self) -> None:
        source, store = open_source(self._urls[0]), open_store(self._urls[1])
        watch = StatusWatch(source, store)
        next_status = 0.0
        try:
            while not self._closing.wait(0.05):
                if time.monotonic() >= next_status:
                    next_status = time.monotonic() + 1.0
                    self._on_status(watch.look(time.time()))
                self._end_when_reached(store)
                if self._stop.is_set() or time.monotonic() >= self._deadline:
                    END_OF_RUN.set()
            self._on_status(watch.look(time.time()))
        finally:
            source.close()
            store.close()

    def _end_when_reached(self, store: Store) -> None:
        if self._goals is not None and not behind(store, self._goals):
            self._stop.set()

"""The one place that asks the store, for all viewers of this process."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from dashboard.changes import Change, ChangeLog
from dashboard.fleet import Fleet
from dashboard.look import News, look
from dashboard.watched_cell import WatchedCell
from pipelines.storage.base import StoreError, StoreReader, Totals

POLL_SECOND = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """How the feed is.

    Attributes:
        away_since: When the store stopped answering, UTC [s]; `None` while it answers.
        error: Why, in the store's words.
        totals: The newest counts; `None` before the first answer.
    """

    away_since: float | None = None
    error: str = ""
    totals: Totals | None = None


class Feed:
    """Polls a store in a thread of its own and keeps what the page shows.

    Whoever reads `fleet` or a `WatchedCell` holds `lock`. Subscribers are called from the polling thread after
    every poll, without the lock, with nothing: they ask for `change_since`.
    """

    def __init__(
        self,
        open_reader: Callable[[], StoreReader],
        *,
        poll_second: float = POLL_SECOND,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """The store is opened by the first poll, and again after every error.

        Args:
            open_reader: Opens the reading side of the store; may raise.
            poll_second: Pause between two polls [s].
            clock: Says the time, UTC [s].
        """
        self.lock = threading.RLock()
        self.clock = clock
        self.fleet = Fleet()
        self.health = Health()
        self.version = 0
        self._open_reader, self._poll_second = open_reader, poll_second
        self._reader: StoreReader | None = None
        self._log = ChangeLog()
        self._again: frozenset[str] = frozenset()
        self._watched: dict[str, WatchedCell] = {}
        self._viewers: Counter[str] = Counter()
        self._subscribers: list[Callable[[], None]] = []
        self._wake, self._stopping = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="dashboard-feed", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and let go of the store."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)
        self._drop_reader()

    def poll(self) -> None:
        """One look at the store. Its errors are kept in `health` and the store is opened anew next time."""
        try:
            news = look(self._opened(), self.fleet, self._cells(), self._again)
        except Exception as error:  # a store's driver raises what it likes, and the page has to outlive it
            self._note_away(error)
        else:
            with self.lock:
                self._fold(news)
        for notify in tuple(self._subscribers):
            notify()

    def change_since(self, version: int) -> Change:
        """What became different after ``version``; nothing when it is the newest."""
        with self.lock:
            return self._log.since(version, self.version)

    def subscribe(self, notify: Callable[[], None]) -> None:
        """Call ``notify`` after every poll."""
        self._subscribers.append(notify)

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Undo `subscribe`; does nothing when it was never done."""
        with contextlib.suppress(ValueError):
            self._subscribers.remove(notify)

    def watch(self, battery_id: str) -> None:
        """Keep trace and cycles of this battery too, from the next poll on, which comes at once."""
        with self.lock:
            self._viewers[battery_id] += 1
            self._watched.setdefault(battery_id, WatchedCell(battery_id))
        self._wake.set()

    def unwatch(self, battery_id: str) -> None:
        """Undo one `watch`."""
        with self.lock:
            self._viewers[battery_id] -= 1
            if self._viewers[battery_id] <= 0:
                del self._viewers[battery_id]
                self._watched.pop(battery_id, None)

    def watched(self, battery_id: str) -> WatchedCell | None:
        """What is known of a watched battery."""
        return self._watched.get(battery_id)

    def data_age_second(self) -> float | None:
        """Now minus the arrival of the newest reading [s]; `None` before the first."""
        totals = self.health.totals
        if totals is None or not totals.newest_arrival_unix_second > 0:
            return None
        return max(0.0, self.clock() - totals.newest_arrival_unix_second)

    def away_second(self) -> float | None:
        """For how long the store has not answered [s]; `None` while it does."""
        since = self.health.away_since
        return None if since is None else max(0.0, self.clock() - since)

    def _run(self) -> None:
        while not self._stopping:
            self.poll()
            self._wake.wait(self._poll_second)
            self._wake.clear()

    def _opened(self) -> StoreReader:
        if self._reader is None:
            self._reader = self._open_reader()
        return self._reader

    def _drop_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            with contextlib.suppress(Exception):  # it is broken already
                reader.close()

    def _cells(self) -> tuple[WatchedCell, ...]:
        with self.lock:
            return tuple(self._watched.values())

    def _note_away(self, error: Exception) -> None:
        self._drop_reader()
        if self.health.away_since is None:
            _log.warning("the store does not answer: %s", error, exc_info=not isinstance(error, StoreError))
            self.health = replace(self.health, away_since=self.clock(), error=str(error) or type(error).__name__)

    def _fold(self, news: News) -> None:
        self.health = Health(totals=news.totals)
        if news.afresh:
            self.fleet = Fleet()
            self._watched = {battery_id: WatchedCell(battery_id) for battery_id in self._watched}
        self._again = frozenset(row.battery_id for row in news.batteries)
        change = self.fleet.apply(self.version + 1, news.batteries, news.cycles)
        self._fold_watched(news)
        if news.afresh:
            change = replace(change, members=True)
        if change.batteries or change.cycles or change.members or any(news.traces.values()):
            self.version = change.version
            self._log.append(change)

    def _fold_watched(self, news: News) -> None:
        for battery_id, cell in self._watched.items():
            cell.add_cycles(news.histories.get(battery_id, ()))
            cell.add_points(news.traces.get(battery_id, ()))
        for row in news.cycles:
            if row.battery_id in self._watched:
                self._watched[row.battery_id].add_cycles((row,))

"""How a run goes on, attempt after attempt, on whatever runner that goes on by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from pipelines.options import RunSettings, SettingsError
from pipelines.runners.attempt import Attempts, RunGraph, rewind
from pipelines.runners.memory import give_back
from pipelines.runners.patience import AWAY, TRIES, Patience
from pipelines.runners.status import RunStatus, behind
from pipelines.runners.stop import stop_on_signals
from pipelines.runners.watcher import StatusCallback, Watcher
from pipelines.sources import Source, SourceError, open_source
from pipelines.storage import Store, open_store
from pipelines.transforms.read_range import Range

RANGE_BYTES = 64 * 1024 * 1024
"""How much of a bounded source one running of the graph takes: it holds all of it in memory at once."""


@dataclass(frozen=True, slots=True)
class _Run:
    settings: RunSettings
    source: Source
    store: Store
    attempts: Attempts
    stop: threading.Event

    @property
    def answers(self) -> tuple[Callable[[], object], ...]:
        """Ask everything that a run needs whether it is there."""
        return self.store.newest_epoch, self.source.ends, self._ask_dead_letters

    def _ask_dead_letters(self) -> None:
        if self.settings.dead_letter_url:
            open_source(self.settings.dead_letter_url).close()


def ignore(status: RunStatus) -> None:
    """Nobody wants to know."""


def supervise(settings: RunSettings, run_graph: RunGraph, on_status: StatusCallback = ignore) -> None:
    """Run until the source ends, ``--once`` is reached, or a signal asks to stop.

    Args:
        settings: Of the run.
        run_graph: Ends when `END_OF_RUN` is set, if not before.
        on_status: Called about once a second.

    Raises:
        SettingsError: The store holds more of the source than there is.
        SourceError, StoreError: Source or store cannot be opened.
        SupersededError: Another run has taken over the store.
    """
    source = open_source(settings.source_url)
    try:
        store = open_store(settings.store_url, create=True)
        try:
            store.init()
            _refuse_lost_source(source, store)
            attempts = Attempts(settings, store, run_graph)
            rewind(store, source, settings, attempts.epoch)
            with stop_on_signals() as stop:
                _run(_Run(settings, source, store, attempts, stop), on_status)
        finally:
            store.close()
    finally:
        source.close()


def _run(run: _Run, on_status: StatusCallback) -> None:
    if run.source.bounded:
        _run_bounded(run)
    else:
        _run_live(run, on_status)


def _refuse_lost_source(source: Source, store: Store) -> None:
    committed = store.committed()
    for partition, end in source.ends().items():
        if partition in committed and committed[partition].offset > end:
            message = (
                f"{partition} ends at {end}, but {committed[partition].offset} of it is in the store: the source has "
                "lost what it had. Make it anew, so that it gets another identity, or use another store."
            )
            raise SettingsError(message)


def _run_bounded(run: _Run) -> None:
    patience = Patience(run.answers, run.store, run.stop, tries=1)
    while not run.stop.is_set() and (left := behind(run.store.committed(), run.source.ends())):
        patience.attempt(partial(_read_on, run, tuple(left)))


def _read_on(run: _Run, partitions: tuple[str, ...]) -> None:
    committed = run.store.committed()
    starts = {name: committed[name].offset if name in committed else 0 for name in partitions}
    run.attempts.run(tuple(Range(name, start, RANGE_BYTES) for name, start in starts.items()))
    if run.store.committed() == committed:
        raise SourceError(f"{run.settings.source_url}: reading it again and again gets no further than {starts}.")


def _run_live(run: _Run, on_status: StatusCallback) -> None:
    goals = run.source.ends() if run.settings.once else None
    urls = run.settings.source_url, run.settings.store_url
    patience = Patience(run.answers, run.store, run.stop, TRIES)
    with Watcher(*urls, run.stop, goals, lambda: run.attempts.epoch, on_status) as watcher:
        while not run.stop.is_set():
            watcher.next_roll(run.settings.roll_second)
            patience.attempt(run.attempts.run)
            with suppress(*AWAY):  # the next roll waits for it
                _expire(run)
            give_back()


def _expire(run: _Run) -> None:
    settings = run.settings
    if settings.trace_retention_second is not None:
        run.store.expire_trace(settings.trace_retention_second)
    if settings.refused_retention_second is not None:
        for table in ("late", "dead_letter"):
            run.store.expire(table, time.time() - settings.refused_retention_second)

"""The graph in this process, with no server at all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from pipelines.options import RunSettings, SettingsError
from pipelines.runners.attempt import Attempts, rewind
from pipelines.runners.beam_flags import beam_options
from pipelines.runners.status import RunStatus, behind, ends_of
from pipelines.runners.stop import stop_on_signals
from pipelines.runners.watcher import Watcher
from pipelines.sources import Source, open_source
from pipelines.storage import Store, open_store
from pipelines.transforms.commit_offsets import SupersededError
from pipelines.transforms.read_range import Range

_LOGGER = logging.getLogger(__name__)

RANGE_BYTES = 64 * 1024 * 1024
"""How much of a bounded source one run of the graph takes: it holds all of it in memory at once."""
TRIES = 5


def _ignore(status: RunStatus) -> None:
    """Nobody wants to know."""


def run_local(settings: RunSettings, on_status: Callable[[RunStatus], None] = _ignore) -> None:
    """Run until the source ends, ``--once`` is reached, or a signal asks to stop.

    Raises:
        SettingsError: A Beam flag is unknown, or an offset in the store lies behind the end of the source.
        SourceError, StoreError: Source or store cannot be opened.
        SupersededError: Another run has taken over the store.
    """
    options = beam_options(settings.beam_options)
    source, store = open_source(settings.source_url), open_store(settings.store_url, create=True)
    try:
        store.init()
        _refuse_lost_source(source, store)
        attempts = Attempts(settings, options, store)
        rewind(store, source, settings, attempts.epoch)
        with stop_on_signals() as stop:
            if source.bounded:
                _run_bounded(settings, attempts, source, store, stop)
            else:
                _run_live(settings, attempts, source, store, stop, on_status)
    finally:
        source.close()
        store.close()


def _refuse_lost_source(source: Source, store: Store) -> None:
    committed = store.committed()
    for partition, end in ends_of(source).items():
        if partition in committed and committed[partition].offset > end:
            message = (
                f"{partition} ends at {end}, but {committed[partition].offset} of it is in the store: the source has "
                "lost what it had. Give it a new identity, or use another store."
            )
            raise SettingsError(message)


def _run_bounded(
    settings: RunSettings, attempts: Attempts, source: Source, store: Store, stop: threading.Event
) -> None:
    while not stop.is_set():
        left = behind(store, ends_of(source))
        if not left:
            return
        committed = store.committed()
        starts = {name: committed[name].offset if name in committed else 0 for name in left}
        attempts.run(tuple(Range(name, start, RANGE_BYTES) for name, start in starts.items()))


def _run_live(
    settings: RunSettings,
    attempts: Attempts,
    source: Source,
    store: Store,
    stop: threading.Event,
    on_status: Callable[[RunStatus], None],
) -> None:
    goals = ends_of(source) if settings.once else None
    with Watcher(settings.source_url, settings.store_url, stop, goals, on_status) as watcher:
        failures = 0
        while not stop.is_set():
            watcher.next_roll(settings.roll_second)
            before = store.committed()
            try:
                attempts.run()
            except SupersededError:
                raise
            except Exception:
                failures = 1 if store.committed() != before else failures + 1
                _LOGGER.exception("attempt failed (%d of %d without progress)", failures, TRIES)
                if failures >= TRIES:
                    raise
                stop.wait(min(30.0, 2.0**failures))
            else:
                failures = 0
            _expire(settings, store)


def _expire(settings: RunSettings, store: Store) -> None:
    if settings.trace_retention_second is not None:
        store.expire("trace", time.time() - settings.trace_retention_second)

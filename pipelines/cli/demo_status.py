"""How a demo is doing, in one line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.cli.demo_places import DemoPlaces
from pipelines.cli.quiet import no_warnings
from pipelines.cli.status_line import BYTES, amount, status_line
from pipelines.sources import open_source
from pipelines.storage import open_store


@contextmanager
def looking_at(places: DemoPlaces) -> Iterator[Callable[[], str]]:
    """A function that looks at log and store and says what it sees.

    Enter it before anything runs: it may load Beam, and nothing can be stopped meanwhile.
    """
    with no_warnings():
        from pipelines.runners.status import StatusWatch

    source, store = open_source(places.source_url), open_store(places.store_url)
    watch = StatusWatch(source, store)

    def look() -> str:
        sizes = f"log {amount(places.log_bytes(), BYTES)} · store {amount(places.store_bytes(), BYTES)}"
        return f"{status_line(watch.look(time.time()))} · {sizes}"

    try:
        yield look
    finally:
        source.close()
        store.close()

"""The page served from a thread of this process, and a browser that visits it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue

from dashboard.app import PageServer, serving
from dashboard.feed import Feed

READY = """() => {
  const document = window.Bokeh && Bokeh.documents[0];
  const chart = document && document.get_model_by_name("group-chart");
  return chart && Bokeh.index.find_one_by_id(chart.id);
}"""


_THREAD = ThreadPoolExecutor(max_workers=1)
"""One thread for all servers: Panel remembers the thread it began in."""


@contextmanager
def served(feed: Feed) -> Iterator[str]:
    """The page of this feed, answering in a thread of its own; yields its URL."""
    ready: Queue[PageServer] = Queue()

    def run() -> None:
        with serving(feed) as server:
            ready.put(server)
            server.run()

    ending = _THREAD.submit(run)
    server = ready.get(timeout=20)
    try:
        yield server.url
    finally:  # whatever a test finds wrong: a server left running would keep the whole test run from ending
        server.stop()
        ending.result(timeout=20)


class Visit:
    """A page in the browser, with everything it said and asked for."""

    def __init__(self, browser, url: str, width: int = 1440, height: int = 1000) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.troubles: list[str] = []
        self.hosts: set[str] = set()
        self.received: list[str | bytes] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        self.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self.received.append(frame)))
        begun = time.monotonic()
        self.page.goto(url)
        self.page.wait_for_function(READY)
        self.first_paint_second = time.monotonic() - begun

    def _heard(self, message) -> None:
        if message.type == "error":
            self.troubles.append(message.text)

    def column(self, source: str, name: str) -> list:
        """A column of a source in the browser's model; NaN comes as None."""
        script = "([source, name]) => Array.from(Bokeh.documents[0].get_model_by_name(source).data[name])"
        return self.page.evaluate(script, [source, name])

    def until(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(condition, arg=argument)

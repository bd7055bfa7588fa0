"""Serving the page."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import panel as pn
from bokeh.settings import settings
from bokeh.themes import Theme
from panel.io.server import get_server
from panel.viewable import Viewable
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketClosedError

from dashboard.feed import Feed
from dashboard.session import Session
from dashboard.url import keep_equal
from dashboard.view_state import ViewState

COMPRESSION_LEVEL = 6
OUR_MODELS = ("Axis", "Grid", "Figure", "Plot")


class PortInUseError(Exception):
    """Another program listens on the port, in a sentence for the person at the terminal."""


def serve(
    store_url: str,
    *,
    port: int = 5006,
    address: str = "127.0.0.1",
    show: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page of a store until the process is interrupted.

    The store need not be there yet: the page says so and begins when it is.

    Args:
        store_url: As `pipelines.storage.open_reader` takes it.
        port: To listen on; 0 for any that is free.
        address: To listen on.
        show: Open the page in a browser.
        on_ready: Called with the page's URL when it can be opened.

    Raises:
        PortInUseError: The port is taken.
    """
    from pipelines.storage import open_reader

    with serving(Feed(lambda: open_reader(store_url)), port=port, address=address, show=show) as server:
        if on_ready is not None:
            on_ready(server.url)
        server.run()


class PageServer:
    """A server of the page, listening but not yet answering.

    Attributes:
        url: Where the page is.
    """

    def __init__(self, feed: Feed, port: int, address: str, show: bool) -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        self._loop = IOLoop.current()
        asyncio.get_event_loop().set_exception_handler(_say_what_matters)
        with _interrupts_left_alone():
            self._server = _listen(create_app(feed), port, address, show)
        self.url = f"http://{address if address not in ('0.0.0.0', '') else 'localhost'}:{self._server.port}/"  # noqa: S104

    def run(self) -> None:
        """Answer until `stop` or an interrupt."""
        self._server.start()
        self._loop.start()

    def stop(self) -> None:
        """End `run`; from any thread."""
        self._loop.add_callback(self._loop.stop)

    def close(self) -> None:
        """Let go of the port."""
        with contextlib.suppress(AssertionError):  # never started
            self._server.stop()
        self._server.io_loop.close(all_fds=True)


@contextlib.contextmanager
def serving(feed: Feed, *, port: int = 0, address: str = "127.0.0.1", show: bool = False) -> Iterator[PageServer]:
    """A server for this feed, in the current thread, and the feed's thread; both end with the block.

    Raises:
        PortInUseError: The port is taken.
    """
    server = PageServer(feed, port, address, show)
    feed.start()
    try:
        yield server
    finally:
        feed.stop()
        server.close()


def create_app(feed: Feed) -> Callable[[], Viewable]:
    """What builds the page of each new viewer.

    Args:
        feed: Shared by all viewers; the caller starts and stops it.
    """
    settings.resources = "server"
    pn.extension("tabulator")

    def build() -> Viewable:
        document, location = pn.state.curdoc, pn.state.location
        if document is None or location is None:
            raise RuntimeError("the page is built in a session of its server only")
        document.theme = Theme(json={"attrs": {name: {} for name in OUR_MODELS}})
        state = ViewState()
        keep_equal(location, state)
        session = Session(feed, state, document)
        pn.state.onload(session.begin)
        pn.state.on_session_destroyed(lambda _context: session.end())
        return session.page

    return build


def _listen(app: Callable[[], Viewable], port: int, address: str, show: bool) -> Any:
    port = port or _free_port(address)
    hosts = {address, "localhost", "127.0.0.1"}
    try:
        return get_server(
            {"/": app},
            port=port,
            address=address,
            show=show,
            title="ChargeTracker",
            liveness=True,
            websocket_origin=[f"{host}:{port}" for host in sorted(hosts)],
            websocket_compression_level=COMPRESSION_LEVEL,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortInUseError(
            f"Port {port} on {address} is in use by another program: end it, or choose another with --port."
        ) from error


def _free_port(address: str) -> int:
    """A port that is free now: the browser's origin is checked against a number that is known before."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def _say_what_matters(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A viewer who leaves while a message is on its way is no error."""
    if not isinstance(context.get("exception"), WebSocketClosedError):
        loop.default_exception_handler(context)


@contextlib.contextmanager
def _interrupts_left_alone() -> Iterator[None]:
    """Panel takes the interrupt signal for itself; whoever called us had plans for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

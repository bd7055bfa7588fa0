"""``chargetracker serve``: the page."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.flags import Port, StoreUrl
from pipelines.cli.page_port import LOOPBACK, refuse_port_in_use
from pipelines.cli.stop import interrupted_by_sigterm
from pipelines.cli.verb import CommandError, verb
from pipelines.storage import open_reader

DEFAULT_PORT = 5006

Address = Annotated[
    str, typer.Option("--address", help="Interface to serve on; the page has no log-in, so think before you open it.")
]


@verb
def serve(store: StoreUrl, port: Port = DEFAULT_PORT, address: Address = LOOPBACK) -> None:
    """Serve the page of a store until Ctrl-C."""
    refuse_port_in_use(port, address)
    # Refuses a store that is not there before the page's libraries are loaded.
    open_reader(store).close()
    from dashboard.app import PortInUseError
    from dashboard.app import serve as serve_page

    try:
        with interrupted_by_sigterm():
            serve_page(store, port=port, address=address, on_ready=_say_where)
    except KeyboardInterrupt:
        return
    except PortInUseError as error:
        raise CommandError(str(error)) from error


def _say_where(url: str) -> None:
    typer.echo(f"The page is at {url} (Ctrl-C stops it).")

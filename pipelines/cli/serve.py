"""``chargetracker serve``: the page."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.flags import Port, StoreUrl
from pipelines.cli.page_port import LOOPBACK, refuse_port_in_use
from pipelines.cli.verb import verb
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
    from dashboard.app import serve as serve_page

    typer.echo(f"The page is at http://{address}:{port} (Ctrl-C stops it).")
    serve_page(store, port=port, address=address)

"""``chargetracker simulate``: a lab that writes its readings, and their exact answers."""

from __future__ import annotations

from pipelines.cli.verb import verb


@verb
def simulate() -> None:
    """A lab of batteries."""

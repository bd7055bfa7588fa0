"""What can be polled: no Beam in here."""

from pipelines.sources.base import Source, SourceAwayError, SourceError
from pipelines.sources.registry import open_source

__all__ = ["Source", "SourceAwayError", "SourceError", "open_source"]

"""What can be polled: no Beam in here."""

from pipelines.sources.base import Source, SourceError
from pipelines.sources.registry import open_source

__all__ = ["Source", "SourceError", "open_source"]

"""One declarative table per cycler export, and what reads them."""

from pipelines.sources.cyclers.recognise import EXPORTS, HEAD_BYTES, Header, header_of, makes, recognise
from pipelines.sources.cyclers.table import Export

__all__ = ["EXPORTS", "HEAD_BYTES", "Export", "Header", "header_of", "makes", "recognise"]

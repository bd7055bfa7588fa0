"""A finished cycler export as a source that ends."""

from pipelines.sources.file.opening import open_file
from pipelines.sources.file.source import FileSource

__all__ = ["FileSource", "open_file"]

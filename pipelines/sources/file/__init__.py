"""A finished cycler export as a source that ends."""

from pipelines.sources.file.opening import open_file
from pipelines.sources.file.plain_text import is_plain
from pipelines.sources.file.source import FileSource
from pipelines.sources.file.tables import is_packed

__all__ = ["FileSource", "is_packed", "is_plain", "open_file"]

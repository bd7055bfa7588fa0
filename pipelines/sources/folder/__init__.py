"""A folder of cycler exports that grow, as a source that goes on."""

from pipelines.sources.folder.opening import open_folder
from pipelines.sources.folder.source import FolderSource

__all__ = ["FolderSource", "open_folder"]

"""The readings log: a directory of append-only text files, one message a line."""

from pipelines.sources.log.layout import partition_of
from pipelines.sources.log.reader import LogSource
from pipelines.sources.log.writer import LogWriter

__all__ = ["LogSource", "LogWriter", "partition_of"]

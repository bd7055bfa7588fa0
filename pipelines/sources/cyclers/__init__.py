"""One declarative table per cycler export, and what reads them."""

from pipelines.sources.cyclers.encoding import encoding_of
from pipelines.sources.cyclers.exports import EXPORTS, makes
from pipelines.sources.cyclers.overrides import Override, parse_map, url_with_overrides
from pipelines.sources.cyclers.recognise import HEAD_BYTES, Header, recognise, recognise_columns, split_fields
from pipelines.sources.cyclers.table import Column, Export

__all__ = [
    "EXPORTS",
    "HEAD_BYTES",
    "Column",
    "Export",
    "Header",
    "Override",
    "encoding_of",
    "makes",
    "parse_map",
    "recognise",
    "recognise_columns",
    "split_fields",
    "url_with_overrides",
]

"""Where rows and snapshots are kept: no Beam in here."""

from pipelines.storage.base import Bundle, Store, StoreAwayError, StoreError, StoreReader, Totals
from pipelines.storage.late import late_counts
from pipelines.storage.registry import open_reader, open_store

__all__ = [
    "Bundle",
    "Store",
    "StoreAwayError",
    "StoreError",
    "StoreReader",
    "Totals",
    "late_counts",
    "open_reader",
    "open_store",
]

"""From the bytes of messages to columnar chunks; what cannot be read becomes dead letters."""

from pipelines.decoding.batch import decode
from pipelines.decoding.limits import Limits

__all__ = ["Limits", "decode"]

"""What a roll has left behind, given back."""

from __future__ import annotations

import ctypes
import gc


def give_back() -> None:
    """Hand freed memory back to the system, where the C library can (glibc).

    The embedded runner keeps a little for every bundle until its run ends; what is freed then lies in many small
    pieces, which the C library would keep for itself, and the process would seem to grow.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""Whose readings: the three identifiers, checked once for all readings that share them."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.decoding.refusal import Refusal
from schemas import Reason
from schemas.reading import IDENTIFIER_PATTERN

_SHOWN_CHARACTERS = 80
_matches = re.compile(IDENTIFIER_PATTERN).fullmatch  # "$" alone would let a newline at the end pass


class Identifiers(NamedTuple):
    """As a message has them; `None` where it has none."""

    battery_id: str | None
    test_id: str | None
    group: str | None

    def fault(self) -> Refusal | None:
        """Why they are refused, the first of the three."""
        if self.battery_id is None:
            return Refusal("missing_field", "battery_id is missing")
        for name, text in zip(self._fields, self, strict=True):
            if text is not None and not _matches(text):
                return _bad(name, text)
        return None

    def require(self) -> Identifiers:
        """Themselves.

        Raises:
            Refusal: They are refused.
        """
        fault = self.fault()
        if fault is not None:
            raise fault
        return self


def _bad(name: str, text: str) -> Refusal:
    reason: Reason = "bad_identifier"
    shown = ascii(text[:_SHOWN_CHARACTERS])
    return Refusal(reason, f"{name} {shown} ({len(text)} characters) does not match {IDENTIFIER_PATTERN}")

"""Why servers cannot be had or used."""

from __future__ import annotations


class ServerError(Exception):
    """In a sentence for the person at the terminal that says what to do.

    Attributes:
        evidence: Lines that explain it, mostly the end of a server's log; mostly none.
    """

    def __init__(self, message: str, evidence: str = "") -> None:
        super().__init__(message)
        self.evidence = evidence

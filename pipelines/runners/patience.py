"""What a failed attempt means: an outage is waited for, any other failure is tried again a few times."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from pipelines.sources import SourceAwayError
from pipelines.storage import Store, StoreAwayError
from pipelines.transforms.commit_offsets import SupersededError
from schemas import CommittedOffset

_LOGGER = logging.getLogger(__name__)

AWAY = (SourceAwayError, StoreAwayError)
"""What a source or store raises that does not answer now."""
TRIES = 5
"""How often in a row an attempt may fail without getting any further, while source and store are there."""
LOOK_SECOND = 1.0
"""How often one that is away is looked for."""
LONGEST_PAUSE_SECOND = 30.0


class Patience:
    """Goes on after failures as long as that makes sense.

    Args:
        answers: Each raises one of `AWAY` while what it asks does not answer.
        store: Its committed offsets say whether an attempt got any further.
        stop: Set when nobody wants to wait any longer.
        tries: As `TRIES`; 1 gives up at the first failure that is no outage.
    """

    def __init__(
        self, answers: Sequence[Callable[[], object]], store: Store, stop: threading.Event, tries: int
    ) -> None:
        self._answers = answers
        self._store = store
        self._stop = stop
        self._tries = tries
        self._failures = 0

    def attempt(self, run: Callable[[], None]) -> None:
        """Run once; after a failure, return when it is time to try again.

        Raises:
            SupersededError: Another run has taken over.
            Exception: What made the last of too many attempts fail.
        """
        before = self._committed()
        try:
            run()
        except SupersededError:
            raise
        except Exception as error:
            if not self._was_outage():
                self._count(error, before)
        else:
            self._failures = 0

    def _was_outage(self) -> bool:
        """True when something is away, and then only after it has come back."""
        error = self._away()
        if error is None:
            return False
        began = time.monotonic()
        _LOGGER.warning("waiting: %s", error)
        while not self._stop.wait(LOOK_SECOND) and self._away() is not None:
            pass
        _LOGGER.warning("going on after %.0f s", time.monotonic() - began)
        return True

    def _away(self) -> Exception | None:
        try:
            for answer in self._answers:
                answer()
        except AWAY as error:
            return error
        return None

    def _count(self, error: Exception, before: dict[str, CommittedOffset]) -> None:
        self._failures = 1 if self._committed() != before else self._failures + 1
        if self._failures >= self._tries:
            raise error
        # Beam has logged the stack.
        _LOGGER.warning(
            "attempt %d of %d without progress failed: %s; trying again", self._failures, self._tries, error
        )
        self._stop.wait(min(LONGEST_PAUSE_SECOND, 2.0**self._failures))

    def _committed(self) -> dict[str, CommittedOffset]:
        """Offsets; none while the store is away: then the failure is no failure of the attempt anyway."""
        try:
            return self._store.committed()
        except AWAY:
            return {}

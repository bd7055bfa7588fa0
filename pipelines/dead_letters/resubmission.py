"""Dead letters, fixed and sent to their source again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from pipelines.dead_letters.fix import Fix, FixError
from pipelines.dead_letters.message import RESUBMITTED, Message, identity, partition_number, without_note
from pipelines.dead_letters.place import Place
from pipelines.dead_letters.target import Target
from pipelines.dead_letters.verdict import Verdict, verdict_of
from pipelines.sources.log.layout import partition_of
from schemas import DeadLetter
from schemas.dead_letter import decode_headers

AT_A_TIME = 500


class Outcome(StrEnum):
    """What becomes of a letter."""

    SENT = "re-submitted"
    BEFORE = "left: re-submitted before"
    LOST = "left: deleted before it was read, there is nothing to send"
    CUT = "left: only its beginning is kept here; a dead letter topic keeps all of it"
    UNFIXED = "left: cannot be fixed this way"
    REFUSED = "left: would be refused again"
    UNFIT = "left: cannot be written there, as it is too large or more than one line"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A letter that somebody wants to send again.

    Attributes:
        letter: As it was kept.
        content: Of the message, fixed.
        outcome: What is to become of it.
        verdict: What a run would say of it now; `None` when it did not come to that.
        why: More about why it is left, for a person.
    """

    letter: DeadLetter
    content: bytes
    outcome: Outcome
    verdict: Verdict | None = None
    why: str = ""


def candidates(letters: Iterable[DeadLetter], before: set[str], fix: Fix, *, force: bool) -> Iterator[Candidate]:
    """The letters with what is to become of them.

    Args:
        letters: To look at.
        before: Identities of those that were sent already.
        fix: To be made.
        force: Send also what would be refused again.
    """
    for letter in letters:
        unsendable = _unsendable(letter, before)
        if unsendable is not None:
            yield Candidate(letter, letter.payload, unsendable)
            continue
        try:
            content = fix.of(letter.payload)
        except FixError as error:
            yield Candidate(letter, letter.payload, Outcome.UNFIXED, why=str(error))
            continue
        verdict = verdict_of(content)
        outcome = Outcome.REFUSED if verdict.refusal and not force else Outcome.SENT
        yield Candidate(letter, content, outcome, verdict, verdict.refusal)


def resubmit(found: Iterable[Candidate], place: Place, target: Target, target_url: str) -> Counter[Outcome]:
    """Send what is to be sent, some at a time: first the messages, then the note that they were sent.

    When it is interrupted in between, those few are sent once more by the next one.

    Returns:
        How many letters became of what.

    Raises:
        SourceError: Target or place does not answer.
    """
    tally: Counter[Outcome] = Counter()
    rest = iter(found)
    while some := list(islice(rest, AT_A_TIME)):
        wanted = [one for one in some if one.outcome is Outcome.SENT]
        unfit = target.send([_message(one, target.partitions) for one in wanted])
        place.remember([one.letter for number, one in enumerate(wanted) if number not in unfit], target_url)
        tally.update(one.outcome for one in some)
        tally.update({Outcome.UNFIT: len(unfit), Outcome.SENT: -len(unfit)})
    return tally


def _unsendable(letter: DeadLetter, before: set[str]) -> Outcome | None:
    if identity(letter) in before:
        return Outcome.BEFORE
    if letter.reason == "lost":
        return Outcome.LOST
    return Outcome.CUT if len(letter.payload) < letter.payload_size else None


def _message(candidate: Candidate, partitions: int) -> Message:
    """With its key and headers, to the partition of its battery; where none can be told, to the one it was in."""
    letter = candidate.letter
    battery = b"" if candidate.verdict is None else candidate.verdict.battery_id.encode()
    key = letter.key or battery
    number = partition_number(letter)
    if battery or number is None or number >= partitions:
        number = partition_of(battery or key, partitions)
    headers = without_note(decode_headers(letter.headers))
    return Message(number, key or None, candidate.content, [*headers, (RESUBMITTED, identity(letter).encode())])

"""``chargetracker dead-letters resubmit``: refused messages are fixed and sent to their source again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.flags import BatteryId
from pipelines.cli.letter_place import FromStore, FromTopic, Notes, OnlyReason, open_place, wanted
from pipelines.cli.show import printable, readable
from pipelines.cli.verb import CommandError, verb

if TYPE_CHECKING:  # decoding takes a while to load
    from pipelines.dead_letters.fix import Fix
    from pipelines.dead_letters.place import Place
    from pipelines.dead_letters.resubmission import Candidate, Outcome

EXAMPLES = 5
EXAMPLE_CHARACTERS = 300

To = Annotated[str, typer.Option("--to", metavar="URL", help="The source: kafka://HOST:PORT/TOPIC or log://DIR.")]
Edit = Annotated[
    str,
    typer.Option("--edit", metavar="PROGRAM", help="Gets each message on stdin and writes it fixed, as 'jq -c .data'."),
]
Rename = Annotated[
    list[str] | None, typer.Option("--rename", metavar="OLD=NEW", help="Another name for a field of JSON.")
]
Multiply = Annotated[
    list[str] | None, typer.Option("--multiply", metavar="NAME=FACTOR", help="Another unit: current_ampere=0.001.")
]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value for a field of JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Send nothing; show what would become of the first few.")]
Force = Annotated[bool, typer.Option("--force", help="Send also what would be refused again.")]


@verb
def resubmit(
    to: To,
    store: FromStore = None,
    topic: FromTopic = None,
    reason: OnlyReason = None,
    battery: BatteryId = None,
    edit: Edit = "",
    rename: Rename = None,
    multiply: Multiply = None,
    values: Set = None,
    dry_run: DryRun = False,
    force: Force = False,
    notes: Notes = None,
) -> None:
    """Send refused messages to their source again, fixed in this order: --edit, --rename, --multiply, --set.

    Each is sent once, and only when a run would take it now. A battery that has gone on meanwhile counts what comes
    as late.
    """
    from pipelines.dead_letters.resubmission import candidates

    if to == topic:
        message = f"--to {to}: that is where the dead letters are; send them to where the readings are."
        raise CommandError(message)
    fix = _fix(edit, rename or [], multiply or [], values or [])
    with closing(open_place(store, topic, notes)) as place:
        before = place.resubmitted()
        chosen = (letter for letter in place.letters() if wanted(letter, reason, battery))
        found = candidates(chosen, before, fix, force=force)
        if dry_run:
            _print_tally(_shown(found), "would be ")
        else:
            _print_tally(_sent(found, place, to), "")


def _fix(program: str, renames: list[str], factors: list[str], values: list[str]) -> Fix:
    from pipelines.dead_letters.fix import FixError, parse_fix

    try:
        return parse_fix(program, renames, factors, values)
    except FixError as error:
        raise CommandError(str(error)) from error


def _sent(found: Iterator[Candidate], place: Place, to: str) -> Counter[Outcome]:
    from pipelines.dead_letters.resubmission import resubmit as send
    from pipelines.dead_letters.target import open_target

    with closing(open_target(to)) as target:
        return send(found, place, target, to)


def _shown(found: Iterator[Candidate]) -> Counter[Outcome]:
    tally: Counter[Outcome] = Counter()
    for candidate in found:
        if tally.total() < EXAMPLES:
            typer.echo("\n".join(example(candidate)), err=True)
        tally[candidate.outcome] += 1
    return tally


def example(candidate: Candidate) -> list[str]:
    """Lines for people: which letter, what was in it, what is in it now, and what would become of that."""
    from pipelines.dead_letters.message import identity

    letter, verdict = candidate.letter, candidate.verdict
    lines = [f"{identity(letter)}  {letter.reason}: {printable(letter.detail)}"]
    lines += [f"  - {readable(letter.payload, EXAMPLE_CHARACTERS)}"]
    if candidate.content != letter.payload:
        lines += [f"  + {readable(candidate.content, EXAMPLE_CHARACTERS)}"]
    taken = f" (readings: {verdict.readings}, of {verdict.battery_id or 'several'})" if verdict else ""
    why = f" ({printable(candidate.why)})" if candidate.why else taken
    return [*lines, f"  = {candidate.outcome}{why}"]


def _print_tally(tally: Counter[Outcome], prefix: str) -> None:
    from pipelines.dead_letters.resubmission import Outcome

    for outcome in Outcome:
        if tally[outcome] or outcome is Outcome.SENT:
            typer.echo(f"{prefix}{outcome}\t{tally[outcome]}")

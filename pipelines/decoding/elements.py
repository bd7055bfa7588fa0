"""From pieces to the numbered elements that one poll becomes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from pipelines.decoding.piece import Piece
from schemas import DEAD_LETTER_KEY, DeadLetter, DeadLetterChunk, Position, ReadingChunk, RecordBatch

Element = tuple[str, ReadingChunk | DeadLetterChunk]


def elements_of(batch: RecordBatch, pieces: Iterable[Piece], letters: tuple[DeadLetter, ...]) -> list[Element]:
    """The chunks of a poll, each under its key; never none.

    Args:
        batch: The poll.
        pieces: Its readings; those of one battery in the order of their offsets.
        letters: What was refused.
    """
    runs = [run for battery in _by_battery(pieces) for run in _runs(battery)]
    dead = bool(letters) or not runs
    parts = len(runs) + dead

    def position(part: int) -> Position:
        return Position(batch.partition, batch.first_offset, batch.next_offset, part, parts)

    elements: list[Element] = [_chunk(batch, *run, position(part)) for part, run in enumerate(runs)]
    if dead:
        last = DeadLetterChunk(position(len(runs)), letters)
        elements.append((DEAD_LETTER_KEY + batch.partition, last))
    return elements


def _by_battery(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    batteries: dict[str | None, list[Piece]] = {}
    for piece in pieces:
        batteries.setdefault(piece.identifiers.battery_id, []).append(piece)
    return batteries.values()


def _runs(pieces: list[Piece]) -> list[tuple[Piece, bool]]:
    """One piece for each test and group of a battery, and whether it is the battery's last one."""
    joined = [_joined(list(run)) for _, run in groupby(pieces, lambda piece: piece.identifiers)]
    return [(piece, piece is joined[-1]) for piece in joined]


def _joined(run: list[Piece]) -> Piece:
    if len(run) == 1:
        return run[0]
    return Piece(
        run[0].identifiers,
        np.concatenate([piece.values for piece in run], axis=1),
        np.concatenate([piece.offsets for piece in run]),
        np.concatenate([piece.indices for piece in run]),
    )


def _chunk(batch: RecordBatch, run: Piece, is_last: bool, position: Position) -> Element:
    battery_id, test_id, group = (text or "" for text in run.identifiers)
    return battery_id, ReadingChunk(
        battery_id,
        test_id,
        group,
        position,
        batch.arrival_unix_second,
        run.values,
        run.offsets,
        run.indices,
        batch.closes and is_last,
    )

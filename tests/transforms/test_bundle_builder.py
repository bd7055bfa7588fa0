"""Of each key, a bundle holds the newest row."""

from pipelines.analytics import BatteryState, Settings, track
from pipelines.transforms.bundle_builder import BundleBuilder
from schemas import DeadLetter, Snapshot
from tests.oracle.generators import cut, stream


def test_later_rows_of_a_key_take_the_place_of_earlier_ones():
    builder, state = BundleBuilder(), BatteryState.empty()
    emitted = []
    for chunk in cut(stream(seed=3, readings=300), [100, 100, 100]):
        state, rows = track(state, chunk, Settings())
        builder.add_rows(rows)
        builder.add_snapshot(Snapshot("b1", b"state", state.revision))
        emitted.append(rows)
    bundle = builder.bundle()
    assert bundle.batteries == (emitted[-1].battery,)
    assert bundle.snapshots == (Snapshot("b1", b"state", state.revision),)
    newest = {row.cycle_number: row for rows in emitted for row in rows.cycles}
    assert {row.cycle_number: row for row in bundle.cycles} == newest
    assert len(bundle.cycles) == len(newest)
    assert len({row.step_number for row in bundle.steps}) == len(bundle.steps) > 1
    assert len({row.bucket for row in bundle.trace}) == len(bundle.trace) > 1


def test_a_store_gets_the_beginning_of_a_long_dead_letter_and_its_true_size():
    builder = BundleBuilder()
    builder.add_dead_letters([DeadLetter("p", 0, -1, "malformed", "", b"x" * 5000, 5000, 0.0, b"key")])
    (letter,) = builder.bundle().dead_letters
    assert (letter.payload, letter.payload_size, letter.key) == (b"x" * 4096, 5000, b"key")


def test_dead_letters_are_all_kept():
    builder = BundleBuilder()
    letters = [DeadLetter("p", offset, -1, "empty", "", b"", 0, 0.0) for offset in (1, 2)]
    builder.add_dead_letters(letters[:1])
    builder.add_dead_letters(letters[1:])
    assert builder.bundle().dead_letters == tuple(letters)

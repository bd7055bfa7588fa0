import itertools

import msgspec
import numpy as np
import pytest

from schemas import Reading
from schemas.reading import limits
from simulator.fault_steps import SILENCE_SECOND
from simulator.faults import LATE_SECOND, FaultRates, Faults
from simulator.lab import Lab
from simulator.readings import RECORD

START = 1_700_000_000.125
ALL = FaultRates(
    missing=0.01, repeated=0.02, disordered=0.03, late=0.01, malformed=0.005, clock_jumps=0.001, silent=0.1
)


@pytest.fixture(scope="module")
def lab():
    return Lab(batteries=4, cycles=1)


def disturbed(lab, rates, pieces=1, seed=3):
    """What comes of the whole lab: readings and spoiled messages by battery, and the faults."""
    faults = Faults(rates, seed)
    sent = {name: [] for name in lab.battery_ids}
    spoiled = {name: [] for name in lab.battery_ids}
    edges = np.linspace(0, lab.length_ms + 1, pieces + 1).astype(int)
    for begin, end in itertools.pairwise(edges):
        for readings in lab.read(lab.records_before(begin), lab.records_before(end), START):
            found = faults.disturb(readings)
            sent[readings.battery_id].append(found.readings.values[: 1 + RECORD])
            spoiled[readings.battery_id].extend(found.spoiled)
    return {name: np.concatenate(values, axis=1) for name, values in sent.items()}, spoiled, faults.ledger


def judged(values):
    """Accepted, duplicates and late readings as an analysis with a horizon of 30 s counts them."""
    newest, seen, counts = -np.inf, set(), [0, 0, 0]
    for time, record in zip(values[0], values[-1], strict=True):
        kind = 2 if time <= newest - 30 else 1 if record in seen else 0
        counts[kind] += 1
        seen.add(record)
        newest = max(newest, time)
    return counts


def test_without_faults_nothing_is_changed(lab):
    sent, spoiled, ledger = disturbed(lab, FaultRates(), pieces=3)
    for readings in lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, START):
        assert np.array_equal(sent[readings.battery_id], readings.values[: 1 + RECORD])
    assert ledger.generated == ledger.sent == ledger.accepted == lab.records.totals.sum()
    assert not any(spoiled.values())


@pytest.mark.parametrize("pieces", [1, 7, 200])
def test_the_book_balances_with_what_an_analysis_finds(lab, pieces):
    sent, spoiled, ledger = disturbed(lab, ALL, pieces)
    dead = sum(map(len, spoiled.values()))
    accepted, duplicates, late = np.sum([judged(values) for values in sent.values()], axis=0)
    assert ledger.generated == lab.records.totals.sum()
    assert ledger.sent == sum(values.shape[1] for values in sent.values()) + dead
    assert (accepted, duplicates, late, dead) == (ledger.accepted, ledger.repeated, ledger.late, ledger.malformed)
    for kind in ("missing", "repeated", "disordered", "late", "malformed", "clock_jumps", "silenced"):
        assert getattr(ledger, kind) > 0


def test_the_same_readings_meet_the_same_fate_in_any_pieces(lab):
    whole, _, first = disturbed(lab, ALL, 1)
    pieces, _, second = disturbed(lab, ALL, 60)
    for name in lab.battery_ids:
        # Late ones may still be held at the end of one and not of the other.
        common = set(whole[name][-1]) ^ set(pieces[name][-1])
        assert len(common) <= abs(first.held - second.held)
    assert (first.missing, first.repeated, first.malformed) == (second.missing, second.repeated, second.malformed)


def test_shares_are_about_what_was_asked_for(lab):
    _, _, ledger = disturbed(lab, FaultRates(missing=0.02, repeated=0.05, late=0.03, malformed=0.01), 20)
    share = np.array([ledger.missing, ledger.repeated, ledger.late + ledger.held, ledger.malformed]) / ledger.generated
    np.testing.assert_allclose(share, [0.02, 0.05, 0.03, 0.01], rtol=0.15)


def test_a_repeated_reading_follows_its_twin(lab):
    sent, _, ledger = disturbed(lab, FaultRates(repeated=0.1))
    twins = sum(np.count_nonzero((values[:, 1:] == values[:, :-1]).all(axis=0)) for values in sent.values())
    assert twins == ledger.repeated > 0


def test_disordered_readings_come_a_few_seconds_late_and_none_is_lost(lab):
    sent, _, ledger = disturbed(lab, FaultRates(disordered=0.1), pieces=5)
    overtaken = 0
    for index, name in enumerate(lab.battery_ids):
        time, record = sent[name][0], sent[name][-1]
        assert sorted(record) == list(range(1, lab.records.totals[index] + 1))
        newest = np.maximum.accumulate(time)
        assert (newest - time).max() <= 5.0
        overtaken += np.count_nonzero(newest > time)
    assert overtaken == ledger.disordered > 0


def test_late_readings_come_long_after_their_time(lab):
    sent, _, ledger = disturbed(lab, FaultRates(late=0.05), pieces=30)
    behind = [np.maximum.accumulate(values[0]) - values[0] for values in sent.values()]
    late = np.concatenate([wait[wait > 0.0] for wait in behind])
    assert len(late) == ledger.late > 0
    assert late.min() >= LATE_SECOND


def test_a_silent_channel_says_nothing_for_whole_windows(lab):
    sent, _, ledger = disturbed(lab, FaultRates(silent=0.2))
    assert 0 < ledger.silenced < ledger.generated
    for readings in lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, START):
        windows = readings.values[0] // SILENCE_SECOND
        heard = set(sent[readings.battery_id][0] // SILENCE_SECOND)
        expected = np.isin(windows, list(heard)).sum()
        assert sent[readings.battery_id].shape[1] == expected


def test_a_clock_that_jumps_stays_ahead_and_leaves_the_test_time_alone(lab):
    sent, _, ledger = disturbed(lab, FaultRates(clock_jumps=0.001, clock_jump_second=7.0), pieces=40)
    jumps = 0
    for readings in lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, START):
        values = sent[readings.battery_id]
        assert np.array_equal(values[0], readings.values[0])
        ahead = values[1] - readings.values[1]
        assert set(np.round(np.diff(ahead), 3)) <= {0.0, 7.0}
        jumps += round(ahead[-1] / 7.0)
    assert jumps == ledger.clock_jumps > 0


def test_no_spoiled_message_is_a_reading(lab):
    _, spoiled, ledger = disturbed(lab, FaultRates(malformed=0.02))
    messages = [message for found in spoiled.values() for message in found]
    assert len(messages) == ledger.malformed > 100
    for message in messages:
        assert b"\n" not in message
        with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
            msgspec.json.decode(message, type=Reading)
    assert limits()["voltage_volt"][1] < 1e9


@pytest.mark.parametrize("rates", [{"missing": 1.1}, {"late": -0.1}, {"missing": 0.6, "repeated": 0.6}])
def test_impossible_rates_are_refused(rates):
    with pytest.raises(ValueError, match=r"share|at most"):
        FaultRates(**rates)

import itertools
import math
import random
import zlib

import msgspec
import numpy as np
import pytest

from schemas import Reading
from simulator.faults import FaultRates, Faults
from simulator.lab import Lab
from simulator.messages import MESSAGE_FORMATS
from simulator.player import TICK_SECOND, play
from simulator.resume import SLICE_MS, OtherLabError, standing
from tests.simulator.fake_publisher import FakePublisher, FakeTime, KilledError, records_of


@pytest.fixture(scope="module")
def lab():
    return Lab(batteries=8, cycles=2, sampling_second=20.0)


def playing(lab, publisher, **settings):
    time = FakeTime()
    return play(lab, publisher, clock=time.clock, sleep=time.sleep, **settings)


def expected_records(lab):
    return {name: list(range(1, total + 1)) for name, total in zip(lab.battery_ids, lab.records.totals, strict=True)}


@pytest.mark.parametrize("message_format", ["json", "columns"])
def test_as_fast_as_it_can_every_reading_is_published_once_and_in_order(lab, message_format):
    publisher = FakePublisher()
    done = playing(lab, publisher, speed=math.inf, message_format=message_format)
    assert records_of(publisher) == expected_records(lab)
    assert done.done
    assert done.readings == done.total_readings == lab.records.totals.sum()
    assert done.cycles == 16


def test_a_battery_is_on_the_partition_of_its_name(lab):
    publisher = FakePublisher(partitions=4)
    playing(lab, publisher, speed=math.inf)
    for partition, messages in enumerate(publisher.written):
        for message in messages:
            assert zlib.crc32(msgspec.json.decode(message)["battery_id"].encode()) % 4 == partition


def test_the_last_reading_of_a_new_lab_is_now(lab):
    publisher = FakePublisher()
    playing(lab, publisher, speed=math.inf, message_format="json")
    newest = max(msgspec.json.decode(message, type=Reading).unix_time_second for message in publisher.messages())
    assert newest == pytest.approx(1.8e9, abs=0.002)
    assert newest <= 1.8e9


def test_slices_are_published_in_the_order_of_time(lab):
    publisher = FakePublisher(partitions=1)
    playing(lab, publisher, speed=math.inf, message_format="columns")
    spans = []
    for message in publisher.written[0]:
        said = msgspec.json.decode(message)
        begin = lab.begin_ms[lab.battery_ids.index(said["battery_id"])] / 1000
        times = np.atleast_1d(said["test_time_second"]) + begin
        spans.append((times.min(), times.max()))
    assert all(end - begin <= SLICE_MS / 1000 for begin, end in spans)
    slices = [int(begin * 1000) // SLICE_MS for begin, _ in spans]
    assert slices == sorted(slices)


def test_the_backlog_comes_at_once_and_then_the_clock_decides(lab):
    publisher, time, told = FakePublisher(), FakeTime(), []
    started = time.now

    def progress(now):
        told.append((time.now - started, now))

    play(
        lab,
        publisher,
        speed=60.0,
        backlog_cycles=1,
        clock=time.clock,
        sleep=time.sleep,
        stop=lambda: time.now > started + 20.0,
        progress=progress,
    )
    backlog = [now for wall, now in told if not now.live]
    assert all(wall == 0.0 for wall, now in told if not now.live)
    assert backlog[-1].cycles >= 8
    assert backlog[-1].lab_second == pytest.approx(lab.backlog_ms(1) / 1000)
    for wall, now in told:
        if now.live:
            assert now.lab_second == pytest.approx(backlog[-1].lab_second + 60.0 * wall, abs=0.001)
    assert len([now for _, now in told if now.live]) == pytest.approx(20.0 / TICK_SECOND, abs=2)
    assert sum(map(len, records_of(publisher).values())) == told[-1][1].readings


def test_a_long_pause_is_caught_up_in_slices(lab):
    publisher, told, jumps = FakePublisher(), [], itertools.chain([0.25, 100.0], itertools.repeat(0.25))
    time = FakeTime()
    play(
        lab,
        publisher,
        speed=60.0,
        clock=time.clock,
        sleep=lambda _: time.sleep(next(jumps)),
        stop=lambda: time.now > 1.8e9 + 101.0,
        progress=lambda now: told.append(now.lab_second),
    )
    assert max(np.diff(told)) <= SLICE_MS / 1000
    assert told[-1] == pytest.approx(60 * 101, abs=60)


@pytest.mark.parametrize("first_bytes", [4_000_000, 5_000])
@pytest.mark.parametrize("message_format", MESSAGE_FORMATS)
def test_killed_at_any_message_it_goes_on_with_each_reading_once(lab, message_format, first_bytes, monkeypatch):
    monkeypatch.setattr("simulator.resume._FIRST_BYTES", first_bytes)
    whole = FakePublisher()
    playing(lab, whole, speed=math.inf, message_format="json", backlog_cycles=1)
    chance = random.Random(11)
    publisher, kills = FakePublisher(), 0
    start = FakeTime()
    while True:
        most = 1500 if message_format == "json" else 25
        publisher.messages_left = chance.randrange(1, most)
        try:
            done = play(
                lab,
                publisher,
                speed=math.inf,
                message_format=message_format,
                backlog_cycles=1,
                clock=start.clock,
                sleep=start.sleep,
            )
        except KilledError:
            kills += 1
            start.now += 1000.0  # later, and the readings' clock must not move
            continue
        break
    assert kills >= 5
    assert done.total_readings == lab.records.totals.sum()
    if message_format != "arrow":
        assert records_of(publisher) == expected_records(lab)
    if message_format == "json":
        for partition in range(3):
            assert sorted(publisher.written[partition]) == sorted(whole.written[partition])


def test_a_stop_in_the_live_part_goes_on_where_it_was(lab):
    publisher, time = FakePublisher(), FakeTime()
    for stop_at in (5.0, 50.0, math.inf):
        began = time.now
        done = play(
            lab,
            publisher,
            speed=600.0,
            backlog_cycles=1,
            clock=time.clock,
            sleep=time.sleep,
            stop=lambda began=began, stop_at=stop_at: time.now > began + stop_at,
        )
        time.now += 3600.0
    assert done.done
    assert records_of(publisher) == expected_records(lab)


def test_a_lab_that_is_done_is_not_played_again(lab):
    publisher = FakePublisher()
    playing(lab, publisher, speed=math.inf)
    before = len(publisher.messages())
    again = playing(lab, publisher, speed=math.inf)
    assert again.done
    assert again.readings == 0
    assert len(publisher.messages()) == before


def test_finished_batteries_are_known_though_their_messages_are_long_past(lab):
    publisher = FakePublisher(partitions=1)
    playing(lab, publisher, speed=math.inf)
    order = np.argsort(lab.end_ms)
    first, last = lab.battery_ids[order[0]], lab.battery_ids[order[-1]]
    newest = [m for m in publisher.written[0] if msgspec.json.decode(m)["battery_id"] == last][-1:]
    publisher.written[0] = newest  # all that retention left
    if lab.end_ms[order[-1]] - lab.end_ms[order[0]] < 2 * SLICE_MS:
        pytest.fail("the lab of this test has no battery that ends early")
    found = standing(lab, publisher)
    assert found.published[lab.battery_ids.index(first)] == lab.records.totals[lab.battery_ids.index(first)]


def test_messages_of_other_batteries_and_rubbish_do_not_matter(lab):
    publisher, time = FakePublisher(), FakeTime()
    play(lab, publisher, speed=600.0, clock=time.clock, sleep=time.sleep, stop=lambda: time.now > 1.8e9 + 15)
    for messages in publisher.written:
        other = b'{"battery_id":"other","record_index":[99],"test_time_second":[1],"unix_time_second":[2]}'
        messages.extend([b"{", b"\xff", b"/////AAAA", other])
    before = sum(map(len, records_of_ours(publisher, lab).values()))
    found = standing(lab, publisher)
    assert found.published.sum() == before
    assert found.start_unix_second == pytest.approx(1.8e9 - lab.length_ms / 1000, abs=0.002)


def records_of_ours(publisher, lab):
    kept = FakePublisher()
    for partition, messages in enumerate(publisher.written):
        kept.written[partition] = [message for message in messages if message[:20].startswith(b'{"battery_id":"')]
    return {name: records for name, records in records_of(kept).items() if name in lab.battery_ids}


def test_faults_are_in_the_messages_and_in_the_ledger(lab):
    publisher = FakePublisher()
    faults = Faults(FaultRates(missing=0.01, repeated=0.02, late=0.01, malformed=0.01), seed=4)
    done = playing(lab, publisher, speed=math.inf, message_format="json", faults=faults)
    assert done.ledger == faults.ledger
    assert done.ledger.generated == lab.records.totals.sum()
    assert len(publisher.messages()) == done.ledger.sent
    assert done.ledger.malformed > 0


def test_beginning_anew_does_not_look_at_what_is_there(lab):
    publisher = FakePublisher()
    playing(lab, publisher, speed=math.inf)
    again = playing(lab, publisher, speed=math.inf, resume=False)
    assert again.readings == lab.records.totals.sum()


@pytest.mark.parametrize("settings", [{"speed": 0.0}, {"speed": math.nan}, {"backlog_cycles": -1}])
def test_an_impossible_play_is_refused(lab, settings):
    with pytest.raises(ValueError, match="speed"):
        playing(lab, FakePublisher(), **settings)


@pytest.mark.parametrize("other", [{"seed": 2}, {"current_ma": 1000.0}, {"sampling_second": 10.0}, {"cycles": 1}])
def test_a_lab_with_other_settings_does_not_go_on_from_there(lab, other):
    publisher = FakePublisher()
    playing(lab, publisher, speed=math.inf)
    settings = {"batteries": 8, "cycles": 2, "sampling_second": 20.0} | other
    with pytest.raises(OtherLabError, match="other settings"):
        playing(Lab(**settings), publisher, speed=math.inf)


def test_a_larger_lab_goes_on_and_its_new_batteries_and_cycles_catch_up(lab):
    publisher = FakePublisher()
    playing(lab, publisher, speed=math.inf)
    larger = Lab(batteries=12, cycles=3, sampling_second=20.0)
    done = playing(larger, publisher, speed=math.inf)
    assert done.done
    assert records_of(publisher) == expected_records(larger)
    assert done.newest_unix_second == pytest.approx(1.8e9, abs=0.002)

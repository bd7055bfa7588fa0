import time

import numpy as np
import pytest

from schemas import COLUMNS
from simulator.lab import Lab
from simulator.noise import key_of, normal, uniform
from simulator.sampling import Noise

START = 1_700_000_000.125


@pytest.fixture(scope="module")
def lab():
    return Lab(batteries=9, cycles=3)


def whole(lab):
    return lab.read(np.zeros_like(lab.begin_ms), lab.records.totals, START)


def test_batteries_are_named_by_group_and_number():
    lab = Lab(cycles=1)
    assert len(lab.battery_ids) == 100
    assert lab.battery_ids[:2] == ("W00", "W01")
    assert lab.battery_ids[-1] == "Z24"
    assert lab.groups[25] == "X"
    assert Lab(batteries=3, groups=("A", "B"), cycles=1).battery_ids == ("A00", "A01", "B00")


def test_any_pieces_are_the_same_bits(lab):
    rng = np.random.default_rng(5)
    expected = {readings.battery_id: readings.values for readings in whole(lab)}
    done = np.zeros_like(lab.begin_ms)
    pieces = {name: [] for name in lab.battery_ids}
    while (done < lab.records.totals).any():
        behind = np.minimum(done + rng.integers(0, 3000, len(done)) * rng.integers(0, 2, len(done)), lab.records.totals)
        for readings in lab.read(done, behind, START):
            pieces[readings.battery_id].append(readings.values)
        done = behind
    for name, values in expected.items():
        assert np.concatenate(pieces[name], axis=1).tobytes() == np.ascontiguousarray(values).tobytes()


def test_a_battery_is_the_same_bits_in_any_lab(lab):
    large = Lab(batteries=40, cycles=2)
    for name in ("W01", "Y00"):
        one, other = (some.read_one(name, 100, 9000, START) for some in (lab, large))
        assert one.values.tobytes() == other.values.tobytes()


def test_the_seed_changes_the_cells_and_the_noise():
    one, other = (Lab(batteries=1, cycles=1, seed=seed).read_one("W00", 0, 100, START) for seed in (1, 2))
    assert not np.array_equal(one.values, other.values)


def test_readings_come_every_second_of_a_step_and_at_its_exact_end(lab):
    for readings in whole(lab):
        time_s, step, step_time = (readings.column(n) for n in ("test_time_second", "step_count", "step_time_second"))
        assert (np.diff(time_s) > 0.0).all()
        assert time_s[0] == step_time[0] == 0.0
        ends = np.append(np.flatnonzero(np.diff(step)), len(step) - 1)
        programme, row = lab.programme, lab.battery_ids.index(readings.battery_id) * lab.programme.steps
        np.testing.assert_array_equal(step_time[ends] * 1000, programme.duration_ms[row : row + programme.steps])
        inner = np.delete(step_time, ends)
        np.testing.assert_array_equal(inner, np.round(inner))


def test_numbers_and_clocks_are_consistent(lab):
    for readings in whole(lab):
        begin_ms = lab.begin_ms[lab.battery_ids.index(readings.battery_id)]
        np.testing.assert_array_equal(readings.column("record_index"), np.arange(1, len(readings) + 1))
        unix = START + begin_ms / 1000 + readings.column("test_time_second")
        np.testing.assert_allclose(readings.column("unix_time_second"), unix, rtol=0, atol=1e-6)
        assert set(np.unique(readings.column("cycle_count"))) == {1, 2, 3}
        np.testing.assert_array_equal((readings.column("step_count") - 1) % 5 + 1, readings.column("step_id"))


def test_voltage_stays_within_its_limits_and_current_has_the_sign_of_its_step():
    lab = Lab(batteries=8, cycles=2, noise=Noise())
    for readings in whole(lab):
        voltage, current, step = (readings.column(n) for n in ("voltage_volt", "current_ampere", "step_id"))
        assert voltage.min() >= 1.99998
        assert voltage.max() <= 4.50001
        assert (current[step == 1] == 1.2).all()
        assert (np.diff(current[(step == 2) & (readings.column("cycle_count") == 1)]) < 0.0).all()
        assert (voltage[step == 2] == 4.5).all()
        assert (current[step == 2].min() > 0.05) & (current[step == 2].max() < 1.2)
        assert (current[(step == 3) | (step == 5)] == 0.0).all()
        assert (current[step == 4] == -1.2).all()
        warmth = readings.column("temperature_t1_celsius")
        assert warmth.min() > 23.0
        assert 1.0 < warmth.max() - warmth.min() < 8.0


def test_noise_is_small_even_and_not_in_the_current_of_a_rest(lab):
    quiet = Lab(batteries=9, cycles=3, noise=Noise())
    noisy, exact = (some.read_one("X01", 0, 9000, START) for some in (lab, quiet))
    for name, deviation in (("voltage_volt", 2e-4), ("temperature_t1_celsius", 0.02)):
        noise = noisy.column(name) - exact.column(name)
        assert noise.std() == pytest.approx(deviation, rel=0.1)
        assert abs(noise.mean()) < deviation / 20
    noise = noisy.column("current_ampere") - exact.column("current_ampere")
    resting = exact.column("current_ampere") == 0.0
    assert (noise[resting] == 0.0).all()
    assert noise[~resting].std() == pytest.approx(1e-4, rel=0.1)


def test_chance_looks_even_and_normal():
    numbers = np.arange(100_000)
    even, bell = uniform(key_of(3, "a"), numbers), normal(key_of(3, "b"), numbers)
    assert abs(even.mean() - 0.5) < 0.005
    assert np.histogram(even, 10, (0, 1))[0].min() > 9_600
    assert abs(bell.mean()) < 0.01
    assert bell.std() == pytest.approx(1.0, abs=0.01)
    assert abs(np.corrcoef(even[1:], even[:-1])[0, 1]) < 0.01


def test_records_before_a_time_are_those_with_a_lower_time(lab):
    rng = np.random.default_rng(8)
    read = whole(lab)
    times = [0, 1, lab.length_ms, lab.length_ms + 1, *rng.integers(0, lab.length_ms, 200).tolist()]
    edge = int(lab.begin_ms[4] + lab.programme.begin_ms[4 * lab.programme.steps + 7])
    for lab_ms in (*times, edge, edge + 1, edge + 1000, edge + 1001):
        counted = lab.records_before(lab_ms)
        for index, readings in enumerate(read):
            time_ms = np.round(readings.column("test_time_second") * 1000) + lab.begin_ms[index]
            assert counted[index] == np.count_nonzero(time_ms < lab_ms)


def test_batteries_begin_at_different_phases_and_the_backlog_holds_their_cycles(lab):
    assert len(set(lab.begin_ms.tolist())) == 9
    assert lab.begin_ms.max() < lab.cycle_ends_ms()[:, 0].max()
    assert lab.backlog_ms(0) == 0
    assert lab.cycles_before(lab.backlog_ms(2)).min() == 2
    assert lab.cycles_before(lab.backlog_ms(2) - 1).min() == 1
    assert lab.backlog_ms(99) == lab.length_ms + 1


def test_other_sampling_and_limits_are_kept():
    lab = Lab(batteries=4, cycles=1, current_ma=600, voltage_min_v=2.8, voltage_max_v=4.2, sampling_second=10.0)
    for readings in whole(lab):
        assert readings.column("voltage_volt").max() < 4.2013
        assert readings.column("voltage_volt").min() > 2.7985
        assert np.diff(readings.column("test_time_second")).max() == pytest.approx(10.0)
        assert readings.column("current_ampere").max() == pytest.approx(0.6, abs=0.0005)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("batteries", 0),
        ("groups", ()),
        ("groups", ("A", "A")),
        ("groups", ("no blanks",)),
        ("cycles", 0),
        ("seed", -1),
        ("current_ma", 0.0),
        ("current_ma", 7000.0),
        ("voltage_min_v", 4.6),
        ("voltage_max_v", 5.1),
        ("sampling_second", 0.0),
        ("sampling_second", 0.0015),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(setting, value):
    with pytest.raises(ValueError, match=setting):
        Lab(**{setting: value})


def test_the_rate_of_generation_is_printed(capsys):
    lab = Lab(cycles=2)
    begin_ms, made = 9_000_000, 0
    started = time.perf_counter()
    for k in range(5):
        before, behind = (lab.records_before(begin_ms + 600_000 * step) for step in (k, k + 1))
        made += sum(len(readings) for readings in lab.read(before, behind, START))
    rate = made / (time.perf_counter() - started)
    with capsys.disabled():
        print(f"\ngeneration: {rate / 1e6:.2f} M readings/s ({len(COLUMNS)} columns)")
    assert made > 200_000

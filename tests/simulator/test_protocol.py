import numpy as np
import pytest

from simulator.lab import Lab
from simulator.protocol import (
    ConstantCurrent,
    ConstantVoltage,
    Protocol,
    ageing_protocol,
    full_cycle,
    life_protocol,
    rest,
)
from simulator.sampling import Noise
from simulator.truth import step_truth


def test_the_default_cycle_is_cc_cv_charge_rest_discharge_rest():
    assert ageing_protocol(1200.0, 2.0, 4.5).steps_of(17) == (
        ConstantCurrent(1.2, until_volt=4.5),
        ConstantVoltage(4.5, until_ampere=0.06),
        ConstantCurrent(0.0, until_second=300.0),
        ConstantCurrent(-1.2, until_volt=2.0),
        ConstantCurrent(0.0, until_second=300.0),
    )


def test_formation_comes_first_and_check_ups_now_and_then():
    protocol = life_protocol(1000.0, 2.0, 4.5, formation_cycles=2, check_up_every=5)
    kinds = [
        next(
            name for name in ("formation", "check_up", "ageing") if getattr(protocol, name) == protocol.steps_of(cycle)
        )
        for cycle in range(1, 11)
    ]
    assert kinds == [
        *["formation"] * 2, "ageing", "ageing", "check_up", "ageing", "ageing", "ageing", "ageing", "check_up",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ConstantCurrent(1.0),
        lambda: ConstantCurrent(0.0, until_volt=3.0),
        lambda: ConstantVoltage(4.2, until_ampere=0.0),
        lambda: Protocol(()),
        lambda: Protocol((rest(),), formation_cycles=1),
        lambda: Protocol((rest(),), check_up_every=3),
    ],
)
def test_a_protocol_that_cannot_end_or_begin_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()


def test_a_step_ends_at_its_time_when_its_voltage_is_not_met():
    protocol = Protocol((ConstantCurrent(0.5, until_volt=4.5, until_second=60.0), rest(12.3456)))
    lab = Lab(batteries=2, cycles=2, protocol=protocol)
    assert lab.programme.duration_ms.tolist() == [60_000, 12_346] * 4


def test_a_limit_that_is_met_at_once_ends_the_step_after_a_millisecond():
    protocol = Protocol((ConstantCurrent(-1.2, until_volt=4.4), rest(1.0)))
    assert Lab(batteries=1, cycles=1, protocol=protocol).programme.duration_ms.tolist() == [1, 1000]


def test_a_held_voltage_ends_at_its_time_when_the_current_stays_high():
    charge, _, *rests = full_cycle(1200.0, 2.0, 4.5)
    protocol = Protocol((charge, ConstantVoltage(4.5, until_ampere=0.06, until_second=100.0), *rests))
    lab = Lab(batteries=4, cycles=1, protocol=protocol)
    assert lab.programme.duration_ms.reshape(4, 5)[:, 1].tolist() == [100_000] * 4


def test_the_pulses_of_a_check_up_show_the_resistance_of_the_cell():
    protocol = life_protocol(1200.0, 2.0, 4.5, formation_cycles=0, check_up_every=1)
    lab = Lab(batteries=4, cycles=1, protocol=protocol, noise=Noise(), sampling_second=0.001 * 100)
    truth = step_truth(lab)
    first_pulse = np.flatnonzero(truth["step_id"] == 6)
    assert truth["direction"][first_pulse].tolist() == ["discharge"] * 4
    jump = truth["voltage_last_volt"][first_pulse - 1] - truth["voltage_first_volt"][first_pulse]
    # 100 ms after the jump the RC branches and the state of charge have hardly moved.
    np.testing.assert_allclose(jump / 1.2, lab.cells.ohmic_ohm, rtol=0.02)
    np.testing.assert_allclose(truth["duration_second"][first_pulse], 10.0)

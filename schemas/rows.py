"""The rows that are kept: what the analytics make and the page shows.

Each class is one table; its fields, in this order, are the columns (`schemas.tables`). Tuples, because a bundle
makes thousands of them and a store takes them as they are. Unknown numbers are NaN, unknown counts
`UNKNOWN_COUNT`, unknown texts empty: a full row is always written, so that no old value shines through.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

UNKNOWN_COUNT = -1

Status = Literal["running", "provisional", "final", "revised"]
"""running: not ended; provisional: ended, but late readings can still change it; final; revised: rebuilt."""

Direction = Literal["charge", "discharge", "rest"]

Source = Literal["counter", "integral", ""]
"""Where a capacity or an energy comes from: the cycler's counter, or current (and voltage) over time."""

NoEfficiency = Literal["no charge", "no discharge", "unfinished", ""]
"""Why a cycle has no efficiency; empty when it has one."""


class StepRow(NamedTuple):
    """One executed step of a battery.

    ``step_number`` counts executed steps from 1 over the battery's whole life, ``cycle_number`` likewise (the
    cycle in which the step ended so far); ``step_count``, ``step_id`` and ``cycle_count`` are the cycler's own.
    Capacities and energies are magnitudes: those of the counter where it is sane, else of the integral, as
    ``capacity_source`` and ``energy_source`` say; both of them are kept, with the deviation of the integral from the
    counter. ``bridged_share_percent`` of both integrals lies in gaps. ``start_time_second`` is on the battery's own
    time axis, which goes on from test to test. Voltages are of readings, not interpolated. ``current_mean_ampere`` is
    net charge over duration.

    ``voltage_mean_volt`` is energy over charge, both directions together, of the integrals where the two come from
    different sources. ``temperature_mean_celsius`` is over time, each interval at the temperature of its end; at the
    edge of a step the old one is held until the new step began. ``onset_resistance_ohm`` is the change of the voltage
    over that of the current, from the last reading of the step before to the first one of this,
    ``onset_delay_second`` after its start; not known where the current changed by less than a fiftieth of the largest
    one so far.
    """

    battery_id: str
    step_number: int
    cycle_number: int
    test_id: str
    cycle_count: int
    step_count: int
    step_id: int
    direction: Direction
    status: Status
    start_time_second: float
    start_unix_second: float
    duration_second: float
    charging_capacity_ah: float
    discharging_capacity_ah: float
    charging_energy_wh: float
    discharging_energy_wh: float
    current_mean_ampere: float
    voltage_first_volt: float
    voltage_last_volt: float
    voltage_min_volt: float
    voltage_max_volt: float
    temperature_min_celsius: float
    temperature_max_celsius: float
    max_gap_second: float
    reading_count: int
    duplicate_count: int
    charging_capacity_integral_ah: float
    discharging_capacity_integral_ah: float
    charging_energy_integral_wh: float
    discharging_energy_integral_wh: float
    charging_capacity_counter_ah: float
    discharging_capacity_counter_ah: float
    charging_energy_counter_wh: float
    discharging_energy_counter_wh: float
    charging_capacity_deviation_percent: float
    discharging_capacity_deviation_percent: float
    charging_energy_deviation_percent: float
    discharging_energy_deviation_percent: float
    capacity_source: Source
    energy_source: Source
    bridged_share_percent: float
    voltage_mean_volt: float
    temperature_mean_celsius: float
    onset_resistance_ohm: float
    onset_delay_second: float
    onset_current_step_ampere: float
    revision: int


class CycleRow(NamedTuple):
    """One cycle of a battery.

    ``coulombic_efficiency_percent`` is 100 x discharging over charging capacity of this same cycle, NaN when either is
    less than a hundredth of both; ``energy_efficiency_percent`` likewise. A mean voltage is energy over capacity of its
    direction, of the integrals where the two come from different sources.
    ``end_of_charge_voltage_volt`` is the last reading with charging current, end of discharge likewise.
    ``voltage_hysteresis_volt`` is mean charging minus mean discharging voltage, ``voltage_efficiency_percent`` is 100 x
    the second over the first, ``throughput_ah`` both capacities together.
    ``coulombic_efficiency_to_previous_charge_percent`` is 100 x discharging capacity over the charging capacity of
    the cycle before in the same test: for tests whose cycles begin with the discharge.
    ``steps`` is how many steps the cycle has so far. Capacities and energies as in `StepRow`.
    """

    battery_id: str
    cycle_number: int
    test_id: str
    group: str
    cycle_count: int
    status: Status
    start_time_second: float
    start_unix_second: float
    duration_second: float
    charging_time_second: float
    discharging_time_second: float
    charging_capacity_ah: float
    discharging_capacity_ah: float
    charging_energy_wh: float
    discharging_energy_wh: float
    coulombic_efficiency_percent: float
    energy_efficiency_percent: float
    mean_charging_voltage_volt: float
    mean_discharging_voltage_volt: float
    end_of_charge_voltage_volt: float
    end_of_discharge_voltage_volt: float
    voltage_min_volt: float
    voltage_max_volt: float
    current_min_ampere: float
    current_max_ampere: float
    temperature_min_celsius: float
    temperature_max_celsius: float
    max_gap_second: float
    steps: int
    reading_count: int
    duplicate_count: int
    charging_capacity_integral_ah: float
    discharging_capacity_integral_ah: float
    charging_energy_integral_wh: float
    discharging_energy_integral_wh: float
    charging_capacity_counter_ah: float
    discharging_capacity_counter_ah: float
    charging_energy_counter_wh: float
    discharging_energy_counter_wh: float
    charging_capacity_deviation_percent: float
    discharging_capacity_deviation_percent: float
    charging_energy_deviation_percent: float
    discharging_energy_deviation_percent: float
    capacity_source: Source
    energy_source: Source
    bridged_share_percent: float
    rest_time_second: float
    throughput_ah: float
    voltage_efficiency_percent: float
    voltage_hysteresis_volt: float
    coulombic_efficiency_to_previous_charge_percent: float
    no_efficiency_reason: NoEfficiency
    temperature_mean_celsius: float
    revision: int


class BatteryRow(NamedTuple):
    """The newest of a battery: what a grid of channels shows.

    ``last_arrival_unix_second`` is the arrival of its newest reading; data age is now minus that.
    ``reading_count`` are readings that count in rows; duplicates and late ones are beside it.
    """

    battery_id: str
    group: str
    test_id: str
    time_second: float
    unix_time_second: float
    current_ampere: float
    voltage_volt: float
    temperature_t1_celsius: float
    cycle_number: int
    cycle_count: int
    step_number: int
    direction: Direction
    reading_count: int
    duplicate_count: int
    late_count: int
    first_arrival_unix_second: float
    last_arrival_unix_second: float
    revision: int


class TracePoint(NamedTuple):
    """The newest reading of one bucket of a battery's time axis: the thinned recent past."""

    battery_id: str
    bucket: int
    time_second: float
    unix_time_second: float
    current_ampere: float
    voltage_volt: float
    temperature_t1_celsius: float
    cycle_number: int
    revision: int


class LateReading(NamedTuple):
    """A reading that came after its horizon had closed: counted and kept by its position, in no sum."""

    partition: str
    offset: int
    reading_index: int
    battery_id: str
    test_id: str
    time_second: float
    unix_time_second: float
    current_ampere: float
    voltage_volt: float
    cycle_count: int
    arrival_unix_second: float


class Snapshot(NamedTuple):
    """A battery's state as the store keeps it: what a cold start goes on from."""

    battery_id: str
    state: bytes
    revision: int


class CommittedOffset(NamedTuple):
    """Everything of ``partition`` below ``offset`` is in the store."""

    partition: str
    offset: int
    epoch: int

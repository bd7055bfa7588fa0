"""A store of made-up rows that a test can push forward, break and mend; and a plausible lab to fill it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipelines.storage.base import StoreError, Totals
from pipelines.storage.versions import UNKNOWN
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, StepRow, TracePoint
from schemas.tables import CYCLE

NAN = float("nan")
NOT_KNOWN = {
    name: UNKNOWN[kind]
    for name, kind in CYCLE.columns().items()
    if CYCLE.row._fields.index("duplicate_count") < CYCLE.row._fields.index(name) < len(CYCLE.row._fields) - 1
}


class FakeStore:
    """The reading side of a store, in memory; each call is counted."""

    def __init__(self) -> None:
        self.battery_rows: dict[str, BatteryRow] = {}
        self.cycle_rows: dict[tuple[str, int], CycleRow] = {}
        self.trace_points: dict[str, list[TracePoint]] = {}
        self.broken: str | None = None
        self.asked_since: list[Mapping[str, int] | None] = []
        self.closed = 0

    def put(self, *rows: BatteryRow | CycleRow | TracePoint) -> None:
        for row in rows:
            if isinstance(row, BatteryRow):
                self.battery_rows[row.battery_id] = row
            elif isinstance(row, CycleRow):
                self.cycle_rows[row.battery_id, row.cycle_number] = row
            else:
                points = self.trace_points.setdefault(row.battery_id, [])
                points[:] = [p for p in points if p.bucket != row.bucket] + [row]

    def batteries(self) -> list[BatteryRow]:
        self._check()
        return [self.battery_rows[i] for i in sorted(self.battery_rows)]

    def cycles(self, since: Mapping[str, int] | None = None) -> list[CycleRow]:
        self._check()
        self.asked_since.append(since)
        rows = [self.cycle_rows[key] for key in sorted(self.cycle_rows)]
        return [r for r in rows if since is None or r.cycle_number >= since.get(r.battery_id, 10**9)]

    def steps(self, since: Mapping[str, int] | None = None) -> list[StepRow]:
        return []

    def trace(self, battery_id: str, after_second: float = float("-inf")) -> list[TracePoint]:
        self._check()
        return [p for p in self.trace_points.get(battery_id, []) if p.time_second > after_second]

    def late(self, battery_id: str | None = None) -> list[LateReading]:
        return []

    def dead_letters(self, limit: int | None = None) -> list[DeadLetter]:
        return []

    def dead_letter_counts(self) -> dict[str, int]:
        return {"malformed": 3}

    def totals(self) -> Totals:
        self._check()
        rows = self.battery_rows.values()
        return Totals(
            batteries=len(rows),
            cycles=len(self.cycle_rows),
            readings=sum(row.reading_count for row in rows),
            duplicates=0,
            late=sum(row.late_count for row in rows),
            dead_letters=3,
            newest_arrival_unix_second=max((row.last_arrival_unix_second for row in rows), default=NAN),
        )

    def close(self) -> None:
        self.closed += 1

    def _check(self) -> None:
        if self.broken is not None:
            raise StoreError(self.broken)


def a_battery(battery_id: str, group: str = "W", revision: int = 1, **fields: object) -> BatteryRow:
    row = BatteryRow(
        battery_id=battery_id, group=group, test_id="", time_second=0.0, unix_time_second=NAN, current_ampere=1.2,
        voltage_volt=3.7, temperature_t1_celsius=25.0, cycle_number=1, cycle_count=-1, step_number=1,
        direction="charge", reading_count=revision, duplicate_count=0, late_count=0, first_arrival_unix_second=1e9,
        last_arrival_unix_second=1e9, revision=revision,
    )  # fmt: skip
    return row._replace(**fields)


def a_cycle(battery_id: str, number: int, energy_wh: float = 3.0, status: str = "final", **fields: object) -> CycleRow:
    charge_ah = energy_wh / 3.6
    row = CycleRow(
        battery_id=battery_id, cycle_number=number, test_id="", group="", cycle_count=-1, status=status,
        start_time_second=3600.0 * number, start_unix_second=NAN, duration_second=3600.0, charging_time_second=1800.0,
        discharging_time_second=1700.0, charging_capacity_ah=charge_ah / 0.998, discharging_capacity_ah=charge_ah,
        charging_energy_wh=energy_wh / 0.93, discharging_energy_wh=energy_wh, coulombic_efficiency_percent=99.8,
        energy_efficiency_percent=93.0, mean_charging_voltage_volt=3.86, mean_discharging_voltage_volt=3.6,
        end_of_charge_voltage_volt=4.5, end_of_discharge_voltage_volt=2.0, voltage_min_volt=2.0, voltage_max_volt=4.5,
        current_min_ampere=-1.2, current_max_ampere=1.2, temperature_min_celsius=24.0, temperature_max_celsius=31.0,
        max_gap_second=1.0, steps=3, reading_count=3600, duplicate_count=0, revision=number, **NOT_KNOWN,
    )  # fmt: skip
    return row._replace(**fields)


def a_point(battery_id: str, bucket: int, **fields: object) -> TracePoint:
    row = TracePoint(
        battery_id=battery_id, bucket=bucket, time_second=10.0 * bucket, unix_time_second=NAN, current_ampere=1.2,
        voltage_volt=3.7, temperature_t1_celsius=25.0, cycle_number=1, revision=bucket,
    )  # fmt: skip
    return row._replace(**fields)


class Lab:
    """Batteries that cycle: fade, spread, staggered progress and two outliers; `advance` moves the time on.

    A cycle takes ``cycle_second`` of test time: charge, rest, discharge.
    """

    CYCLE_SECOND = 3600.0
    POINT_SECOND = 20.0

    def __init__(
        self, store: FakeStore, *, groups: str = "WXYZ", size: int = 25, cycles: float = 40.0, seed: int = 1,
        now: float = 1.7e9,
    ) -> None:  # fmt: skip
        random = np.random.default_rng(seed)
        self.store, self.now = store, now
        self.ids = [f"{group}{k:02d}" for group in groups for k in range(size)]
        self.group = {i: i[0] for i in self.ids}
        count = len(self.ids)
        level = {group: 3.42 - 0.16 * k for k, group in enumerate(groups)}
        self.start_wh = np.array([level[i[0]] for i in self.ids]) * (1 + 0.008 * random.standard_normal(count))
        self.fade = np.array([0.0022 + 0.0009 * groups.index(i[0]) for i in self.ids]) * np.exp(
            0.15 * random.standard_normal(count)
        )
        for battery_id, factor in (("Y07", 2.6), ("W11", 3.4)):
            if battery_id in self.ids:
                self.fade[self.ids.index(battery_id)] *= factor
        self.noise = 0.0006 * random.standard_normal((count, 4096))
        self.pace = 1.0 + 0.02 * random.standard_normal(count)
        self.progress = np.maximum(0.2, (cycles + random.uniform(-0.5, 0.5, count)) * self.pace)
        self.written = np.zeros(count, dtype=int)
        for k in range(count):
            self._write(k, first_trace=max(0.0, self.progress[k] - 2.4))

    def energy_wh(self, k: int, cycle: int) -> float:
        return float(self.start_wh[k] * (1 - self.fade[k] * (cycle - 1)) * (1 + self.noise[k, cycle]))

    def advance(self, seconds: float, real_seconds: float = 0.5) -> None:
        self.now += real_seconds
        before = self.progress.copy()
        self.progress += self.pace * seconds / self.CYCLE_SECOND
        for k in range(len(self.ids)):
            self._write(k, first_trace=before[k])

    def _write(self, k: int, first_trace: float) -> None:
        battery_id, running = self.ids[k], int(self.progress[k]) + 1
        for number in range(max(1, self.written[k] - 1), running + 1):
            status = "running" if number == running else "provisional" if number == running - 1 else "final"
            self.store.put(self._cycle(k, number, status))
        self.written[k] = running
        for bucket in range(int(first_trace * 180), int(self.progress[k] * 180)):
            self.store.put(self._point(k, bucket))
        voltage, current, temperature = self._signal(self.progress[k])
        self.store.put(
            a_battery(
                battery_id,
                self.group[battery_id],
                revision=int(self.progress[k] * self.CYCLE_SECOND),
                time_second=self.progress[k] * self.CYCLE_SECOND,
                voltage_volt=voltage,
                current_ampere=current,
                temperature_t1_celsius=temperature,
                cycle_number=running,
                late_count=k % 3,
                direction="charge" if current > 0 else "discharge" if current < 0 else "rest",
                last_arrival_unix_second=self.now,
            )
        )

    def _cycle(self, k: int, number: int, status: str) -> CycleRow:
        energy = self.energy_wh(k, number)
        part = self.progress[k] - number + 1 if status == "running" else 1.0
        efficiency = 99.8 + 40 * self.noise[k, number]
        row = a_cycle(self.ids[k], number, energy, status, group=self.group[self.ids[k]])
        return row._replace(
            duration_second=part * self.CYCLE_SECOND / self.pace[k],
            charging_capacity_ah=energy / 3.6 / efficiency * 100 * min(1.0, 2 * part),
            discharging_capacity_ah=energy / 3.6 * max(0.0, 2 * part - 1),
            charging_energy_wh=energy / 0.93 * min(1.0, 2 * part),
            discharging_energy_wh=energy * max(0.0, 2 * part - 1),
            coulombic_efficiency_percent=efficiency if part == 1.0 else NAN,
            energy_efficiency_percent=93.0 + 20 * self.noise[k, number] if part == 1.0 else NAN,
            mean_discharging_voltage_volt=3.6 - 0.002 * number if part == 1.0 else NAN,
        )

    def _point(self, k: int, bucket: int) -> TracePoint:
        progress = bucket / 180
        voltage, current, temperature = self._signal(progress)
        return a_point(
            self.ids[k], bucket, time_second=progress * self.CYCLE_SECOND, voltage_volt=voltage,
            current_ampere=current, temperature_t1_celsius=temperature, cycle_number=int(progress) + 1,
        )  # fmt: skip

    @staticmethod
    def _signal(progress: float) -> tuple[float, float, float]:
        part = progress % 1.0
        warm = 25.0 + 4.0 * abs(np.sin(np.pi * part))
        if part < 0.46:
            return 3.3 + 1.2 * (part / 0.46) ** 0.6, 1.2, warm
        if part < 0.5:
            return 4.42, 0.0, warm
        if part < 0.96:
            return 4.3 - 1.5 * ((part - 0.5) / 0.46) - 0.8 * ((part - 0.5) / 0.46) ** 8, -1.2, warm
        return 3.1, 0.0, warm

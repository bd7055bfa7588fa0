"""Views without a browser: what their sources hold after updates is what a new view would hold."""

import numpy as np
import pytest

from dashboard.deep_dive import DeepDive
from dashboard.feed import Feed
from dashboard.fleet_grid import FleetGrid
from dashboard.group_chart import GroupChart
from dashboard.key_figures import LABELS, KeyFigures
from dashboard.live_strips import MAX_SENT, LiveStrips
from dashboard.row_table import RowTable
from dashboard.view_state import ViewState
from dashboard.watched_cell import WatchedCell
from tests.dashboard.fake_store import FakeStore, Lab, a_battery, a_cycle, a_point


@pytest.fixture
def lab() -> Lab:
    return Lab(FakeStore(), groups="WXY", size=7, cycles=6.0)


@pytest.fixture
def feed(lab) -> Feed:
    made = Feed(lambda: lab.store, clock=lambda: lab.now)
    made.poll()
    return made


def ignore(*_):
    return None


def chart_data(chart: GroupChart) -> dict[str, dict[str, list]]:
    return {line.group: {k: np.asarray(v).tolist() for k, v in line.source.data.items()} for line in chart.lines}


def test_a_patched_chart_equals_a_new_one(lab, feed):
    state = ViewState()
    chart = GroupChart(state)
    chart.show(feed.fleet)
    for _ in range(12):
        version = feed.version
        lab.advance(1100.0)
        feed.poll()
        chart.update(feed.fleet, feed.change_since(version))
    fresh = GroupChart(state)
    fresh.show(feed.fleet)
    for group, columns in chart_data(fresh).items():
        for name, values in columns.items():
            patched = chart_data(chart)[group][name]
            assert patched == (values if name == "group" else pytest.approx(values, nan_ok=True)), name
    assert chart.source.data == fresh.source.data


def test_the_band_is_hidden_below_three_cells_and_the_line_dotted_where_cells_miss(lab, feed):
    chart = GroupChart(ViewState())
    chart.show(feed.fleet)
    for line in chart.lines:
        data = {name: np.asarray(values) for name, values in line.source.data.items() if name != "group"}
        few, all_there = data["n"] < 3, data["n"] == 7
        assert np.isnan(data["low"][few]).all()
        assert np.isfinite(data["low"][~few]).all()
        assert (np.isnan(data["full"]) == ~all_there).all()
        assert np.isfinite(data["partial"][~all_there]).all()


def test_labels_at_line_ends_do_not_cover_each_other(lab, feed):
    chart = GroupChart(ViewState())
    chart.show(feed.fleet)
    heights = sorted(chart.source.data["y"])
    per_pixel = (chart.figure.y_range.end - chart.figure.y_range.start) / 310
    assert min(np.diff(heights)) >= 16.9 * per_pixel


def test_more_groups_than_colours_are_all_drawn():
    store = FakeStore()
    Lab(store, groups="ABCDEFGHIJK", size=2, cycles=3.0)
    feed = Feed(lambda: store)
    feed.poll()
    chart = GroupChart(ViewState())
    chart.show(feed.fleet)
    assert len(chart.lines) == 11
    colours = {line._full.glyph.line_color for line in chart.lines}
    assert len(colours) == 9


def test_the_grid_has_a_square_for_each_cell_and_marks_outliers():
    store = FakeStore()
    rows = [a_cycle(f"b{k}", 1, 3.0 + 0.01 * k) for k in range(7)] + [a_cycle("b7", 1, 1.0)]
    store.put(*rows, *(a_battery(f"b{k}") for k in range(9)))
    feed = Feed(lambda: store, clock=lambda: 1e9)
    feed.poll()
    grid = FleetGrid(ViewState(cycle="1"), ignore, ignore)
    grid.show(feed.fleet, 1e9)
    assert grid.source.data["battery"] == [f"b{k}" for k in range(9)]
    assert grid.source.data["mark"] == [""] * 7 + ["!", ""]
    assert grid.source.data["word"][8] == "not there yet"
    assert np.isnan(grid.source.data["deviation"][8])


def test_a_group_larger_than_a_row_goes_on_in_the_next():
    store = FakeStore()
    store.put(*(a_battery(f"b{k:02d}", group="A") for k in range(30)), a_battery("c", group="B"))
    feed = Feed(lambda: store, clock=lambda: 1e9)
    feed.poll()
    grid = FleetGrid(ViewState(), ignore, ignore)
    grid.show(feed.fleet, 1e9)
    assert (grid.source.data["x"][29], grid.source.data["y"][29]) == (4, 1)
    assert grid.source.data["y"][30] == 2


def test_the_deep_dive_shows_the_worst_first_with_its_deviation():
    store = FakeStore()
    values = [3.00, 3.01, 2.99, 3.02, 2.98, 3.00, 2.0]
    store.put(*(a_battery(f"b{k}") for k in range(7)), *(a_cycle(f"b{k}", 1, x) for k, x in enumerate(values)))
    feed = Feed(lambda: store, clock=lambda: 1e9)
    feed.poll()
    dive = DeepDive(ViewState(cycle="1"), ignore)
    dive.update(feed.fleet, 1e9)
    frame = dive.source.widget.value
    expected = (2.0 - np.mean(values)) * 100 / (2 * np.std(values, ddof=1))
    assert frame["cell"][0] == "b6"
    assert frame["deviation"][0] == f"{expected:+.1f}".replace("-", "−")
    assert "Outlier" in frame["status"][0]
    assert "n = 7 of 7" in dive.heading.note


def test_the_deep_dive_says_when_there_are_too_few_cells():
    store = FakeStore()
    store.put(a_battery("b1"), a_battery("b2"), a_cycle("b1", 1), a_cycle("b2", 1, 2.0))
    feed = Feed(lambda: store, clock=lambda: 1e9)
    feed.poll()
    dive = DeepDive(ViewState(cycle="1"), ignore)
    dive.update(feed.fleet, 1e9)
    assert dive.source.widget.value["status"].tolist() == ["n too small"] * 2
    assert "Too few cells" in dive.heading.note


def test_five_cells_are_told_that_the_familiar_rule_cannot_flag(lab):
    store = FakeStore()
    store.put(*(a_battery(f"b{k}") for k in range(5)), *(a_cycle(f"b{k}", 1, 3.0 + k) for k in range(5)))
    feed = Feed(lambda: store, clock=lambda: 1e9)
    feed.poll()
    dive = DeepDive(ViewState(cycle="1"), ignore)
    dive.update(feed.fleet, 1e9)
    assert "cannot flag" in dive.heading.note


def test_key_figures_are_those_of_the_store(lab, feed):
    figures = KeyFigures(ViewState())
    figures.update(feed, lab.now + 2)
    shown = dict(zip(LABELS, figures.source.figures, strict=True))
    ended = sum(row.status != "running" for row in lab.store.cycles())
    assert shown["Cells running"][:2] == ["21", "of 21"]
    assert shown["Cycles completed"][0] == str(ended)
    assert shown["Readings"][2].endswith("3 dead letters")


def trace_of(cell: WatchedCell) -> list[float]:
    return [point.time_second / 3600 for point in cell.points]


def test_the_live_strips_hold_the_trace_point_by_point():
    cell, strips, row = WatchedCell("b1"), LiveStrips(ViewState()), a_battery("b1")
    for step in range(8):
        cell.add_points([a_point("b1", 2 * step, time_second=20.0 * step), a_point("b1", 2 * step + 1)])
        strips.update(cell, row)
        cell.add_points([a_point("b1", 2 * step + 1, time_second=20.0 * step + 15)])
        strips.update(cell, row)
    assert np.asarray(strips.source.data["time"]).tolist() == trace_of(cell)


def test_a_long_trace_is_thinned_and_another_cell_replaces_it():
    long, strips = WatchedCell("b1"), LiveStrips(ViewState())
    long.add_points([a_point("b1", k, voltage_volt=3.7 + 0.3 * np.sin(k / 200)) for k in range(9000)])
    strips.update(long, a_battery("b1"))
    assert len(strips.source.data["time"]) == MAX_SENT
    short = WatchedCell("b2")
    short.add_points([a_point("b2", k) for k in range(5)])
    strips.update(short, a_battery("b2"))
    assert np.asarray(strips.source.data["time"]).tolist() == trace_of(short)


def test_a_table_shows_texts_as_they_are_unless_they_are_its_own():
    table = RowTable({"cell": "Cell", "status": "Status"}, name="t", height=100, left=("cell",), marked=("status",))
    assert table.widget.formatters["cell"] == {"type": "plaintext"}
    assert table.widget.formatters["status"] == {"type": "html"}


def test_a_table_is_patched_in_place(monkeypatch):
    table = RowTable({"a": "A", "b": "B"}, name="t", height=100, left=("a",))
    table.show({"a": ["1", "2"], "b": ["x", "y"]})
    patched = []
    monkeypatch.setattr(table.widget, "patch", patched.append)
    table.show({"a": ["1", "3"], "b": ["x", "y"]})
    assert patched == [{"a": [(1, "3")]}]

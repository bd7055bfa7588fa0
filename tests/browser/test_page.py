"""The page in a real browser: right numbers, moving, quiet, and good to look at."""

import gc
import json
import logging

import numpy as np
import panel_material_ui as pmui
import pytest

from dashboard.feed import Feed
from dashboard.session import Session
from tests.browser.visit import Visit, served
from tests.dashboard.fake_store import FakeStore, Lab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def expected_mean(store: FakeStore, group: str, field: str = "discharging_energy_wh") -> dict[int, float]:
    found: dict[int, list[float]] = {}
    for row in store.cycles():
        if row.battery_id.startswith(group) and row.status != "running":
            found.setdefault(row.cycle_number, []).append(getattr(row, field))
    return {cycle: float(np.mean(values)) for cycle, values in found.items()}


def shown_mean(visit: Visit, group: str) -> dict[int, float]:
    cycles, means = (visit.column(f"group-{group}", name) for name in ("cycle", "mean"))
    return {int(cycle): mean for cycle, mean in zip(cycles, means, strict=True)}


def wait_for_version(visit: Visit, version: int) -> None:
    visit.page.get_by_text(f"version {version}", exact=False).wait_for(timeout=20_000)


def wait_for_quiet(visit: Visit, feed) -> None:
    visit.page.get_by_text("Live: cell").wait_for()
    for _ in range(40):
        version = feed.version
        visit.page.wait_for_timeout(200)
        if feed.version == version:
            break
    wait_for_version(visit, feed.version)


def test_the_browser_shows_the_store_and_follows_it(browser, lab, feed, screenshots):
    with served(feed) as url:
        visit = Visit(browser, f"{url}?battery=Y07&group=Y")
        wait_for_quiet(visit, feed)
        for group in "WXYZ":
            assert shown_mean(visit, group) == pytest.approx(expected_mean(lab.store, group), rel=1e-12)
        for _ in range(6):
            lab.advance(700.0)
            feed._wake.set()
            visit.page.wait_for_timeout(150)
        wait_for_quiet(visit, feed)
        for group in "WXYZ":
            assert shown_mean(visit, group) == pytest.approx(expected_mean(lab.store, group), rel=1e-12)
        trace = [
            point for point in lab.store.trace("Y07") if point.cycle_number >= lab.written[lab.ids.index("Y07")] - 1
        ]
        shown = dict(zip(visit.column("live-trace", "time"), visit.column("live-trace", "voltage"), strict=True))
        for point in trace:
            assert shown[point.time_second / 3600] == point.voltage_volt
        assert visit.page.get_by_text("Group Y, cycle").is_visible()
        assert visit.troubles == []
        assert visit.hosts == {url.split("/")[2]}
        visit.page.close()


def test_an_update_is_small(browser, lab, feed):
    with served(feed) as url:
        visit = Visit(browser, url)
        wait_for_quiet(visit, feed)
        visit.received.clear()
        for _ in range(10):
            lab.advance(45.0)
            feed._wake.set()
            visit.page.wait_for_timeout(300)
        pushes = [frame for frame in visit.received if isinstance(frame, str) and frame.startswith('{"events"')]
        size = sum(len(frame) for frame in visit.received) / len(pushes)
        print(f"{len(pushes)} updates, {size:.0f} byte each; first paint {visit.first_paint_second:.1f} s")
        assert size <= 3500
        assert not any(
            event["kind"] == "ColumnDataChanged" for frame in pushes for event in json.loads(frame)["events"]
        )
        visit.page.close()


def test_choices_are_in_the_url_and_come_from_it(browser, lab, feed):
    with served(feed) as url:
        visit = Visit(browser, f"{url}?metric=coulombic-efficiency&group=X&cycle=12&battery=X03")
        wait_for_quiet(visit, feed)
        assert visit.page.get_by_text("Group X, cycle 12").is_visible()
        assert visit.page.get_by_text("Live: cell X03").is_visible()
        expected = expected_mean(lab.store, "X", "coulombic_efficiency_percent")
        assert shown_mean(visit, "X")[12] == pytest.approx(expected[12], rel=1e-12)
        place = visit.column("fleet-cells", "battery").index("W11")
        script = "(k) => Bokeh.documents[0].get_model_by_name('fleet-cells').selected.indices = [k]"
        visit.page.evaluate(script, place)
        visit.page.get_by_text("Live: cell W11").wait_for()
        visit.page.wait_for_url("**battery=W11**")
        assert "group=W" in visit.page.url
        assert visit.troubles == []
        visit.page.close()


def test_both_themes_are_drawn_and_the_button_changes_them(browser, lab, feed, screenshots):
    with served(feed) as url:
        for theme in ("light", "dark"):
            for name, width, height in (("desktop", 1440, 1000), ("phone", 390, 2600)):
                visit = Visit(browser, f"{url}?theme={theme}&battery=Y07&group=Y", width, height)
                wait_for_quiet(visit, feed)
                visit.page.wait_for_timeout(500)
                visit.page.screenshot(path=screenshots / f"{theme}-{name}.png")
                assert visit.troubles == []
                overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert visit.page.evaluate(overflow) <= 0
                visit.page.close()
        visit = Visit(browser, url)
        wait_for_quiet(visit, feed)
        colour = "() => Bokeh.documents[0].get_model_by_name('group-chart').left[0].major_label_text_color.value"
        before = visit.page.evaluate(colour)
        visit.page.get_by_label("Toggle theme").click()
        visit.until(f"(before) => ({colour})() !== before", before)
        visit.page.wait_for_url("**theme=dark**")
        visit.page.close()


def test_an_empty_store_says_what_to_do_and_the_page_fills(browser, screenshots):
    store = FakeStore()
    feed = Feed(lambda: store, poll_second=0.05, clock=lambda: 1.7e9)
    with served(feed) as url:
        visit = Visit(browser, url)
        page = visit.page
        page.get_by_text("No readings yet").wait_for()
        page.screenshot(path=screenshots / "empty.png")
        Lab(store, groups="W", size=2, cycles=2.0)
        page.get_by_text("Live: cell W00").wait_for()
        page.get_by_text("n too small").first.wait_for()
        assert shown_mean(visit, "W") == pytest.approx(expected_mean(store, "W"), rel=1e-12)
        page.close()


def test_a_store_that_goes_away_is_told_and_comes_back(browser, lab, feed):
    with served(feed) as url:
        visit = Visit(browser, url)
        wait_for_quiet(visit, feed)
        lab.store.broken = "the disk is gone"
        visit.page.get_by_text("The store has not answered").wait_for()
        assert visit.page.get_by_text("the disk is gone").is_visible()
        lab.store.broken = None
        visit.page.get_by_text("Live", exact=True).wait_for()
        visit.page.get_by_text("The store has not answered").wait_for(state="hidden")
        assert visit.troubles == []
        visit.page.close()


def alive(kind: type, keep=lambda _thing: True) -> int:
    gc.collect()
    return sum(type(thing) is kind and keep(thing) for thing in gc.get_objects())


def test_sessions_leave_nothing_behind(browser, lab, feed, caplog):
    caplog.set_level(logging.WARNING, logger="panel")  # log records that are kept hold the models they tell of
    pages_before = alive(pmui.Page)
    with served(feed) as url:
        for _ in range(4):
            visit = Visit(browser, url)
            wait_for_quiet(visit, feed)
            visit.page.close()
        page = browser.new_page()
        for _ in range(60):
            page.wait_for_timeout(1000)
            if not feed._subscribers and not alive(Session, lambda session: session._feed is feed):
                break
        page.close()
        assert feed._subscribers == []
        assert not feed._watched
        assert alive(Session, lambda session: session._feed is feed) == 0
        assert alive(pmui.Page) <= pages_before

"""The page on a real Cassandra node: the same as on SQLite, quick with 100 batteries x 1000 cycles, patient."""

import time
import uuid

import numpy as np
import pytest

from dashboard.feed import Feed
from pipelines.storage import Bundle, Store, open_reader, open_store
from tests.browser.visit import Visit, served
from tests.dashboard.fake_store import FakeStore, Lab

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

CYCLES = 1000
ROWS_AT_ONCE = 5000
SHOWN = ("group-W", "group-X", "group-Y", "group-Z", "fleet-cells", "live-trace")


def copy(lab: Lab, store: Store) -> None:
    """All rows of the lab, in bundles as large as a run writes them."""
    cycles = list(lab.store.cycle_rows.values())
    for start in range(0, len(cycles), ROWS_AT_ONCE):
        store.write(Bundle(cycles=cycles[start : start + ROWS_AT_ONCE]))
    trace = [point for points in lab.store.trace_points.values() for point in points]
    store.write(Bundle(batteries=list(lab.store.battery_rows.values()), trace=trace))


def columns(visit: Visit) -> dict[str, list]:
    names = "(source) => Object.keys(Bokeh.documents[0].get_model_by_name(source).data)"
    return {
        f"{source}.{name}": visit.column(source, name)
        for source in SHOWN
        for name in sorted(visit.page.evaluate(names, source))
    }


def means(visit: Visit, group: str) -> dict[int, float]:
    """By cycle, as the page shows them."""
    return dict(zip(*(visit.column(f"group-{group}", name) for name in ("cycle", "mean")), strict=True))


def expected_means(lab: Lab, group: str) -> dict[int, float]:
    """By cycle, by numpy, of the lab's own rows."""
    found: dict[int, list[float]] = {}
    for row in lab.store.cycle_rows.values():
        if row.group == group and row.status != "running":
            found.setdefault(row.cycle_number, []).append(row.discharging_energy_wh)
    return {cycle: float(np.mean(values)) for cycle, values in found.items()}


def a_feed(url: str, lab: Lab) -> Feed:
    return Feed(lambda: open_reader(url), poll_second=0.2, clock=lambda: lab.now + 0.3)


def read_by(feed: Feed) -> float:
    """How long the feed's first look takes [s]."""
    began = time.monotonic()
    feed.poll()
    assert feed.away_second() is None, feed.health.error
    return time.monotonic() - began


def settled(visit: Visit, feed: Feed) -> None:
    """The page shows all that the feed knows; which may be more by the time it is shown."""
    visit.page.get_by_text("Live: cell Y07").wait_for()
    until = time.monotonic() + 30.0
    while not visit.page.get_by_text(f"version {feed.version}", exact=False).is_visible():
        visit.page.wait_for_timeout(20)
        assert time.monotonic() < until, f"version {feed.version} is not shown"


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(FakeStore(), cycles=float(CYCLES), now=time.time())


@pytest.fixture(scope="module")
def stores(cassandra, lab, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    urls = f"cassandra://{cassandra.address}/page_{uuid.uuid4().hex[:8]}", f"sqlite:///{folder}/m.db"
    opened = [open_store(url, create=True) for url in urls]
    for store in opened:
        store.init()
        copy(lab, store)
    yield urls, opened
    for store in opened:
        store.close()
    cassandra.up()


def test_the_page_is_that_of_sqlite_and_as_quick(browser, lab, stores):
    urls, opened = stores
    shown, paints = [], []
    # The first visit is thrown away: the browser reads and compiles the page's libraries then, whatever the store.
    for url in (urls[1], *urls):
        feed = a_feed(url, lab)
        first_read = read_by(feed)
        with served(feed) as address:
            visit = Visit(browser, f"{address}?battery=Y07&group=Y")
            settled(visit, feed)
            paints.append(visit.first_paint_second)
            shown.append(columns(visit))
            assert visit.troubles == []
            visit.page.close()
        print(f"{url.split(':')[0]}: first look {first_read:.2f} s, first paint {paints[-1]:.2f} s")
    assert shown[1] == shown[2]
    assert len(shown[1]["group-W.cycle"]) >= CYCLES
    deltas(browser, lab, urls[0], opened[0])


def deltas(browser, lab: Lab, url: str, store: Store) -> None:
    """Everything in the lab moves at once; the page follows."""
    feed = a_feed(url, lab)
    feed.poll()
    with served(feed) as address:
        visit = Visit(browser, f"{address}?battery=Y07&group=Y")
        settled(visit, feed)
        took = []
        for _ in range(5):
            lab.advance(60.0)
            since = {battery_id: row.cycle_number - 1 for battery_id, row in lab.store.battery_rows.items()}
            # Taken before the write: the feed looks by itself too, and may see the rows before we come to ask.
            before = feed.version
            store.write(Bundle(batteries=list(lab.store.battery_rows.values()), cycles=lab.store.cycles(since)))
            began = time.monotonic()
            while feed.version == before:
                feed._wake.set()
                visit.page.wait_for_timeout(20)
                assert time.monotonic() - began < 20.0
            settled(visit, feed)
            took.append(time.monotonic() - began)
        for group in "WXYZ":
            assert means(visit, group) == pytest.approx(expected_means(lab, group), rel=1e-12)
        print(f"store to screen, all 100 batteries at once: {', '.join(f'{second:.2f}' for second in took)} s")
        visit.page.close()


def test_without_cassandra_the_page_says_how_old_it_is_and_comes_back(browser, lab, stores, cassandra):
    urls, _ = stores
    feed = a_feed(urls[0], lab)
    feed.poll()
    with served(feed) as address:
        visit = Visit(browser, f"{address}?battery=Y07&group=Y")
        settled(visit, feed)
        cassandra.kill("cassandra")
        visit.page.get_by_text("The store has not answered").wait_for(timeout=60_000)
        assert len(visit.column("group-Y", "cycle")) >= CYCLES, "it keeps showing what it has"
        cassandra.up()
        visit.page.get_by_text("The store has not answered").wait_for(state="hidden", timeout=60_000)
        assert visit.page.get_by_text("Live", exact=True).is_visible()
        visit.page.close()

"""How the data are: in the bar on top, in a notice when something is missing, and in a stamp below."""

from __future__ import annotations

from datetime import UTC, datetime

from dashboard.feed import Feed
from dashboard.metrics import metric_index
from dashboard.readable import counted, span
from dashboard.standing import outliers
from dashboard.view_state import ViewState
from dashboard.words import Heading, Sentence, set_words

SUMMARY_SECOND = 30.0
STALE_SECOND = 10.0
NO_READINGS = (
    "Start the pipeline on this store and the page fills by itself: chargetracker run --source URL --store URL. "
    "To see it with simulated batteries: chargetracker demo."
)


class StatusLine:
    """Words about the feed.

    Attributes:
        light: For the bar on top.
        notice: For the place above everything; empty when all is well.
        stamp: Time and version of the data.
        summary: For screen readers, at most twice a minute.
    """

    def __init__(self) -> None:
        self.light = Sentence(dot=True, margin=(0, 12), css_classes=["light"])
        self.notice = Heading(sizing_mode="stretch_width", visible=False, css_classes=["notice"])
        self.stamp = Sentence(css_classes=["stamp"], margin=(0, 4))
        self.summary = Sentence(live=True, css_classes=["summary"], margin=(0, 4))
        self._summarised = float("-inf")

    def update(self, feed: Feed, state: ViewState, now: float) -> None:
        """Bring all words up to date."""
        text, tone = _light(feed)
        set_words(self.light, text=text, tone=tone)
        title, note = _notice(feed)
        set_words(self.notice, title=title, note=note, visible=bool(title))
        set_words(self.stamp, text=_stamp(feed))
        if now - self._summarised >= SUMMARY_SECOND and feed.fleet.batteries:
            self._summarised = now
            set_words(self.summary, text=_summary(feed, state, now))


def _light(feed: Feed) -> tuple[str, str]:
    away, age = feed.away_second(), feed.data_age_second()
    if away is not None:
        return f"Store away for {' '.join(span(away))}", "bad"
    if age is None:
        return "Waiting for readings", "warning"
    if feed.fleet.all_finished():
        return "All cells finished", "good"
    return ("Live", "good") if age <= STALE_SECOND else (f"No reading for {' '.join(span(age))}", "warning")


def _notice(feed: Feed) -> tuple[str, str]:
    away = feed.away_second()
    if away is not None:
        kept = "What is shown is the last that was read. " if feed.fleet.batteries else ""
        told = f"{kept}It is asked again and again. It said: {feed.health.error}"
        return f"The store has not answered for {' '.join(span(away))}", told
    return ("", "") if feed.fleet.batteries else ("No readings yet", NO_READINGS)


def _stamp(feed: Feed) -> str:
    totals = feed.health.totals
    if totals is None or not totals.newest_arrival_unix_second > 0:
        return f"No data yet · version {feed.version}"
    when = datetime.fromtimestamp(totals.newest_arrival_unix_second, UTC)
    return f"Data as of {when:%Y-%m-%d %H:%M:%S} UTC · version {feed.version}"


def _summary(feed: Feed, state: ViewState, now: float) -> str:
    found = outliers(feed.fleet, state, metric_index(state.metric), now)
    told = f"outliers: {', '.join(found)}" if found else "no outlier"
    at = f"{datetime.fromtimestamp(now, UTC):%H:%M:%S} UTC"  # it stands for up to half a minute
    cells = f"{counted(len(feed.fleet.batteries), 'cell')} in {counted(len(feed.fleet.groups()), 'group')}"
    return f"At {at}: {cells}, {counted(feed.fleet.cycles_completed(), 'cycle')} completed, {told}."

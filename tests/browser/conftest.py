"""Chromium, and a made-up lab with its feed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.feed import Feed
from tests.dashboard.fake_store import FakeStore, Lab

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


def chromium() -> str | None:
    return shutil.which("chromium") or next((p for p in ("/usr/bin/chromium",) if Path(p).exists()), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Ends with its module: while Playwright lives, its event loop runs in the thread of all tests."""
    executable = chromium()
    if executable is None:
        message = "no Chromium on this machine: install the package chromium of the system"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory) -> Path:
    """Where pictures go: the folder SCREENSHOT_DIR names, or one of the test run."""
    folder = Path(os.environ.get("SCREENSHOT_DIR") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def lab() -> Lab:
    return Lab(FakeStore(), now=time.time())


@pytest.fixture
def feed(lab) -> Feed:
    """Of the lab, already read, on the lab's clock, and polling quickly."""
    made = Feed(lambda: lab.store, poll_second=0.05, clock=lambda: lab.now + 0.3)
    made.poll()
    return made

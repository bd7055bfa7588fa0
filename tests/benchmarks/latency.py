"""From a reading in the log to its row in the store and to the number on the screen, at the demo's rate.

100 batteries send 60 readings a second each; one more, the probe, sends single readings with a voltage of their own,
at random times. Pipeline and page run as the user starts them; the screen is Chromium's.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import msgspec
from playwright.sync_api import sync_playwright

from pipelines.sources.log import LogWriter, partition_of
from pipelines.storage import open_reader
from tests.benchmarks.measure import percentile, report

PROBES = 60
BATTERIES = 100
RATE = 60
PORT = 5017
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SEEN = re.compile(r"· (\d\.\d{3}) V ·")
TEXT = """() => {
  const found = [];
  const walk = (node) => {
    if (node.shadowRoot) walk(node.shadowRoot);
    if (!node.children || !node.children.length) found.push(node.textContent);
    else for (const child of node.children) walk(child);
  };
  walk(document.body);
  return found.filter((text) => text && text.includes(" V ·")).join("|");
}"""


class Producer(threading.Thread):
    """Writes the load every quarter of a second and the probes between; keeps when each probe was written."""

    def __init__(self, log: Path) -> None:
        super().__init__(daemon=True)
        self._writer = LogWriter(log, 4)
        self._random = random.Random(1)
        self.sent: dict[str, float] = {}
        self.done = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        next_probe, second = began + 12.0, 0.0
        while len(self.sent) < PROBES:
            if time.monotonic() >= began + second:
                self._load(second * RATE)
                second += 0.25
            if time.monotonic() >= next_probe:
                self._probe(len(self.sent))
                next_probe += self._random.uniform(0.5, 1.0)
            time.sleep(0.005)
        time.sleep(4.0)
        self.done.set()

    def _load(self, test_second: float) -> None:
        times = [test_second + k for k in range(RATE // 4)]
        for number in range(BATTERIES):
            name = f"L{number:02d}"
            self._write(name, test_time_second=times, current_ampere=1.0, voltage_volt=[3.7] * len(times))

    def _probe(self, number: int) -> None:
        voltage = 3.1 + 0.001 * number
        self._write("probe", test_time_second=[float(number)], current_ampere=1.0, voltage_volt=[voltage])
        self.sent[f"{voltage:.3f}"] = time.monotonic()

    def _write(self, name: str, **columns: object) -> None:
        message = msgspec.json.encode({"battery_id": name, "group": "A", "cycle_count": 1, "step_count": 1, **columns})
        self._writer.append(partition_of(name.encode(), 4), [message])


def watch_store(url: str, producer: Producer, seen: dict[str, float]) -> None:
    reader = open_reader(url)
    while not producer.done.is_set():
        for row in reader.batteries():
            if row.battery_id == "probe":
                seen.setdefault(f"{row.voltage_volt:.3f}", time.monotonic())
        time.sleep(0.005)


def watch_screen(producer: Producer, seen: dict[str, float]) -> None:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{PORT}/?battery=probe")
        while not producer.done.is_set():
            for voltage in SEEN.findall(page.evaluate(TEXT)):
                seen.setdefault(voltage, time.monotonic())
            page.wait_for_timeout(20)
        browser.close()


def figures(sent: dict[str, float], seen: dict[str, float]) -> dict[str, float]:
    delays = [seen[key] - when for key, when in sent.items() if key in seen]
    return {
        "seen": len(delays),
        "of": len(sent),
        "p50_second": percentile(delays, 50),
        "p99_second": percentile(delays, 99),
        "max_second": max(delays),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, store = Path(folder, "log"), f"sqlite:///{folder}/m.db"
        producer = Producer(log)
        program = [sys.executable, "-m", "pipelines.cli.main"]
        run = subprocess.Popen(
            [*program, "run", "--source", f"log://{log}", "--store", store], stderr=subprocess.DEVNULL
        )
        time.sleep(4.0)
        serve = subprocess.Popen([*program, "serve", "--store", store, "--port", str(PORT)], stderr=subprocess.DEVNULL)
        time.sleep(6.0)
        rows: dict[str, float] = {}
        screen: dict[str, float] = {}
        producer.start()
        threading.Thread(target=watch_store, args=(store, producer, rows), daemon=True).start()
        watch_screen(producer, screen)
        for process in (run, serve):
            process.terminate()
            process.wait(10)
        load = f"{BATTERIES * RATE} readings/s from {BATTERIES} batteries"
        report("latency reading -> row", load=load, **figures(producer.sent, rows))
        # A voltage that the next probe overtakes before the page looks is never on the screen.
        report("latency reading -> screen", load=load, **figures(producer.sent, screen))


if __name__ == "__main__":
    main()

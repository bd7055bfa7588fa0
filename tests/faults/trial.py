"""A trial: a lab sends to Kafka at a steady pace, `chargetracker run` reads it, something breaks, the rows are right.

Each trial says how it went in one JSON line, printed and kept in build/faults.jsonl.
"""

import json
import os
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.cli.publisher import open_publisher
from pipelines.runners.status import behind
from pipelines.sources import SourceAwayError, open_source
from pipelines.storage import StoreAwayError, open_reader, open_store
from simulator.publisher import partition_of
from tests.benchmarks.measure import resident_mb
from tests.end_to_end.command import PROGRAM, chargetracker
from tests.faults.traffic import Traffic
from tests.faults.verdict import wrong

RESULTS = Path(__file__).parents[2] / "build" / "faults.jsonl"


class Lab(threading.Thread):
    """Sends the traffic with so many messages a second, whatever breaks meanwhile."""

    def __init__(self, url: str, lab: Traffic, messages_per_second: float) -> None:
        super().__init__(daemon=True)
        self._url, self._lab, self._pace = url, lab, messages_per_second
        self.acknowledged = 0
        self.hurry = threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            with open_publisher(self._url, None) as publisher:
                began = time.monotonic()
                for number, (battery_id, message) in enumerate(self._lab.messages):
                    publisher.publish(partition_of(battery_id, publisher.partitions), battery_id.encode(), [message])
                    self.hurry.wait(max(0.0, began + number / self._pace - time.monotonic()))
                publisher.flush()
                self.acknowledged = publisher.acknowledged
        except Exception as error:
            self.failure = error


class Run:
    """`chargetracker run` in a process of its own."""

    def __init__(self, source: str, store: str, log: Path, program: tuple[str, ...] = (*PROGRAM, "run")) -> None:
        self._log = log.open("ab")
        words = [*program, "--source", source, "--store", store, "--tick-second", "0.05"]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=self._log)

    @property
    def resident_mb(self) -> float:
        return resident_mb(self.process.pid)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()

    def end(self) -> int:
        """Ctrl-C's way; its exit code."""
        self.process.terminate()
        code = self.process.wait(60)
        self._log.close()
        return code


class Trial:
    """One lab, one topic, one store.

    Attributes:
        source, store: URLs.
        lab: Sends meanwhile.
    """

    def __init__(self, source: str, store: str, traffic: Traffic, folder: Path, messages_per_second: float) -> None:
        self.source, self.store = source, store
        self.traffic, self._folder = traffic, folder
        self.lab = Lab(source, traffic, messages_per_second)
        self._began = time.monotonic()
        self._seen = open_reader(store)

    def run(self, **words: object) -> Run:
        return Run(self.source, self.store, self._folder / "run.log", **words)

    @contextmanager
    def running(self) -> Iterator[Run]:
        """A run that is still alive at the end of the block, and ends as it is told to."""
        run = self.run()
        try:
            yield run
            assert run.process.poll() is None, self.log()
        finally:
            code = run.end() if run.process.poll() is None else run.process.returncode
        assert code == 0, self.log()

    def log(self) -> str:
        return (self._folder / "run.log").read_text(errors="replace")[-4000:]

    def taken(self) -> int:
        """Readings in the store, of whatever kind; -1 while it is away."""
        with suppress(StoreAwayError):
            totals = self._seen.totals()
            return totals.readings + totals.duplicates + totals.late
        return -1

    def until(self, condition: Callable[[], object], seconds: float = 90.0) -> float:
        """Wait for it; how long that took [s]."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"waited {seconds} s\n{self.log()}"
            assert self.lab.failure is None, self.lab.failure
            time.sleep(0.1)
        return time.monotonic() - began

    def until_taken(self, share: float) -> None:
        self.until(lambda: self.taken() >= share * len(self.traffic.readings))

    def until_all_is_stored(self, seconds: float = 120.0) -> float:
        """The lab has sent all, all of it is acknowledged, and all of that is committed."""
        self.lab.hurry.set()
        took = self.until(lambda: not self.lab.is_alive(), seconds)
        assert self.lab.failure is None, self.lab.failure
        assert self.lab.acknowledged == len(self.traffic.messages)
        return took + self.until(self._drained, seconds)

    def uncommitted(self) -> int:
        """Messages that are in the topic and not committed."""
        source, store = open_source(self.source), open_store(self.store)
        try:
            return sum(behind(store.committed(), source.ends()).values())
        finally:
            source.close()
            store.close()

    def epoch(self) -> int:
        """Of the newest attempt."""
        store = open_store(self.store)
        try:
            return store.newest_epoch()
        finally:
            store.close()

    def _drained(self) -> bool:
        with suppress(StoreAwayError, SourceAwayError):
            return self.uncommitted() == 0
        return False

    def judge(self, fault: str, seed: int, **figures: object) -> None:
        """Say how it went, and fail when a row, a sum or a count is wrong."""
        differences = wrong(self._seen, self.traffic)
        totals = self._seen.totals()
        self._seen.close()
        line = {
            "fault": fault,
            "seed": seed,
            "second": round(time.monotonic() - self._began, 1),
            "produced_readings": len(self.traffic.readings),
            "produced_garbage": self.traffic.garbage,
            "accepted": totals.readings,
            "duplicates": totals.duplicates,
            "late": totals.late,
            "dead_letters": totals.dead_letters,
            "differences": len(differences),
            **figures,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line))
        assert not differences, differences[:10]


def new_names(bootstrap: str, store: str) -> tuple[str, str]:
    """A topic and a store that nobody has used, both made: their URLs."""
    name = f"trial_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    source = f"kafka://{bootstrap}/{name}"
    chargetracker("topic", "init", source)
    store = f"{store}/{name}" if store.startswith("cassandra") else f"{store}/{name}.db"
    chargetracker("store", "init", store)
    return source, store

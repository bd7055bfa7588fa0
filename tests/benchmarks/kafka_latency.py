"""From a reading that Kafka has acknowledged to its row in Cassandra, at 2,000 readings a second from 1,000 batteries.

Every battery sends two single readings a second. Some, drawn at random, are probes: each has a voltage of its own, its
acknowledgement is waited for, and the store is asked again and again for the row that shows it.

usage: python -m tests.benchmarks.kafka_latency [sqlite|cassandra] [local|flink|spark]
"""

import random
import subprocess
import sys
import threading
import time
from math import inf

import msgspec
import psutil
from kafka import KafkaProducer

from pipelines.sources.kafka import parse_topic
from pipelines.storage import open_reader
from simulator.publisher import partition_of
from tests.benchmarks.measure import percentile, report, resident_mb
from tests.benchmarks.servers import PARTITIONS, kafka_and

BATTERIES = 1000
READINGS_A_SECOND = 2000
PROBES = 200
SLICE_SECOND = 0.05
WARM_SECOND = 15.0
"""How long rows flow before the first probe."""
LOOK_SECOND = 0.05
"""How often the store is asked: that costs the node something, too."""


class Lab(threading.Thread):
    """Sends the load; keeps when each probe was acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        address = parse_topic(url)
        self._topic = address.topic
        self._producer = KafkaProducer(bootstrap_servers=list(address.bootstrap), acks="all", linger_ms=5)
        self._random = random.Random(1)
        self._sent = 0
        self.acknowledged: dict[str, float] = {}
        self.flowing = threading.Event()
        self.done = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        next_probe = inf
        while len(self.acknowledged) < PROBES:
            now = time.monotonic()
            for _ in range(int((now - began) * READINGS_A_SECOND) - self._sent):
                self._send(f"L{self._sent % BATTERIES:04d}", self._sent / READINGS_A_SECOND, 3.7)
                self._sent += 1
            if self.flowing.is_set():
                next_probe = min(next_probe, now + WARM_SECOND)
            if now >= next_probe:
                self._probe(len(self.acknowledged), now - began)
                next_probe = now + self._random.uniform(0.1, 0.3)
            time.sleep(SLICE_SECOND)
        time.sleep(8.0)
        self.done.set()

    def _probe(self, number: int, second: float) -> None:
        voltage = 3.1 + 0.001 * number
        future = self._send("probe", second, voltage)
        future.add_callback(lambda _: self.acknowledged.setdefault(f"{voltage:.3f}", time.monotonic()))
        self._producer.flush()

    def _send(self, name: str, second: float, voltage: float):
        reading = {"battery_id": name, "test_time_second": second, "current_ampere": 1.0, "voltage_volt": voltage}
        message = msgspec.json.encode({**reading, "cycle_count": 1, "step_count": 1})
        partition = partition_of(name, PARTITIONS)
        return self._producer.send(self._topic, message, key=name.encode(), partition=partition)


def cores_of(pid: int) -> float:
    """CPU seconds a second since the process began."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    return (times.user + times.system) / (time.time() - process.create_time())


def watch(url: str, lab: Lab, seen: dict[str, float]) -> None:
    """A probe is there when its voltage is the newest, or a later one's is."""
    reader = open_reader(url)
    order = [f"{3.1 + 0.001 * number:.3f}" for number in range(PROBES)]
    while not lab.flowing.is_set():
        if reader.totals().readings:
            lab.flowing.set()
        time.sleep(LOOK_SECOND)
    while not lab.done.is_set():
        for row in reader.cycles({"probe": 1}):  # cheap to ask for, and it has the newest voltage
            now = time.monotonic()
            for voltage in order[: order.index(f"{row.end_of_charge_voltage_volt:.3f}") + 1]:
                seen.setdefault(voltage, now)
        time.sleep(LOOK_SECOND)
    reader.close()


def main(store: str = "cassandra", runner: str = "local") -> None:
    with kafka_and(store, runner) as (topic, url, folder):
        words = [sys.executable, "-m", "pipelines.cli.main", "run", "--source", topic, "--store", url]
        words += ["--runner", runner, "--stack", str(folder)]
        run = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        lab, seen = Lab(topic), {}
        lab.start()
        watch(url, lab, seen)
        memory_mb, cores = resident_mb(run.pid), cores_of(run.pid)
        run.terminate()
        run.wait(30)
        delays = [seen[voltage] - when for voltage, when in lab.acknowledged.items() if voltage in seen]
        report(
            f"latency, acknowledged by Kafka to readable in {store}",
            runner=runner,
            readings_per_second=READINGS_A_SECOND,
            batteries=BATTERIES,
            seen=len(delays),
            of=len(lab.acknowledged),
            p50_second=percentile(delays, 50),
            p99_second=percentile(delays, 99),
            max_second=max(delays),
            pipeline_cores=cores,
            memory_mb=memory_mb,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])

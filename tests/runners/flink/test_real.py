"""Runs on a real Flink: the same rows as in one process, and jobs that end when they are to end."""

import pytest

from pipelines.options import RunSettings
from pipelines.runners.local import run_local
from pipelines.sources.log import LogWriter
from pipelines.storage import open_reader
from tests.end_to_end.command import chargetracker
from tests.faults.traffic import traffic
from tests.faults.verdict import wrong
from tests.oracle.replay import differences

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture
def log(tmp_path):
    """A readings log of a faulty lab, and what was sent."""
    sent = traffic(71, batteries=6, readings=600)
    with LogWriter(tmp_path / "log", 4) as writer:
        for battery_id, message in sent.messages:
            writer.append(int(battery_id[1:]) % 4, [message])
    return f"log://{tmp_path}/log", sent


def rows(store: str) -> dict[tuple[str, str, int], object]:
    """All cycles and steps."""
    reader = open_reader(store)
    found = {("cycle", *row[:2]): row for row in reader.cycles()} | {("step", *row[:2]): row for row in reader.steps()}
    reader.close()
    return found


def on_flink(flink, source, store):
    words = ["run", "--runner", "flink", "--stack", flink.stack_folder, "--source", source, "--store", store]
    return chargetracker(*words, "--once")


def test_a_live_source_gives_the_rows_that_it_gives_in_one_process(flink, log, tmp_path):
    source, sent = log
    on_flink(flink, source, f"sqlite:///{tmp_path}/flink.db")
    run_local(RunSettings(source, f"sqlite:///{tmp_path}/local.db", once=True))
    assert differences(rows(f"sqlite:///{tmp_path}/local.db"), rows(f"sqlite:///{tmp_path}/flink.db")) == []
    reader = open_reader(f"sqlite:///{tmp_path}/flink.db")
    assert wrong(reader, sent) == [], "and those of the oracle"
    reader.close()


def test_a_file_ends_its_run_and_all_of_it_is_there(flink, tmp_path):
    file = tmp_path / "cell.csv"
    lines = [f"{second},3.7,{1.0 if second < 60 else -1.0}" for second in range(120)]
    file.write_text("\n".join(["test_time_second,voltage_volt,current_ampere", *lines, ""]))
    words = ["run", "--runner", "flink", "--stack", flink.stack_folder, "--source", f"file://{file}?battery=b"]
    said = chargetracker(*words, "--store", f"sqlite:///{tmp_path}/m.db")
    assert "120 readings of 1 batteries" in said


def test_a_flag_that_nobody_knows_is_refused_and_one_of_flinks_runner_is_not(flink, log, tmp_path):
    source, _ = log
    store = f"sqlite:///{tmp_path}/m.db"
    words = ["run", "--runner", "flink", "--stack", flink.stack_folder, "--source", source, "--store", store, "--once"]
    said = chargetracker(*words, "--", "--max_bundle_time_millis=100", code=1)
    assert "--max_bundle_time_millis=100: Beam has no such flag" in said

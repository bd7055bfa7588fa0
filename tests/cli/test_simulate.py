import csv

import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.sources import open_source
from schemas import CycleRow


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def simulate(*arguments, to="log://readings"):
    lab = ["--batteries", "2", "--cycles", "1", "--speed", "max"]
    return CliRunner().invoke(app, ["simulate", "--to", to, *lab, *arguments])


def messages(url="log://readings"):
    source = open_source(url)
    try:
        batches = [source.poll(partition, source.begin(partition), 1 << 30) for partition in source.partitions()]
    finally:
        source.close()
    return [message for batch in batches if batch is not None for message in batch.messages()]


def truth_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_each_reading_is_a_message_and_the_truth_counts_them(tmp_path):
    result = simulate("--message-format", "json", "--truth", "truth.csv")
    assert result.exit_code == 0, result.output
    truth = truth_of(tmp_path / "truth.csv")
    assert [(row["battery_id"], row["cycle_number"]) for row in truth] == [("W00", "1"), ("X00", "1")]
    assert len(messages()) == sum(int(row["reading_count"]) for row in truth)
    assert set(truth[0]) <= set(CycleRow._fields)


def test_columns_hold_many_readings_in_a_message():
    assert simulate().exit_code == 0
    assert 0 < len(messages()) < 100


def test_a_lab_that_is_done_adds_nothing_when_it_is_started_again():
    simulate()
    first = messages()
    result = simulate()
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1].startswith("done: ")
    assert messages() == first


def test_the_current_is_that_of_the_flag(tmp_path):
    simulate("--current-ma", "600", "--truth", "truth.csv")
    assert {(row["current_min_ampere"], row["current_max_ampere"]) for row in truth_of(tmp_path / "truth.csv")} == {
        ("-0.6", "0.6")
    }


def test_faults_are_sent(tmp_path):
    simulate("--message-format", "json", "--faults", "repeated=0.5", "--truth", "truth.csv")
    readings = sum(int(row["reading_count"]) for row in truth_of(tmp_path / "truth.csv"))
    # Half of them twice, give or take five standard deviations of so many tosses of a coin.
    assert abs(len(messages()) - 1.5 * readings) < 5 * 0.5 * readings**0.5


@pytest.mark.parametrize(
    ("arguments", "to", "expected"),
    [
        (
            [],
            "sqlite:///readings.db",
            "--to sqlite:///readings.db: write the readings to log://DIR",
        ),
        ([], "readings", "--to readings:"),
        ([], "kafka://localhost/readings", "kafka://localhost/readings: a topic is written kafka://HOST:PORT"),
        (["--voltage-min-v", "4.6"], "log://readings", "--voltage-min-v 4.6"),
        (["--speed", "0"], "log://readings", "--speed 0:"),
        (["--faults", "tardy=1"], "log://readings", "--faults tardy=1:"),
        (["--truth", "nowhere/truth.csv"], "log://readings", "--truth nowhere/truth.csv: there is no folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_made(arguments, to, expected, tmp_path):
    result = simulate(*arguments, to=to)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"chargetracker: {expected}")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []

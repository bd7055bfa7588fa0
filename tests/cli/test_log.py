import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.options import RunSettings
from pipelines.runners.local import run_local
from pipelines.storage import open_reader

READING = '{"battery_id":"A1","test_time_second":%d,"current_ampere":1.2,"voltage_volt":3.71}\n'


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def call(*arguments):
    return CliRunner().invoke(app, ["log", "init", *arguments])


def test_a_new_log_takes_lines_from_any_program(tmp_path):
    result = call("log://readings")
    assert result.exit_code == 0
    file = tmp_path / result.stdout.split(">> ")[1].strip()
    with file.open("a") as partition:
        partition.writelines(READING % second for second in range(3))
    run_local(RunSettings("log://readings", "sqlite:///m.db", once=True))
    assert open_reader("sqlite:///m.db").totals().readings == 3


def test_a_log_that_is_there_stays_as_it_is():
    assert call("log://readings", "--partitions", "2").exit_code == 0
    assert "2 partitions" in call("log://readings").stdout
    refused = call("log://readings", "--partitions", "3")
    assert refused.exit_code == 1
    assert "2 partitions, not 3" in refused.stderr


@pytest.mark.parametrize("url", ["readings", "log://", "kafka://x/y"])
def test_what_is_no_log_is_refused(url):
    refused = call(url)
    assert refused.exit_code == 1
    assert f"{url}: a readings log is written log://DIR" in refused.stderr

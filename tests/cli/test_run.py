from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipelines.dead_letters.check
import pipelines.runners.flink
import pipelines.runners.local
from pipelines.cli.main import app
from pipelines.options import ClusterSettings, RunSettings
from pipelines.runners.portable import JobError
from pipelines.runners.status import RunStatus
from pipelines.servers import ServerError
from pipelines.sources.url import parse_url
from pipelines.storage import open_store
from pipelines.storage.base import Totals
from pipelines.transforms.commit_offsets import SupersededError


@pytest.fixture
def runs(monkeypatch, tmp_path):
    """Settings that the local runner was given; nothing is run."""
    found = []

    def run_local(settings, on_status):
        found.append(settings)
        on_status(RunStatus(Totals(1, 2, 3, 0, 0, 4, 0.0), 5.0, 6, "rows", 7.0))

    monkeypatch.setattr(pipelines.runners.local, "run_local", run_local)
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///m.db", create=True)
    store.init()
    store.close()
    return found


def run(*arguments, source="log://readings", store="sqlite:///m.db"):
    return CliRunner().invoke(app, ["run", "--source", source, "--store", store, *arguments])


def test_the_flags_become_settings(runs):
    flags = "--once --from 2024-01-01 --tick-second 0.5 --trace-retention-hours 2 -- --job_name=x --streaming"
    assert run(*flags.split()).exit_code == 0
    assert runs == [
        RunSettings(
            "log://readings",
            "sqlite:///m.db",
            once=True,
            start_from=str(19723 * 86400.0),
            tick_second=0.5,
            trace_retention_second=7200.0,
            beam_options=("--job_name=x", "--streaming"),
        )
    ]


def test_without_flags_it_goes_on_where_it_was(runs):
    run()
    assert runs == [RunSettings("log://readings", "sqlite:///m.db")]


def test_what_is_said_about_a_file_goes_into_its_url(runs):
    flags = ["--make", "arbin", "--map", "I=current_ampere:mA", "--map", "T=temperature_t1_celsius"]
    for source in ("file://x.csv?battery=A1", "folder://exports?battery=A1"):
        assert run(*flags, source=source).exit_code == 0
    urls = [parse_url(settings.source_url) for settings in runs]
    assert [(url.scheme, url.path) for url in urls] == [("file", "x.csv"), ("folder", "exports")]
    said = {"battery": "A1", "make": "arbin", "map": "I=current_ampere:mA|T=temperature_t1_celsius"}
    assert [url.query for url in urls] == [said, said]


def test_a_file_is_read_as_it_is_said_to_be(tmp_path):
    """What --make and --map say, through the whole run: an hour of 1500 mA in a column that nobody knows."""
    hours = "".join(f"{k},{60 * k},{1_600_000_000 + 60 * k},{60 * k},1,1,1500,3.7\n" for k in range(61))
    header = "Data_Point,Test_Time(s),DateTime,Step_Time(s),Step_Index,Cycle_Index,Strom,Voltage(V)\n"
    (tmp_path / "x.csv").write_text(header + hours)
    source, store = f"file://{tmp_path}/x.csv", f"sqlite:///{tmp_path}/m.db"
    assert run(source=source, store=store).exit_code == 1
    flags = ["--make", "arbin", "--map", "Strom=current_ampere:mA"]
    assert run(*flags, source=source, store=store).exit_code == 0
    (cycle,) = open_store(store).cycles()
    assert cycle.charging_capacity_ah == pytest.approx(1.5, rel=1e-9)


@pytest.mark.parametrize(
    ("flags", "flag"), [(["--make", "arbin"], "--make"), (["--map", "I=current_ampere:mA"], "--map")]
)
def test_what_is_said_about_a_file_is_refused_of_a_log(runs, flags, flag):
    result = run(*flags)
    assert result.exit_code == 1
    assert result.stderr == f"chargetracker: {flag}: that is for file:// and folder://; the source is log://readings.\n"
    assert runs == []


def test_the_topic_for_dead_letters_is_looked_at_before_the_run(runs, monkeypatch):
    looked = []
    monkeypatch.setattr(pipelines.dead_letters.check, "check_dead_letter_topic", lambda *urls: looked.append(urls))
    assert run("--dead-letters", "kafka://h:1/dead").exit_code == 0
    assert looked == [("kafka://h:1/dead", "log://readings")]
    assert runs == [RunSettings("log://readings", "sqlite:///m.db", dead_letter_url="kafka://h:1/dead")]


def test_a_topic_for_dead_letters_that_cannot_be_is_refused(runs):
    result = run("--dead-letters", "log://dead")
    assert result.exit_code == 1
    assert "log://dead" in result.stderr
    assert runs == []


def test_the_end_says_what_the_store_holds(runs):
    result = run("--once")
    assert result.stderr.splitlines() == [
        "log://readings -> sqlite:///m.db",
        "sqlite:///m.db: 0 readings of 0 batteries, 0 cycles, 0 duplicates, 0 late, 0 dead letters.",
    ]


def test_flags_of_a_cluster_become_settings_of_its_runner(runs, monkeypatch):
    given = []
    monkeypatch.setattr(pipelines.runners.flink, "run_flink", lambda settings, on_status: given.append(settings))
    flags = "--runner flink --flink-master flink.lab:8081 --environment docker:cells:1 --stack elsewhere"
    assert run(*flags.split()).exit_code == 0
    assert given[0].cluster == ClusterSettings(Path("elsewhere"), "flink.lab:8081", "docker:cells:1")
    assert runs == []


@pytest.mark.parametrize("runner", ["local", "flink"])
def test_the_master_of_another_runner_is_refused(runner, runs):
    result = run("--runner", runner, "--spark-master", "spark://spark.lab:7077")
    assert result.exit_code == 1
    assert "--spark-master spark://spark.lab:7077: that is for --runner spark" in result.stderr
    assert runs == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [(JobError("the job has failed"), "the job has failed"), (ServerError("no Java", "log"), "no Java\nlog")],
)
def test_a_cluster_that_cannot_be_had_is_told_with_its_evidence(error, expected, runs, monkeypatch):
    def run_flink(settings, on_status):
        raise error

    monkeypatch.setattr(pipelines.runners.flink, "run_flink", run_flink)
    result = run("--runner", "flink")
    assert result.exit_code == 1
    assert result.stderr.endswith(f"chargetracker: {expected}\n")


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--tick-second", "0"], "--tick-second 0: must lie between"),
        (["--from", "yesterday"], "--from yesterday: say"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_flag_and_value(flags, expected, runs):
    result = run(*flags)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"chargetracker: {expected}")
    assert result.stderr.count("\n") == 1


def test_a_run_that_was_taken_over_ends_with_its_line(runs, monkeypatch):
    def run_local(settings, on_status):
        raise SupersededError("Another run has taken over.")

    monkeypatch.setattr(pipelines.runners.local, "run_local", run_local)
    result = run()
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "chargetracker: Another run has taken over."


@pytest.mark.parametrize(
    ("source", "store", "flags", "expected"),
    [
        ("kafka://127.0.0.1:1/readings", "sqlite:///n.db", [], "Kafka at 127.0.0.1:1 does not answer"),
        ("log://nowhere", "sqlite:///n.db", [], "nowhere"),
        ("file://missing.078", "sqlite:///n.db", [], "missing.078"),
        ("readings", "sqlite:///n.db", [], "readings"),
        ("log://readings", "cassandra://localhost/cells", [], "cassandra://"),
        ("log://readings", "m.db", [], "m.db"),
        ("log://readings", "sqlite:///no/such/folder/n.db", [], "no/such/folder"),
        ("log://readings", "sqlite:///n.db", ["--", "--no_such_flag=1"], "--no_such_flag=1"),
        ("log://readings", "sqlite:///n.db", ["stray"], "stray"),
    ],
)
def test_what_cannot_be_opened_is_one_line_that_names_it(source, store, flags, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pipelines.sources.log import LogWriter

    LogWriter(tmp_path / "readings").close()
    result = run(*flags, source=source, store=store)
    assert result.exit_code == 1
    error = result.stderr.splitlines()[-1]
    assert error.startswith("chargetracker: ")
    assert expected in error
    assert "unexpected" not in error
    assert "Traceback" not in result.stderr

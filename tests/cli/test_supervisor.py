import sys

import pytest

from pipelines.cli.child import Command
from pipelines.cli.supervisor import PATIENCE_SECOND, Supervisor
from pipelines.cli.verb import CommandError

SAYS_WHEN_IT_STOPS = """
import os, signal, sys, time
def stop(*_):
    with open("order", "a") as file:
        file.write(sys.argv[1] + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(60)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def command(name, script):
    return Command(name, (sys.executable, "-c", script, name))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def wait_until_ready(supervisor):
    for child in supervisor.children:
        while "ready" not in child.log.read_text():
            assert child.exit_code() is None, child.last_lines()


def test_the_first_child_has_ended_before_the_others_are_asked(tmp_path):
    commands = [command(name, SAYS_WHEN_IT_STOPS) for name in ("lab", "pipeline", "page")]
    with Supervisor(commands, tmp_path) as supervisor:
        wait_until_ready(supervisor)
    order = (tmp_path / "order").read_text().split()
    assert order[0] == "lab"
    assert sorted(order[1:]) == ["page", "pipeline"]
    assert [child.exit_code() for child in supervisor.children] == [0, 0, 0]


def test_no_child_is_left_after_an_error(tmp_path):
    supervisor = Supervisor([command("lab", SAYS_WHEN_IT_STOPS)], tmp_path)
    with pytest.raises(ZeroDivisionError), supervisor:
        raise ZeroDivisionError
    assert supervisor.children[0].exit_code() is not None


def test_what_does_not_listen_is_killed_and_the_others_still_stop_well(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.cli.supervisor.FIRST_PATIENCE_SECOND", 0.1)
    with Supervisor([command("deaf", DEAF), command("page", SAYS_WHEN_IT_STOPS)], tmp_path) as supervisor:
        wait_until_ready(supervisor)
    assert supervisor.children[0].exit_code() == -9
    assert (tmp_path / "order").read_text() == "page "


def test_patience_and_killing_fit_into_five_seconds():
    assert PATIENCE_SECOND < 5.0


def test_a_program_that_cannot_be_started_leaves_none_of_the_others(tmp_path):
    missing = Command("missing", (str(tmp_path / "no-such-program"),))
    supervisor = Supervisor([command("lab", SAYS_WHEN_IT_STOPS), missing], tmp_path)
    with pytest.raises(FileNotFoundError):
        supervisor.__enter__()
    assert supervisor.children[0].exit_code() is not None


def test_a_child_that_has_ended_is_reported_with_its_last_words(tmp_path):
    with Supervisor([command("pipeline", "print('no room'); raise SystemExit(7)")], tmp_path) as supervisor:
        supervisor.children[0].wait(20)
        with pytest.raises(CommandError, match=r"'pipeline' has ended .exit code 7.") as raised:
            supervisor.check()
    assert raised.value.evidence == "no room"
    assert str(tmp_path / "pipeline.log") in str(raised.value)


def test_a_lab_whose_cycles_are_done_may_end_but_not_fail(tmp_path):
    with Supervisor([command("lab", ""), command("other", "raise SystemExit(1)")], tmp_path) as supervisor:
        for child in supervisor.children:
            child.wait(20)
        with pytest.raises(CommandError, match="'other'"):
            supervisor.check(may_finish=("lab", "other"))


def test_running_children_are_no_news(tmp_path):
    with Supervisor([command("lab", DEAF.replace("SIG_IGN", "SIG_DFL"))], tmp_path) as supervisor:
        supervisor.check()

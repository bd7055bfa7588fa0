import contextlib
import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from pipelines.cli.child import Child, Command, of_verb


def python(name, script):
    return Command(name, (sys.executable, "-c", textwrap.dedent(script)))


@pytest.fixture
def start(tmp_path):
    children = []

    def start_child(name, script):
        children.append(Child(python(name, script), tmp_path))
        return children[-1]

    yield start_child
    for child in children:
        child.kill()


def test_what_a_child_says_is_in_its_file(start, tmp_path):
    child = start("talker", "import sys; print('out'); print('err', file=sys.stderr)")
    assert child.wait(20)
    assert child.log == tmp_path / "talker.log"
    assert sorted(child.log.read_text().split()) == ["err", "out"]


def test_the_last_lines_are_the_last(start):
    child = start("talker", "for k in range(30): print(k)")
    child.wait(20)
    assert child.last_lines(3) == "27\n28\n29"


def test_the_exit_code_is_its_own(start):
    child = start("failing", "raise SystemExit(3)")
    child.wait(20)
    assert child.exit_code() == 3


def test_a_running_child_has_no_exit_code_and_is_ended_by_a_request(start):
    child = start("sleeper", "import time; time.sleep(60)")
    assert child.exit_code() is None
    child.ask_to_stop()
    assert child.wait(20)
    assert child.exit_code() == -signal.SIGTERM


def test_a_child_that_ignores_the_request_is_killed(start):
    child = start(
        "stubborn",
        """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("deaf", flush=True)
        time.sleep(60)
        """,
    )
    wait_for_text(child, "deaf")
    child.ask_to_stop()
    assert not child.wait(0.1)
    child.kill()
    assert child.exit_code() == -signal.SIGKILL


def test_stopping_what_has_ended_does_nothing(start):
    child = start("short", "")
    child.wait(20)
    child.ask_to_stop()
    child.kill()
    assert child.exit_code() == 0


def test_a_child_has_a_process_group_of_its_own(start):
    child = start("sleeper", "import time; time.sleep(60)")
    assert os.getpgid(child.process_id) == child.process_id


def test_a_verb_is_started_as_one_that_ends_with_this_process():
    command = of_verb("serve", "--port", "1")
    assert command.name == "serve"
    assert command.words[1:3] == ("-m", "pipelines.cli.bound")
    assert command.words[-3:] == ("serve", "--port", "1")


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux'")
def test_a_child_ends_when_its_parent_is_killed(start):
    parent = start(
        "parent",
        """
        import os, subprocess, sys, time
        bound = "from pipelines.cli.bound import die_with; import sys; die_with(int(sys.argv[1])); "
        sleeper = bound + "import time; print('bound', flush=True); time.sleep(60)"
        child = subprocess.Popen([sys.executable, "-c", sleeper, str(os.getpid())])
        print("child", child.pid, flush=True)
        time.sleep(60)
        """,
    )
    wait_for_text(parent, "bound")
    wait_for_text(parent, "child")
    words = parent.log.read_text().split()
    grandchild = psutil.Process(int(words[words.index("child") + 1]))
    # Not the group, as `kill` does: only the parent.
    psutil.Process(parent.process_id).kill()
    wait_until_gone(grandchild)


def test_a_child_whose_parent_is_gone_already_ends_at_once():
    script = "from pipelines.cli.bound import die_with; die_with(1 << 22); print('alive')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b""


def wait_for_text(child, text):
    """Wait, by the child's own progress and not by a clock, until it has said it; its end is a failure."""
    while text not in child.log.read_text():
        assert child.exit_code() is None, child.last_lines()


def wait_until_gone(process):
    """Wait until it is gone or, where nobody collects orphans, a zombie; the test's own time limit ends a failure."""
    while process.is_running():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() == psutil.STATUS_ZOMBIE:
                return

import subprocess
import sys

from tests.real_servers import ROOT
from tests.servers.fake_server import LAUNCH, a_node
from tests.servers.test_process import eventually


def test_servers_of_a_test_run_end_when_the_run_is_killed(folder):
    node = a_node(folder / "kafka")
    node.process.folder.mkdir(parents=True)
    node.start(LAUNCH)
    reaper = [sys.executable, "-m", "tests.reap_servers", str(folder)]
    # A run that holds the reaper's input open, and is killed.
    start = f"subprocess.Popen({reaper!r}, stdin=subprocess.PIPE)"
    run = f"import subprocess, time; {start}; print(flush=True); time.sleep(60)"
    killed = subprocess.Popen([sys.executable, "-c", run], cwd=ROOT, stdout=subprocess.PIPE)
    killed.stdout.readline()
    assert node.process.running()
    killed.kill()
    killed.wait()
    eventually(lambda: node.process.running() is None and not folder.exists())
    killed.stdout.close()

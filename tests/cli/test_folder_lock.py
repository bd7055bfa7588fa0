import os
import subprocess
import sys

import pytest

from pipelines.cli.folder_lock import only_one_in
from pipelines.cli.verb import CommandError


def test_a_second_holder_is_refused_with_the_process_of_the_first(tmp_path):
    refused = pytest.raises(CommandError, match=rf"another demo \(process {os.getpid()}\)")
    with only_one_in(tmp_path), refused, only_one_in(tmp_path):
        pass


def test_the_folder_is_free_again_behind_the_block(tmp_path):
    with only_one_in(tmp_path):
        pass
    with only_one_in(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_holder_that_was_killed_holds_nothing(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path; from pipelines.cli.folder_lock import only_one_in\n"
        "with only_one_in(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == -9
    with only_one_in(tmp_path):
        pass

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app

VERBS = ("demo", "simulate", "run", "serve", "show", "export", "store")


def test_all_verbs_are_listed():
    listed = CliRunner().invoke(app, ["--help"]).stdout
    assert [verb for verb in VERBS if f"\n  {verb} " not in listed] == []


@pytest.mark.parametrize("verb", [*VERBS, "store init", "store reset", "store info"])
def test_every_verb_explains_itself_and_has_debug(verb):
    result = CliRunner().invoke(app, [*verb.split(), "--help"])
    assert result.exit_code == 0
    assert verb == "store" or "--debug" in result.stdout


@pytest.mark.parametrize("verb", ["demo", "run", "serve", "simulate", "export cycles", "show cycles", "store info"])
def test_an_unknown_flag_is_an_error_that_names_it(verb):
    result = CliRunner().invoke(app, [*verb.split(), "--volts", "3"])
    assert result.exit_code == 2
    assert "No such option: --volts" in result.stderr


def test_the_version_is_printed():
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("chargetracker 0.")


def test_help_loads_neither_beam_nor_panel():
    script = (
        "import sys, typer.testing; from pipelines.cli.main import app\n"
        "result = typer.testing.CliRunner().invoke(app, ['run', '--help'])\n"
        "print(result.exit_code, *({'apache_beam', 'panel', 'bokeh'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]

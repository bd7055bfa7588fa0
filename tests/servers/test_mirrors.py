from pathlib import Path

import pytest

from pipelines.servers.mirrors import maven_repository, mirror

SETTINGS = """<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0"><mirrors>
<mirror><id>other</id><mirrorOf>snapshots</mirrorOf><url>https://wrong.example.org</url></mirror>
<mirror><id>own</id><mirrorOf>{}</mirrorOf><url>https://own.example.org/maven/</url></mirror>
</mirrors></settings>"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CHARGETRACKER_MAVEN_MIRROR", raising=False)
    monkeypatch.delenv("M2_REPO", raising=False)
    return tmp_path


def write_settings(home, text):
    (home / ".m2").mkdir()
    (home / ".m2" / "settings.xml").write_text(text)


def test_without_settings_there_is_no_mirror():
    assert mirror() is None


@pytest.mark.parametrize("mirrored", ["central", "*", "external:*", "snapshots, central", "*,!snapshots"])
def test_a_mirror_of_the_public_repository_in_mavens_settings_is_used(home, mirrored):
    write_settings(home, SETTINGS.format(mirrored))
    assert mirror() == "https://own.example.org/maven"


@pytest.mark.parametrize("mirrored", ["releases", "*,!central", "external:http:*", ""])
def test_a_mirror_of_something_else_is_not(home, mirrored):
    write_settings(home, SETTINGS.format(mirrored))
    assert mirror() is None


def test_the_environment_goes_before_mavens_settings(home, monkeypatch):
    write_settings(home, SETTINGS.format("central"))
    monkeypatch.setenv("CHARGETRACKER_MAVEN_MIRROR", "http://127.0.0.1:8081/")
    assert mirror() == "http://127.0.0.1:8081"


def test_settings_that_cannot_be_read_name_no_mirror(home):
    write_settings(home, "<settings>")
    assert mirror() is None


def test_mavens_repository_is_in_the_home_unless_the_environment_says_otherwise(home, monkeypatch):
    assert maven_repository() == home / ".m2/repository"
    monkeypatch.setenv("M2_REPO", "/elsewhere")
    assert maven_repository() == Path("/elsewhere")

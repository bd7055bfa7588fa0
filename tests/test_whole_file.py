"""A crash at any moment leaves the old file or the new one."""

import os
from pathlib import Path

import pytest

from pipelines.cli.position_file import PositionFile
from pipelines.sources.folder.known_files import FILE_NAME, KnownFiles
from pipelines.whole_file import whole_file


@pytest.fixture
def steps(monkeypatch):
    """What was on the disk, and what took which name, in the order in which it came about."""
    done, fsync, replace = [], os.fsync, Path.replace

    def waits(descriptor):
        done.append(("on the disk", os.fstat(descriptor).st_ino, os.fstat(descriptor).st_size))
        fsync(descriptor)

    def takes_name(path, target):
        done.append((Path(target).name, path.stat().st_ino, path.stat().st_size))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", waits)
    monkeypatch.setattr(Path, "replace", takes_name)
    return done


def write_some(folder):
    with whole_file(folder / "some") as unfinished:
        unfinished.write_bytes(b"new")


def write_memory(folder):
    KnownFiles(folder).meet("1f", "a.csv", "a")


def write_position(folder):
    PositionFile(folder / "position", "log://a", "kafka://b").write({"log:x/0": 7})


@pytest.mark.parametrize(
    ("write", "name"), [(write_some, "some"), (write_memory, FILE_NAME), (write_position, "position")]
)
def test_the_whole_content_is_on_the_disk_before_it_takes_the_name(tmp_path, steps, write, name):
    write(tmp_path)
    file = (tmp_path / name).stat()
    assert file.st_size > 0
    assert steps == [("on the disk", file.st_ino, file.st_size), (name, file.st_ino, file.st_size)]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_work_that_fails_leaves_the_old_file_alone(tmp_path):
    file = tmp_path / "some"
    file.write_bytes(b"old")

    def fails():
        with whole_file(file) as unfinished:
            unfinished.write_bytes(b"ne")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fails()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]

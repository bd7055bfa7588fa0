"""Write the lists in ``jars/`` anew: ``python -m pipelines.servers.pin``, on a machine with Maven.

To go to another version of a server: change `versions.py`, run this, look at the difference of the lists (each new
line is a program that our users will run), run ``pytest -m servers``, and set the same version in ``compose.yaml``.
Maven chooses the versions, because the servers were released with its choice; users need no Maven.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.servers.jar_list import Jar, listed
from pipelines.servers.versions import LEFT_OUT, ROOTS

_LISTS = Path(__file__).parent / "jars"
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>servers</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>{}</dependencies></project>
"""
_DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version>{}</dependency>"
_EXCLUSION = "<exclusions><exclusion><groupId>{}</groupId><artifactId>*</artifactId></exclusion></exclusions>"


def pin(name: str) -> None:
    """Write the list of one server.

    Raises:
        subprocess.CalledProcessError: Maven failed; it has said why.
    """
    with TemporaryDirectory() as folder:
        repository = _copied_by_maven(Path(folder), ROOTS[name])
        jars = [_jar(file, repository) for file in repository.rglob("*.jar")]
    (_LISTS / f"{name}.txt").write_text(listed(jars), "utf-8")
    megabytes = sum(jar.byte_size for jar in jars) / 1e6
    sys.stdout.write(f"{name}: {len(jars)} jars, {megabytes:.1f} MB\n")


def _copied_by_maven(folder: Path, coordinates: Iterable[str]) -> Path:
    pom, repository = folder / "pom.xml", folder / "repository"
    pom.write_text(_POM.format("".join(map(_dependency, coordinates))), "utf-8")
    goal = "dependency:copy-dependencies"
    options = ["-DincludeScope=runtime", "-Dmdep.useRepositoryLayout=true", f"-DoutputDirectory={repository}"]
    subprocess.run(["mvn", "-q", "-B", "-f", pom, goal, *options], check=True, stdout=sys.stderr)
    return repository


def _dependency(coordinate: str) -> str:
    group, artifact, version = coordinate.split(":")
    left_out = LEFT_OUT.get(f"{group}:{artifact}")
    return _DEPENDENCY.format(group, artifact, version, _EXCLUSION.format(left_out) if left_out else "")


def _jar(file: Path, repository: Path) -> Jar:
    *group, artifact, version, name = file.relative_to(repository).parts
    classifier = name.removesuffix(".jar").removeprefix(f"{artifact}-{version}").removeprefix("-")
    coordinate = ":".join([".".join(group), artifact, version, *([classifier] if classifier else [])])
    content = file.read_bytes()
    return Jar(coordinate, len(content), sha256(content).hexdigest())


if __name__ == "__main__":
    for server in sys.argv[1:] or ROOTS:
        pin(server)

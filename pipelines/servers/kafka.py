"""One Kafka node in KRaft mode: broker and controller in one process."""

from __future__ import annotations

import base64
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from pipelines.servers import kafka_properties, versions
from pipelines.servers.certificate import certificate_in, write_secret
from pipelines.servers.errors import ServerError
from pipelines.servers.kafka_properties import CONTROLLER_OFFSET, SASL_OFFSET, TLS_OFFSET, broker_port, controllers
from pipelines.servers.readiness import kafka_answers
from pipelines.servers.scram import scram_sha_512
from pipelines.servers.server import JavaProgram, Launch, Port, own_file
from pipelines.servers.settings import KafkaSettings, Login

_FORMAT_WITHIN_SECOND = 120


@dataclass(frozen=True, slots=True)
class KafkaNode:
    """A node of a cluster.

    Attributes:
        set_name: Of the cluster.
        settings: Of the cluster.
        number: Of the node, from 1 on.
        cluster: Identity of the cluster; other data, another identity.
        login: The user who is made with the data, where there are logins.
    """

    set_name: str
    settings: KafkaSettings
    number: int
    cluster: UUID
    login: Login | None = None

    version: ClassVar[str] = versions.KAFKA
    java: ClassVar[JavaProgram] = JavaProgram("kafka", range(17, 100), "Java 17 or newer")
    # Logged when the cluster takes the broker as one of its own.
    started_words: ClassVar[bytes] = b"Kafka Server started"

    @property
    def name(self) -> str:
        """That of the set, with a number where it has several."""
        return self.set_name if self.settings.nodes == 1 else f"{self.set_name}-{self.number}"

    @property
    def ports(self) -> tuple[Port, ...]:
        """Clients', the controller's, and those that security asks for."""
        first, flag = broker_port(self.settings, self.number), f"--{self.set_name}-port"
        ports = [Port(first, flag, "clients")]
        ports += [Port(first + CONTROLLER_OFFSET, flag, "the controller", for_clients=False)]
        ports += [Port(first + SASL_OFFSET, flag, "clients that log in")] if self.settings.sasl else []
        ports += [Port(first + TLS_OFFSET, flag, "clients that use TLS")] if self.settings.tls else []
        return tuple(ports)

    def prepare(self, folder: Path, launch: Launch) -> None:
        """Write the properties; format the data folder when that was not done.

        Raises:
            ServerError: Kafka's own tool has refused, with what it said.
        """
        certificate = certificate_in(folder, launch.program) if self.settings.tls else None
        data = folder / "data"
        values = kafka_properties.properties(self.settings, self.number, data, certificate)
        write_secret(folder / "server.properties", kafka_properties.written(values))
        if not (data / "meta.properties").exists():
            self._format(folder, launch)

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options, the program and its properties."""
        log4j2 = f"-Dlog4j2.configurationFile={own_file('kafka-log4j2.xml').as_uri()}"
        options = [f"@{own_file('kafka.options')}", f"-Xmx{self.settings.memory}", mark, log4j2]
        return [str(launch.program), *options, "kafka.Kafka", str(folder / "server.properties")]

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when the broker answers a client."""
        return kafka_answers(self.ports[0].number)

    def _format(self, folder: Path, launch: Launch) -> None:
        # A file of arguments, because all users of the machine can see those of a command line.
        arguments = folder / "format.arguments"
        write_secret(arguments, "\n".join(self._format_arguments(folder)))
        java = [str(launch.program), "-XX:TieredStopAtLevel=1", "-Xmx128m", "-XX:-UsePerfData"]
        try:
            result = subprocess.run(
                [*java, "kafka.tools.StorageTool", f"@{arguments}"],
                capture_output=True,
                text=True,
                env={**os.environ, **launch.environment},
                timeout=_FORMAT_WITHIN_SECOND,
                check=False,
            )
        finally:
            arguments.unlink()
        if result.returncode:
            message = f"{self.name}: Kafka could not make its data in {folder}. It said:"
            raise ServerError(message, result.stdout + result.stderr)

    def _format_arguments(self, folder: Path) -> list[str]:
        voters = (
            f"{number}@{address}:{_kafka_id(uuid5(self.cluster, str(number)))}"
            for number, address in enumerate(controllers(self.settings), 1)
        )
        arguments = ["format", "--cluster-id", _kafka_id(uuid5(NAMESPACE_OID, str(self.cluster)))]
        arguments += ["--config", str(folder / "server.properties"), "--initial-controllers", ",".join(voters)]
        if self.settings.sasl and self.login:
            arguments += ["--add-scram", scram_sha_512(self.login)]
        return arguments


def kafka_servers(name: str, settings: KafkaSettings, cluster: UUID, login: Login | None) -> list[KafkaNode]:
    """All nodes of a cluster."""
    return [KafkaNode(name, settings, number, cluster, login) for number in range(1, settings.nodes + 1)]


def _kafka_id(identity: UUID) -> str:
    """22 characters; never with a dash at its start, which would look like a flag."""
    return base64.urlsafe_b64encode(identity.bytes).decode().rstrip("=").replace("-", "A")

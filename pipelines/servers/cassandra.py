"""One Cassandra node."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from pipelines.servers import versions
from pipelines.servers.certificate import certificate_in, public_part, write_secret
from pipelines.servers.readiness import LOOPBACK, cassandra_answers
from pipelines.servers.server import JavaProgram, Launch, Port, own_file
from pipelines.servers.settings import CassandraSettings, CommitlogSync

_SYNC: dict[CommitlogSync, dict[str, str]] = {
    CommitlogSync.BATCH: {"commitlog_sync": "batch"},
    CommitlogSync.GROUP: {"commitlog_sync": "group", "commitlog_sync_group_window": "5ms"},
    CommitlogSync.PERIODIC: {"commitlog_sync": "periodic", "commitlog_sync_period": "10000ms"},
}


@dataclass(frozen=True, slots=True)
class CassandraNode:
    """The one node of a cluster.

    Attributes:
        name: Of the set and of the node.
        settings: Ports, memory, security.
    """

    name: str
    settings: CassandraSettings

    version: ClassVar[str] = versions.CASSANDRA
    # Newer ones have no security manager any more, which Cassandra 5.0 sets.
    java: ClassVar[JavaProgram] = JavaProgram("cassandra", (17,), "Java 17")
    started_words: ClassVar[bytes] = b"Startup complete"

    @property
    def ports(self) -> tuple[Port, ...]:
        """Clients', and the one for other nodes."""
        return (
            Port(self.settings.port, f"--{self.name}-port", "clients"),
            Port(self.settings.storage_port, "--storage-port", "other nodes", for_clients=False),
        )

    def prepare(self, folder: Path, launch: Launch) -> None:
        """Write its settings; it makes its data by itself."""
        configuration = self._configuration(folder)
        if self.settings.tls:
            certificate = certificate_in(folder, launch.program)
            configuration["client_encryption_options"] = {
                "enabled": True,
                "optional": False,
                "keystore": str(certificate.keystore),
                "keystore_password": certificate.password,
                "store_type": "PKCS12",
            }
        # JSON is YAML, and has no surprises with quotes.
        text = msgspec.json.format(msgspec.json.encode(configuration), indent=2)
        write_secret(folder / "cassandra.yaml", text.decode())

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options and the program."""
        memory = [f"-Xms{self.settings.memory}", f"-Xmx{self.settings.memory}"]
        options = {
            "logback.configurationFile": own_file("cassandra-logback.xml").as_uri(),
            "cassandra.config": (folder / "cassandra.yaml").as_uri(),
            "cassandra.storagedir": folder,
            "cassandra.logdir": folder,
            "java.io.tmpdir": folder,
        }
        return [
            *(
                str(launch.program),
                f"@{own_file('cassandra.options')}",
                *memory,
                mark,
                f"-javaagent:{launch.jar('jamm')}",
            ),
            *(f"-D{name}={value}" for name, value in options.items()),
            "org.apache.cassandra.service.CassandraDaemon",
        ]

    def answers(self, folder: Path) -> bool:
        """True when it answers a client."""
        return cassandra_answers(self.settings.port, public_part(folder) if self.settings.tls else None)

    def _configuration(self, folder: Path) -> dict[str, Any]:
        by_password = self.settings.auth
        seeds = {"seeds": f"{LOOPBACK}:{self.settings.storage_port}"}
        return {
            "cluster_name": "chargetracker",
            "num_tokens": 1,
            "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner",
            "endpoint_snitch": "SimpleSnitch",
            "seed_provider": [{"class_name": "org.apache.cassandra.locator.SimpleSeedProvider", "parameters": [seeds]}],
            "listen_address": LOOPBACK,
            "rpc_address": LOOPBACK,
            "storage_port": self.settings.storage_port,
            "native_transport_port": self.settings.port,
            "authenticator": "PasswordAuthenticator" if by_password else "AllowAllAuthenticator",
            "authorizer": "CassandraAuthorizer" if by_password else "AllowAllAuthorizer",
            "data_file_directories": [str(folder / "data")],
            "commitlog_directory": str(folder / "commitlog"),
            "saved_caches_directory": str(folder / "saved_caches"),
            "hints_directory": str(folder / "hints"),
            "cdc_raw_directory": str(folder / "cdc_raw"),
            **_SYNC[self.settings.commitlog_sync],
        }

"""Where a topic is, and how its brokers are talked to.

Nothing secret is in a URL or a flag. What the brokers ask for comes from the environment:

    CHARGETRACKER_KAFKA_SECURITY_PROTOCOL   PLAINTEXT (default), SSL, SASL_PLAINTEXT or SASL_SSL
    CHARGETRACKER_KAFKA_SASL_MECHANISM      SCRAM-SHA-512 (default), SCRAM-SHA-256 or PLAIN
    CHARGETRACKER_KAFKA_USERNAME            of SASL
    CHARGETRACKER_KAFKA_PASSWORD            of SASL; or ..._PASSWORD_FILE, a file with nothing else in it
    CHARGETRACKER_KAFKA_CA_FILE             certificates that are trusted; those of the system when not said
    CHARGETRACKER_KAFKA_CERTIFICATE_FILE    our own certificate, where brokers ask for one
    CHARGETRACKER_KAFKA_KEY_FILE            its key
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.passwords import PasswordError, password_from
from pipelines.sources.base import SourceError
from pipelines.sources.url import SourceUrl, parse_url

SCHEME = "kafka"
PREFIX = "CHARGETRACKER_KAFKA_"
CLIENT_ID = "chargetracker"
RECONNECT_MILLISECOND = 1000
"""Between two tries to reach a broker that is away, at most."""
FORM = "kafka://HOST:PORT[,HOST:PORT...]/TOPIC"

_PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
_SERVER = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_FILES = {"ssl_cafile": "CA_FILE", "ssl_certfile": "CERTIFICATE_FILE", "ssl_keyfile": "KEY_FILE"}


@dataclass(frozen=True, slots=True)
class TopicAddress:
    """A topic, and brokers that know where it is.

    Attributes:
        bootstrap: ``host:port`` of one or more brokers.
        topic: Name of the topic.
    """

    bootstrap: tuple[str, ...]
    topic: str

    @property
    def servers(self) -> str:
        """The brokers, for people."""
        return ", ".join(self.bootstrap)

    @property
    def url(self) -> str:
        """As it is written."""
        return f"{SCHEME}://{','.join(self.bootstrap)}/{self.topic}"


class Secret(str):
    """A text that is not shown where a value is looked at."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'(secret)'"


def parse_topic(url: str) -> TopicAddress:
    """The topic at ``kafka://HOST:PORT[,HOST:PORT...]/TOPIC``.

    Raises:
        SourceError: It is written otherwise; the message says how to write it.
    """
    return topic_address(parse_url(url))


def topic_address(url: SourceUrl, settings: Collection[str] = ()) -> TopicAddress:
    """The topic at an URL that was taken apart; ``settings`` may stand behind its question mark.

    Raises:
        SourceError: It is written otherwise; the message says how to write it.
    """
    url.refuse_unknown(settings)
    servers, _, topic = url.path.partition("/")
    bootstrap = tuple(servers.split(","))
    if url.scheme != SCHEME or not all(map(_SERVER.fullmatch, bootstrap)):
        raise SourceError(f"{url.scheme}://{url.path}: a topic is written {FORM}, for example {_example()}.")
    if not _TOPIC.fullmatch(topic) or topic in (".", ".."):
        raise SourceError(
            f"{url.scheme}://{url.path}: the name of a topic has letters, digits, '.', '_' and '-', "
            f"for example {_example()}."
        )
    return TopicAddress(bootstrap, topic)


def client_settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a consumer, producer or admin client of kafka-python needs to be let in, as keyword arguments.

    Raises:
        SourceError: Something is missing or cannot be; names the variable, never its value if that is secret.
    """
    protocol = _one_of(environment, "SECURITY_PROTOCOL", _PROTOCOLS)
    settings = {"security_protocol": protocol}
    if protocol.endswith("SSL"):
        settings |= {key: _file(environment, name) for key, name in _FILES.items() if PREFIX + name in environment}
    if protocol.startswith("SASL"):
        settings["sasl_mechanism"] = _one_of(environment, "SASL_MECHANISM", _MECHANISMS)
        settings["sasl_plain_username"] = _required(environment, "USERNAME")
        settings["sasl_plain_password"] = _password(environment)
    return settings


def cluster_settings(address: TopicAddress) -> dict[str, Any]:
    """What every one of the library's own clients is given: where the cluster is, who we are, and `client_settings`.

    Raises:
        SourceError: As `client_settings`.
    """
    return {
        "bootstrap_servers": list(address.bootstrap),
        "client_id": CLIENT_ID,
        "reconnect_backoff_max_ms": RECONNECT_MILLISECOND,
        **client_settings(),
    }


def _example() -> str:
    return f"{SCHEME}://localhost:9092/battery_data"


def _one_of(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environment.get(PREFIX + name, choices[0])
    if value not in choices:
        raise SourceError(f"{PREFIX}{name} is {value!r}: use one of {', '.join(choices)}.")
    return value


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(PREFIX + name, "")
    if not value:
        raise SourceError(f"{PREFIX}{name} is not set: the security protocol asks for it.")
    return value


def _password(environment: Mapping[str, str]) -> Secret:
    try:
        found = password_from(environment, PREFIX)
    except PasswordError as error:
        raise SourceError(str(error)) from None
    return Secret(found or _required(environment, "PASSWORD"))


def _file(environment: Mapping[str, str], name: str) -> str:
    path = environment[PREFIX + name]
    if not Path(path).is_file():
        raise SourceError(f"{PREFIX}{name}: there is no file {path}.")
    return path

"""What a folder knows of its servers: how each set was started the last time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from pipelines.servers.errors import ServerError
from pipelines.servers.settings import DEFAULTS, Settings


@dataclass(frozen=True, slots=True)
class KeptSet:
    """How a set is started.

    Attributes:
        settings: Ports, memory, security.
        identity: Of its data; new data, another one.
    """

    settings: Settings
    identity: UUID

    def with_settings(self, name: str, settings: Settings) -> KeptSet:
        """The same data with other settings.

        Raises:
            ServerError: The data cannot be used with them.
        """
        for field in settings.FIXED:
            before, now = getattr(self.settings, field), getattr(settings, field)
            if before != now:
                raise ServerError(_fixed(name, field, before, now))
        return replace(self, settings=settings)


def kept_set(data: Path, name: str) -> KeptSet | None:
    """As the set was started the last time; `None` when it never was, or was wiped.

    Raises:
        ServerError: The file is damaged.
    """
    file = _file(data, name)
    try:
        raw = msgspec.json.decode(file.read_bytes())
        return KeptSet(msgspec.convert(raw["settings"], type(DEFAULTS[name])), UUID(raw["identity"]))
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        message = f"{file} cannot be read ({error}). Stop its servers, then throw {data} away."
        raise ServerError(message) from error


def new_set(settings: Settings) -> KeptSet:
    """A set without data."""
    return KeptSet(settings, uuid4())


def keep(data: Path, name: str, kept: KeptSet) -> None:
    """Write it where `kept_set` reads it."""
    data.mkdir(parents=True, exist_ok=True)
    _file(data, name).write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2))


def forget(data: Path, name: str) -> None:
    """As if the set had never been started."""
    _file(data, name).unlink(missing_ok=True)


def _file(data: Path, name: str) -> Path:
    return data / f"{name}.json"


def _fixed(name: str, field: str, before: object, now: object) -> str:
    flag = f"--{name}-port {now}" if field == "port" else f"--kafka-{field}"
    return (
        f"{flag}: the data of {name} were made with {field} {before}, and cannot be used with another. Leave the flag "
        f"away, throw the data away with 'chargetracker stack wipe {name}', or choose another folder."
    )

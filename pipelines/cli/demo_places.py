"""Where a demo keeps its things: one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.cli.lab_flags import LabFlags
from pipelines.cli.verb import CommandError
from pipelines.sources.log import LogWriter
from pipelines.storage import open_store


@dataclass(frozen=True, slots=True)
class DemoPlaces:
    """The folder of a demo, absolute."""

    directory: Path

    @property
    def readings(self) -> Path:
        """Folder of the readings log."""
        return self.directory / "readings"

    @property
    def source_url(self) -> str:
        """The readings log."""
        return f"log://{self.readings}"

    @property
    def database(self) -> Path:
        """The store's file."""
        return self.directory / "chargetracker.db"

    @property
    def store_url(self) -> str:
        """The store."""
        return f"sqlite:///{self.database}"

    @property
    def messages(self) -> Path:
        """Folder of what the processes say."""
        return self.directory / "logs"

    def make(self, lab: LabFlags) -> None:
        """Make an empty log and an empty store where there are none, so that no process has to wait for another.

        Raises:
            CommandError: The folder holds the readings of another lab.
            SourceError, StoreError: Log or store are there in another version.
        """
        self.messages.mkdir(parents=True, exist_ok=True)
        self._refuse_other_lab(lab)
        LogWriter(self.readings).close()
        store = open_store(self.store_url, create=True)
        try:
            store.init()
        finally:
            store.close()

    def _refuse_other_lab(self, lab: LabFlags) -> None:
        # Another lab's readings would go on where this one's end, as if they were of the same batteries.
        words = " ".join(lab.words())
        note = self.directory / "lab"
        if not note.exists():
            note.write_text(words, "utf-8")
        elif note.read_text("utf-8") != words:
            message = (
                f"--data {self.directory}: holds a lab with {note.read_text('utf-8')}. "
                "Start it with the same flags, or give this one another folder."
            )
            raise CommandError(message)

    def log_bytes(self) -> int:
        """Size of the readings log [byte]."""
        return _size(*self.readings.rglob("*"))

    def store_bytes(self) -> int:
        """Size of the store with its write-ahead log [byte]."""
        return _size(*self.directory.glob(f"{self.database.name}*"))


def _size(*paths: Path) -> int:
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue  # expired or checkpointed in this moment
    return total

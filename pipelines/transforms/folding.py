"""What folds readings on every runner: a chunk into a battery's state, and the one write at the end of a bundle."""

from __future__ import annotations

from pipelines.analytics import BatteryState, Settings, decode_state, encode_state
from pipelines.dead_letters import Publisher
from pipelines.transforms.bundle_builder import BundleBuilder
from pipelines.transforms.refuse import track_or_refuse
from pipelines.transforms.resources import StoreDoFn
from schemas import Acknowledgement, DeadLetter, Position, ReadingChunk, Snapshot, encode_acknowledgement


class FoldingDoFn(StoreDoFn):
    """Gathers a bundle's rows, snapshots and dead letters, and writes them together.

    At-least-once in, exactly-once in effect: rows, snapshots and dead letters are idempotent. Dead letters go to a
    topic of their own as well, when there is one.
    """

    def __init__(
        self, store_url: str, epoch: int, settings: Settings, dead_letter_url: str | None, source_url: str
    ) -> None:
        super().__init__(store_url)
        self._epoch = epoch
        self._settings = settings
        self._dead_letter_url = dead_letter_url
        self._source_url = source_url

    def setup(self) -> None:
        super().setup()
        url = self._dead_letter_url
        self._publisher = None if url is None else Publisher(url, self._source_url)

    def teardown(self) -> None:
        super().teardown()
        if self._publisher is not None:
            self._publisher.close()

    def start_bundle(self) -> None:
        self._bundle = BundleBuilder()
        self._letters: list[DeadLetter] = []

    def cold(self, battery_ids: list[str]) -> dict[str, BatteryState]:
        """The batteries' states as the store's snapshots say; an empty one for a battery that has none."""
        found = self.store.snapshots(battery_ids)
        states = {
            name: decode_state(found[name].state) if name in found else BatteryState.empty() for name in battery_ids
        }
        return {name: state.with_revision(max(self._epoch, state.revision + 1)) for name, state in states.items()}

    def folded(self, before: BatteryState, chunk: ReadingChunk) -> BatteryState:
        """The state after the chunk; ``before`` itself when all of it was applied already."""
        after, pieces, letters = track_or_refuse(before, chunk, self._settings)
        for rows in pieces:
            self._bundle.add_rows(rows)
        self._letters.extend(letters)
        return after

    def kept(self, battery_id: str, state: BatteryState) -> bytes:
        """The state as bytes, which become the battery's snapshot with this bundle."""
        data = encode_state(state)
        self._bundle.add_snapshot(Snapshot(battery_id, data, state.revision))
        return data

    def refuse(self, letters: tuple[DeadLetter, ...]) -> None:
        """Write these dead letters with this bundle."""
        self._letters.extend(letters)

    def write(self) -> None:
        """Everything gathered since the bundle began, in one write; after it, all of that may be acknowledged."""
        if self._publisher is not None:
            # Before the snapshots: a reading that was applied makes no letter when it comes again.
            self._publisher.publish(self._letters)
        self._bundle.add_dead_letters(self._letters)
        self.store.write(self._bundle.bundle())


def acknowledged(position: Position) -> tuple[str, bytes]:
    """Partition and acknowledgement of a chunk that is stored."""
    acknowledgement = Acknowledgement(position.first_offset, position.next_offset, position.part, position.parts)
    return position.partition, encode_acknowledgement(acknowledgement)

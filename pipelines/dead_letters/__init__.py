"""Dead letters beside the store: in a topic of their own, and on their way back to the source. No Beam in here."""

from pipelines.dead_letters.publisher import Publisher

__all__ = ["Publisher"]

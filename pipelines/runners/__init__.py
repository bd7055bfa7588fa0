"""How the graph is run."""

from pipelines.runners.local import run_local
from pipelines.runners.status import RunStatus
from pipelines.transforms.commit_offsets import SupersededError

__all__ = ["RunStatus", "SupersededError", "run_local"]

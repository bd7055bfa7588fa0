"""The graph in this process, with no server at all."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import worker_handlers
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipelines.graph import build
from pipelines.options import RunSettings
from pipelines.runners.beam_flags import beam_options
from pipelines.runners.supervision import ignore, supervise
from pipelines.runners.watcher import StatusCallback
from pipelines.transforms.read_range import Range

# The embedded worker reads state in this process anyway. Its cache in between measures each value with a walk over the
# globals of all modules: about a millisecond for every battery of every bundle. Beam has no option for it here.
worker_handlers.STATE_CACHE_SIZE_MB = 0


def run_local(settings: RunSettings, on_status: StatusCallback = ignore) -> None:
    """Run until the source ends, ``--once`` is reached, or a signal asks to stop.

    Raises:
        SettingsError: A Beam flag is unknown, or the store holds more of the source than there is.
        SourceError, StoreError: Source or store cannot be opened.
        SupersededError: Another run has taken over the store.
    """
    options = beam_options(settings.beam_options)

    def run_embedded(epoch: int, ranges: tuple[Range, ...] | None) -> None:
        # The runner is named: "DirectRunner" would first try one that is fetched from the web and loses state.
        pipeline = beam.Pipeline(runner=FnApiRunner(), options=options)
        build(pipeline, settings, epoch, ranges)
        pipeline.run().wait_until_finish()

    supervise(settings, run_embedded, on_status)

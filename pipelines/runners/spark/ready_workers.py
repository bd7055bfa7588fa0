"""A job whose Python workers have everything already."""

from __future__ import annotations

from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.runners.portability.portable_runner import PortableRunner
from apache_beam.transforms.environments import ExternalEnvironment, python_sdk_capabilities


class ReadyWorkers(PortableRunner):
    """Submits without artifacts.

    Beam would have pip list what is installed here, and would leave a temporary folder behind: a second and more for
    every job, and no worker looks at it.
    """

    def default_environment(self, options: PipelineOptions) -> ExternalEnvironment:
        """The pool of workers that the options name."""
        url = options.view_as(PortableOptions).environment_config
        return ExternalEnvironment(url, capabilities=python_sdk_capabilities())

"""Beam's own flags, checked: Beam itself only warns about a flag it does not know, and runs on."""

from __future__ import annotations

import logging
from argparse import ArgumentError
from collections.abc import Collection
from contextlib import suppress

from apache_beam.options.pipeline_options import PipelineOptions, _BeamArgumentParser

from pipelines.options import SettingsError

# Its warnings are about flags that only a runner knows, and those that nobody knows are refused here.
logging.getLogger("apache_beam.options.pipeline_options").setLevel(logging.ERROR)


def beam_options(flags: tuple[str, ...], of_the_runner: Collection[str] = ()) -> PipelineOptions:
    """Pipeline options of the flags after ``--``.

    Args:
        flags: Flags and their values.
        of_the_runner: Names of flags that the runner knows, and Beam in Python does not.

    Raises:
        SettingsError: Beam does not know one of them.
    """
    parser = _BeamArgumentParser(allow_abbrev=False)
    for options in PipelineOptions.__subclasses__():
        options._add_argparse_args(parser)  # noqa: SLF001 (Beam has no public list of its flags)
    for name in of_the_runner:
        with suppress(ArgumentError):  # Beam in Python knows it, too
            parser.add_argument(f"--{name}", nargs="?")
    _, unknown = parser.parse_known_args(list(flags))
    if unknown:
        message = f"{' '.join(unknown)}: Beam has no such flag. What follows '--' goes to Beam; ours come before it."
        raise SettingsError(message)
    return PipelineOptions(list(flags))

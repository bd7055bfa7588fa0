"""Beam's own flags, checked: Beam itself only warns about a flag it does not know, and runs on."""

from __future__ import annotations

from apache_beam.options.pipeline_options import PipelineOptions, _BeamArgumentParser

from pipelines.options import SettingsError


def beam_options(flags: tuple[str, ...]) -> PipelineOptions:
    """Pipeline options of the flags after ``--``.

    Raises:
        SettingsError: Beam does not know one of them.
    """
    parser = _BeamArgumentParser(allow_abbrev=False)
    for options in PipelineOptions.__subclasses__():
        options._add_argparse_args(parser)  # noqa: SLF001 (Beam has no public list of its flags)
    _, unknown = parser.parse_known_args(list(flags))
    if unknown:
        message = f"{' '.join(unknown)}: Beam has no such flag. What follows '--' goes to Beam; ours come before it."
        raise SettingsError(message)
    return PipelineOptions(list(flags))

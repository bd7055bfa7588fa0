"""Text on the page that changes often: sent alone, set as text and never as HTML."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import panel as pn
import param

_STATIC = Path(__file__).parent / "static"


class Heading(pn.custom.JSComponent):
    """Title of a card, with one line that explains it."""

    title = param.String(default="")
    note = param.String(default="")
    legend = param.Boolean(default=False, doc="Show the scale of the fleet grid")

    _esm = _STATIC / "heading.js"
    _stylesheets: ClassVar[list[str]] = [(_STATIC / "heading.css").read_text(encoding="utf-8")]


class Sentence(pn.custom.JSComponent):
    """One line of text with a tone: ``plain``, ``good``, ``warning`` or ``bad``."""

    text = param.String(default="")
    tone = param.String(default="plain")
    live = param.Boolean(default=False, doc="Read out by screen readers when it changes")
    dot = param.Boolean(default=False, doc="A round light in the colour of the tone in front")

    _esm = _STATIC / "sentence.js"
    _stylesheets: ClassVar[list[str]] = [(_STATIC / "sentence.css").read_text(encoding="utf-8")]


class Tiles(pn.custom.JSComponent):
    """A row of key figures.

    ``labels`` are set once; ``figures`` holds [value, unit, note, tone] for each.
    """

    labels = param.List(default=[])
    figures = param.List(default=[])

    _esm = _STATIC / "tiles.js"
    _stylesheets: ClassVar[list[str]] = [(_STATIC / "tiles.css").read_text(encoding="utf-8")]


def set_words(target: param.Parameterized, **words: object) -> None:
    """Set what differs, so that nothing is sent for what stays."""
    new = {name: value for name, value in words.items() if getattr(target, name) != value}
    if new:
        target.param.update(**new)

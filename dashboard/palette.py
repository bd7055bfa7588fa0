"""Colours, checked for contrast and for the common colour blindnesses; they differ in the two themes only for text."""

from __future__ import annotations

from dataclasses import dataclass

MAX_GROUPS = 8
"""Groups beyond this have no colour of their own."""

GROUP_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#8C7AE6", "#999933")
"""Okabe and Ito's, the first four as they are told apart best; then violet and olive for their black and yellow."""

GROUP_DASHES = ("solid", (8, 3), (10, 3, 2, 3), (5, 3), (14, 4), (3, 2), (12, 3, 2, 3, 2, 3), (16, 3, 4, 3))
OTHER_DASH = (6, 6)
PARTIAL_DASH = (1, 4)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme.

    Attributes:
        text: Of axis titles and labels.
        muted: Of tick labels.
        grid: Of grid lines.
        paper: Of cards.
        page: Behind the cards.
        bar: Of the bar on top.
        line: Of borders.
        other: Of groups beyond the palette.
        diverging: From far below to far above the group's mean, seven steps.
        bad: Of an outlier.
        warning: Of what to watch.
        good: Of what is all right.
        missing: Of a cell without a value.
        band_alpha: Opacity of a spread band.
    """

    text: str
    muted: str
    grid: str
    paper: str
    page: str
    bar: str
    line: str
    other: str
    diverging: tuple[str, ...]
    bad: str
    warning: str
    good: str
    missing: str
    band_alpha: float


LIGHT = Palette(
    text="#1F2933",
    muted="#52606D",
    grid="#E4E7EB",
    paper="#FFFFFF",
    page="#F5F7FA",
    bar="#0B4F8A",
    line="#D9DEE4",
    other="#7B8794",
    diverging=("#B2182B", "#E0755F", "#F7C5AD", "#ECEFF1", "#B3D5E8", "#5A9FCB", "#2166AC"),
    bad="#B42318",
    warning="#8A5A00",
    good="#1B7A3D",
    missing="#FFFFFF",
    band_alpha=0.16,
)

DARK = Palette(
    text="#E6EAEE",
    muted="#A3B0BD",
    grid="#2A333D",
    paper="#171D24",
    page="#0F1419",
    bar="#13202D",
    line="#2A333D",
    other="#8895A3",
    diverging=("#F0654F", "#B9503F", "#6E3C37", "#2B343E", "#2F5470", "#3F83B3", "#62B6F0"),
    bad="#FF7B72",
    warning="#E3B341",
    good="#56D364",
    missing="#171D24",
    band_alpha=0.24,
)

PALETTES = {"light": LIGHT, "dark": DARK}


def group_colour(position: int, palette: Palette) -> str:
    """Colour of the group at this place in the sorted list."""
    return GROUP_COLOURS[position] if position < MAX_GROUPS else palette.other


def group_dash(position: int) -> str | tuple[int, ...]:
    """Dash pattern of the group at this place in the sorted list."""
    return GROUP_DASHES[position] if position < MAX_GROUPS else OTHER_DASH

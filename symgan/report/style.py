"""How symgan's figures look: one palette, readable without color, and no global state.

Colors: Okabe and Ito 2008, "Color universal design", chosen to stay apart for all
common kinds of color vision; line styles differ as well.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Color and line style of one series."""

    color: str
    dash: str = "-"


GENERATOR = Line("#0072B2")
DISCRIMINATOR = Line("#D55E00", "--")
DATA = Line("#009E73", "-.")
_OTHERS = (Line("#CC79A7", ":"), Line("#56B4E9"), Line("#000000", "--"), Line("#E69F00", "-."))
_NAMED = {"theta": GENERATOR, "psi": DISCRIMINATOR, "alpha": DATA}

RC: dict[str, object] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e7ea",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.4,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "symgan",  # ids of an SVG depend on its content alone
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}
"""Settings for `matplotlib.rc_context`, which restores what it finds."""

BAND = 0.14
"""Opacity of the band that marks an exact amplitude."""

INK = "#3d4a5c"
"""Axes through zero, notes, exact lines."""
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", "--", "-.", ":")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "++++", "oooo")
"""What tells areas apart in gray."""


def line(name: str, index: int) -> Line:
    """The line of a series: fixed for theta, psi and alpha, else by position.

    >>> line("theta", 5) is GENERATOR
    True
    """
    return _NAMED.get(name) or _OTHERS[index % len(_OTHERS)]


def series(index: int) -> Line:
    """The line of a series by position: 28 of them differ in color or dash.

    >>> series(0), series(1)
    (Line(color='#0072B2', dash='-'), Line(color='#D55E00', dash='--'))
    """
    return Line(COLORS[index % len(COLORS)], DASHES[index % len(DASHES)])

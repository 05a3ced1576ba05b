"""The figures of the paper that symgan redraws: 1 (behaviors), 2 (collapse) and 3 (maps)."""

from __future__ import annotations

from symgan.report.pictures import Picture
from symgan_papers.gmm import figure1_panels, figure2_panels, figure3


def pictures() -> tuple[Picture, ...]:
    """Figures 1 and 2, and those of the maps.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return figure1_panels.figure(), figure2_panels.figure(), *figure3.pictures()

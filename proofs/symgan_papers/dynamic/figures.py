"""The figures of the paper that symgan redraws: 2 (distances) and 6 (fields)."""

from __future__ import annotations

from symgan.report.pictures import Picture
from symgan_papers.dynamic import figure_fields, figure_orbits


def pictures() -> tuple[Picture, ...]:
    """Figures 2 and 6.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return figure_orbits.figure(), figure_fields.figure()

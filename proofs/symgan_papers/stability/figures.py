"""The figure of the poster that symgan redraws: streamlines of the small system."""

from __future__ import annotations

from symgan.report.pictures import Picture
from symgan_papers.stability import figure_fields


def pictures() -> tuple[Picture, ...]:
    """The streamlines.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return (figure_fields.figure(),)

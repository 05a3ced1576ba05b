"""Figures for the survey, which prints none: the mean-field model, and non-Nash attractors."""

from __future__ import annotations

from symgan.report.pictures import Picture
from symgan_papers.survey import figure_mean_field, figure_non_nash


def pictures() -> tuple[Picture, ...]:
    """The mean-field model of section 5.3, and six flows at a point of section 5.2.2.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return figure_mean_field.figure(), figure_non_nash.figure()

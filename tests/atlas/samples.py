"""Cells that several tests of the atlas look at, each computed once a process."""

from __future__ import annotations

from functools import cache

from symgan.atlas import Cell
from symgan.atlas.axes import Specimen, Way, ways
from symgan.atlas.build import cell, solve, task
from symgan.atlas.setting import settle

W = Specimen("dirac", "wasserstein")
BCE = Specimen("dirac", "jensen-shannon")
SQUARES = Specimen("dirac", "least-squares")
PBQ = Specimen("quadratic (P, B, Q)")
SIGMA = Specimen("bilinear (sigma)")
NON_SATURATING = Specimen("dirac-non-saturating", "jensen-shannon")


@cache
def made(specimen: Specimen, penalty: str, way: Way) -> Cell:
    setting = settle(specimen, penalty)
    if setting.refusal is not None:
        return cell(setting, way, None, None)
    asked = task(setting, way)
    return cell(setting, way, asked, solve(asked))


def named(rule: str, continuous: bool = False) -> Way:
    return next(w for w in ways() if w.title == rule and w.continuous is continuous)

"""The GMM-GAN paper's notation, for reading its printed LaTeX; which formulas cannot be read so."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

import symgan_papers.gmm as package
from symgan.claims import Claim
from symgan.claims.printed import Reading


def _parts() -> dict[str, ModuleType]:
    """The notation of each part: ``notation_section4`` reads modules ``section4*``."""
    names = (info.name for info in pkgutil.iter_modules(package.__path__))
    found = sorted(name for name in names if name.startswith("notation_"))
    return {n.removeprefix("notation_"): import_module(f"{package.__name__}.{n}") for n in found}


def reading(claim: Claim) -> Reading:
    """How the formulas of a claim are read: letters change their meaning between sections."""
    module = claim.origin.split(":", 1)[0].rsplit(".", 1)[-1]
    fitting = [part for part in _parts() if module.startswith(part)]
    return _parts()[max(fitting, key=len)].READING


NOT_READ: dict[str, str] = {k: v for part in _parts().values() for k, v in part.NOT_READ.items()}
"""Printed formulas that are not compared by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {
    k: v for part in _parts().values() for k, v in part.AMENDMENTS_NOT_READ.items()
}
"""Amendments whose LaTeX is not compared by parsing, each with its reason."""

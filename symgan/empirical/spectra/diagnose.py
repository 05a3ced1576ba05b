"""The whole question: the spectrum at a point, and what every rule would do there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.empirical.spectra.blocks import LARGEST, predict_blocks
from symgan.empirical.spectra.eigenvalues import eigenvalues
from symgan.empirical.spectra.operator import GameJacobian
from symgan.empirical.spectra.prediction import (
    RULES,
    Diagnosis,
    Prediction,
    predict,
    ranked,
    title,
)
from symgan.errors import SymganError

Floats = NDArray[np.float64]

BLOCK_RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("alternating", {}),
    ("competitive", {}),
    ("consensus", {"gamma": 1}),
    ("symplectic-adjustment", {}),
)
"""Further rules that are tried where J is small enough to be written out."""


def diagnose(
    J: GameJacobian,
    rules: Iterable[tuple[str, dict[str, Any]]] | None = None,
    **search: Any,
) -> Diagnosis:
    r"""The spectrum of J, and the stable steps and rates of rules there.

    Rules that are functions of J are predicted from its eigenvalues, the others from the matrix of
    their step where J has at most `blocks.LARGEST` parameters; else they are left out, with the
    reason.

    Args:
        J: the game Jacobian.
        rules: names with options; a standard selection unless given.
        **search: options of `eigenvalues`.

    Raises:
        UnknownName: a rule that does not exist.
        BadData: J is not finite.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import bilinear
    >>> J = GameJacobian(TorchGame(bilinear(), {"theta": 0, "psi": 0}))
    >>> found = diagnose(J, [("simultaneous", {}), ("symplectic-adjustment", {})])
    >>> [(p.rule, bool(p.stable)) for p in found.predictions]
    [('symplectic-adjustment', True), ('simultaneous', False)]
    """
    spectrum = eigenvalues(J, **search)
    tried = tuple(rules) if rules is not None else (*RULES, *BLOCK_RULES)
    found = predict(spectrum, tried)
    if J.size > LARGEST:
        far = f"the matrix of its step is formed up to {LARGEST} parameters"
        return replace(found, left_out=tuple((n, f"{why}; {far}") for n, why in found.left_out))
    return _with_blocks(found, J, {title(n, o): (n, o) for n, o in tried})


def _with_blocks(
    found: Diagnosis, J: GameJacobian, tried: dict[str, tuple[str, dict[str, Any]]]
) -> Diagnosis:
    """Rules that eigenvalues leave out, from matrices."""
    matrix = J.dense().astype(float)
    further: list[Prediction] = []
    left: list[tuple[str, str]] = []
    for name, reason in found.left_out:
        rule, options = tried[name]
        try:
            further.append(predict_blocks(rule, matrix, J.sizes, options))
        except SymganError as error:
            left.append((name, f"{reason}; {error}"))
    predictions = ranked((*found.predictions, *further))
    return replace(found, predictions=predictions, left_out=tuple(left))

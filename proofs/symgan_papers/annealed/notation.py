"""The paper's notation, for reading its printed LaTeX; which formulas cannot be read so."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp
from sympy import Symbol, cos, sin

from symgan.claims.printed import Reading

_A = Symbol("a", positive=True)
_K, _THETA, _PSI, _ALPHA = sp.symbols("K theta_0 psi_0 alpha_0", real=True)

READING = Reading(
    tokens={
        r"\dot\theta": r"\theta_{dot}",
        r"\dot\psi": r"\psi_{dot}",
        r"\dot\alpha": r"\alpha_{dot}",
        r"\mathcal{A}": r"A_{amplitude}",
        r"\operatorname{tr} J": r"t_{trace}",
        r"\det J": r"d_{determinant}",
        r"\ell_1": r"l_{one}",
        r"_{\tau=0}^{\tau=t}": "_0^t",
        # SymPy's grammar wants a thin space before the differential of a product.
        r" d\tau": r" \, d\tau",
    },
    values={"theta(0)": _THETA, "psi(0)": _PSI, "alpha(0)": _ALPHA, "alpha_{0}": _ALPHA},
    functions={
        # The printed psi_1 of (13).
        "psi_{1}": lambda x: -_K / (1 + _A**2) * cos(x) + _K * _A / (1 + _A**2) * sin(x),
    },
    names={"a": _A, "K": _K, "theta": Symbol("theta", real=True)},
)

REPAIRED = replace(
    READING,
    functions={
        # psi_1 with the signs of A and B repaired, as the amendments of (17) use it.
        "psi_{1}": lambda x: _K / (1 + _A**2) * cos(x) - _K * _A / (1 + _A**2) * sin(x)
    },
)

NOT_READ: dict[str, str] = {
    "annealed.eq6": "the statement is about the schedule's start, end and rate",
    "annealed.eq6.slower": "prints the hypothesis T > 1, which the claim takes as given",
    "annealed.alpha-target": "an arrow, not a relation",
    "annealed.nonlinear.odd": "vector notation",
    "annealed.nonlinear.data-at-origin": "the derivative of a sum of squares",
    "annealed.fig1b.centre.as-printed": "the limit of a derivative",
    "annealed.fig1b.initial-state": "a partial derivative is the named quantity",
    "annealed.fig1c.finer-steps": "the derivative of an expression",
    "annealed.eq18.tracking": "the squared distance is the named quantity",
    "annealed.psi0": "the statement adds theta(0) = alpha_0",
    "annealed.eq15.inference": "the derivative of a quotient",
    "annealed.psi0.generator-alone": "an implication; the grammar reads its left side only",
    "annealed.eq1.f-prime": "the grammar has no not-equal sign",
    "annealed.eq1.wasserstein.value": "the grammar reads psi(...) as a function",
    "annealed.equilibrium.generator-is-data": "an equation of distributions",
    "annealed.eq10.rule": "a transform of a second derivative",
    "annealed.eq14.sum": "two equations in one line",
    "annealed.eq7.coupled": "a partial derivative of a dotted letter",
    "annealed.equilibrium.saddle.general-f": "the curvature is one named quantity",
    "annealed.continuous-limit.steady-state": "two relations",
    "annealed.continuous-limit.steady-state.simultaneous": "a bare determinant",
    "annealed.eq16.integrator": "a transform of an integral",
    "annealed.eq14.phase-order": "a calligraphic letter in a product",
    "annealed.eq14.amplitude": "proved for any phase gap; the print is the case pi/2",
    "annealed.eq15.decreases": "the grammar has no derivative of a calligraphic letter",
    "annealed.eq17.line4": "K is written as a (alpha_r - alpha_0) throughout",
    "annealed.eq17.line1": "the integral of the derived psi is a named quantity",
    "annealed.eq18": "the binding of T is what is judged",
    "annealed.eq18.centre": "prose under a limit sign",
    "annealed.fig1a.centre": "an equation of points; the statement holds for every alpha_r",
    "annealed.fig1b.centre": "an equation of points; the statement holds for every start",
    "annealed.fig1c.centre": "an equation of points; the statement holds for every start",
    "annealed.eq1": "a definition",
    "annealed.eq2": "a definition",
    "annealed.eq3": "a definition",
    "annealed.pre-training": "a definition",
    "annealed.nonlinear.oscillates": "the discriminant is one named quantity",
    "annealed.nonlinear.jensen-shannon": "the discriminant is one named quantity",
}
"""Printed formulas that are not compared by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {
    "annealed.fig1b.centre.as-printed": "the limit of a derivative",
    "annealed.eq15.inference": "two relations",
    "annealed.psi0.generator-alone": "an implication",
    "annealed.nonlinear.oscillates": "an equivalence",
    "annealed.nonlinear.jensen-shannon": "three equations",
    "annealed.nonlinear.center": "the coefficient of an expansion",
    "annealed.fig1b": "two limits, told apart in words",
    "annealed.eq17.line4": "K is written as a (alpha_r - alpha_0) throughout",
    "annealed.eq17.psi1-integral": "two means, told apart in words",
    "annealed.equilibrium.saddle.general-f": "the curvature is one named quantity",
    "annealed.continuous-limit.steady-state.simultaneous": "a bare determinant",
    "annealed.eq14.phase-order": "a calligraphic letter in a product",
    "annealed.eq1.wasserstein.value": "an implication",
    "annealed.eq1.f-gan": "an equation with its f-divergence named before it",
}
"""Amendments whose LaTeX is not compared by parsing, each with its reason."""

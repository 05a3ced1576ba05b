"""Whether a difference vanishes to first order at the equilibrium: spectra cannot see it then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Expr, Rational, Symbol

from symgan.audit.bench import Bench
from symgan.audit.derived import Derived
from symgan.audit.ladder import vanishes
from symgan.audit.numbers import DIGITS
from symgan.audit.points import generic
from symgan.audit.results import Hidden
from symgan.differentiation import jacobian
from symgan.game import Game

NEAR = (Rational(1, 2**6), Rational(1, 2**12))
"""Displacements from the equilibrium; what is of second order falls by 2^6 relative to them."""


def hidden(
    derived: Derived, bench: Bench, difference: Sequence[Expr] | None, step: int, *, proved: bool
) -> Hidden | None:
    """Whether the linearization at the game's equilibrium would have hidden a difference.

    Args:
        derived: what the code was held against.
        bench: the code beside it.
        difference: code minus derivation in symbols, where it is known.
        step: the first at which they part.
        proved: whether the difference was derived, not found at sampled points.
    """
    rest = _rest(derived)
    if rest is None:
        return None
    shown = tuple((s, rest[s]) for s in derived.state)
    if difference is not None:
        return Hidden(_vanishes_to_first_order(derived, difference, rest), proved, shown)
    return Hidden(_looks_flat(derived, bench, rest, step), False, shown)


def resting_point(game: Game) -> dict[Symbol, Any] | None:
    """The declared equilibrium, else the origin if it is one; None without either."""
    point = {s: sp.sympify(v) for s, v in (game.equilibrium or {}).items()}
    if point:
        return point
    origin = dict.fromkeys(game.state, sp.Integer(0))
    return origin if all(f.subs(origin) == 0 for f in game.v) else None


def _rest(derived: Derived) -> dict[Symbol, Any] | None:
    """Where the game rests, with what a map remembers there."""
    point = resting_point(derived.game)
    if point is None or not set(derived.state) <= point.keys():
        return None
    point = {s: point[s] for s in derived.state}
    memory = {s: v.subs(point, simultaneous=True) for s, v in derived.memory}
    return {**point, **memory}


def _vanishes_to_first_order(
    derived: Derived, difference: Sequence[Expr], rest: dict[Symbol, Any]
) -> bool | None:
    slopes = jacobian(list(difference), list(derived.lifted))
    try:
        at = [e.subs(rest, simultaneous=True).subs(derived.fixed) for e in (*difference, *slopes)]
    except (TypeError, ValueError, ZeroDivisionError):  # the rest lies on a switching surface
        return None
    if any(e.has(sp.nan, sp.zoo, sp.oo, sp.Derivative, sp.Subs, sp.DiracDelta) for e in at):
        return None
    verdicts = [vanishes(e) for e in at]
    if all(verdicts):
        return True
    return False if any(v is False for v in verdicts) else None


def _looks_flat(derived: Derived, bench: Bench, rest: dict[Symbol, Any], step: int) -> bool | None:
    """Whether differences near the equilibrium fall faster than the displacement."""
    values = {s: v for s, v in generic(derived.symbols).items() if s in derived.free}
    at = {s: sp.sympify(rest[s]).subs({**values, **derived.fixed}) for s in derived.state}
    if not all(v.is_Rational for v in at.values()):
        return None
    directions = [{s: sp.Integer(int(s == t)) for s in derived.state} for t in derived.state]
    directions.append(dict.fromkeys(derived.state, sp.Integer(1)))
    with mpmath.workdps(DIGITS):
        for way in directions:
            sizes = []
            for h in NEAR:
                point = {**values, **{s: at[s] + h * way[s] for s in derived.state}}
                residual = bench.residuals(point, step)
                if residual is None:
                    return None
                noise = max(bench.noise(i, m) for i, m in enumerate(residual.magnitudes))
                size = max(abs(v) for v in residual.values)
                sizes.append(mpf(0) if size <= noise else size / mpf(float(h)))
            if sizes[1] > sizes[0] / 8:
                return False
    return True

"""Random hand-written fields and maps, right ones and their faulty counterparts.

A right one is a derived formula, written as people write it: expanded or factored, terms and
factors in any order, powers as products, parts under names of their own, one number or one sequence
as argument. A fault changes one term of one component: its sign, its factor, or its presence.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr

from symgan.audit import Audit, audit
from symgan.game import Game
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient
from symgan.rules.simultaneous import simultaneous

RULES = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "extragradient": extragradient,
}
X, Y, ETA = (
    sp.Symbol("theta", real=True),
    sp.Symbol("psi", real=True),
    sp.Symbol("eta", positive=True),
)


@dataclass(frozen=True)
class CallableVariant:
    """A module with a function ``f`` and what it is held to.

    Attributes:
        source: the module.
        game: the game.
        rule: of a map; None for a field.
    """

    source: str
    game: Game
    rule: str | None


def callable_variant(seed: int, *, faulty: bool = False) -> CallableVariant:
    """The implementation of a seed; the faulty one has one term changed."""
    draw = random.Random(seed)
    game = _game(draw)
    rule = draw.choice([None, None, "simultaneous", "alternating", "extragradient"])
    formulas = list(game.v) if rule is None else list(RULES[rule](game, ETA).rhs)
    if faulty:
        i = draw.choice([i for i, f in enumerate(formulas) if f != 0])
        formulas[i] = _changed(draw, formulas[i])
    return CallableVariant(_source(draw, formulas, rule is not None), game, rule)


def held_to(variant: CallableVariant) -> Audit:
    """The audit of a variant."""
    space: dict[str, Any] = {"__name__": "variant"}
    exec(compile(variant.source, "variant.py", "exec"), space)
    of = "field" if variant.rule is None else "map"
    return audit(space["f"], variant.game, variant.rule, of=of, sign="v")


def _game(draw: random.Random) -> Game:
    """Two losses that are polynomials of degree at most 3 with small coefficients."""
    terms = [X * Y, X**2, Y**2, X**2 * Y, X * Y**2, X, Y, X**3, Y**3]
    losses = []
    for own in (X, Y):
        chosen = [t for t in draw.sample(terms, 4) if own in t.free_symbols] or [X * Y]
        losses.append(sum(sp.Rational(draw.choice([1, -1, 2, 3, -2]), draw.choice([1, 2, 4])) * t
                          for t in chosen))  # fmt: skip
    return Game("random", ((X,), (Y,)), tuple(losses))


def _changed(draw: random.Random, formula: Expr) -> Expr:
    """The formula with one term of its expansion changed."""
    terms = list(sp.Add.make_args(sp.expand(formula)))
    term = draw.choice(terms)
    return sp.expand(formula) + draw.choice([-2, -1, 1, sp.Rational(1, 3)]) * term


def _source(draw: random.Random, formulas: list[Expr], steps: bool) -> str:
    sequence = draw.random() < 0.4
    lines = []
    arguments = "z" if sequence else "theta, psi"
    if steps:
        arguments += ", eta"
    if sequence:
        lines.append("theta, psi = z")
    names = []
    for name, formula in zip(("first", "second"), formulas, strict=True):
        shape = draw.choice([sp.expand, sp.factor, sp.horner, lambda f: f])
        lines.append(f"{name} = {_written(draw, shape(formula))}")
        names.append(name)
    if draw.random() < 0.3:  # a part of the sum under a name of its own
        last = lines.pop().partition(" = ")[2]
        lines += [f"whole = {last}", "second = whole"]
    back = draw.choice(["({})", "[{}]"]).format(", ".join(names))
    body = "\n".join(f"    {line}" for line in [*lines, f"return {back}"])
    return f"def f({arguments}):\n{body}\n"


def _written(draw: random.Random, formula: Expr) -> str:
    """A formula as text; fractions are divisions at the end, so that integers stay exact."""
    if isinstance(formula, sp.Add):
        terms = list(formula.args)
        draw.shuffle(terms)
        return " + ".join(f"({_written(draw, t)})" for t in terms)
    if isinstance(formula, sp.Mul):
        over, under = formula.as_numer_denom()
        factors = list(sp.Mul.make_args(over))
        draw.shuffle(factors)
        text = " * ".join(f"({_written(draw, f)})" for f in factors)
        return text if under == 1 else f"({text}) / {under}"
    if isinstance(formula, sp.Pow) and formula.exp.is_Integer and formula.exp > 0:
        base, n = _written(draw, formula.base), int(formula.exp)
        return f"({base})**{n}" if draw.random() < 0.5 else " * ".join([f"({base})"] * n)
    return str(formula)

"""The formulas of the catalogs, printed and read back by the strict reader, are the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import sympy as sp

from symgan.expectation import Expectation
from symgan.games import catalog as games
from symgan.games.dirac import dirac
from symgan.losses import GenericLoss, jensen_shannon, with_loss
from symgan.parse import ParseError
from symgan.parse.latex import formula, vocabulary
from symgan.report.expressions import expression
from symgan.report.mathml import mathml
from symgan.rules import catalog as rules
from symgan.rules import flows

eta = sp.Symbol("eta", positive=True)
LONG = 60
"""Operations beyond which a formula is left to the other tests: reading them takes long."""
SLOW = frozenset({"gmm-gan", "spiked"})


def formulas() -> Iterator[tuple[str, sp.Expr]]:
    """Losses and fields of all games, and all rules and flows on one of them."""
    for name, game in games().items():
        if name not in SLOW:
            found = game()
            yield from ((name, f) for f in (*found.losses, *found.v))
    one = dirac(jensen_shannon)
    for name, rule in rules().items():
        system: Any = rule(one, eta)
        yield from ((name, f) for f in getattr(system, "rhs", getattr(system, "residual", ())))
    for name, flow in flows().items():
        yield from ((name, f) for f in flow(one).rhs)


@lru_cache
def readable() -> tuple[tuple[str, sp.Expr], ...]:
    """Those that are short, once each.

    The reader knows no expectations, and takes a free loss at a number for a number too large.
    """
    found = {f: name for name, f in formulas() if f.count_ops() <= LONG and not f.has(Expectation)}
    return tuple(
        (name, f)
        for f, name in found.items()
        if not any(loss.args[0].is_number for loss in f.atoms(GenericLoss))
    )


def read(printed: str, expr: sp.Expr) -> Any:
    names = {expression(symbol): symbol for symbol in expr.free_symbols}
    functions = {"f": lambda y: GenericLoss(y), "H": lambda y: sp.Heaviside(y)}
    return formula(printed, vocabulary(names=names, functions=functions))


def value(expr: Any, shift: int) -> complex:
    """The value at rationals of no special position, to 30 digits, with a concrete loss for f."""
    plain = with_loss(expr, jensen_shannon)
    symbols = sorted(plain.free_symbols, key=lambda s: s.name)
    point = {s: sp.Rational(7 * i + 3 * shift + 2, 16) for i, s in enumerate(symbols)}
    return complex(plain.subs(point, simultaneous=True).evalf(30))


def same(expr: sp.Expr, printed: str) -> bool:
    """Equal as they stand, or at two points; 1e-12 is far above 30 digits rounded to doubles."""
    try:
        back = read(printed, expr)
    except ParseError:
        return False
    if back == expr:
        return True
    pairs = [(value(expr, shift), value(back, shift)) for shift in (0, 1)]
    return all(abs(a - b) <= 1e-12 * max(1.0, abs(a)) for a, b in pairs)


def test_every_formula_of_the_catalogs_is_read_back_as_it_was() -> None:
    found = readable()
    assert len(found) > 50
    assert [(name, expression(f)) for name, f in found if not same(f, expression(f))] == []


def test_every_formula_of_the_catalogs_is_one_that_a_page_can_show() -> None:
    for _, f in readable():
        assert mathml(expression(f)).startswith("<math")


@pytest.mark.parametrize(("old", "new"), [(" - ", " + "), (r"\theta", r"\psi"), ("2", "3")])
def test_a_changed_print_is_seen(old: str, new: str) -> None:
    changed = [
        (f, expression(f).replace(old, new, 1)) for _, f in readable() if old in expression(f)
    ]
    seen = [not same(f, text) for f, text in changed[:3]]
    assert seen
    assert all(seen)

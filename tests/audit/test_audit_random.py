"""Random games: one changed term is always caught, another way of writing never is."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import reduce
from typing import Any

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.audit import Verdict, audit
from symgan.game import Game, zero_sum

THETA, PSI = sp.symbols("theta psi", real=True)
WAYS: dict[str, Callable[[Any], Any]] = {
    "as derived": lambda f: f,
    "expanded": sp.expand,
    "factored": sp.factor,
    "nested": lambda f: sp.horner(sp.expand(f), PSI) if f.is_polynomial() else f,
    "over one denominator": sp.together,
}


@st.composite
def losses(draw: Any) -> Any:
    """Polynomials of both players, some with a function that saturates or grows."""
    powers = st.tuples(st.integers(0, 3), st.integers(0, 3))
    chosen = draw(st.lists(powers.filter(any), min_size=1, max_size=3, unique=True))
    weights = st.sampled_from(
        [Rational(p, q) for p, q in ((1, 1), (-2, 1), (1, 2), (3, 4), (-5, 3))]
    )
    found = sum((draw(weights) * THETA**a * PSI**b for a, b in chosen), sp.Integer(0))
    inner = draw(st.sampled_from([None, sp.exp, sp.sin, sp.tanh, lambda y: sp.log(1 + sp.exp(y))]))
    return found + THETA * PSI if inner is None else found + inner(THETA * PSI)


def game_of(loss: Any) -> Game:
    return zero_sum(loss, minimize=THETA, maximize=PSI, equilibrium={THETA: 0, PSI: 0})


def shuffled(expression: Any, draw: random.Random) -> str:
    """Python text of an expression, the operands of sums and products in a random order."""
    parts = [shuffled(arg, draw) for arg in expression.args]
    if isinstance(expression, sp.Add | sp.Mul):
        draw.shuffle(parts)
        sign = "+" if isinstance(expression, sp.Add) else "*"
        return reduce(lambda a, b: f"({a} {sign} {b})", parts)
    if isinstance(expression, sp.Pow):
        return f"({parts[0]})**({parts[1]})"
    if isinstance(expression, sp.Rational):
        return f"({expression.p}/{expression.q})"
    return f"math.{expression.func.__name__}({parts[0]})" if parts else str(expression)


def written(entries: list[Any], draw: random.Random, kind: str) -> Callable[..., Any]:
    """Code for a field: "float" converts what it gets, "any" takes SymPy and rationals too."""
    body = ", ".join(shuffled(f, draw) for f in entries)
    convert = "    theta, psi = float(theta), float(psi)\n" if kind == "float" else ""
    text = f"def field(theta, psi):\n{convert}    return {body}\n"
    space: dict[str, Any] = {"math": __import__("math") if kind == "float" else sp}
    exec(text, space)
    return space["field"]


@settings(max_examples=10)
@given(
    losses(),
    st.sampled_from(list(WAYS)),
    st.sampled_from(list(WAYS)),
    st.sampled_from(["float", "any"]),
    st.randoms(use_true_random=False),
)
def test_another_way_of_writing_raises_no_alarm(loss, one, other, kind, draw) -> None:
    game = game_of(loss)
    entries = [WAYS[way](f) for way, f in zip((one, other), game.v, strict=True)]
    found = audit(written(entries, draw, kind), game)
    assert found.verdict is Verdict.SAME, (loss, one, other, found)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "missing": lambda t: sp.Integer(0),
    "sign": lambda t: -t,
    "doubled": lambda t: 2 * t,
    "factor": lambda t: t * Rational(3, 4),
    "exchanged": lambda t: t.xreplace({THETA: PSI, PSI: THETA}),
    "a factor too many": lambda t: t * THETA,
}


@settings(max_examples=6)
@given(
    losses(),
    st.integers(0, 1),
    st.integers(0, 4),
    st.sampled_from(list(CHANGES)),
    st.sampled_from(["float", "any"]),
    st.randoms(use_true_random=False),
)
def test_one_changed_term_is_always_caught(loss, component, place, change, kind, draw) -> None:
    game = game_of(loss)
    entries = list(game.v)
    parts = list(sp.Add.make_args(sp.expand(entries[component])))
    old = parts[place % len(parts)]
    new = CHANGES[change](old)
    if sp.simplify(new - old) == 0:
        return  # the exchange of a symmetric term changes nothing
    entries[component] = entries[component] - old + new
    found = audit(written(entries, draw, kind), game, budget=5)
    assert found.verdict is Verdict.DIFFERS
    assert found.exit_code == 1
    example = found.counterexample
    assert example is not None
    assert example.component == f"v_{game.state[component]}"
    point = dict(example.point)
    wrong = (new - old).subs(point)
    assert sp.N(abs(wrong)) > 1e-12  # the point shows it, by SymPy's own arithmetic
    assert found.blame, (loss, change, old)
    told = sum((b.instead - b.term for b in found.blame), sp.Integer(0))
    assert (
        abs(sp.N((told - (new - old)).subs({THETA: Rational(7, 5), PSI: Rational(-3, 7)}))) < 1e-9
    )

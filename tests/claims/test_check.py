"""One typed formula: true, false with a witness, undecided; each with a false neighbor."""

from __future__ import annotations

import pytest
import sympy as sp

from symgan.claims.check import check
from symgan.claims.model import Route
from symgan.errors import SymganError
from symgan.parse import ParseError


@pytest.mark.parametrize(
    ("true", "false", "let", "given"),
    [
        ("(a + b)^2 = a^2 + 2ab + b^2", "(a + b)^2 = a^2 + b^2", "a, b real", ()),
        (r"\sin 2x = 2\sin x\cos x", r"\sin 2x = \sin x\cos x", "x real", ()),
        (r"a^2 + b^2 \ge 2ab", "a^2 + b^2 > 2ab", "a, b real", ()),
        (r"a + b \ge 2\sqrt{ab}", r"a + b \le 2\sqrt{ab}", "a, b > 0", ()),
        (r"a^2 - \eta a b + b^2 > 0", r"a^2 - 2\eta a b + b^2 > 0", "a, b, eta > 0",
         (r"\eta < 2",)),
        (r"x > 1 \Rightarrow x^2 > 1", r"x^2 > 1 \Rightarrow x > 1", "x real", ()),
        (r"x > 1 \iff 2x > 2", r"x > 1 \iff x^2 > 1", "x real", ()),
        (r"\int_0^t e^{-a\tau}\,d\tau = \frac{1 - e^{-at}}{a}",
         r"\int_0^t e^{-a\tau}\,d\tau = \frac{e^{-at}}{a}", "a, t > 0", ()),
        (r"\frac{d}{dx} \tanh x = 1 - \tanh^2 x", r"\frac{d}{dx} \tanh x = 1 + \tanh^2 x",
         "x real", ()),
        (r"\sum_{k=1}^n k = \frac{n(n + 1)}{2}", r"\sum_{k=1}^n k = \frac{n(n - 1)}{2}",
         "n positive integer", ()),
        ("f(x)(f(y) + 1) = f(x)f(y) + f(x)", "f(x)(f(y) + 1) = f(xy) + f(x)",
         "x, y real, f function", ()),
        (r"\det(A^T) = \det A", r"\det(2A) = 2\det A", "A 2x2 matrix", ()),
        (r"|x + y| \le |x| + |y|", r"|x + y| = |x| + |y|", "x, y real", ()),
        (r"\frac{x^2 - 1}{x - 1} = x + 1", r"\frac{x^2 - 1}{x - 1} = x - 1", "x real", ()),
        ("x = 1", "x = 2", "x real", ("x = 1",)),
        ("K T = a - b", "K T = a + b", "a, b real, T > 0, K = (a - b)/T", ()),
    ],
)  # fmt: skip
def test_truth_and_its_neighbor(true: str, false: str, let: str, given: tuple[str, ...]) -> None:
    good = check(true, [let], given)
    assert (good.holds, good.witness) == (True, {})
    assert {e.route for e in good.evidence if e.holds} == {Route.EXACT, Route.SECOND}
    bad = check(false, [let], given, repair=False)
    assert bad.holds is False
    assert {e.route for e in bad.evidence if e.holds is False} == {Route.EXACT, Route.SECOND}


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\log(x^2) = 2\log x", r"\log(x^2) = 3\log x"),
        (r"\sqrt{xy} = \sqrt x\sqrt y", r"\sqrt{xy} = 2\sqrt x\sqrt y"),
        (r"\log(xy) = \log x + \log y", r"\log(xy) = \log x - \log y"),
    ],
)
def test_nothing_is_claimed_where_a_side_is_not_real(true: str, false: str) -> None:
    assert check(true, ["x, y real"], repair=False).holds is True
    found = check(false, ["x, y real"], repair=False)
    assert found.holds is False
    assert all(value > 0 for value in found.witness.values())


def test_a_part_that_fails_where_another_is_not_real_is_false() -> None:
    assert check(r"x > 0 \land \log x < x", ["x real"], repair=False).holds is not True


def test_an_integral_over_a_kink_is_not_contradicted_by_quadrature() -> None:
    found = check(r"\int_{-1}^{2} |x|\,dx = \frac52", repair=False)
    assert [e.holds for e in found.evidence] == [True, None]


def test_a_witness_shows_the_values_of_both_sides() -> None:
    found = check("(a + b)^2 = a^2 + b^2", ["a, b real"], repair=False)
    link = found.links[0]
    a, b = sp.symbols("a b", real=True)
    assert link.difference == 2 * a * b
    assert link.at_witness is not None
    place = {str(symbol): value for symbol, value in found.witness.items()}
    left, right = (side.subs({a: place["a"], b: place["b"]}) for side in (link.left, link.right))
    assert link.at_witness == (left, right)
    assert left != right


def test_repairs_are_proved_and_the_smallest_comes_first() -> None:
    found = check(r"\sin 2x = \sin x\cos x", ["x real"])
    assert found.repairs
    x = sp.Symbol("x", real=True)
    assert sp.simplify(found.repairs[0].statement.lhs - found.repairs[0].statement.rhs) == 0
    assert found.repairs[0].statement != sp.Eq(sp.sin(2 * x), sp.sin(x) * sp.cos(x), evaluate=False)
    assert [r.size for r in found.repairs] == sorted(r.size for r in found.repairs)


@pytest.mark.parametrize(
    ("text", "let", "reason"),
    [
        (r"\tanh x < x", "x > 0", "no exact proof was found; the second route finds that it holds"),
        (r"\lim_{T \to \infty} e^{-T} = 0", "T > 0", "no second route confirms it"),
    ],
)
def test_one_route_is_not_enough(text: str, let: str, reason: str) -> None:
    found = check(text, [let])
    assert found.holds is None
    assert reason in found.reason


def test_nothing_is_assumed_of_undeclared_names() -> None:
    with pytest.raises(ParseError) as found:
        check(r"\dot q = \eta p K(s)", [])
    assert '--let "qdot,eta,p,s real" --let "K function"' in str(found.value)
    with pytest.raises(ParseError, match="unknown symbol y"):
        check("x = 1", ["x real"], ["y < 1"])
    with pytest.raises(ParseError, match="states nothing"):
        check("x + 1", ["x real"])


def test_what_nothing_satisfies_is_refused() -> None:
    with pytest.raises(SymganError, match="nothing satisfies what is given"):
        check("x = 1", ["x > 1"], ["x < 0"])


TYPED = {
    r"\sum_{k=1}^{n} k = \frac{n(n-1)}{2}": (
        "n positive integer",
        "Sum(k, (k, 1, n)) = n*(n + 1)/2",
    ),
    r"\frac{d}{dx} x^3 = 3x": ("x real", "Derivative(x**3, x) = 3*x**2"),
}


@pytest.mark.parametrize("text", TYPED)
def test_repairs_are_of_what_was_typed(text: str) -> None:
    """Sums and derivatives are carried out to decide, and stay in the repaired formula."""
    declared, said = TYPED[text]
    (smallest, *_) = check(text, [declared]).repairs
    left, right = smallest.statement.args
    assert f"{left} = {right}" == said

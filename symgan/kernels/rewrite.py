r"""Rewrites before code is generated: the same function, safe from overflow.

Where a loss holds :math:`1 + e^u`, code as written overflows for large :math:`u` and the
quotient of two infinities is no number. With the logistic function
:math:`\sigma(u) = 1/(1 + e^{-u})`:

.. math:: \log(1 + e^u) = \operatorname{softplus}(u), \qquad
          \frac{e^{mu}}{(1 + e^u)^n} = \sigma(u)^m \sigma(-u)^{n-m}, \qquad
          1 - \tanh^2 u = 4\,\sigma(2u)\,\sigma(-2u), \qquad
          1 - \sigma(u) = \sigma(-u).

The last two also keep the digits that the difference loses. A Dirac delta (a kink
differentiated twice) is zero but at its kink, where it is no number.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Add, Expr, Function, Mul, Pow, S


class sigmoid(Function):  # noqa: N801 - it is printed into the generated code
    r"""The logistic function :math:`\sigma(u) = 1/(1 + e^{-u})`."""


class softplus(Function):  # noqa: N801 - it is printed into the generated code
    r""":math:`\log(1 + e^u)`."""


def _sigma(u: Any) -> Any:
    return sigmoid(u)


def stable(expression: Expr) -> Expr:
    """The expression with the rewrites of this module applied, innermost first.

    >>> y = sp.Symbol("y", real=True)
    >>> stable(-sp.log(1 + sp.exp(-y)))
    -softplus(-y)
    >>> stable(sp.diff(-sp.log(1 + sp.exp(-y)), y))
    sigmoid(-y)
    """
    return _stable(expression, {})


def _stable(node: Any, done: dict[Any, Any]) -> Any:
    if not getattr(node, "args", ()):
        return node
    if node not in done:
        raw = _logistic_quotient(node) if isinstance(node, Mul | Pow) else node
        args = [_stable(arg, done) for arg in raw.args]
        built = raw.func(*args) if args != list(raw.args) else raw
        done[node] = _rule(built)
    return done[node]


def _rule(node: Any) -> Any:
    if isinstance(node, sp.log):
        exponent = _one_plus_exponential(node.args[0])
        return node if exponent is None else softplus(exponent)
    if isinstance(node, sp.DiracDelta):
        return sp.Piecewise((S.NaN, sp.Eq(node.args[0], 0)), (0, True))
    return _differences(node) if isinstance(node, Add) else node


def _one_plus_exponential(node: Any) -> Any:
    """The u of 1 + exp(u)."""
    if isinstance(node, Add) and len(node.args) == 2 and S.One in node.args:
        (other,) = (arg for arg in node.args if arg != S.One)
        return other.args[0] if isinstance(other, sp.exp) else None
    return None


def _logistic_quotient(node: Any) -> Any:
    r"""A product :math:`e^v (1 + e^u)^{-n} \cdots` in terms of :math:`\sigma`."""
    factors = list(Mul.make_args(node))
    for factor in factors:
        base, power = factor.as_base_exp()
        u = _one_plus_exponential(base)
        if u is None or not (power.is_Integer and power < 0):
            continue
        n = -int(power)
        rest = [f for f in factors if f is not factor]
        exponents: list[Any] = [f.args[0] for f in rest if isinstance(f, sp.exp)]
        exponent = Add(*exponents)
        others = [f for f in rest if not isinstance(f, sp.exp)]
        m, remainder = _multiple(exponent, u, n)
        logistic = _sigma(u) ** m * _sigma(-u) ** (n - m)
        return _logistic_quotient(Mul(*others, sp.exp(remainder))) * logistic
    return node


def _multiple(v: Expr, u: Expr, most: int) -> tuple[int, Expr]:
    """Split v into m u and the shortest remainder, m between 0 and most."""
    ratio = v / u
    if ratio.is_Integer:
        m = max(0, min(most, int(ratio)))
        return m, (int(ratio) - m) * u
    remainders = [v, *(sp.expand(v - m * u) for m in range(1, most + 1))]
    m = min(range(most + 1), key=lambda k: (len(Add.make_args(remainders[k])), k))
    return (m, remainders[m]) if len(Add.make_args(remainders[m])) < _length(v) else (0, v)


def _length(v: Expr) -> int:
    """Terms of a sum; a product counts one more, so that cancelling it whole is a gain."""
    return max(2, len(Add.make_args(v)))


def _differences(node: Any) -> Any:
    r"""Terms :math:`X - X\tanh^2 u` and :math:`X\sigma - X\sigma^2` without cancellation."""
    terms = list(Add.make_args(node))
    for index, term in enumerate(terms):
        for factor in Mul.make_args(term):
            replaced = _partner(term, factor)
            if replaced is None:
                continue
            partner, product = replaced
            if partner in terms:
                rest = [t for i, t in enumerate(terms) if i != index]
                rest.remove(partner)
                return _differences(Add(*rest, product, evaluate=True))
    return node


def _partner(term: Any, factor: Any) -> tuple[Any, Any] | None:
    """The term that would cancel against this one, and what both add up to."""
    base, power = factor.as_base_exp()
    if not (power.is_Integer and power >= 1):
        return None
    u: Any = base.args[0] if base.args else None
    if isinstance(base, sp.tanh) and power >= 2:
        lower = term / base**2
        return -lower, -lower * 4 * _sigma(2 * u) * _sigma(-2 * u)
    if isinstance(base, sigmoid):
        lower = term / base
        return -lower, -lower * _sigma(-u)
    return None

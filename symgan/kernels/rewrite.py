r"""Rewrites before code is generated: the same function, with its digits.

Where a loss holds :math:`1 + e^u`, code as written overflows for large :math:`u` and the
quotient of two infinities is no number; where a difference of nearly equal numbers is
written, their common digits are lost. With the logistic function
:math:`\sigma(u) = 1/(1 + e^{-u})`:

.. math:: \log(1 + e^u) = \operatorname{softplus}(u), \qquad
          \frac{e^{mu}}{(1 + e^u)^n} = \sigma(u)^m \sigma(-u)^{n-m}, \qquad
          1 - \tanh^2 u = 4\,\sigma(2u)\,\sigma(-2u), \qquad
          1 - \sigma(u) = \sigma(-u),

and so for the logarithms of these, for :math:`1 \pm \tanh u`, :math:`e^u - 1`, :math:`\log(1 + u)`,
:math:`1 \pm \cos u`, :math:`1 \pm \mathrm{erf}\,u`, :math:`\cosh u - 1` and quotients of
hyperbolic sums (`differences`). A derivative taken of the expression as written brings the
cancellation back: :func:`stable_derivative` rewrites first. A Dirac delta (a kink differentiated
twice) is zero but at its kink, where it is no number.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Add, Expr, Mul, Pow, S, Symbol
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels.derivative import derivative
from symgan.kernels.differences import rewritten_sum
from symgan.kernels.logistic import sigmoid, softplus

__all__ = ["sigmoid", "softplus", "stable", "stable_derivative"]


def stable(expression: Expr) -> Expr:
    """The expression with the rewrites of this module applied, innermost first.

    >>> y = sp.Symbol("y", real=True)
    >>> stable(-sp.log(1 + sp.exp(-y)))
    -softplus(-y)
    >>> stable(sp.diff(-sp.log(1 + sp.exp(-y)), y))
    sigmoid(-y)
    """
    return _stable(expression, {}, last=True)


def stable_derivative(expression: Expr, symbol: Symbol) -> Expr:
    r"""The derivative of the rewritten expression, ready for code.

    >>> y = sp.Symbol("y", real=True)
    >>> stable_derivative(sp.log(1 - 1/(1 + sp.exp(-y))), y)
    -sigmoid(y)
    """
    return stable(derivative(_stable(expression, {}, last=False), symbol))


def _stable(node: Any, done: dict[Any, Any], *, last: bool) -> Any:
    if not getattr(node, "args", ()):
        return node
    if node not in done:
        raw = _logistic_quotient(node) if isinstance(node, Mul | Pow) else node
        args = [_stable(arg, done, last=last) for arg in raw.args]
        built = raw.func(*args) if args != list(raw.args) else raw
        done[node] = _rule(built, last)
    return done[node]


def _rule(node: Any, last: bool) -> Any:
    if isinstance(node, sp.log):
        return _logarithm(node.args[0], last)
    if isinstance(node, sp.DiracDelta) and last:
        return sp.Piecewise((S.NaN, sp.Eq(node.args[0], 0)), (0, True))
    if isinstance(node, Mul):
        return _within_range(_hyperbolic_quotient(node)) if last else _hyperbolic_quotient(node)
    return rewritten_sum(node) if isinstance(node, Add) else node


def _logarithm(node: Any, last: bool) -> Any:
    r"""The logarithm of a rewritten expression.

    It is relative to itself but for :math:`\log(c\,\sigma(u))`: a sum, and relative to its terms.
    """
    exponent = _one_plus_exponential(node)
    if exponent is not None:
        return softplus(exponent)
    factors = [factor.as_base_exp() for factor in Mul.make_args(node)]
    if any(isinstance(base, sigmoid) for base, _ in factors):
        terms = [_logarithm_of_factor(base, power) for base, power in factors]
        if None not in terms:
            return rewritten_sum(Add(*terms))
    if last and isinstance(-node, expm1):
        return _log_of_rest((-node).args[0])
    if isinstance(node, Add) and S.One in node.args:
        return log1p(Add(*(arg for arg in node.args if arg != S.One)), evaluate=False)
    return sp.log(node)


def _log_of_rest(u: Any) -> Any:
    r""":math:`\log(1 - e^u)`, for u < 0, in the two forms that keep its digits on either side.

    Code computes both: the minimum keeps the one that is not taken off its pole.
    """
    near = sp.log(-expm1(u))
    far = log1p(-sp.exp(sp.Min(u, -S.Half)), evaluate=False)
    return sp.Piecewise((near, u > -sp.log(2)), (far, True))


def _logarithm_of_factor(base: Any, power: Any) -> Any:
    """The logarithm of a factor that is positive for certain, or None."""
    if isinstance(base, sigmoid) and power.is_real:
        return -power * softplus(-base.args[0])
    if base is S.Exp1 and power.is_real:
        return power
    return power * sp.log(base) if base.is_positive and power.is_real else None


def _hyperbolic_quotient(node: Any) -> Any:
    r""":math:`\sinh u/\cosh u = \tanh u` and :math:`(e^u - 1)\,\sigma(-u) = \tanh(u/2)`."""
    factors = list(Mul.make_args(node))
    for factor in factors:
        u: Any = factor.args[0] if factor.args else None
        if isinstance(factor, sp.sinh) and 1 / sp.cosh(u) in factors:
            partner, quotient = 1 / sp.cosh(u), sp.tanh(u)
        elif isinstance(factor, expm1):
            partner, quotient = sigmoid(-u), sp.tanh(u / 2)
        else:
            continue
        if partner in factors:
            rest = [f for f in factors if f is not factor and f != partner]
            return Mul(*rest, quotient)
    return node


def _within_range(node: Any) -> Any:
    r"""A product :math:`e^v \sigma(u)^n`, where one overflows while the other underflows.

    .. math:: e^v \sigma(u)^n = e^{v + n \min(u, 0)}\, \sigma(|u|)^n

    It is left alone where v is not positive, or positive for positive u only.
    """
    factors = Mul.make_args(node)
    at = next((f for f in factors if isinstance(f, sp.exp)), None)
    powers = [(f.base, f.exp) if isinstance(f, Pow) else (f, S.One) for f in factors]
    if at is None or not any(isinstance(base, sigmoid) for base, _ in powers):
        return node  # before SymPy is asked for a sign, which takes long
    if at.args[0].is_nonpositive:
        return node
    exponent, others = at.args[0], []
    for factor, (base, power) in zip(factors, powers, strict=True):
        if isinstance(base, sigmoid) and power.is_Integer and power > 0:
            u: Any = base.args[0]
            if not u.is_nonnegative and not (at.args[0] / u).is_positive:
                exponent += power * sp.Min(u, 0)
                factor = sigmoid(sp.Abs(u)) ** power
        others += [] if factor is at else [factor]
    return node if exponent == at.args[0] else Mul(*others, sp.exp(exponent))


def _one_plus_exponential(node: Any) -> Any:
    """The u of 1 + exp(u)."""
    if isinstance(node, Add) and len(node.args) == 2 and S.One in node.args:
        (other,) = (arg for arg in node.args if arg != S.One)
        return other.args[0] if isinstance(other, sp.exp) else None
    return None


def _two_exponentials(node: Any) -> tuple[Any, Any] | None:
    """The u and v of exp(u) + exp(v)."""
    if isinstance(node, Add) and len(node.args) == 2:
        u, v = node.args
        if isinstance(u, sp.exp) and isinstance(v, sp.exp):
            return u.args[0], v.args[0]
    return None


def _logistic_quotient(node: Any) -> Any:
    r"""A product :math:`e^v (1 + e^u)^{-n} \cdots` in terms of :math:`\sigma`.

    So too :math:`e^{mu + (n-m)v}(e^u + e^v)^{-n}`, where nothing of the exponent is left over.
    """
    factors = list(Mul.make_args(node))
    for factor in factors:
        base, power = factor.as_base_exp()
        u: Any = _one_plus_exponential(base)
        shift: Any = S.Zero
        both = _two_exponentials(base)
        if both is not None:
            u, shift = both[0] - both[1], both[1]
        if u is None or not (power.is_Integer and power < 0):
            continue
        n = -int(power)
        rest = [f for f in factors if f is not factor]
        exponents: list[Any] = [f.args[0] for f in rest if isinstance(f, sp.exp)]
        exponent = Add(*exponents) - n * shift
        others = [f for f in rest if not isinstance(f, sp.exp)]
        m, remainder = _multiple(exponent, u, n)
        if both is not None and remainder != 0:
            continue
        logistic = sigmoid(u) ** m * sigmoid(-u) ** (n - m)
        return _logistic_quotient(Mul(*others, sp.exp(remainder))) * logistic
    return node


def _multiple(v: Expr, u: Expr, most: int) -> tuple[int, Expr]:
    """Split v into m u and the shortest remainder, m between 0 and most.

    Only whole terms cancel: multiplied out, a remainder such as (a - b)^2 would lose its digits.
    """
    ratio = v / u
    if ratio.is_Integer:
        m = max(0, min(most, int(ratio)))
        return m, (int(ratio) - m) * u
    remainders = [v, *(Add(v, -m * u) for m in range(1, most + 1))]
    m = min(range(most + 1), key=lambda k: (len(Add.make_args(remainders[k])), k))
    return (m, remainders[m]) if len(Add.make_args(remainders[m])) < _length(v) else (0, v)


def _length(v: Expr) -> int:
    """Terms of a sum; a product counts one more, so that cancelling it whole is a gain."""
    return max(2, len(Add.make_args(v)))

r"""Sums whose terms cancel, as functions that do not, such as :math:`c\,e^u - c = c\,(e^u - 1)`.

What stands for a pair of terms is never larger than the pair, and takes its other factors as they
are: nothing overflows or cancels that did not before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp
from sympy import Add, Mul
from sympy.codegen.cfunctions import expm1

from symgan.kernels.logistic import sigmoid, softplus

Pairs = list[tuple[Any, Any]]
"""What would cancel against a function with the coefficient 1, and what both add up to."""


def rewritten_sum(node: Any) -> Any:
    """A sum with pairs of terms that cancel replaced, until there are none.

    >>> x = sp.Symbol("x", real=True)
    >>> rewritten_sum(3*sp.exp(x) - 3), rewritten_sum(1 - sp.cos(x)), rewritten_sum(2 - sp.cos(x))
    (3*expm1(x), 2*sin(x/2)**2, 2 - cos(x))
    """
    left: Any = Counter(Add.make_args(node))
    waiting, changed = list(left), False
    while waiting:
        term = waiting.pop(0)
        found = _total(term, left) if left[term] else None
        if found is not None:
            left[term] -= 1
            made = Add.make_args(found)
            left.update(made)
            waiting += made
            changed = True
    return Add(*left.elements()) if changed else node


def _total(term: Any, left: Any) -> Any:
    """What a term adds up to with others among those left, which are taken out; or None."""
    for partner, total in _candidates(term):
        needed = Counter(Add.make_args(partner))
        if all(left[other] >= many for other, many in needed.items()):
            left.subtract(needed)
            return total
    return None


def _candidates(term: Any) -> Iterator[tuple[Any, Any]]:
    """What would cancel against a term, and the sum of both."""
    factors = Mul.make_args(term)
    for place, factor in enumerate(factors):
        base, power = (factor.base, factor.exp) if isinstance(factor, sp.Pow) else (factor, 1)
        find = _PAIRS.get(base.func) if base.args else None
        if find is None or not (power == 1 or (power.is_Integer and power > 1)):
            continue
        others = factors[:place] + factors[place + 1 :]
        rest = Mul(*others, base ** (power - 1))
        for partner, total in find(base.args[0]):
            for times in _products(rest, partner):
                yield times, Mul(rest, total)
        if isinstance(base, sp.tanh) and power >= 2:
            u, rest = base.args[0], Mul(*others, base ** (power - 2))
            yield -rest, -rest * 4 * sigmoid(2 * u) * sigmoid(-2 * u)


def _products(rest: Any, partner: Any) -> Iterator[Any]:
    """The product of a coefficient and a partner: as SymPy writes it, and term by term."""
    yield Mul(rest, partner)
    if isinstance(partner, Add):
        yield Add(*(Mul(rest, one) for one in partner.args))


def _of_exponential(u: Any) -> Pairs:
    return [
        (-1, expm1(u)),
        (sp.exp(-u), 2 * sp.cosh(u)),
        (-sp.exp(-u), 2 * sp.sinh(u)),
    ]


def _erfc_of_minus(u: Any) -> Any:
    """erfc(-u), which SymPy would write as 2 - erfc(u) again."""
    return sp.erfc(-u, evaluate=False)


_PAIRS: dict[Any, Callable[[Any], Pairs]] = {
    sp.exp: _of_exponential,
    sp.cosh: lambda u: [(-1, 2 * sp.sinh(u / 2) ** 2)],
    sp.cos: lambda u: [(-1, -2 * sp.sin(u / 2) ** 2), (1, 2 * sp.cos(u / 2) ** 2)],
    sp.erf: lambda u: [(-1, -sp.erfc(u)), (1, _erfc_of_minus(u))],
    sp.erfc: lambda u: [(-1, -sp.erf(u)), (-2, -_erfc_of_minus(u))],
    sp.tanh: lambda u: [(-1, -2 * sigmoid(-2 * u)), (1, 2 * sigmoid(2 * u))],
    sigmoid: lambda u: [(-1, -sigmoid(-u)), (-sigmoid(-u), sp.tanh(u / 2))],
    softplus: lambda u: [(-u, softplus(-u))],
}
"""Function -> the pairs of :math:`f(u)`."""

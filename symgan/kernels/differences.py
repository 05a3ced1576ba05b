r"""Sums whose terms cancel, as functions that do not, such as :math:`c\,e^u - c = c\,(e^u - 1)`.

What stands for a pair of terms is never larger than the pair, and takes its other factors as they
are: nothing overflows or cancels that did not before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import sympy as sp
from sympy import Add, Mul
from sympy.codegen.cfunctions import expm1

from symgan.kernels.logistic import sigmoid, softplus


class _Pair(NamedTuple):
    """Two terms as one, for a function f(u) with the coefficient 1.

    Attributes:
        partner: u -> what would cancel against f(u).
        total: u -> what both add up to; most partners are not there, and it is not asked for.
    """

    partner: Callable[[Any], Any]
    total: Callable[[Any], Any]


def rewritten_sum(node: Any) -> Any:
    """A sum with pairs of terms that cancel replaced, until there are none.

    >>> x = sp.Symbol("x", real=True)
    >>> rewritten_sum(3*sp.exp(x) - 3), rewritten_sum(1 - sp.cos(x)), rewritten_sum(2 - sp.cos(x))
    (3*expm1(x), 2*sin(x/2)**2, 2 - cos(x))
    """
    left, changed = _Terms(Add.make_args(node)), False
    waiting = list(left.count)
    while waiting:
        term = waiting.pop(0)
        found = _total(term, left) if left.count[term] else None
        if found is not None:
            left.count[term] -= 1
            made = Add.make_args(found)
            left.add(made)
            waiting += made
            changed = True
    return Add(*left.count.elements()) if changed else node


class _Terms:
    """What is left of a sum.

    Attributes:
        count: term -> how many times.
        exponents: of the exponentials among the factors of all terms that there have been.
    """

    def __init__(self, terms: Sequence[Any]) -> None:
        self.count: Any = Counter()
        self.exponents: set[Any] = set()
        self.add(terms)

    def add(self, terms: Sequence[Any]) -> None:
        """Put in further terms."""
        self.count.update(terms)
        factors = (factor for term in terms for factor in Mul.make_args(term))
        self.exponents.update(f.exp for f in factors if isinstance(f, sp.exp))

    def may_hold_inverse(self, u: Any, others: Sequence[Any]) -> bool:
        """Whether a term with the factor exp(-u) can be there, next to other factors.

        SymPy takes long to write that term. It is written where the factor is seen, and where it
        might become something else: a power, a constant, a part of another exponential.
        """
        return (
            -u in self.exponents
            or u.is_Number
            or u.has(sp.log, sp.I)
            or any(isinstance(factor, sp.exp) for factor in others)
        )


def _total(term: Any, left: _Terms) -> Any:
    """What a term adds up to with others among those left, which are taken out; or None."""
    for partner, total in _candidates(term, left):
        needed = Counter(Add.make_args(partner))
        if all(left.count[other] >= many for other, many in needed.items()):
            left.count.subtract(needed)
            return total()
    return None


def _candidates(term: Any, left: _Terms) -> Iterator[tuple[Any, Callable[[], Any]]]:
    """What would cancel against a term, and how to find the sum of both."""
    factors = Mul.make_args(term)
    for place, factor in enumerate(factors):
        base, power = (factor.base, factor.exp) if isinstance(factor, sp.Pow) else (factor, 1)
        pairs = _PAIRS.get(base.func) if base.args else None
        if pairs is None or not (power == 1 or (power.is_Integer and power > 1)):
            continue
        u, others = base.args[0], factors[:place] + factors[place + 1 :]
        if isinstance(base, sp.exp) and left.may_hold_inverse(u, others):
            pairs += _INVERSE
        rest = Mul(*others) if power == 1 else Mul(*others, base ** (power - 1))
        for pair in pairs:
            for times in _products(rest, pair.partner(u)):
                yield times, partial(_scaled, rest, pair.total, u)
        if isinstance(base, sp.tanh) and power >= 2:
            rest = Mul(*others, base ** (power - 2))
            yield -rest, partial(_bump, rest, u)


def _scaled(rest: Any, total: Callable[[Any], Any], u: Any) -> Any:
    return Mul(rest, total(u))


def _bump(rest: Any, u: Any) -> Any:
    r""":math:`-(1 - \tanh^2 u)` times a coefficient."""
    return -rest * 4 * sigmoid(2 * u) * sigmoid(-2 * u)


def _products(rest: Any, partner: Any) -> Iterator[Any]:
    """The product of a coefficient and a partner: as SymPy writes it, and term by term."""
    yield Mul(rest, partner)
    if isinstance(partner, Add):
        yield Add(*(Mul(rest, one) for one in partner.args))


def _erfc_of_minus(u: Any) -> Any:
    """erfc(-u), which SymPy would write as 2 - erfc(u) again."""
    return sp.erfc(-u, evaluate=False)


def _constant(number: int) -> Callable[[Any], Any]:
    return lambda _: sp.Integer(number)


_MINUS_ONE, _ONE = _constant(-1), _constant(1)
_PAIRS: dict[Any, tuple[_Pair, ...]] = {
    sp.exp: (_Pair(_MINUS_ONE, lambda u: expm1(u)),),
    sp.cosh: (_Pair(_MINUS_ONE, lambda u: 2 * sp.sinh(u / 2) ** 2),),
    sp.cos: (
        _Pair(_MINUS_ONE, lambda u: -2 * sp.sin(u / 2) ** 2),
        _Pair(_ONE, lambda u: 2 * sp.cos(u / 2) ** 2),
    ),
    sp.erf: (_Pair(_MINUS_ONE, lambda u: -sp.erfc(u)), _Pair(_ONE, _erfc_of_minus)),
    sp.erfc: (
        _Pair(_MINUS_ONE, lambda u: -sp.erf(u)),
        _Pair(_constant(-2), lambda u: -_erfc_of_minus(u)),
    ),
    sp.tanh: (
        _Pair(_MINUS_ONE, lambda u: -2 * sigmoid(-2 * u)),
        _Pair(_ONE, lambda u: 2 * sigmoid(2 * u)),
    ),
    sigmoid: (
        _Pair(_MINUS_ONE, lambda u: -sigmoid(-u)),
        _Pair(lambda u: -sigmoid(-u), lambda u: sp.tanh(u / 2)),
    ),
    softplus: (_Pair(lambda u: -u, lambda u: softplus(-u)),),
}
"""Function -> what stands for its sums with others."""
_INVERSE = (
    _Pair(lambda u: sp.exp(-u), lambda u: 2 * sp.cosh(u)),
    _Pair(lambda u: -sp.exp(-u), lambda u: 2 * sp.sinh(u)),
)
"""Those of the exponential with its inverse."""

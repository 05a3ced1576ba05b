"""Certificates: plain data in which a second program finds all that a decision rests on.

Formulas are written as text over identifiers; a symbol whose name is none, or is already
taken, is renamed, and ``names`` says what each new name stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from keyword import iskeyword
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.generators import Generators

SIGNED = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "real")
_CONSTANTS = frozenset(
    {"I", "E", "pi", "GoldenRatio", "EulerGamma", "Catalan", "TribonacciConstant"}
)


def identity_data(form: Expr, generators: Generators, denominator: Expr) -> dict[str, Any]:
    """Everything a second program needs to expand the numerator to zero again."""
    values = generators.values
    symbols = form.free_symbols.union(*(value.free_symbols for value in values.values()))
    plain = plain_names(symbols | set(values), values)
    return {
        "kind": "identity",
        "form": str(form.xreplace(plain)),
        "generators": {str(plain[s]): str(value.xreplace(plain)) for s, value in values.items()},
        "relations": {
            str(plain[s]): {"power": degree, "equals": str(value.xreplace(plain))}
            for s, (degree, value) in generators.relations.items()
        },
        "denominator": str(sp.factor(denominator).xreplace(plain)),
        **renamed(plain, values),
    }


def witness_data(
    point: Mapping[Symbol, Any],
    difference: Expr | None = None,
    relation: str = "",
    given: Boolean = sp.true,
) -> dict[str, Any]:
    """A point, and the relation ``difference relation 0`` that fails there.

    Args:
        point: exact values.
        difference: left side minus right side; None where no relation is left.
        relation: ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``.
        given: what the point satisfies.
    """
    symbols = set(point) | given.free_symbols | (difference.free_symbols if difference else set())
    plain = plain_names(symbols)
    data = {"kind": "witness", "point": {str(plain[s]): str(v) for s, v in point.items()}}
    if difference is not None:
        formulas = {"difference": difference, "given": given}
        data |= {key: str(formula.xreplace(plain)) for key, formula in formulas.items()}
        data["relation"] = relation
    return data | renamed(plain)


def sign_data(difference: Expr, allowed: Iterable[int], given: Boolean) -> dict[str, Any]:
    """That a difference takes only some signs for all real values under what is given."""
    symbols = difference.free_symbols | given.free_symbols
    plain = plain_names(symbols)
    return {
        "kind": "sign",
        "difference": str(difference.xreplace(plain)),
        "given": str(given.xreplace(plain)),
        "signs": sorted(allowed),
        "assumptions": {
            str(plain[s]): [fact for fact in SIGNED if getattr(s, f"is_{fact}")]
            for s in sorted(symbols, key=lambda s: (s.name, str(s.assumptions0)))
        },
        **renamed(plain),
    }


def plain_names(symbols: Iterable[Any], values: Mapping[Symbol, Expr] | None = None) -> Any:
    """Different identifiers for different symbols; generators are called g0, g1, ..."""
    generators = list(values or {})
    others = [s for s in symbols if s not in generators]
    plain: dict[Symbol, Symbol] = {}
    taken: set[str] = set()
    for symbol in sorted(others, key=lambda s: (s.name, str(s.assumptions0))):
        name = symbol.name if _is_name(symbol.name) and symbol.name not in taken else None
        plain[symbol] = Symbol(name or _new("v", taken | {s.name for s in others}))
        taken.add(plain[symbol].name)
    for generator in generators:
        plain[generator] = Symbol(_new("g", taken))
        taken.add(plain[generator].name)
    return plain


def _is_name(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name) and name not in _CONSTANTS


def _new(letter: str, taken: set[str]) -> str:
    number = 0
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def renamed(
    plain: Mapping[Symbol, Symbol], values: Mapping[Symbol, Expr] | None = None
) -> dict[str, Any]:
    """The entry ``names``: which identifiers stand for symbols of another name."""
    names = {
        new.name: old.name
        for old, new in plain.items()
        if new.name != old.name and old not in (values or {})
    }
    return {"names": names} if names else {}

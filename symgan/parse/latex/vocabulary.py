r"""What the names in a formula stand for.

Names are kept in one spelling, SymPy's own, so that what is read prints as it was written:
``\dot\theta_k`` is ``thetadot_k``, ``\mathcal A`` is ``Acal``, ``x'`` is ``xprime``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from sympy import Basic, Symbol
from sympy.logic.boolalg import Boolean

from symgan.errors import BadData

_PLAIN = re.compile(r"([A-Za-z]+?)(\d*)((?:_[A-Za-z0-9,+*]+)*)((?:\^[A-Za-z0-9,+*()]+)?)('*)")


@dataclass(frozen=True)
class Vocabulary:
    r"""Names and what they stand for; nothing else may occur in a formula.

    Attributes:
        names: spelling of a name -> a symbol, or the expression that it abbreviates.
        functions: spelling of a function's name -> a SymPy function, or any callable that
            takes expressions.
        values: a text's tokens, such as those of ``\alpha(0)`` -> what it stands for.
        given: what may be assumed of the symbols beyond their assumptions.
    """

    names: Mapping[str, Basic] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    values: Mapping[tuple[str, ...], Basic] = field(default_factory=dict)
    given: Boolean = sp.true

    def __post_init__(self) -> None:
        for name in ("names", "functions", "values"):
            object.__setattr__(self, name, dict(getattr(self, name)))

    @property
    def known(self) -> tuple[str, ...]:
        """All names, for errors."""
        return (*self.names, *self.functions)

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Both vocabularies; a name may not be in both.

        Raises:
            BadData: a name is in both.
        """
        for name in {*self.names, *self.functions} & {*other.names, *other.functions}:
            raise BadData(f"the name {name} is declared twice; leave one declaration out")
        return Vocabulary(
            {**self.names, **other.names},
            {**self.functions, **other.functions},
            {**self.values, **other.values},
            sp.And(self.given, other.given),
        )

    def with_name(self, name: str, value: Basic) -> Vocabulary:
        """The vocabulary with one name more, or another meaning of it."""
        return replace(self, names={**self.names, name: value})


def vocabulary(
    *symbols: Symbol,
    names: Mapping[str, Any] | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    given: Boolean = sp.true,
) -> Vocabulary:
    r"""A vocabulary from symbols, which carry their names, and from names in LaTeX.

    Args:
        symbols: each is read where its own name stands.
        names: LaTeX of a name, or of a value such as ``\alpha(0)`` -> what it stands for.
        functions: LaTeX of a function's name -> a SymPy function or a callable.
        given: what may be assumed of the symbols beyond their assumptions.

    Raises:
        BadData: a name is declared twice, or is none.

    >>> theta, rate = sp.symbols("theta rate", real=True)
    >>> sorted(vocabulary(theta, names={r"\dot\theta": rate}).names)
    ['theta', 'thetadot']
    """
    found: dict[str, Basic] = {}
    values: dict[tuple[str, ...], Basic] = {}
    for symbol in symbols:
        _add(found, spelling(symbol.name), symbol)
    for text, meaning in (names or {}).items():
        key = name_or_tokens(text)
        _add(found if isinstance(key, str) else values, key, sp.sympify(meaning))
    callables: dict[str, Callable[..., Any]] = {}
    for text, function in (functions or {}).items():
        _add(callables, spelling(text), function)
        if spelling(text) in found:
            raise BadData(f"{text} is declared as a name and as a function; leave one out")
    return Vocabulary(found, callables, values, given)


def _add(known: dict[Any, Any], key: Any, value: Any) -> None:
    if key in known and known[key] != value:
        name = key if isinstance(key, str) else "".join(key)
        raise BadData(f"the name {name} is declared twice; leave one declaration out")
    known[key] = value


def name_or_tokens(text: str) -> str | tuple[str, ...]:
    r"""The spelling of a name, or the tokens of a longer text such as ``\alpha(0)``."""
    from symgan.parse.latex.cursor import spelled
    from symgan.parse.latex.names import whole_name
    from symgan.parse.latex.tokens import tokenize

    plain = _plain(text)
    return plain or whole_name(text) or spelled(tokenize(text, "name"))


def spelling(text: str) -> str:
    r"""The one spelling of a name given in LaTeX or as SymPy names symbols.

    Raises:
        BadData: the text is no name.

    >>> spelling(r"\hat{\theta}_{12}'"), spelling("theta0"), spelling("alpha_r")
    ('thetahatprime_12', 'theta_0', 'alpha_r')
    """
    found = name_or_tokens(text)
    if isinstance(found, str):
        return found
    raise BadData(f"{text!r} is no name; write a letter with its marks, such as \\theta_k")


def _plain(text: str) -> str:
    """The spelling of a name in plain letters, digits behind them being an index."""
    match = _PLAIN.fullmatch(text.strip())
    if match is None:
        return ""
    letters, digits, lower, upper, primes = match.groups()
    if digits and lower:
        letters, digits = letters + digits, ""
    below = lower.replace("_", "") + digits
    return f"{letters}{'prime' * len(primes)}{'_' + below if below else ''}{upper}"

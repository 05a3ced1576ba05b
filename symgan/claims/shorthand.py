r"""A claim in a few lines: the formula in LaTeX, and what its quantities are.

.. code-block:: python

    return asserts(r"\rho = \sqrt{1 + \eta^2}", exact={r"\rho": derived})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import sympy as sp
from sympy import Basic, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.identity import rational_points
from symgan.claims.examine import Examination, SecondRoute
from symgan.claims.measures import evaluated
from symgan.claims.model import Step
from symgan.claims.second import AGREE, Measure, by_numbers, inequalities
from symgan.errors import BadData
from symgan.parse.latex import Vocabulary, spelling, vocabulary
from symgan.parse.latex import let as declared
from symgan.parse.latex import statement as parsed

Formula = str | Basic
Name = str | Basic
WALK, CHOSEN = 24, (0, 1, 2, 20, 23)
"""Of the first points of a domain three simple ones and two less simple are taken."""


def asserts(
    statement: Formula,
    *,
    let: str | Symbol | Vocabulary | Sequence[str | Symbol | Vocabulary] = (),
    exact: Mapping[Name, Any] | None = None,
    measured: Mapping[Name, Measure] | None = None,
    given: Formula = sp.true,
    condition: Formula | None = None,
    setting: Mapping[Name, Any] | None = None,
    amendment: Formula | None = None,
    points: Sequence[Mapping[Name, Any]] = (),
    digits: int = AGREE,
    second: SecondRoute | None = None,
    steps: Sequence[Step] = (),
) -> Examination:
    r"""The examination of a formula that is given in LaTeX.

    A name in the formula stands for a symbol of that name in the derived values, for a named
    quantity of `exact`, or for what `let` declares. The exact route decides the formula with the
    derived values put in. The second route measures the quantities at rational points to 50
    digits; those that `measured` leaves out are evaluated from the derived value, which checks the
    decision but not the derivation. PROVED and REFUTED need both routes.

    Args:
        statement: the printed formula, in LaTeX (or as SymPy).
        let: declarations such as ``"a, b real"`` or ``"eta > 0"`` (`symgan.parse.latex.let`),
            symbols, or vocabularies.
        exact: named quantity, in LaTeX or as a symbol -> its exactly derived value.
        measured: named quantity -> how it is measured without that derivation
            (`symgan.claims.measures`).
        given: what the paper assumes.
        condition: the condition that is missing in print, for CONDITIONAL.
        setting: the paper's own values, which must satisfy the condition.
        amendment: the corrected formula, for REFUTED.
        points: where to measure; simple rational points of the domain unless given.
        digits: decimal digits that equal sides must share.
        second: another second route altogether.
        steps: the derivation's main steps.

    Raises:
        ParseError: a formula cannot be read; the message points at the place.
        BadData: a name is declared twice, or a measured quantity has no derived value.

    >>> eta = Symbol("eta", positive=True)
    >>> case = asserts(r"\rho = \sqrt{1 + \eta^2}", exact={r"\rho": sp.Abs(1 + sp.I * eta)})
    >>> case.decided(case.statement, case.given).holds
    True
    """
    values = {key: sp.sympify(value) for key, value in (exact or {}).items()}
    reader = _Reader(_words(let, values))
    derived = {reader.name(key): value for key, value in values.items()}
    whole = reader.read(statement, "statement")
    domain = sp.And(reader.words.given, reader.read(given, "given"))
    if second is None:
        places = [{reader.name(k): v for k, v in point.items()} for point in points]
        places = places or _points(whole, domain, derived)
        measures = {reader.name(key): measure for key, measure in (measured or {}).items()}
        second = _second(derived, measures, places, digits)
    return Examination(
        whole,
        derived,
        second,
        given=domain,
        condition=None if condition is None else reader.read(condition, "condition"),
        setting={reader.name(key): value for key, value in (setting or {}).items()},
        amendment=None if amendment is None else reader.read(amendment, "amendment"),
        steps=steps,
        printed=statement if isinstance(statement, str) else "",
        amended=amendment if isinstance(amendment, str) else "",
    )


class _Reader:
    """Reads formulas and names with one vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words

    def read(self, formula: Formula, what: str) -> Any:
        return parsed(formula, self.words, what=what) if isinstance(formula, str) else formula

    def name(self, key: Name) -> Any:
        """What a name stands for; a symbol stands for itself."""
        if not isinstance(key, str):
            return key
        found = self.words.names.get(spelling(key))
        if found is None:
            raise BadData(f"{key} is not declared; add it to let or to exact")
        return found


def _words(let: Any, values: Mapping[Name, Any]) -> Vocabulary:
    """What the formulas may mention: what is declared, the derived values' symbols, quantities."""
    items = [let] if isinstance(let, str | Symbol | Vocabulary) else list(let)
    texts = [item for item in items if isinstance(item, str)]
    words = declared(*texts) if texts else vocabulary()
    for item in items:
        if isinstance(item, Vocabulary):
            words = words.joined(item)
    inside = set().union(*(value.free_symbols for value in values.values()))
    inside |= {key for key in values if isinstance(key, Symbol)}
    symbols = inside | {item for item in items if isinstance(item, Symbol)}
    for symbol in sorted((s for s in symbols if isinstance(s, Symbol)), key=str):
        words = _with(words, symbol)
    for key in values:
        if isinstance(key, str) and spelling(key) not in words.names:
            words = words.with_name(spelling(key), Symbol(spelling(key), real=True))
    return words


def _with(words: Vocabulary, symbol: Symbol) -> Vocabulary:
    name = spelling(symbol.name)
    known = words.names.get(name, symbol)
    if known != symbol:
        raise BadData(
            f"{name} is declared twice, with other assumptions in let than in the derived values; "
            "leave it out of let"
        )
    return words.with_name(name, symbol)


def _points(statement: Basic, given: Boolean, derived: Mapping[Basic, Any]) -> list[Any]:
    """Points with a value for every symbol of the statement and of what it names."""
    inside = set().union(*(value.free_symbols for value in derived.values()))
    wanted = (statement.free_symbols | given.free_symbols | inside) - set(derived)
    walk = list(islice(rational_points(wanted, inequalities(given)), WALK))
    return [walk[place] for place in CHOSEN if place < len(walk)]


def _second(
    derived: Mapping[Basic, Any],
    measures: Mapping[Basic, Measure],
    points: Sequence[Mapping[Symbol, Any]],
    digits: int,
) -> SecondRoute:
    for quantity in measures:
        if quantity not in derived:
            raise BadData(f"{quantity} is measured but has no derived value; add it to exact")
    every = {q: measures.get(q) or evaluated(value) for q, value in derived.items()}
    own = [q for q in derived if q in measures]
    how = "evaluated" if not own else "measured" if len(own) == len(derived) else "measured in part"
    kind = f"{how}:mpmath"
    return by_numbers(every, points=points, kind=kind, digits=digits)

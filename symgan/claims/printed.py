r"""Holding the printed LaTeX against the SymPy statement that is judged.

The LaTeX is read (`symgan.parse.latex`) with the paper's own notation; then each side of the
printed relation must equal the statement's side, unless that side is a named quantity, whose value
the examination derives. A side in which something cannot be read stands for itself: it may be a
named quantity and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Basic, Dummy, Expr, Symbol
from sympy.core.relational import Relational

from symgan.certify.identity import free_functions, is_zero
from symgan.errors import BadData
from symgan.losses import GenericLoss
from symgan.parse import ParseError
from symgan.parse.latex import UnknownSymbol, Vocabulary, formula, spelling
from symgan.parse.latex.statements import split_relation
from symgan.parse.latex.vocabulary import name_or_tokens

_LOSS = re.compile(r"(?<![A-Za-z_{])f'*\(")
_OF_TIME = re.compile(r"(\\?[A-Za-z]+(?:_(?:\w|\{\w+\}))?)\((?:s|t|\\tau)\)")
_MOST_NAMES = 60


@dataclass(frozen=True)
class Reading:
    """A paper's notation.

    Attributes:
        tokens: LaTeX fragments replaced before parsing (dots, calligraphic letters).
        names: parsed name -> the symbol it stands for.
        values: parsed expressions (such as theta(0)) by their text -> what they stand for.
        functions: name of a parsed function -> a function of its arguments.
    """

    tokens: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)


def parse_printed(printed: str, reading: Reading) -> Basic:
    """The printed formula as SymPy, in symgan's symbols.

    Names that the notation does not list stand for symbols of the same name, and f for the free
    loss: what is read is compared with a statement, which knows its symbols.

    Args:
        printed: the LaTeX of a claim.
        reading: the paper's notation.

    Raises:
        BadData: the LaTeX cannot be read, nor split into two sides.
    """
    for fragment, replacement in reading.tokens.items():
        printed = printed.replace(fragment, replacement)
    vocabulary = _vocabulary(reading, printed)
    try:
        return _read(printed, vocabulary)
    except ParseError as error:
        sides = split_relation(printed)
        if sides is None:
            raise BadData(f"the LaTeX {printed!r} cannot be read: {error}") from None
        relation, left, right = sides
        return relation(_side(left, vocabulary), _side(right, vocabulary), evaluate=False)


def _side(text: str, vocabulary: Vocabulary) -> Basic:
    try:
        return _read(text, vocabulary)
    except ParseError:
        return Symbol(text)  # nothing that a statement holds is so called


def _read(text: str, vocabulary: Vocabulary) -> Basic:
    """The formula, each name that is met and not known being declared."""
    for _ in range(_MOST_NAMES):
        try:
            return formula(text, vocabulary)
        except UnknownSymbol as error:
            name = error.name
            if name in vocabulary.names:
                raise
            if error.applied:
                functions = {**vocabulary.functions, name: sp.Function(name)}
                vocabulary = Vocabulary(vocabulary.names, functions, vocabulary.values)
            else:
                vocabulary = vocabulary.with_name(name, Symbol(name.replace("prime", "'")))
    raise BadData(f"the LaTeX {text!r} holds more than {_MOST_NAMES} names")


def _vocabulary(reading: Reading, printed: str) -> Vocabulary:
    names = {spelling(name): meaning for name, meaning in reading.names.items()}
    functions: dict[str, Any] = {}
    for name, function in reading.functions.items():
        factor = _factor(function)
        if factor is None:
            functions[spelling(_bare(name))] = function
        else:
            names[spelling(_bare(name))] = factor
    for name in _OF_TIME.findall(printed):
        if name.lstrip("\\") not in _ELEMENTARY:
            functions.setdefault(spelling(name), sp.Function(spelling(name)))
    if _LOSS.search(printed):
        functions["f"] = lambda y: GenericLoss(y)
    values: dict[tuple[str, ...], Any] = {}
    for text, meaning in reading.values.items():
        key = name_or_tokens(_commands(text))
        if isinstance(key, str):
            names[key] = meaning
        else:
            values[key] = meaning
    return Vocabulary(names, functions, values)


_ELEMENTARY = frozenset({"sin", "cos", "tan", "tanh", "log", "ln", "exp"})


def _bare(name: str) -> str:
    return name.replace("{", "").replace("}", "")


def _commands(text: str) -> str:
    r"""``theta(0)`` as ``\\theta(0)``."""
    return re.sub(r"^(theta|psi|alpha)(?=[(_])", r"\\\1", text)


def _factor(function: Any) -> Any:
    """The symbol by which a function multiplies, if that is all it does."""
    place = Dummy()
    value = sp.sympify(function(place))
    symbols = [a for a in value.args if a != place and isinstance(a, Symbol)]
    return symbols[0] if symbols and value == place * symbols[0] else None


def disagreement(printed: Basic, statement: Basic, quantities: Collection[Basic]) -> str:
    """Why a printed relation is not the one that is judged; empty if it is.

    Args:
        printed: what the LaTeX says (`parse_printed`).
        statement: the statement that is examined.
        quantities: the examination's named quantities; a side that is one is not compared.

    Raises:
        BadData: one of them is not a single relation.
    """
    if not isinstance(printed, Relational) or not isinstance(statement, Relational):
        raise BadData(f"only single relations can be compared, not {printed} with {statement}")
    if printed.func is not statement.func:
        return f"the print is a {printed.func.__name__}, the statement {statement.func.__name__}"
    compared = 0
    for ours, theirs in ((statement.lhs, printed.lhs), (statement.rhs, printed.rhs)):
        if ours in quantities:
            continue  # a named quantity: its value is derived, not read off
        compared += 1
        difference = free_functions(ours) - _named_alike(free_functions(theirs), ours)
        if is_zero(difference).holds is not True:
            return f"the statement has {ours} where the print reads {theirs}"
    return "" if compared else "both sides are named quantities: nothing was compared"


def _named_alike(side: Expr, ours: Expr) -> Any:
    """Give parsed symbols the assumptions of the statement's symbols of the same name."""
    known = {s.name: s for s in free_functions(ours).free_symbols}
    return side.xreplace(
        {s: known.get(s.name, Symbol(s.name, real=True)) for s in side.free_symbols}
    )

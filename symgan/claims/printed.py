r"""Holding the printed LaTeX against the SymPy statement that is judged.

The LaTeX is parsed by SymPy's ANTLR grammar (extra ``latex``) and read with the paper's
own notation; then each side of the printed relation must equal the statement's side,
unless that side is a named quantity, whose value the examination derives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Basic, Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from symgan.certify.identity import free_functions, is_zero
from symgan.errors import BadData, MissingExtra
from symgan.losses import GenericLoss


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

    Args:
        printed: the LaTeX of a claim.
        reading: the paper's notation.

    Raises:
        MissingExtra: the LaTeX parser is not installed.
        BadData: the LaTeX cannot be parsed.
    """
    for fragment, replacement in reading.tokens.items():
        printed = printed.replace(fragment, replacement)
    return _translate(_parsed(printed), reading)


def _parsed(text: str) -> Basic:
    try:
        import antlr4  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtra("antlr4-python3-runtime", "latex", "parsing LaTeX") from None
    from sympy.parsing.latex import parse_latex
    from sympy.parsing.latex.errors import LaTeXParsingError

    try:
        return parse_latex(text)
    except LaTeXParsingError as error:
        raise BadData(f"the LaTeX {text!r} cannot be parsed: {error}") from None


def _translate(node: Basic, reading: Reading) -> Basic:
    """Rebuild a parsed tree bottom-up in symgan's symbols and functions."""
    if str(node) in reading.values:
        return reading.values[str(node)]
    if isinstance(node, Symbol):
        return _symbol(node.name, reading)
    if isinstance(node, sp.Integral):
        return _integral(node, reading)
    if not node.args:
        return node
    arguments = [_translate(argument, reading) for argument in node.args]
    if isinstance(node, AppliedUndef):
        return _applied(node.func.__name__, arguments, reading)
    if isinstance(node, Relational):
        return node.func(*arguments, evaluate=False)
    return node.func(*arguments)


def _symbol(name: str, reading: Reading) -> Basic:
    if name == "e":
        return sp.E
    if name == "pi":
        return sp.pi
    plain = name.replace("{", "").replace("}", "")
    return reading.names.get(plain, Symbol(plain))


def _applied(name: str, arguments: list[Any], reading: Reading) -> Any:
    if name.startswith("f") and set(name[1:]) <= {"'"}:
        return GenericLoss(arguments[0], len(name) - 1)
    if name in reading.functions:
        return reading.functions[name](*arguments)
    return sp.Function(name)(*arguments)


def _integral(node: Any, reading: Reading) -> Any:
    limits = [tuple(_translate(part, reading) for part in limit) for limit in node.limits]
    return sp.Integral(_translate(node.function, reading), *limits).doit()


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

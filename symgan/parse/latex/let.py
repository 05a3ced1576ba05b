r"""Declarations as one types them: ``x,y real``, ``0<eta<2``, ``K=(a-b)/T``, ``f function``."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp
from sympy import Basic, Symbol
from sympy.core.facts import InconsistentAssumptions
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.parse import ParseError, expression
from symgan.parse.latex.declarations import FORMS, WHAT, Piece, pieces
from symgan.parse.latex.limits import MAX_ENTRIES
from symgan.parse.latex.vocabulary import Vocabulary, name_or_tokens

_KINDS = frozenset(
    {"real", "positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", "rational"}
)
_RELATION = re.compile(r"<=|>=|!=|<|>|\\(?:leq?|geq?|neq?|lt|gt|in)(?![A-Za-z])")
_PLAIN_SIGNS = {"<=": r"\le ", ">=": r"\ge ", "!=": r"\ne "}
_DEFINITION = re.compile(r"(?<![<>!=])=(?!=)")
_MATRIX = re.compile(r"(symmetric\s+)?(\d+)\s*(?:x|by|\\times)\s*(\d+)\s+(matrix|identity)")
_VECTOR = re.compile(r"(\d+)\s*-?\s*vector|vector\s+of\s+(\d+)")
_FUNCTION = re.compile(r"functions?(?:\s+of\s+(\S+))?")
_FACTS: dict[type, str] = {
    sp.StrictGreaterThan: "positive", sp.GreaterThan: "nonnegative",
    sp.StrictLessThan: "negative", sp.LessThan: "nonpositive", sp.Unequality: "nonzero",
}  # fmt: skip


def let(*texts: str) -> Vocabulary:
    r"""The vocabulary that declarations make.

    Args:
        texts: each holds one or more declarations, separated by commas or semicolons:
            names with a kind (``x,y real``, ``n positive integer``), ranges (``eta>0``,
            ``0<eta<2``), definitions (``K=(a-b)/T``), functions (``f function``,
            ``theta function of t``), matrices and vectors of scalar symbols
            (``A 2x2 matrix``, ``x 3-vector``); names in LaTeX or in plain letters.

    Raises:
        ParseError: none of these, or a name declared twice; the message points at the place.

    >>> found = let("a, b real; T > 0", "K = (a - b)/T")
    >>> found.names["K"], found.names["T"].is_positive
    ((a - b)/T, True)
    >>> let("0 < eta < 2").given
    eta < 2
    """
    builder = _Builder()
    waiting: list[Piece] = []
    later: list[Piece] = []
    for text in texts:
        for piece in pieces(text):
            if _is_bare(piece.text):
                waiting.append(piece)
            elif _DEFINITION.search(piece.text) and not _RELATION.search(piece.text):
                _none_waiting(waiting)
                later.append(piece)
            elif _FUNCTION.search(piece.text) and " of " in piece.text:
                later += [*waiting, piece]
                waiting = []
            else:
                builder.declare([*waiting, piece])
                waiting = []
        _none_waiting(waiting)
    for piece in later:
        builder.define(piece)
    return builder.vocabulary


def condition(text: str, vocabulary: Vocabulary, *, what: str = "condition") -> Boolean:
    r"""What an assumption says over declared names; ``<=`` may stand for ``\le``.

    Raises:
        ParseError: it is no statement over these names.
    """
    from symgan.parse.latex import statement

    return statement(_in_latex(text), vocabulary, what=what)


def _is_bare(text: str) -> bool:
    """Whether a text is a name and nothing else."""
    if _RELATION.search(text) or "=" in text:
        return False
    return isinstance(_spelling(text), str)


def _split(text: str) -> tuple[str, str]:
    r"""A name and its kind; the name may hold spaces, as ``\mathcal A`` does."""
    for match in re.finditer(r"\s+", text):
        if _spelling(text[: match.start()]) is not None:
            return text[: match.start()], text[match.end() :].strip()
    return text, ""


def _spelling(text: str) -> str | None:
    try:
        found = name_or_tokens(text)
    except ParseError:
        return None
    return found if isinstance(found, str) else None


def _none_waiting(waiting: list[Piece]) -> None:
    if waiting:
        names = ",".join(piece.text for piece in waiting)
        raise waiting[0].fail(f'nothing is said of {names}; say what it is, as in "{names} real"')


class _Builder:
    """Collects names, functions and what is given."""

    def __init__(self) -> None:
        self.names: dict[str, Basic] = {}
        self.functions: dict[str, Any] = {}
        self.given: list[Boolean] = []

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.names, self.functions, given=sp.And(*self.given))

    def declare(self, pieces: list[Piece]) -> None:
        """Names that share the last piece's kind or range."""
        last = pieces[-1]
        if _RELATION.search(last.text):
            self.bound(pieces)
            return
        head, kind = _split(last.text)
        for piece in (*pieces[:-1], Piece(head, last.whole, last.column)):
            self.add(piece, kind, last)

    def add(self, piece: Piece, kind: str, last: Piece) -> None:
        """One name of a kind."""
        name = self.fresh(piece)
        words = [word for word in re.split(r"[\s,]+", kind) if word not in ("", "and")]
        if words and all(word in _KINDS for word in words):
            self.names[name] = self.symbol(piece, name, {"real": True} | dict.fromkeys(words, True))
        elif _FUNCTION.fullmatch(kind):
            self.functions[name] = sp.Function(name, real=True)
        elif match := _VECTOR.fullmatch(kind):
            self.matrix(piece, name, int(match[1] or match[2]), 1, "")
        elif match := _MATRIX.fullmatch(kind):
            kinds = "identity" if match[4] == "identity" else "symmetric" if match[1] else ""
            self.matrix(piece, name, int(match[2]), int(match[3]), kinds)
        else:
            raise last.fail(f"{last.text!r} declares nothing; write for example {FORMS}")

    def fresh(self, piece: Piece) -> str:
        """The spelling of a name that is not declared yet."""
        name = _spelling(piece.text)
        if name is None:
            raise piece.fail(
                rf"{piece.text!r} is no name; write a letter such as \theta_k or theta_k"
            )
        if name in self.names or name in self.functions:
            raise piece.fail(f"{piece.text} is declared twice; leave one declaration out")
        return name

    def symbol(self, piece: Piece, name: str, facts: dict[str, bool]) -> Symbol:
        try:
            return Symbol(name, **facts)
        except InconsistentAssumptions:
            kinds = " and ".join(fact for fact in facts if fact != "real")
            raise piece.fail(f"nothing is {kinds} at once") from None

    def matrix(self, piece: Piece, name: str, rows: int, columns: int, kind: str) -> None:
        """A matrix of symbols, each of which is a name too."""
        if not 0 < rows * columns <= MAX_ENTRIES:
            raise piece.fail(f"matrices hold 1 to {MAX_ENTRIES} entries")
        if kind and rows != columns:
            raise piece.fail(f"a matrix that is {kind} is square")
        if kind == "identity":
            self.names[name] = sp.ImmutableMatrix.eye(rows)
            return

        def entry(i: int, j: int) -> Symbol:
            i, j = (min(i, j), max(i, j)) if kind else (i, j)
            index = f"{i + 1}" if columns == 1 else f"{i + 1}{j + 1}"
            return Symbol(f"{name}_{index}", real=True)

        self.names[name] = found = sp.ImmutableMatrix(rows, columns, entry)
        for symbol in sorted(found.free_symbols, key=str):
            self.fresh(Piece(symbol.name, piece.whole, piece.column))
            self.names[symbol.name] = symbol

    def bound(self, pieces: list[Piece]) -> None:
        """A range: it declares the names that are new in it, or assumes something of old ones."""
        last = pieces[-1]
        members = [_spelling(m) for m in _RELATION.split(last.text)]
        new = [m for m in members if m and m not in self.names and not m.isdecimal()]
        if len(new) > 1:
            names = ", ".join(new)
            raise last.fail(f'it is not said what {names} are; declare one, as in "{new[0]} real"')
        if pieces[:-1] and not new:
            raise last.fail(f"{last.text} declares nothing, for its names are declared")
        if not new:
            self.given.append(condition(last.text, self.vocabulary, what=WHAT))
            return
        provisional = Symbol(new[0], real=True)
        vocabulary = self.vocabulary.with_name(new[0], provisional)
        found = condition(last.text, vocabulary, what=WHAT)
        for piece in pieces:
            name = new[0] if piece is last else self.fresh(piece)
            self.names[name] = self.bounded(piece, name, provisional, found)

    def bounded(self, piece: Piece, name: str, provisional: Symbol, found: Boolean) -> Symbol:
        """The symbol with the signs that a range gives it; what else it says becomes given."""
        facts = {"real": True}
        rest: list[Boolean] = []
        for part in sp.And.make_args(found):
            fact = _fact(part, provisional)
            if fact:
                facts[fact] = True
            if not fact or 0 not in part.args:
                rest.append(part)
        symbol = self.symbol(piece, name, facts)
        self.given += [part.xreplace({provisional: symbol}) for part in rest]
        return symbol

    def define(self, piece: Piece) -> None:
        """``K = (a - b)/T`` or ``theta function of t``."""
        match = _FUNCTION.search(piece.text)
        if match and " of " in piece.text:
            self.dependent(piece, piece.text[: match.start()].strip(), match[1])
            return
        left, _, right = piece.text.partition("=")
        name = self.fresh(Piece(left.strip(), piece.whole, piece.column))
        self.names[name] = self.value(right.strip(), f"value of {left.strip()}")

    def dependent(self, piece: Piece, head: str, variable: str | None) -> None:
        name = self.fresh(Piece(head or piece.text, piece.whole, piece.column))
        argument = self.names.get(_spelling(variable or "") or "")
        if not isinstance(argument, Symbol):
            raise piece.fail(
                f'{variable or "its variable"} is not declared; add "{variable or "t"} real"'
            )
        self.functions[name] = sp.Function(name, real=True)
        self.names[name] = self.functions[name](argument)

    def value(self, text: str, what: str) -> Basic:
        """An expression in LaTeX, or in plain arithmetic where it is none."""
        from symgan.parse.latex import formula

        try:
            found = formula(_in_latex(text), self.vocabulary, what=what)
        except ParseError:
            if "\\" in text:
                raise
            try:
                return expression(text, dict(self.names), what=what)  # type: ignore[misc]
            except ParseError:
                pass
            raise
        return found


def _fact(part: Boolean, symbol: Symbol) -> str:
    """What a relation between the symbol and something of known sign says of its sign."""
    if not isinstance(part, Relational) or symbol not in part.args:
        return ""
    relation, other = (part, part.rhs) if part.lhs == symbol else (part.reversed, part.lhs)
    kind = relation.func
    if kind is sp.Unequality:
        return "nonzero" if other.is_zero else ""
    if kind in (sp.StrictGreaterThan, sp.GreaterThan) and other.is_nonnegative:
        strict = kind is sp.StrictGreaterThan or other.is_positive
        return "positive" if strict else "nonnegative"
    if kind in (sp.StrictLessThan, sp.LessThan) and other.is_nonpositive:
        strict = kind is sp.StrictLessThan or other.is_negative
        return "negative" if strict else "nonpositive"
    return ""


def _in_latex(text: str) -> str:
    """Plain signs of relations as LaTeX has them."""
    for plain, latex in _PLAIN_SIGNS.items():
        text = text.replace(plain, latex)
    return text

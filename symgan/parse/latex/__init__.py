r"""LaTeX as papers print it, read to SymPy: strictly, without evaluation, in bounded time.

Nothing is guessed. Every name must be declared (`Vocabulary`, `let`); a construct that is not
known is refused at its place with a remedy; a construct with two readings is refused with both.
Numbers are exact: a decimal is a rational. Relations, derivatives, integrals, sums and limits
stay as they are written.

Conventions: ``e`` is Euler's number and ``\pi`` its number unless declared; ``\log`` and ``\ln``
are natural; ``f(a + b)`` with a scalar f is a product, since it needs its parentheses, while
``f(a)`` is refused; a function with brackets ends with them (``\sin(x)^2`` is the square of the
sine); a comma between relations reads "and".
"""

from __future__ import annotations

from sympy import Basic
from sympy.logic.boolalg import Boolean

from symgan.parse import ParseError
from symgan.parse.latex.algebra import is_condition
from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.functions import UnknownSymbol
from symgan.parse.latex.let import let
from symgan.parse.latex.statements import read_inside
from symgan.parse.latex.vocabulary import Vocabulary, spelling, vocabulary

__all__ = [
    "ParseError",
    "UnknownSymbol",
    "Vocabulary",
    "formula",
    "let",
    "spelling",
    "statement",
    "vocabulary",
]


def formula(text: str, vocabulary: Vocabulary, *, what: str = "formula") -> Basic:
    r"""What a formula says, in the symbols of a vocabulary.

    Args:
        text: LaTeX, with or without the marks of a display.
        vocabulary: what its names stand for.
        what: how errors call the text.

    Returns:
        An expression, a relation (unevaluated), a Boolean of relations, a matrix or a tuple.
        Equations of matrices and of tuples are the conjunction of those of their entries.

    Raises:
        ParseError: an unknown name, a construct that is not known or has two readings, a value
            that is undefined or not real, a limit exceeded; the message points at the place.

    >>> from symgan.parse.latex import let
    >>> formula(r"\frac{a^2 - b^2}{a - b} = a + b", let("a, b real"))
    Eq((a**2 - b**2)/(a - b), a + b)
    """
    cursor = Cursor(text, vocabulary, what, read_inside)
    try:
        value = read_inside(cursor)
        if cursor.token.kind != "stop":
            raise cursor.unexpected()
    except RecursionError:
        raise ParseError(what, "it is nested too deeply", text, 0) from None
    return value


def statement(text: str, vocabulary: Vocabulary, *, what: str = "statement") -> Boolean:
    r"""The statement that a formula makes, for a claims file.

    Args:
        text: LaTeX of an equation, an inequality, or their connectives.
        vocabulary: what its names stand for.
        what: how errors call the text.

    Raises:
        ParseError: as `formula`, or it states nothing.

    >>> statement(r"0 < \eta \le 2", let("eta real"))
    (eta <= 2) & (0 < eta)
    """
    found = formula(text, vocabulary, what=what)
    if is_condition(found):
        return found  # type: ignore[return-value]
    raise ParseError(what, "it states nothing; write an equation or an inequality", text, 0)

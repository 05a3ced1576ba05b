r"""Single factors: numbers, names, brackets, fractions, roots, and their powers."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import ImmutableMatrix, Integer, Rational

from symgan.parse.latex import calculus, derivatives, environments, functions
from symgan.parse.latex.algebra import arithmetic, divide, power, real_root, scalar
from symgan.parse.latex.cursor import UNREADABLE, Cursor, spelled
from symgan.parse.latex.names import ACCENTS, FONTS, GREEK, Name, read_name, starts_name
from symgan.parse.latex.tokens import Token
from symgan.parse.latex.values import declared_value, take_value

FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac"})
_CONSTANTS = {"e": sp.E, "pi": sp.pi}
_TRANSPOSED = frozenset({"T", "top", "intercal", "prime", "t"})


def starts_operand(c: Cursor) -> bool:
    """Whether a factor can start at the next token."""
    token = c.token
    if token.kind in ("number", "open", "{", "letter", "word", "begin"):
        return True
    if token.kind == "text":
        return token.text in functions.NAMED or token.text in c.vocabulary.known
    if token.kind != "command":
        return False
    text = token.text
    return (
        text in GREEK or text in ACCENTS or text in FONTS or text in FRACTIONS
        or text in ("sqrt", "partial", "nabla", "infty", "infin")
        or text in functions.COMMANDS or text in calculus.COMMANDS or declared_value(c) is not None
    )  # fmt: skip


def read_operand(c: Cursor) -> Any:
    """One factor with its powers."""
    token, start = c.token, c.place
    value = take_value(c)
    if value is None:
        value = read_bare(c)
    return _powers(c, value, token, start)


def read_bare(c: Cursor) -> Any:
    """One factor without its powers."""
    token = c.token
    if token.kind == "number":
        return c.checked(Rational(c.take().text), token)
    if token.kind == "open" or (token.kind == "{" and not starts_name(c)):
        return _bracketed(c)
    if token.kind == "begin":
        return environments.read_environment(c)
    if token.kind == "command":
        if token.text in FRACTIONS:
            return _fraction(c)
        if token.text == "sqrt":
            return _root(c)
        if token.text in functions.COMMANDS:
            return functions.read_function(c, token.text)
        if token.text in calculus.COMMANDS:
            return calculus.read_calculus(c)
    if token.kind in ("word", "text") and token.text in functions.NAMED and not _is_known(c):
        return functions.read_function(c, token.text)
    if starts_name(c):
        return _named(c)
    if token.kind == "stop":
        raise c.fail(f"something is missing before {c.shown()}")
    raise _unknown_command(c)


def _unknown_command(c: Cursor) -> Exception:
    token = c.token
    if token.kind == "command" and token.text not in UNREADABLE:
        return c.fail(f"the command \\{token.text} is not known here")
    if token.kind in ("^", "_"):
        return c.fail(f"nothing stands before {token.kind}")
    if token.kind == "text":
        return c.fail(rf"the words {token.text!r} cannot be read here; give the formula alone")
    return c.unexpected()


def _is_known(c: Cursor) -> bool:
    return c.token.text in c.vocabulary.names or c.token.text in c.vocabulary.functions


def _bracketed(c: Cursor) -> Any:
    """Parentheses, brackets, braces, bars; what bars hold is an absolute value or a norm."""
    opener = c.token
    if opener.stretched and opener.text == ".":
        return derivatives.read_value_at(c)
    start, stop = c.place, c.closing[c.place]
    closer = c.tokens[stop]
    value = c.group(c.inside)
    if opener.kind == "{":
        _refuse_invisible(c, value, start, stop)
    if opener.text == "|":
        return c.checked(sp.Abs(_length_argument(c, value, opener)), opener)
    if opener.text == "\\|":
        return _norm(c, value, opener)
    if isinstance(value, sp.Tuple) and (opener.text, closer.text) != ("(", ")"):
        raise c.fail(
            r"a list in these brackets is an interval or a set; write it behind \in", opener
        )
    return value


def _refuse_invisible(c: Cursor, value: Any, start: int, stop: int) -> None:
    """Braces do not print: what they hold together must be one factor without them."""
    before = c.tokens[start - 1].kind if start else "open"
    alone = before in ("open", "{") and c.token.kind == "stop"
    inner = c.tokens[start + 1]
    single = c.closing.get(start + 1) == stop - 1 and inner.kind == "open"
    plain = getattr(value, "is_Symbol", False) or getattr(value, "is_Function", False)
    whole = single or plain or (getattr(value, "is_nonnegative", False) and value.is_Integer)
    if (_is_sum(c, start + 1, stop) and not alone) or (c.at("^") and not whole):
        inside = c.source(start + 1, stop)
        raise c.fail(f"braces do not print; put {inside} in parentheses", c.tokens[start])


def _length_argument(c: Cursor, value: Any, opener: Token) -> Any:
    if isinstance(value, ImmutableMatrix):
        reason = r"bars around a matrix are a determinant or a norm; write \det or \|..\|"
        raise c.fail(reason, opener)
    return scalar(c, value, opener)


def _norm(c: Cursor, value: Any, opener: Token) -> Any:
    r"""The Euclidean norm of a column."""
    if c.at("_"):
        c.take()
        if c.take().text != "2":
            raise c.fail(r"only the Euclidean norm \|..\|_2 is read", opener)
    if not isinstance(value, ImmutableMatrix) or value.shape[1] != 1:
        raise c.fail(r"\|..\| is read for column vectors only; write |..| for a number", opener)
    return c.checked(sp.sqrt(sum((entry**2 for entry in value), Integer(0))), opener)


def argument(c: Cursor) -> Any:
    """The argument of a command: a group, or a single digit, letter or command."""
    token = c.token
    if token.kind == "{":
        return arithmetic(c, c.group(c.inside), token)
    if token.kind == "number":
        if len(token.text) > 1:  # LaTeX takes one digit; the others are read next
            if "." in token.text:
                raise c.fail(f"write {{{token.text}}} in braces")
            rest = Token("number", token.text[1:], token.start + 1, token.stop)
            c.tokens[c.place] = rest
            return Integer(int(token.text[0]))
        return Integer(int(c.take().text))
    if token.kind in ("letter", "command") and (starts_name(c) or token.text in UNREADABLE):
        return arithmetic(c, c.part(c.place + 1, c.inside, token), token)
    raise c.fail(f"an argument in braces is wanted here, not {c.shown()}")


def _fraction(c: Cursor) -> Any:
    token = c.token
    derivative = derivatives.read_derivative(c)
    if derivative is not None:
        return derivative
    c.take()
    above = argument(c)
    value = divide(c, above, argument(c), token)
    if c.at("^"):
        raise c.fail("a power of a fraction, or of what is above it; put it in parentheses")
    return value


def _root(c: Cursor) -> Any:
    token = c.take()
    index: Any = Integer(2)
    if c.at("open", "["):
        index = scalar(c, c.group(c.inside), token)
        if not index.is_Integer or not index.is_positive:
            raise c.fail("the index of a root is a positive integer", token)
    return real_root(c, scalar(c, argument(c), token), index, token)


def _named(c: Cursor) -> Any:
    """A name: a symbol, a value, a function with its argument."""
    token = c.token
    name = read_name(c, _Known(c))
    if name.spelling in c.bound:
        return _not_applied(c, c.bound[name.spelling], name, token)
    applied = c.at("open") or name.spelling not in c.vocabulary.names
    if applied and {name.spelling, name.bare} & set(c.vocabulary.functions):
        return functions.apply_declared(c, name, token)
    if name.spelling in c.vocabulary.names:
        if name.spelling == "e" and c.at("^"):
            raise c.fail(r"e^.. is a power of the declared e or the exponential; write \exp(..)")
        return _not_applied(c, c.vocabulary.names[name.spelling], name, token)
    if name.spelling in _CONSTANTS:
        return _not_applied(c, _CONSTANTS[name.spelling], name, token)
    derivative = derivatives.dotted(c, name)
    if derivative is not None:
        return derivative
    raise functions.unknown(c, name, token)


class _Known:
    """The names that exist here, bound variables included."""

    def __init__(self, c: Cursor) -> None:
        self.c = c

    def __contains__(self, name: object) -> bool:
        known = self.c.vocabulary
        return name in self.c.bound or name in known.names or name in known.functions


def _not_applied(c: Cursor, value: Any, name: Name, token: Token) -> Any:
    r"""The value, unless ``f(x)`` follows it: with a scalar f that is two things.

    Parentheses that a product needs, those around a sum, make it a product.
    """
    if isinstance(value, ImmutableMatrix) or c.token.kind != "open":
        return value
    opener = c.token
    if opener.text not in ("(", "["):
        return value
    if _is_sum(c, c.place + 1, c.closing[c.place]):
        return value
    stop = c.closing[c.place] + 1
    shown, inner = c.source(c.place, stop), c.source(c.place + 1, stop - 1)
    head = c.text[token.start : opener.start].strip()
    raise c.fail(
        rf"{head}{shown} is a product or a value of the function {head}; write {head} \cdot {inner}"
        f" for the product, or declare {head} as a function, or {head}{shown} as a value",
        opener,
    )


def _is_sum(c: Cursor, start: int, stop: int) -> bool:
    """Whether tokens hold a sign, and no comma, outside of inner groups."""
    place, signs = start, 0
    while place < stop:
        kind = c.tokens[place].kind
        if kind == ",":
            return False
        signs += kind in ("+", "-")
        place = c.closing.get(place, place) + 1
    return signs > 0


def _powers(c: Cursor, value: Any, token: Token, start: int) -> Any:
    """The value raised to the exponent behind it; a transpose is one of a matrix."""
    if not c.at("^"):
        return value
    caret = c.take()
    inner = spelled(c.tokens[c.place : _script_end(c)])
    if isinstance(value, ImmutableMatrix) and len(inner) == 1 and inner[0] in _TRANSPOSED:
        c.place = _script_end(c)
        value = value.T
    else:
        base = arithmetic(c, value, token)
        value = power(c, base, _exponent(c, base, start), caret)
    if c.at("^"):
        base_text = c.source(start, c.place)
        raise c.fail(f"two exponents in a row; write ({base_text})^.. or put both in one group")
    if c.at("'"):
        raise c.fail("a prime behind an exponent; write it before")
    return value


def _script_end(c: Cursor) -> int:
    return c.closing[c.place] + 1 if c.at("{") else c.place + 1


def _exponent(c: Cursor, base: Any, start: int) -> Any:
    token = c.token
    if token.kind == "{":
        inner = c.place + 1
        opener = c.tokens[inner]
        whole = opener.kind == "open" and c.closing.get(inner) == c.closing[c.place] - 1
        if whole and base is not sp.E:
            text, within = c.source(start, c.place - 1), c.source(inner + 1, c.closing[inner])
            raise c.fail(
                f"{text}^{{({within})}} is a power or a marked name; write {text}^{{{within}}} or "
                "declare the name",
                opener,
            )
        return c.group(c.inside)
    if token.kind == "number" and len(token.text) > 1:
        raise c.fail(
            f"LaTeX raises only the {token.text[0]} of {token.text}; write ^{{{token.text}}}"
        )
    if token.kind in ("number", "letter") or (token.kind == "command" and token.text in GREEK):
        return c.part(c.place + 1, c.inside, token)
    if token.kind == "command" and token.text in FRACTIONS:
        return _fraction(c)
    raise c.fail(f"an exponent in braces is wanted here, not {c.shown()}")

r"""Functions and their arguments.

An argument in brackets ends with the bracket. Without brackets it is one factor, perhaps with a
numeral before it (``\sin 2x``); where more follows, the text is refused, for ``\sin x y`` and
``\log x^2`` have two readings each. ``\log`` and ``\ln`` are the natural logarithm.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import sympy as sp
from sympy import ImmutableMatrix, Integer
from sympy.core.function import FunctionClass, UndefinedFunction

from symgan.parse import ParseError
from symgan.parse.latex.algebra import arithmetic, power, product, scalar
from symgan.parse.latex.cursor import Cursor, spelled
from symgan.parse.latex.names import GREEK, Name
from symgan.parse.latex.tokens import Token

_ELEMENTARY: dict[str, Callable[..., Any]] = {
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "cot": sp.cot, "sec": sp.sec, "csc": sp.csc,
    "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "coth": sp.coth, "arcsin": sp.asin,
    "arccos": sp.acos, "arctan": sp.atan, "exp": sp.exp, "log": sp.log, "ln": sp.log,
}  # fmt: skip
_UPRIGHT: dict[str, Callable[..., Any]] = {
    "sech": sp.sech, "csch": sp.csch, "asin": sp.asin, "acos": sp.acos, "atan": sp.atan,
    "arsinh": sp.asinh, "asinh": sp.asinh, "artanh": sp.atanh, "atanh": sp.atanh,
    "arcosh": sp.acosh, "acosh": sp.acosh, "erf": sp.erf, "erfc": sp.erfc, "sign": sp.sign,
    "sgn": sp.sign, "abs": sp.Abs, "sqrt": sp.sqrt, "logistic": lambda x: 1 / (1 + sp.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)), "softplus": lambda x: sp.log(1 + sp.exp(x)),
}  # fmt: skip
_EXTREMES = {"min": sp.Min, "max": sp.Max}
_OF_MATRICES = {"det": lambda m: m.det(method="berkowitz"), "tr": lambda m: m.trace()}
_OF_TWO = {"atan2": sp.atan2, "arctan2": sp.atan2}
_OF_MATRICES["trace"] = _OF_MATRICES["tr"]

COMMANDS = frozenset(_ELEMENTARY) | {"min", "max", "det", "Re", "Im", "sup", "inf", "arg", "tr"}
NAMED = frozenset(
    {*_ELEMENTARY, *_UPRIGHT, *_EXTREMES, *_OF_MATRICES, *_OF_TWO, "Re", "Im", "sup", "inf", "arg"}
)
_REFUSED = {
    "Re": "the real part cannot be read; state it over real symbols",
    "Im": "the imaginary part cannot be read; state it over real symbols",
    "sup": "a supremum cannot be read; declare it as a value",
    "inf": "an infimum cannot be read; declare it as a value",
    "arg": "an argument of an extremum cannot be read; declare it as a value",
}


class UnknownSymbol(ParseError):
    """A name that the vocabulary does not hold.

    Attributes:
        name: its spelling.
        applied: whether parentheses follow it, so that it may be a function.
    """

    def __init__(self, c: Cursor, reason: str, token: Token, name: str, applied: bool) -> None:
        super().__init__(c.what, reason, c.text, token.start)
        self.name, self.applied = name, applied


def unknown(c: Cursor, name: Name, token: Token) -> ParseError:
    """The error for a name that means nothing here."""
    applied = c.token.kind == "open" and c.token.text == "("
    known = c.vocabulary.known
    shown = c.text[token.start : c.tokens[c.place - 1].stop].strip()
    if name.spelling == "d":
        reason = r"the d of a differential stands only behind \int and in \frac{d}{dx}"
    elif name.spelling == "i":
        reason = "i is unknown, and complex numbers are not read; symbols are real"
    else:
        near = get_close_matches(name.spelling, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        reason = f"unknown symbol {shown}; {hint}known: {', '.join(known) or 'none'}"
    if word := _word(c, token):
        reason = rf"{word} without a backslash is a product of letters; write \{word}"
    return UnknownSymbol(c, reason, token, name.spelling, applied)


def _word(c: Cursor, token: Token) -> str:
    """The function or Greek letter whose backslash is missing where the token starts."""
    place = c.tokens.index(token)
    while (
        place
        and c.tokens[place - 1].kind == "letter"
        and (c.tokens[place - 1].stop == c.tokens[place].start)
    ):
        place -= 1
    letters = ""
    while c.tokens[place].kind == "letter" and (
        not letters or c.tokens[place - 1].stop == c.tokens[place].start
    ):
        letters += c.tokens[place].text
        place += 1
    fitting = [w for w in (*_ELEMENTARY, *GREEK, "sqrt", "frac") if letters.startswith(w)]
    return max(fitting, key=len) if fitting and len(letters) > 1 else ""


def read_function(c: Cursor, name: str) -> Any:
    r"""A known function with its argument: ``\sin^2(x)``, ``\log_2 x``, ``\max(a, b)``."""
    token = c.take()
    if name in _REFUSED:
        raise c.fail(_REFUSED[name], token)
    base = _base(c, name)
    exponent = _exponent(c, name)
    values = _arguments(c, name)
    value = _applied(c, name, values, token)
    if base is not None:
        value = c.checked(value / sp.log(base), token)
    return value if exponent is None else power(c, value, exponent, token)


def _base(c: Cursor, name: str) -> Any:
    """The base of a logarithm."""
    if not c.at("_"):
        return None
    if name != "log":
        reason = f"{name} with an index cannot be read"
        if name in _EXTREMES:
            reason = f"a {name}imum over a variable cannot be read; declare it as a value"
        raise c.fail(reason)
    c.take()
    token = c.token
    base = scalar(c, c.script(c.inside), token)
    if base == 1 or base.is_nonpositive:
        raise c.fail("the base of a logarithm is positive and not 1", token)
    return base


def _exponent(c: Cursor, name: str) -> Any:
    """The exponent between a function and its argument; an inverse is not one."""
    if not c.at("^"):
        return None
    c.take()
    token = c.token
    exponent = scalar(c, c.script(c.inside), token)
    if exponent.could_extract_minus_sign():
        raise c.fail(
            rf"\{name}^{{-1}} is the inverse function or 1/\{name}; write \arc{name}(..) or "
            rf"\frac{{1}}{{\{name}(..)}}",
            token,
        )
    return exponent


def _arguments(c: Cursor, name: str) -> tuple[Any, ...]:
    """The arguments, in brackets or one factor without them."""
    begin = c.token
    if c.at("open") and c.token.text != "." and not c.token.text.endswith("|"):
        return _listed(c.group(c.inside))
    if c.at("{"):
        stop = c.closing[c.place]
        bracketed = c.closing.get(c.place + 1) == stop - 1 and c.ahead(1).kind == "open"
        values = _listed(c.group(c.inside))
        if not bracketed:
            _refuse_more(c, name, begin)
        return values
    value = _plain(c, name)
    _refuse_more(c, name, begin)
    return (value,)


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, sp.Tuple) else (value,)


def _plain(c: Cursor, name: str) -> Any:
    """One factor without its power, perhaps behind a numeral."""
    from symgan.parse.latex.operands import read_bare, starts_operand

    if not starts_operand(c):
        wanted = rf"write \{name}(..)" if c.token.kind in ("+", "-") else "its argument is missing"
        raise c.fail(f"{name} has no argument here; {wanted}")
    first = c.token
    with c.nested(first):
        value = arithmetic(c, read_bare(c), first)
    if first.kind == "number" and starts_operand(c) and not c.at("number") and not _function(c):
        return product(c, [(value, first), (arithmetic(c, read_bare(c), first), first)])
    return value


def _function(c: Cursor) -> bool:
    token = c.token
    return (token.kind == "command" and token.text in COMMANDS) or (
        token.kind in ("word", "text") and token.text in NAMED
    )


def _refuse_more(c: Cursor, name: str, begin: Token) -> None:
    """Refuse what may or may not belong to an argument without brackets."""
    from symgan.parse.latex.operands import starts_operand

    follower, dotted = c.token, c.at("command", "cdot", "times") or c.at("*")
    if dotted:
        c.place += 1
    clear = _function(c) or not (dotted or starts_operand(c) or c.token.kind in ("^", "/", "'"))
    if dotted:
        c.place -= 1
    if not clear:
        argument = c.text[begin.start : follower.start].strip()
        more = c.text[follower.start : max(follower.stop, c.ahead(1).stop)].strip()
        space, more = ("", more) if follower.kind == "^" else (" ", f"{more}..")
        raise c.fail(
            rf"\{name} {argument}{space}{more} has two readings, \{name}({argument}){space}{more} "
            rf"and \{name}({argument}{space}{more}); write the parentheses",
            follower,
        )


def _applied(c: Cursor, name: str, values: tuple[Any, ...], token: Token) -> Any:
    if name in _EXTREMES:
        if len(values) < 2:
            raise c.fail(f"{name} takes two arguments or more", token)
        return c.checked(_EXTREMES[name](*(scalar(c, v, token) for v in values)), token)
    wanted = 2 if name in _OF_TWO else 1
    if len(values) != wanted:
        raise c.fail(f"{name} takes {'two arguments' if wanted == 2 else 'one argument'}", token)
    if name in _OF_MATRICES:
        (matrix,) = values
        if not isinstance(matrix, ImmutableMatrix) or matrix.shape[0] != matrix.shape[1]:
            raise c.fail(f"{name} takes a square matrix", token)
        return c.checked(_OF_MATRICES[name](matrix), token)
    function = _OF_TWO.get(name) or _ELEMENTARY.get(name) or _UPRIGHT[name]
    return c.checked(function(*(scalar(c, v, token) for v in values)), token)


def apply_declared(c: Cursor, name: Name, token: Token) -> Any:
    r"""A declared function with its arguments: ``f(x)``, ``f'(0)``, ``f^{(4)}(x)``."""
    functions = c.vocabulary.functions
    whole = name.spelling in functions
    order = 0 if whole else name.primes
    if c.at("^"):
        order += _derivative_order(c, name)
    if not (c.at("open", "(", "[") or c.at("{")):
        raise c.fail(f"{name.bare} is a function; give it an argument in parentheses")
    values = tuple(scalar(c, v, token) for v in _listed(c.group(c.inside)))
    function = functions[name.spelling if whole else name.bare]
    _check_arity(c, function, values, name, token)
    if not order:
        return c.checked(sp.sympify(function(*values)), token)
    if len(values) != 1:
        raise c.fail("a prime needs a function of one argument; write the derivative", token)
    place = sp.Dummy("y", real=True)
    derivative = sp.sympify(function(place)).diff(place, order)
    return c.checked(derivative.subs(place, values[0]), token)


def _derivative_order(c: Cursor, name: Name) -> int:
    """The order of ``f^{(4)}``; any other exponent of a function is refused."""
    caret = c.take()
    stop = c.closing[c.place] + 1 if c.at("{") else c.place + 1
    texts = spelled(c.tokens[c.place : stop])
    if len(texts) != 3 or texts[0] != "(" or not texts[1].isdecimal() or len(texts[1]) > 1:
        raise c.fail(
            f"a power of the function {name.bare} is a power of its value or {name.bare} applied "
            f"again; write {name.bare}(..)^n or write the inner function out",
            caret,
        )
    c.place = stop
    return int(texts[1])


def _check_arity(
    c: Cursor, function: Any, values: tuple[Any, ...], name: Name, token: Token
) -> None:
    count = Integer(len(values))
    if isinstance(function, UndefinedFunction | FunctionClass):
        fits = count in function.nargs  # type: ignore[operator]
    else:
        try:
            inspect.signature(function).bind(*values)
            fits = True
        except TypeError:
            fits = False
    if not fits:
        raise c.fail(f"{name.bare} does not take {len(values)} arguments", token)

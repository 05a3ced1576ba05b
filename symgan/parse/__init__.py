r"""Expressions and values typed by hand, read without running them.

The text is parsed to a Python syntax tree, and only arithmetic, names and a fixed list of
functions are translated to SymPy: nothing is evaluated as Python. Decimals become exact
rationals. Length, depth and the size of numbers are limited, so that no text can keep the
machine busy.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping
from decimal import Decimal

import sympy as sp
from sympy import Expr, Integer, Rational, Symbol

from symgan.errors import SymganError
from symgan.parse.vocabulary import (
    CONSTANTS,
    FUNCTIONS,
    LARGEST,
    MAX_BITS,
    MAX_DEPTH,
    MAX_EXPONENT,
    MAX_LENGTH,
    VARIADIC,
)


class ParseError(SymganError, ValueError):
    """A text that is not an expression; the message points at the place."""

    def __init__(self, what: str, reason: str, text: str, column: int) -> None:
        place = f"\n{_pointer(text, column)}" if text.strip() else ""
        super().__init__(f"cannot read the {what}: {reason}{place}")
        self.column = column


def expression(
    text: str,
    symbols: Mapping[str, Expr] | None = None,
    *,
    what: str = "expression",
    remedy: str = "",
) -> Expr:
    r"""The exact SymPy expression that a text denotes.

    Args:
        text: arithmetic with ``+ - * / **``, numbers, names and the functions of `FUNCTIONS`.
        symbols: what names stand for; without it every name is a real symbol.
        what: how errors call the text.
        remedy: what to do about an unknown name; a list of the known ones unless given.

    Raises:
        ParseError: anything else, an unknown name, a value that is undefined or not real,
            or a limit exceeded; the message points at the place.

    >>> expression("-theta*psi + 0.1*psi**2")
    psi**2/10 - psi*theta
    """
    if len(text) > MAX_LENGTH:
        raise ParseError(what, f"it is longer than {MAX_LENGTH} characters", text, MAX_LENGTH)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on odd literals, such as 1if; they are refused below
            tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise ParseError(what, *_syntax_reason(text.strip(), error)) from None
    except (ValueError, RecursionError, MemoryError):
        raise ParseError(what, "it is nested too deeply or holds a null", text, 0) from None
    return _Reader(text.strip(), symbols, what, remedy).read(tree.body, 0)


def number(text: str, *, what: str = "value") -> Expr:
    r"""The exact number that a text denotes.

    Raises:
        ParseError: the text is no expression, or holds a name.

    >>> number("1/3 + 0.5")
    5/6
    """
    return expression(text, {}, what=what)


def assignments(texts: Iterable[str], *, what: str = "value") -> dict[str, Expr]:
    r"""The numbers of texts such as ``"theta=1, psi=2"``, by name.

    Args:
        texts: each holds one or more ``name=value``, separated by commas.
        what: how errors call them.

    Raises:
        ParseError: a part that is not ``name=value``, a name given twice, or a bad value.

    >>> assignments(("theta=1, psi=0.5", "T=3"))
    {'theta': 1, 'psi': 1/2, 'T': 3}
    """
    found = pairs(texts, what=what)
    return {name: number(text, what=f"{what} of {name}") for name, text in found.items()}


def pairs(texts: Iterable[str], *, what: str = "value") -> dict[str, str]:
    r"""The values of texts such as ``"theta=1, psi=2"``, by name, as they stand.

    Args:
        texts: each holds one or more ``name=value``, separated by commas.
        what: how errors call them.

    Raises:
        ParseError: a part that is not ``name=value``, or a name given twice.

    >>> pairs(["side=generator, T=1/3"])
    {'side': 'generator', 'T': '1/3'}
    """
    values: dict[str, str] = {}
    for text in texts:
        column = 0
        for part in _split(text):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not equals or not name.isidentifier() or not value:
                raise ParseError(what, "expected name=value", text, column)
            if name in values:
                raise ParseError(what, f"{name} is given twice", text, column)
            values[name] = value
            column += len(part) + 1
    return values


def names(text: str) -> tuple[str, ...]:
    r"""The names in a list such as ``"theta, psi"``.

    Raises:
        ParseError: a part that is not a name, or is one of the reserved ones.

    >>> names("theta, psi")
    ('theta', 'psi')
    """
    found = tuple(part.strip() for part in text.split(","))
    for name in found:
        if not name.isidentifier() or name in FUNCTIONS or name in CONSTANTS:
            reason = f"{name!r} cannot name a symbol"
            raise ParseError("list of names", reason, text, text.find(name))
    return found


class _Reader:
    """Translates a syntax tree to SymPy, node by node, with its place for errors."""

    def __init__(
        self, text: str, symbols: Mapping[str, Expr] | None, what: str, remedy: str
    ) -> None:
        self.text, self.symbols, self.what, self.remedy = text, symbols, what, remedy

    def fail(self, node: ast.AST, reason: str) -> ParseError:
        line = self.text.splitlines()[getattr(node, "lineno", 1) - 1].encode()
        column = len(line[: getattr(node, "col_offset", 0)].decode())
        return ParseError(self.what, reason, self.text, column)

    def read(self, node: ast.expr, depth: int) -> Expr:
        if depth > MAX_DEPTH:
            raise self.fail(node, f"it is nested more than {MAX_DEPTH} deep")
        match node:
            case ast.Constant():
                value = self.constant(node)
            case ast.Name():
                value = self.name(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = -self.read(operand, depth + 1)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                value = self.read(operand, depth + 1)
            case ast.BinOp():
                value = self.operation(node, depth)
            case ast.Call():
                value = self.call(node, depth)
            case _:
                raise self.fail(node, f"{ast.unparse(node)[:40]!r} is not arithmetic")
        return self.checked(node, value)

    def constant(self, node: ast.Constant) -> Expr:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.fail(node, f"{node.value!r} is not a real number")
        if isinstance(node.value, int):
            return Integer(node.value)
        digits = Decimal(ast.get_source_segment(self.text, node) or "")
        if abs(digits.adjusted()) > MAX_BITS // 4:
            raise self.fail(node, "the number is too large or too small")
        return Rational(str(digits))

    def name(self, node: ast.Name) -> Expr:
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in FUNCTIONS:
            raise self.fail(node, f"{node.id} is a function; give it an argument")
        if self.symbols is None:
            return Symbol(node.id, real=True)
        if node.id not in self.symbols:
            known = ", ".join(self.symbols)
            hint = self.remedy or (f"known names: {known}" if known else "a number is wanted here")
            raise self.fail(node, f"unknown name {node.id!r}; {hint}")
        return self.symbols[node.id]

    def operation(self, node: ast.BinOp, depth: int) -> Expr:
        left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                return left / right
            case ast.Pow():
                return self.power(node, left, right)
            case ast.BitXor():
                raise self.fail(node.right, "write ** for a power, not ^")
            case _:
                raise self.fail(node, "only + - * / ** are known")

    def power(self, node: ast.BinOp, base: Expr, exponent: Expr) -> Expr:
        if exponent.is_number and not exponent.is_Rational:
            size = abs(float(exponent.evalf(5))) if exponent.is_real else float("inf")
        else:
            size = abs(exponent) if exponent.is_number else 0
        if size > MAX_EXPONENT:
            raise self.fail(node.right, f"exponents beyond {MAX_EXPONENT} are refused")
        return base**exponent

    def call(self, node: ast.Call, depth: int) -> Expr:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise self.fail(node.func, f"unknown function; known: {known}")
        name = node.func.id
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise self.fail(node, f"{name} takes plain arguments")
        if not node.args or (len(node.args) != 1 and name not in VARIADIC):
            raise self.fail(node, f"{name} takes one argument")
        return FUNCTIONS[name](*(self.read(argument, depth + 1) for argument in node.args))

    def checked(self, node: ast.expr, value: Expr) -> Expr:
        if value.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            raise self.fail(node, "this has no value (a division by zero, or the log of zero)")
        if value.has(sp.I):
            raise self.fail(node, "this is not real")
        if any(max(abs(n.p), n.q).bit_length() > MAX_BITS for n in value.atoms(Rational)):
            raise self.fail(node, f"a number here has more than {MAX_BITS} bits")
        if not all(map(_in_range, {*value.atoms(Rational), *([value] if value.is_number else [])})):
            raise self.fail(node, "a number here is beyond 1e100 or nearer to 0 than 1e-100")
        return value


def _in_range(number: Expr) -> bool:
    """Whether a number is 0 or its size lies between 1/`LARGEST` and `LARGEST`."""
    size = abs(number) if number.is_Rational else abs(number.evalf(5))
    return number == 0 or bool(1 / LARGEST <= size <= LARGEST)


def _syntax_reason(text: str, error: SyntaxError) -> tuple[str, str, int]:
    """What is wrong, the text, and the column of the place."""
    if "lambda" in text:
        return "lambda is reserved; call the symbol lam", text, text.find("lambda")
    if not text:
        return "it is empty", text, 0
    column = min((error.offset or 1) - 1, len(text))
    return f"{error.msg} (write * for every product, ** for a power)", text, column


def _split(text: str) -> list[str]:
    """Split at commas outside parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _pointer(text: str, column: int, width: int = 72) -> str:
    """The part of the text around a column, and a caret under it; two lines."""
    flat = "".join(" " if c in "\n\r\t\v\f" else c for c in text)
    start = max(0, min(column - width // 2, len(flat) - width))
    return f"  {flat[start : start + width]}\n  {' ' * (column - start)}^"

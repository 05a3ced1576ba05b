r"""SymPy expressions as a mathematician would write them.

One printer serves every rendering: the LaTeX document, the page's MathML and the labels
of figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Add, And, Basic, Eq, Expr, Float, Integer, Mul, Symbol
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

Names = Mapping[Symbol, str]
"""What to print for a symbol instead of its own name."""

LINE = 72
"""How many characters of ``str`` fit on a printed line before a sum is broken."""

_VARIABLES = frozenset({"s", "t", "tau", "theta", "psi", "x", "y", "z"})
_TALL = re.compile(r"\\(?:[dt]?frac|begin|left|int|sum|prod|underbrace|overbrace|substack|lim)\b")
_DELIMITER = re.compile(r"\\left(?![a-z])|\\right(?![a-z])")
_OPERATOR = re.compile(r"\\(?:[a-z]+|operatorname\{\w+\})(?:\^\{[^{}]*\})?\{$")
_WITH_ARGUMENT = re.compile(r"\\(?:[dt]?frac|sqrt|mathrm|text|dot|ddot|overline|bar|hat)\{$")


def expression(expr: Basic, names: Names | None = None) -> str:
    r"""LaTeX of an expression, relation or condition, on one line.

    Sums start with a positive term where there is one, exponents use a slash, a
    derivative in time is a dot, parentheses grow only around what is tall.

    Args:
        expr: any SymPy object.
        names: symbol -> LaTeX, where a symbol prints differently from its name.

    >>> theta, alpha_r, t, T = sp.symbols("theta alpha_r t T")
    >>> print(expression(theta - alpha_r))
    \theta - \alpha_{r}
    >>> print(expression(sp.exp(-t/T)))
    e^{- t / T}
    """
    return MathPrinter({"symbol_names": dict(names or {})}).doprint(expr)


def display(expr: Basic, names: Names | None = None) -> str:
    r"""LaTeX for a display: as `expression`, but long sums and conjunctions are broken.

    >>> x, y = sp.symbols("x y")
    >>> print(display(sp.And(sp.Eq(x, 1), sp.Eq(y, 2), evaluate=False)))
    \begin{aligned}x &= 1\\ y &= 2\end{aligned}
    """
    rows = _rows(expr, names)
    return expression(expr, names) if len(rows) == 1 else aligned(rows)


def equation(left: str, right: Basic, names: Names | None = None) -> list[str]:
    r"""Rows for `aligned` that say ``left = right``, a long sum on several.

    >>> equation("y", sp.Symbol("x") + 1)
    ['y &= x + 1']
    """
    first, *rest = _lines(right, names)
    return [f"{left} &= {first}", *(rf"&\quad {line}" for line in rest)]


def aligned(rows: list[str]) -> str:
    r"""Rows, aligned at their ``&``.

    >>> print(aligned(["x &= 1", "y &= 2"]))
    \begin{aligned}x &= 1\\ y &= 2\end{aligned}
    """
    return r"\begin{aligned}" + r"\\ ".join(rows) + r"\end{aligned}"


def tighten(latex: str) -> str:
    r"""Plain parentheses for ``\left( \right)`` whose content is one line high.

    >>> print(tighten(r"\cos{\left(t \right)} + \left(\frac{a}{b} \right)"))
    \cos(t) + \left(\frac{a}{b}\right)
    """
    out = ""
    opened: list[int] = []  # where in `out` each unclosed \left begins
    position = 0
    for match in _DELIMITER.finditer(latex):
        out += latex[position : match.start()]
        position = match.end()
        if match.group() == r"\left":
            opened.append(len(out))
            out += r"\left"
        elif opened and latex.startswith(")", position):
            start = opened.pop()
            out, position = _close(out, start, latex, position + 1)
        else:
            if opened:
                opened.pop()
            out += r"\right"
    return out + latex[position:]


def _close(out: str, start: int, latex: str, position: int) -> tuple[str, int]:
    """`out` with the parenthesis opened at `start` closed, and where to read on."""
    before, inside = out[:start], out[start + len(r"\left") :].rstrip()
    if not inside.startswith("(") or _TALL.search(inside):
        return rf"{before}\left{inside}\right)", position
    braced = latex.startswith("}", position) and _OPERATOR.search(before)
    if braced and not _WITH_ARGUMENT.search(before):
        return f"{before[:-1]}{inside})", position + 1
    return f"{before}{inside})", position


def _rows(expr: Basic, names: Names | None) -> list[str]:
    if isinstance(expr, And) and len(expr.args) > 1:
        return [row for part in expr.args for row in _rows(part, names)]
    if isinstance(expr, Eq):
        return equation(expression(expr.lhs, names), expr.rhs, names)
    return [f"&{line}" for line in _lines(expr, names)]


def _lines(expr: Basic, names: Names | None) -> list[str]:
    """The expression on as few lines as its terms allow."""
    if not isinstance(expr, Add) or _width(expr) <= LINE:
        return [expression(expr, names)]
    lines: list[str] = []
    room = 0
    for term in MathPrinter()._as_ordered_terms(expr):
        text, width = expression(term, names), _width(term)
        signed = text if not lines or text.startswith("-") else f"+ {text}"
        if lines and width <= room:
            lines[-1] += f" {signed}"
            room -= width
        else:
            lines.append(signed)
            room = LINE - width
    return lines


def _width(expr: Basic) -> int:
    """Roughly how wide an expression prints; fractions are as wide as their wider part."""
    if isinstance(expr, Add):
        return sum(_width(term) + 3 for term in expr.args)
    above, below = sp.fraction(expr)
    return max(len(str(above)), len(str(below)))


def _sensible(expr: Add, terms: list[Expr]) -> list[Expr]:
    """Order the terms of a sum: a bare variable first, else a positive term first.

    A polynomial in one symbol with three terms or more keeps its order of degrees.
    """
    if len(expr.free_symbols) == 1 and len(terms) > 2 and expr.is_polynomial():
        return terms
    leads = [str(term) in _VARIABLES for term in terms]
    if not any(leads) or len(terms) > 2:
        leads = [not term.could_extract_minus_sign() for term in terms]
        if leads[0] or not any(leads):
            return terms
    first = leads.index(True)
    return [terms[first], *terms[:first], *terms[first + 1 :]]


def _exact_one(factor: Any) -> Any:
    """1 for 1.0: a factor of one is not worth printing."""
    return Integer(int(factor)) if isinstance(factor, Float) and abs(float(factor)) == 1 else factor


def _flipped(product: Mul) -> Expr:
    """The product with a sum negated where that reads better.

    ``-(a - b) c`` reads ``(b - a) c`` and ``(-a - b) c`` reads ``-(a + b) c``.
    """
    negative = bool(product.as_coeff_Mul()[0].is_negative)
    for index, factor in enumerate(product.args):
        others = (*product.args[:index], *product.args[index + 1 :])
        if not isinstance(factor, Add) or all(other.is_Number for other in others):
            continue  # SymPy would expand a number times a sum
        minus = [term.could_extract_minus_sign() for term in factor.args]
        mixed = len(minus) == 2 and any(minus) and not all(minus)
        if (negative and mixed) or (not negative and all(minus)):
            return Mul(*others, -1, -factor)
    return product


class MathPrinter(LatexPrinter):
    """SymPy's LaTeX printer with the habits of `expression`."""

    _default_settings = LatexPrinter._default_settings | {"inv_trig_style": "full"}

    def doprint(self, expr: Any) -> str:
        """LaTeX of the expression, with tight parentheses."""
        return tighten(super().doprint(expr))

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Expr]:
        terms: Any = super()._as_ordered_terms(expr, order=order)
        return _sensible(expr, [_flipped(t) if isinstance(t, Mul) else t for t in terms])

    def _print_Mul(self, expr: Any) -> str:
        factors = [_exact_one(factor) for factor in expr.args]
        changed = any(new is not old for new, old in zip(factors, expr.args, strict=True))
        better = Mul(*factors) if changed else _flipped(expr)
        return super()._print_Mul(expr) if better == expr else self._print(better)

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        names, exponent = self._settings["symbol_names"], expr.args[0]
        slash = bool(sp.fraction(exponent)[1].is_Atom)  # a / b c would be ambiguous
        printer = type(self)({"symbol_names": names, "fold_short_frac": slash})
        power = f"e^{{{printer._print(exponent)}}}"
        return power if exp is None else rf"\left({power}\right)^{{{exp}}}"

    def _print_Derivative(self, expr: Any) -> str:
        dots = {1: r"\dot", 2: r"\ddot"}
        function, counts = expr.expr, expr.variable_count
        if not isinstance(function, AppliedUndef) or len(function.args) != 1 or len(counts) != 1:
            return super()._print_Derivative(expr)
        variable, count = counts[0]
        if str(variable) != "t" or function.args[0] != variable or int(count) not in dots:
            return super()._print_Derivative(expr)
        name = self._print(Symbol(function.func.__name__))
        return rf"{dots[int(count)]}{{{name}}}\left({self._print(variable)}\right)"

    def _print_atan2(self, expr: Any, exp: str | None = None) -> str:
        y, x = (self._print(argument) for argument in expr.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\operatorname{{atan2}}{power}{{\left({y}, {x}\right)}}"

    def _print_Heaviside(self, expr: Any, exp: str | None = None) -> str:
        # SymPy prints a theta, which is the generator's parameter here.
        body = rf"H\left({self._print(expr.args[0])}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"

    def _print_And(self, e: And) -> str:
        return self._connected(e, r"\text{ and }")

    def _print_Or(self, e: sp.Or) -> str:
        return self._connected(e, r"\text{ or }")

    def _connected(self, expr: Any, word: str) -> str:
        parts = sorted(expr.args, key=sp.default_sort_key)
        return word.join(
            rf"\left({self._print(p)}\right)" if isinstance(p, (And, sp.Or)) else self._print(p)
            for p in parts
        )

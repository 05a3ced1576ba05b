r"""The printer: SymPy's, with the habits of mathematicians."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Add, And, Expr, Mul, Pow, Symbol
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from symgan.report.typesetting.conditions import connected, merged, parts_of, pushed, turned, whens
from symgan.report.typesetting.factors import as_typed, exact_one, flipped, split
from symgan.report.typesetting.names import subscript
from symgan.report.typesetting.order import factors_in_order, terms_in_order
from symgan.report.typesetting.roots import Roots, clause
from symgan.report.typesetting.tight import bars, fenced, is_tall, tighten
from symgan.report.typesetting.width import width

Names = Mapping[Symbol, str]
"""What to print for a symbol instead of its own name."""

LONG_EXPONENT = 16
"""Widths of a letter beyond which an exponent goes into ``\\exp(...)``."""

_MINUS = re.compile(
    r"(^|[({\[&=<>|]\s*|\\(?:leq|geq|neq|in|text\{[^{}]*\})\s*|, "
    r"|\\\\(?:\[3pt\])?\s*|\\begin\{\w+\})- "
)


class MathPrinter(LatexPrinter):
    """SymPy's LaTeX printer with the habits of `symgan.report.typesetting`.

    Args:
        names: symbol -> LaTeX, where a symbol prints differently from its name.
        variables: the symbols that vary, in their order; names decide where there are none.
        roots: gives names to algebraic numbers; without it each says in place what it is.
        slash: fractions with a slash, as in an exponent.
    """

    _default_settings = LatexPrinter._default_settings | {
        "inv_trig_style": "full",
        "fold_frac_powers": True,
    }

    def __init__(
        self,
        names: Names | None = None,
        variables: Sequence[Symbol] = (),
        roots: Roots | None = None,
        *,
        slash: bool = False,
    ) -> None:
        super().__init__({"symbol_names": dict(names or {})})
        self._named = dict(names or {})
        self.names, self.variables, self.roots, self.slash = names, tuple(variables), roots, slash

    def doprint(self, expr: Any) -> str:
        """LaTeX of the expression, with tight parentheses."""
        return finished(super().doprint(expr))

    def part(self, condition: Any) -> str:
        """A part of a conjunction, finished; one that is made of parts in parentheses."""
        return finished(self._part(condition))

    def _exponent(self, expr: Any) -> str:
        """An exponent, its fractions with a slash."""
        inner = type(self)(self.names, self.variables, self.roots, slash=True)
        return inner.doprint(expr)

    # Sums and products.

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Expr]:
        if not isinstance(expr, Add):
            return super()._as_ordered_terms(expr, order=order)
        turned_terms = [flipped(t) if isinstance(t, Mul) else t for t in expr.args]
        return terms_in_order(Add(*turned_terms, evaluate=False), self.variables)

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        texts = []
        for term in self._as_ordered_terms(expr, order=order):
            text = self._print(term)
            if self._needs_add_brackets(term):
                text = rf"\left({text}\right)"
            if texts:
                text = f" - {text[1:].lstrip()}" if text.startswith("-") else f" + {text}"
            texts.append(text)
        return "".join(texts)

    def _print_Mul(self, expr: Any) -> str:
        factors = [exact_one(factor) for factor in expr.args]
        changed = any(new is not old for new, old in zip(factors, expr.args, strict=True))
        better = Mul(*factors) if changed else flipped(expr)
        if not isinstance(better, Mul):
            return self._print(better)
        return super()._print_Mul(better) if as_typed(better) else self._fraction(better)

    def _fraction(self, expr: Mul) -> str:
        sign, above, below = split(expr)
        if not below:
            return sign + self._product(above)
        inner = below[0] if len(below) == 1 else Mul(*below, evaluate=False)
        if self.slash:
            bottom = self._print(inner)
            simple = len(below) == 1 and (inner.is_Atom or isinstance(inner, Pow))
            return f"{sign}{self._product(above, alone=False)}/" + (
                bottom if simple else f"({bottom})"
            )
        denominator = self._product(below)
        if len(below) == 1 and inner.is_number and self._stands_apart(above):
            coefficient = [factor for factor in above if factor.is_number]
            rest = [factor for factor in above if not factor.is_number]
            front = rf"\frac{{{self._product(coefficient)}}}{{{denominator}}}"
            return f"{sign}{front} {self._product(rest, alone=False)}"
        return rf"{sign}\frac{{{self._product(above)}}}{{{denominator}}}"

    def _stands_apart(self, above: list[Expr]) -> bool:
        """Whether a numeric fraction is set in front of what is tall or held by parentheses."""
        whole = [f.base if isinstance(f, Pow) and f.exp.is_Integer else f for f in above]
        sums = [factor for factor in whole if isinstance(factor, Add)]
        held = len(sums) == len(above) == 1 and isinstance(above[0], Add)
        if all(factor.is_number for factor in above):
            return False
        return (bool(sums) and not held) or is_tall(self._product(above))

    def _product(self, factors: list[Expr], *, alone: bool = True) -> str:
        """Factors in order; a sum that is the only one needs no parentheses."""
        if not factors:
            return "1"
        if len(factors) == 1 and alone:
            return self._print(factors[0])
        ordered = factors_in_order(factors, self.variables)
        texts = []
        for index, factor in enumerate(ordered):
            text = self._print(factor)
            last = index == len(ordered) - 1
            if self._needs_mul_brackets(factor, first=index == 0, last=last):
                text = rf"\left({text}\right)"
            if texts and texts[-1][-1].isdigit() and re.match(r"\d|\\frac\{\d", text):
                text = rf"\cdot {text}"
            texts.append(text)
        return " ".join(texts)

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.base, expr.exp
        if not (exponent.is_Rational and exponent.is_negative) or base.is_Number:
            return super()._print_Pow(expr)
        if not base.is_commutative or as_typed(expr):
            return super()._print_Pow(expr)
        return self._fraction(expr)

    def _helper_print_standard_power(self, expr: Any, template: str) -> str:
        text = super()._helper_print_standard_power(expr, "%s^{%s}")
        old = self._print(expr.exp)
        slashed = self._exponent(expr.exp)
        return text if old == slashed else text[: -len(old) - 1] + slashed + "}"

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        exponent = self._exponent(expr.args[0])
        if is_tall(exponent) or "e^{" in exponent or width(exponent) > LONG_EXPONENT:
            power = rf"\exp\left({self._print(expr.args[0])}\right)"
            return power if exp is None else rf"\exp^{{{exp}}}" + power.removeprefix(r"\exp")
        power = f"e^{{{exponent}}}"
        return power if exp is None else rf"\left({power}\right)^{{{exp}}}"

    # Symbols, functions, numbers.

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        text = super()._print_Symbol(expr, style)
        word = re.match(r"[A-Za-z]{2,}", text)  # a word is no product of letters
        if not word or expr in self._named:
            return text
        return rf"\text{{{word[0]}}}{text[word.end() :]}"

    _print_Dummy = _print_RandomSymbol = _print_Symbol

    def _deal_with_super_sub(self, string: str, style: str = "plain") -> str:
        name, supers, subs = self._split_super_sub(string.lstrip("_") or string)
        if name.endswith("star") and name != r"\star":  # mustar_1, an optimal value
            name, _, supers = self._split_super_sub(name.removesuffix("star"))[0], "", ["*"]
        name += f"^{{{' '.join(supers)}}}" if supers else ""
        return name + (f"_{subscript(*subs)}" if subs else "")

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

    def _print_Abs(self, expr: Any, exp: str | None = None) -> str:
        body = rf"\left|{self._print(expr.args[0])}\right|"
        return body if exp is None else f"{body}^{{{exp}}}"

    def _print_Enclosed(self, root: Any) -> str:
        if self.roots is not None:
            return self.roots.name(root)
        return rf"\left[{clause(root, self._print)}\right]"

    _print_ComplexRootOf = _print_CRootOf = _print_Enclosed

    # Conditions and sets.

    def _print_Relational(self, expr: Any) -> str:
        left, sign, right = turned(expr)
        return f"{self._print(left)} {sign} {self._print(right)}"

    def _print_And(self, e: And) -> str:
        parts = parts_of(e, self._part)
        return r"\text{ and }".join(parts)

    def _part(self, part: Any) -> str:
        text = self._print(part)
        return rf"\left({text}\right)" if isinstance(part, (And, sp.Or)) else text

    def _print_Or(self, e: sp.Or) -> str:
        parts = merged(sorted(e.args, key=sp.default_sort_key), any_of=True)
        return connected(parts, r"\text{ or }", self._print)

    def _print_Not(self, e: Any) -> str:
        if pushed(e) != e:
            return self._print(pushed(e))
        return rf"\text{{not }}\left({self._print(e.args[0])}\right)"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return r"\text{always}"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return r"\text{never}"

    def _print_Piecewise(self, expr: Any) -> str:
        rows = [
            f"{self._print(value)} & {when}"
            for (value, _), when in zip(
                expr.args, whens([cond for _, cond in expr.args], self._print), strict=True
            )
        ]
        return r"\begin{cases}" + r"\\ ".join(rows) + r"\end{cases}"

    def _print_tuple(self, expr: Any) -> str:
        return fenced("(", ", ".join(self._print(entry) for entry in expr), ")")

    _print_Tuple = _print_tuple

    def _print_MatrixBase(self, expr: Any) -> str:
        if expr.shape == (1, 1):
            return self._print(expr[0, 0])
        rows = [" & ".join(self._print(entry) for entry in expr.row(i)) for i in range(expr.rows)]
        gap = r"\\[3pt] " if any(map(is_tall, rows)) else r"\\ "
        return r"\begin{pmatrix}" + gap.join(rows) + r"\end{pmatrix}"

    def _print_Interval(self, i: Any) -> str:
        inside = f"{self._print(i.start)}, {self._print(i.end)}"
        return fenced("(" if i.left_open else "[", inside, ")" if i.right_open else "]")

    def _print_EmptySet(self, e: Any) -> str:
        return r"\varnothing"

    def _print_ConditionSet(self, s: Any) -> str:
        name = self._print(s.sym)
        from_ = rf"{name} \in {self._print(s.base_set)}"
        if s.base_set == sp.Interval.open(0, sp.oo):
            from_ = f"{name} > 0"
        from_ = name if s.base_set is sp.S.UniversalSet else from_
        return rf"\left\{{{from_} : {self._print(s.condition)}\right\}}"


def finished(latex: str) -> str:
    """Printed LaTeX with tight parentheses, plain bars and a sign close to what it belongs to."""
    return bars(_MINUS.sub(r"\1-", tighten(latex)))

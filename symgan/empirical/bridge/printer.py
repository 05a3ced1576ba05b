r"""SymPy expressions as torch functions: differentiable to any order, with their digits.

Expressions are first rewritten (`symgan.kernels.rewrite`), so that the code neither cancels nor
overflows where the expression as written would; then each distinct subexpression is computed
once. What torch evaluates or differentiates with a loss of digits has functions of its own
(`functions`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
import torch
from sympy import Expr, Symbol
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.pytorch import TorchPrinter
from sympy.simplify.cse_main import tree_cse
from torch import Tensor

from symgan.empirical.bridge import functions
from symgan.errors import GameError
from symgan.kernels.numpy_backend import prepared
from symgan.kernels.numpy_source import safe_names
from symgan.kernels.rewrite import sigmoid, softplus

DIGITS = 30
"""Decimal digits of a constant before it is rounded to a float."""


class GamePrinter(TorchPrinter):
    """SymPy's printer for torch, with numbers as floats and gradients that keep their digits."""

    mapping = {  # noqa: RUF012 - as SymPy's
        **TorchPrinter.mapping,
        sp.erfc: "torch.erfc",
        sigmoid: "functions.sigmoid",
        softplus: "functions.softplus",
        sp.tanh: "functions.tanh",
        expm1: "functions.expm1",
        log1p: "torch.log1p",
        sp.Min: "functions.smaller",
        sp.Max: "functions.larger",
    }

    def __init__(self, names: dict[Symbol, str]) -> None:
        super().__init__({"fully_qualified_modules": True})
        self._names = names

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, Expr) and not expr.free_symbols:
            return f"({float(sp.N(expr, DIGITS))!r})"
        return super()._print(expr, **kwargs)

    def _print_Symbol(self, expr: Any) -> str:
        return self._names[expr]

    def _print_Dummy(self, expr: Any) -> str:
        return self._names[expr]

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "True"

    def _print_Add(self, expr: Any) -> str:
        return f"({' + '.join(map(self._print, expr.args))})"

    def _print_Mul(self, expr: Any) -> str:
        above = [f for f in expr.args if not _divides(f)]
        below = [sp.Pow(f.base, -f.exp) for f in expr.args if _divides(f)]
        text = "*".join(map(self._print, above)) or "(1.0)"
        return f"({text}/({'*'.join(map(self._print, below))}))" if below else f"({text})"

    def _print_Pow(self, expr: Any) -> str:
        if _divides(expr):
            return f"(1.0/{self._print(sp.Pow(expr.base, -expr.exp))})"
        if expr.exp == sp.S.Half:
            return f"torch.sqrt({self._print(expr.base)})"
        exponent = str(int(expr.exp)) if expr.exp.is_Integer else self._print(expr.exp)
        return f"({self._print(expr.base)}**{exponent})"

    def _print_Relational(self, expr: Any) -> str:
        left, right = map(self._print, expr.args)
        return f"({left} {expr.rel_op} {right})"

    def _print_And(self, expr: Any) -> str:
        return f"({' & '.join(map(self._print, expr.args))})"

    def _print_Or(self, expr: Any) -> str:
        return f"({' | '.join(map(self._print, expr.args))})"

    def _print_Not(self, expr: Any) -> str:
        return f"functions.negation({self._print(expr.args[0])})"

    def _print_Heaviside(self, expr: Any) -> str:
        return f"functions.step({', '.join(map(self._print, expr.args))})"

    def _print_Piecewise(self, expr: Any) -> str:
        symbols = sorted(expr.free_symbols, key=sp.default_sort_key)
        names = ", ".join(self._names[s] for s in symbols)
        branches = ", ".join(
            f"({self._print(where)}, lambda {names}: {self._print(value)})"
            for value, where in expr.args
        )
        return f"functions.choose([{branches}], {names})"


def _divides(factor: Any) -> bool:
    return isinstance(factor, sp.Pow) and bool(factor.exp.is_number and factor.exp.is_negative)


@dataclass(frozen=True)
class Compiled:
    """A tuple of expressions as one function of tensors.

    Attributes:
        arguments: the symbols, one tensor or number each, in order.
        source: the code.
        function: what the code defines.
    """

    arguments: tuple[Symbol, ...]
    source: str = field(repr=False)
    function: Callable[..., tuple[Any, ...]] = field(repr=False, compare=False)

    def __call__(self, *values: Any) -> tuple[Tensor, ...]:
        """One tensor an expression, of the dtype and on the device of the arguments."""
        like = next((v for v in values if isinstance(v, Tensor)), None)
        given = [v if isinstance(v, Tensor) else _tensor(v, like) for v in values]
        return tuple(_tensor(y, like) for y in self.function(*given))


def _tensor(value: Any, like: Tensor | None) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if like is None:
        return torch.as_tensor(value, dtype=torch.float64)
    return torch.as_tensor(value, dtype=like.dtype, device=like.device)


def compiled(expressions: Iterable[Any], arguments: Sequence[Symbol]) -> Compiled:
    """Expressions as one function of tensors, common subexpressions shared.

    Args:
        expressions: scalar expressions in the arguments, or conditions made of comparisons.
        arguments: the symbols.

    Raises:
        KernelError: a function that no kernel knows, or a symbol that is no argument.

    >>> x, y = sp.symbols("x y", real=True)
    >>> both = compiled([sp.log(1 + sp.exp(x*y)), x*y], [x, y])
    >>> [float(z) for z in both(torch.tensor(2.0), torch.tensor(500.0))]
    [1000.0, 1000.0]
    """
    ready = prepared([sp.sympify(e) for e in expressions], arguments)
    source = _source(ready, arguments)
    space: dict[str, Any] = {"torch": torch, "functions": functions}
    exec(source, space)
    return Compiled(tuple(arguments), source, space["game"])


def elementwise(expression: Expr, symbol: Symbol) -> Callable[[Tensor], Tensor]:
    """A function of each entry of a tensor.

    Args:
        expression: in the symbol alone.
        symbol: what stands for the entry.

    Raises:
        GameError: other symbols in it.
        KernelError: a function that no kernel knows.

    >>> y = Symbol("y", real=True)
    >>> elementwise(-sp.log(1 + sp.exp(-y)), y)(torch.tensor([0.0, -50.0]))
    tensor([ -0.6931, -50.0000])
    """
    expression = sp.sympify(expression)
    if expression.free_symbols - {symbol}:
        raise GameError(
            f"{expression} is no function of {symbol} alone; put in values for the rest"
        )
    inner = compiled([expression], [symbol])
    return lambda values: inner(values)[0].expand(values.shape)


def _source(expressions: Sequence[Any], arguments: Sequence[Symbol]) -> str:
    """The code: choices first, each on its own, then what is used more than once, then the rest."""
    choices: dict[Any, Symbol] = {}
    bare = [_without_choices(e, choices) for e in expressions]
    shared, rest = tree_cse(bare, sp.numbered_symbols("shared_", real=True))
    made = list(choices.values()) + [name for name, _ in shared]
    names = safe_names([*arguments, *made], ("torch", "functions", "game"))
    printer = GamePrinter(names)
    lines = [f"{names[name]} = {printer.doprint(e)}" for e, name in choices.items()]
    lines += [f"{names[name]} = {printer.doprint(e)}" for name, e in shared]
    results = "".join(f"{printer.doprint(e)}, " for e in rest)
    head = f"def game({', '.join(names[s] for s in arguments)}):"
    return "\n    ".join([head, *lines, f"return ({results})"]) + "\n"


def _without_choices(node: Any, choices: dict[Any, Symbol]) -> Any:
    """The expression with a name for each outermost Piecewise.

    What stands in a branch must not be computed outside of it.
    """
    if isinstance(node, sp.Piecewise):
        return choices.setdefault(node, sp.Dummy(f"choice_{len(choices)}", real=True))
    if not node.args or not node.has(sp.Piecewise):
        return node
    return node.func(*(_without_choices(a, choices) for a in node.args))

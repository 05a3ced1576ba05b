"""Expressions as NumPy source: every value once, operands in the order of `operand_order`.

Sums and products are binary operations, so that no printer decides what is rounded when.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from sympy import Expr, Symbol
from sympy.printing.numpy import NumPyPrinter

from symgan.kernels.operand_order import OperandOrder

WIDTH = 88
"""Characters beyond which a value gets a line of its own."""
_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_BINDING = {"+": _SUM, "-": _SUM, "negative": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_COMMUTE = ("+", "*")
_PLAIN_CALL = re.compile(r"\w+\(\{\d+\}(, \{\d+\})*\)")


class _Node(NamedTuple):
    """An operation on earlier nodes: "+", "-", "*", "/", "**", "negative", "atom" or "call".

    The text is an atom's, or a call's with {0}, {1}, ... for its children.
    """

    kind: str
    text: str
    children: tuple[int, ...]


def numpy_source(
    outputs: Sequence[Expr],
    arguments: Sequence[Symbol],
    assignments: Sequence[tuple[Symbol, Expr]] = (),
    *,
    functions: Iterable[str] = (),
    name: str = "kernel",
) -> str:
    """A Python function of arrays that returns the list of the outputs.

    Args:
        outputs: expressions in the arguments and the assigned names.
        arguments: the symbols, in order; their names are made safe (`safe_names`).
        assignments: pairs (name, expression), in the order of the computation.
        functions: names that the code may call besides NumPy's.
        name: of the function.

    >>> x, y = sp.symbols("x y", real=True)
    >>> print(numpy_source([x - 2 * sp.exp(y), 3 * sp.exp(y) / x], [x, y]), end="")
    def kernel(x, y):
        t0 = exp(y)
        return [x - 2*t0, 3*t0/x]
    """
    names = safe_names(arguments, functions)
    order = OperandOrder(outputs, arguments, assignments)
    code = _Code(order, names, functions)
    for symbol, expression in assignments:
        code.assign(symbol, expression)
    return _Text(code.nodes, set(names.values()) | set(functions)).function(
        name, [names[s] for s in arguments], [code.value(e) for e in outputs]
    )


def safe_names(symbols: Sequence[Symbol], functions: Iterable[str] = ()) -> dict[Symbol, str]:
    r"""A Python name for every symbol: its own unless that means something else in the code.

    >>> list(safe_names(sp.symbols(r"x pi lambda \mu t3")).values())
    ['x', 'pi_', 'lambda_', 's_mu', 't3_']
    """
    taken = {*dir(builtins), *keyword.kwlist, *vars(np), *functions}
    found: dict[Symbol, str] = {}
    for symbol in symbols:
        text = re.sub(r"\W", "_", symbol.name, flags=re.ASCII)
        if not text[:1].isalpha() or text[:2] == text[-2:] == "__":
            text = f"s{text}"
        while text in taken or re.fullmatch(r"t\d+", text):
            text += "_"
        taken.add(text)
        found[symbol] = text
    return found


class _Code:
    """Expressions as binary operations, each once."""

    def __init__(
        self, order: OperandOrder, names: Mapping[Symbol, str], functions: Iterable[str]
    ) -> None:
        self.nodes: list[_Node] = []
        self._order = order
        self._numbers: dict[_Node, int] = {}
        self._values: dict[Any, int] = {s: self._node("atom", t) for s, t in names.items()}
        settings = {"fully_qualified_modules": False, "allow_unknown_functions": True}
        known = {f: f for f in functions} | {"Heaviside": "heaviside"}  # SymPy's gives 1 at NaN
        self._printer = NumPyPrinter({**settings, "user_functions": known})

    def assign(self, symbol: Symbol, expression: Expr) -> None:
        """Let a symbol stand for an expression."""
        self._values[symbol] = self.value(expression)

    def value(self, expression: Any) -> int:
        """The node of an expression."""
        if expression not in self._values:
            self._values[expression] = self._made(expression)
        return self._values[expression]

    def _made(self, e: Any) -> int:
        if isinstance(e, Expr) and not self._order.depends(e):
            return self._number(e)
        if isinstance(e, sp.Add):
            return self._folded("+", self._order.tree(e.args))
        if isinstance(e, sp.Mul):
            return self._product(e)
        if isinstance(e, sp.Pow):
            return self._power(e)
        if isinstance(e, sp.Max | sp.Min):
            return self._folded("maximum" if isinstance(e, sp.Max) else "minimum", e.args)
        if isinstance(e, sp.And | sp.Or):  # SymPy's own takes no scalar beside an array
            return self._folded("logical_and" if isinstance(e, sp.And) else "logical_or", e.args)
        return self._call(e)

    def _node(self, kind: str, text: str = "", *children: int) -> int:
        key = _Node(kind, text, tuple(sorted(children)) if kind in _COMMUTE else children)
        if key not in self._numbers:
            self._numbers[key] = len(self.nodes)
            self.nodes.append(_Node(kind, text, children))
        return self._numbers[key]

    def _number(self, e: Expr) -> int:
        if e.is_Integer and abs(int(e)) < 2**53:
            return self._signed(int(e), str(abs(int(e))))
        value = float(sp.N(e, 30))
        return self._signed(value, repr(abs(value)))

    def _signed(self, value: float, text: str) -> int:
        atom = self._node("atom", text)
        return self._node("negative", "", atom) if value < 0 else atom

    def _folded(self, kind: str, operands: Sequence[Any]) -> int:
        """Operands folded from the left, each tuple among them first."""
        first, *rest = (self._folded(kind, o) if isinstance(o, tuple) else o for o in operands)
        found = first if isinstance(first, int) else self.value(first)
        for operand in rest:
            next_ = operand if isinstance(operand, int) else self.value(operand)
            found = self._joined(kind, found, next_)
        return found

    def _joined(self, kind: str, left: int, right: int) -> int:
        """A sum or a product; a sign is exact, and so is moving it."""
        signs = [self.nodes[n].kind == "negative" for n in (left, right)]
        bare = [self._negated(n) if s else n for n, s in zip((left, right), signs, strict=True)]
        if kind in ("maximum", "minimum", "logical_and", "logical_or"):
            return self._node("call", f"{kind}({{0}}, {{1}})", left, right)
        if kind in ("*", "/"):
            made = self._node(kind, "", *bare)
            return self._negated(made) if signs[0] != signs[1] else made
        if signs == [False, True]:
            return self._node("-", "", bare[0], bare[1])
        if signs == [True, False]:
            return self._node("-", "", bare[1], bare[0])
        made = self._node("+", "", *bare)
        return self._negated(made) if all(signs) else made

    def _product(self, e: Expr) -> int:
        """Numbers and constants of a trajectory first, then the rest, each over its divisors."""
        scale: Any = sp.Mul(*(f for f in e.args if not self._order.depends(f)))
        rest = [f for f in e.args if self._order.depends(f)]
        found = None if scale == 1 or scale == -1 else self._number(abs(scale))
        under: list[Any] = []  # constants that divide alone wait for the rest
        for varying in (False, True):
            part = [f for f in rest if self._order.varies(f) == varying]
            above = [f for f in part if not _divides(f)]
            under += [sp.Pow(f.base, -f.exp) for f in part if _divides(f)]
            if above:
                made = self._folded("*", self._order.tree(above))
                found = made if found is None else self._joined("*", found, made)
            if under and (varying or found is not None):
                found = self._node("atom", "1") if found is None else found
                found = self._joined("/", found, self._folded("*", self._order.tree(under)))
                under = []
        whole = self._number(scale) if found is None else found
        return self._negated(whole) if found is not None and scale < 0 else whole

    def _negated(self, node: int) -> int:
        if self.nodes[node].kind == "negative":
            return self.nodes[node].children[0]
        return self._node("negative", "", node)

    def _power(self, e: Any) -> int:
        if _divides(e):
            below = self.value(sp.Pow(e.base, -e.exp))
            return self._joined("/", self._node("atom", "1"), below)
        if e.exp == sp.S.Half:
            return self._node("call", "sqrt({0})", self.value(e.base))
        return self._node("**", "", self.value(e.base), self.value(e.exp))

    def _call(self, e: Any) -> int:
        """A function, a condition or a choice, as SymPy prints it."""
        choice = isinstance(e, sp.Piecewise)
        args = [a for pair in e.args for a in pair.args] if choice else list(e.args)
        held = [a for a in args if a not in (sp.true, sp.false)]
        places = [Symbol(f"place{i}x", real=True) for i in range(len(held))]
        left = iter(places)
        put: list[Any] = [next(left) if a not in (sp.true, sp.false) else a for a in args]
        if choice:
            shape: Any = sp.Piecewise(*zip(put[::2], put[1::2], strict=True), evaluate=False)
        else:
            shape = e.func(*put)
        text = str(self._printer.doprint(shape)).replace("{", "{{").replace("}", "}}")
        for i, place in enumerate(places):
            text = text.replace(place.name, f"{{{i}}}")
        return self._node("call", text, *map(self.value, held))


class _Text:
    """The lines of a function: each value as late as its first use allows.

    A value that is made late does not wait in the cache.
    """

    def __init__(self, nodes: Sequence[_Node], taken: set[str]) -> None:
        self._nodes = nodes
        self._uses: Counter[int] = Counter()
        self._lines: list[str] = []
        self._texts: dict[int, tuple[str, int]] = {}
        self._names = (t for i in count() if (t := f"t{i}") not in taken)

    def function(self, name: str, arguments: Sequence[str], outputs: Sequence[int]) -> str:
        """The whole function."""
        self._count(outputs)
        last = ", ".join(self._text(node)[0] for node in outputs)
        head = f"def {name}({', '.join(arguments)}):"
        lines = [head, *(f"    {line}" for line in self._lines), f"    return [{last}]"]
        return "\n".join(lines) + "\n"

    def _count(self, outputs: Sequence[int]) -> None:
        self._uses.update(outputs)
        reached = {*outputs}
        for number in range(len(self._nodes) - 1, -1, -1):
            if number in reached:
                self._uses.update(self._nodes[number].children)
                reached |= {*self._nodes[number].children}

    def _text(self, node: int) -> tuple[str, int]:
        """What stands for a node where it is used, and how tightly it binds."""
        waiting = [node]
        while waiting:
            top = waiting[-1]
            missing = [c for c in self._nodes[top].children if c not in self._texts]
            if top in self._texts:
                waiting.pop()
            elif missing:
                waiting.append(missing[0])
            else:
                self._texts[waiting.pop()] = self._placed(top)
        return self._texts[node]

    def _placed(self, node: int) -> tuple[str, int]:
        text, binding = self._written(self._nodes[node])
        simple = self._nodes[node].kind == "atom" or not self._nodes[node].children
        if simple or (self._uses[node] == 1 and len(text) <= WIDTH):
            return text, binding
        name = next(self._names)
        self._lines.append(f"{name} = {text}")
        return name, _ATOM

    def _written(self, node: _Node) -> tuple[str, int]:
        if node.kind == "atom":
            return node.text, _ATOM
        if node.kind == "call":
            least = _SUM if _PLAIN_CALL.fullmatch(node.text) else _ATOM
            return node.text.format(*(self._inside(c, least) for c in node.children)), _ATOM
        binding = _BINDING[node.kind]
        if node.kind == "negative":
            return f"-{self._inside(node.children[0], _PRODUCT)}", binding
        left, right = node.children
        if node.kind == "**":
            return f"{self._inside(left, _ATOM)}**{self._inside(right, _ATOM)}", binding
        space = " " if binding == _SUM else ""
        ahead, behind = self._inside(left, binding), self._inside(right, binding + 1)
        return f"{ahead}{space}{node.kind}{space}{behind}", binding

    def _inside(self, node: int, least: int) -> str:
        text, binding = self._texts[node]
        return text if binding >= least else f"({text})"


def _divides(factor: Any) -> bool:
    return isinstance(factor, sp.Pow) and bool(factor.exp.is_number and factor.exp.is_negative)

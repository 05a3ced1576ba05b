"""NumPy code: names that mean something else, and expressions as they are read."""

from __future__ import annotations

import builtins
import keyword

import numpy as np
import pytest
import sympy as sp
from sympy import Symbol

from symgan.kernels import compile
from symgan.kernels.numpy_backend import NAMES
from symgan.kernels.numpy_source import numpy_source, safe_names
from symgan.program import Program
from symgan.system import Map

x, y = sp.symbols("x y", real=True)
TAKEN = sorted({*vars(np), *NAMES, *dir(builtins), *keyword.kwlist, "t0", "kernel", "place0x"})


def everything(s: Symbol) -> sp.Expr:
    """An expression whose code calls much of what a name could hide."""
    chosen = sp.Piecewise((sp.exp(s), s < 1), (sp.erf(s) + sp.erfc(s / 3), True))
    logistic = sp.log(1 + sp.exp(s)) + 1 / (1 + sp.exp(-s))
    return chosen + logistic + sp.Max(s, 2) * sp.sqrt(1 + s**2) + sp.pi * sp.sin(s) + sp.Abs(s)


@pytest.mark.parametrize(
    "name",
    [*NAMES, "pi", "exp", "e", "inf", "nan", "maximum", "sqrt", "where", "less", "abs", "sin",
     "array", "True_", "lambda", "None", "t0", "kernel", "x0", r"\mu", "a b", "1st", "π"],
)  # fmt: skip
def test_a_symbol_may_have_any_name(name: str) -> None:
    odd = Symbol(name, real=True)
    states = np.array([[0.3, 0.7], [1.5, -2.0], [-40.0, 3.0]])
    for make in (lambda s: Map((s, x), (everything(s) * x, s + x)),
                 lambda s: Program((s, x), (y * x, s + x), ((y, everything(s)),))):  # fmt: skip
        plain, strange = (compile(make(s), backend="numpy") for s in (Symbol("s", real=True), odd))
        assert np.array_equal(plain.step(states), strange.step(states))


def test_every_name_of_numpy_and_python_is_safe() -> None:
    symbols = [Symbol(name) for name in TAKEN]
    names = safe_names(symbols, NAMES)
    assert len(set(names.values())) == len(symbols) > 500
    assert not set(names.values()) & {*vars(np), *NAMES, *keyword.kwlist}
    values = np.arange(len(symbols), dtype=float)
    whole = sp.Add(*symbols) + 4096 * everything(x)
    found = compile(whole, arguments=[*symbols, x], backend="numpy")
    given = dict(zip(symbols, values, strict=True))
    alone = compile(everything(x), arguments=[x], backend="numpy")({x: 0.5})
    assert abs(found({**given, x: 0.5}) - (values.sum() + 4096 * alone)) < 1e-8  # of 1e5, 700 terms
    assert abs(found({**given, x: 0.6}) - (values.sum() + 4096 * alone)) > 1


def test_names_of_lines_and_arguments_do_not_meet() -> None:
    clash = sp.symbols("x0 x1 t0 t1", real=True)
    shared = [sp.sin(s + clash[0]) + sp.exp(s + clash[0]) for s in clash[1:]]
    got = compile(shared, arguments=clash, backend="numpy")(
        dict(zip(clash, (0.1, 0.2, 0.3, 0.4), strict=True))
    )
    assert got.tolist() == [np.sin(v + 0.1) + np.exp(v + 0.1) for v in (0.2, 0.3, 0.4)]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (x - y, "x - y"),
        (-x - y, "-(y + x)"),
        (-x * y, "-y*x"),
        (x / y, "x/y"),
        (2 / (3 * y), "0.6666666666666666/y"),
        (3 * x**2 * y**-3, "3/y**3*x**2"),
        ((x + y) ** 2, "(y + x)**2"),
        (sp.sqrt(x) / 4, "0.25*sqrt(x)"),
        (x ** (y + 1), "x**(1 + y)"),
        (x - (y - 1) * 2, "2 - 2*y + x"),
        (sp.Integer(-7), "-7"),
        (sp.Rational(1, 3), "0.3333333333333333"),
        (sp.pi / sp.sqrt(2), repr(float((sp.pi / sp.sqrt(2)).evalf(30)))),
        (sp.exp(-x), "exp(-x)"),
        (sp.Max(x, y, 1), "maximum(maximum(1, x), y)"),
        (sp.Mod(x - 1, y + 2), "mod(x - 1, 2 + y)"),
    ],
)
def test_source_reads_like_the_formula(expression: sp.Expr, code: str) -> None:
    source = numpy_source([expression], [x, y], functions=NAMES)
    assert f"    return [{code}]\n" in source
    assert eval(code, vars(np) | {"x": 1.5, "y": 0.75}) == pytest.approx(
        float(expression.subs({x: 1.5, y: 0.75})), rel=1e-14
    )
    assert source.startswith("def kernel(x, y):\n")


def test_shared_values_have_one_line_and_long_sums_several() -> None:
    source = numpy_source([sp.exp(x) + y, sp.exp(x) * y], [x, y])
    assert source.count("exp(x)") == 1
    symbols = sp.symbols("c:300")
    source = numpy_source([sp.Add(*symbols)], symbols)
    assert max(map(len, source.splitlines()[1:])) < 120
    found = compile(sp.Add(*symbols), arguments=symbols, backend="numpy")
    assert found(dict.fromkeys(symbols, 1.0)) == 300


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_a_step_function_of_nan_is_nan(backend: str) -> None:
    steps = (sp.Heaviside(x), sp.Heaviside(x, 0), sp.sign(x), sp.Abs(x))
    kernel = compile(steps, arguments=(x,), backend=backend)
    found = kernel({"x": np.array([np.nan, -2.0, 0.0, 3.0])})
    assert np.isnan(found[0]).all()
    assert found[1:].tolist() == [[0, 0, -1, 2], [0.5, 0, 0, 0], [1, 1, 1, 3]]

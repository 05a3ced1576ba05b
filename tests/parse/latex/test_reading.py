"""What constructs mean, each with a neighbor that means something else."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Symbol

from symgan.losses import GenericLoss
from symgan.parse.latex import Vocabulary, formula, let, statement, vocabulary

WORDS: Vocabulary = let(
    "a, b, c, x, y, t, theta, theta_k, psi, q real", r"\dot\theta, \mathcal A, \theta^*, x' real",
    "eta, T > 0", "n positive integer", "f, g function", "A 2x2 matrix", "v 2-vector",
    "I 2x2 identity", "K = (a - b)/T",
)  # fmt: skip
NAMES = WORDS.names
a, b, c, x, y, t = (NAMES[name] for name in "abcxyt")
theta, theta_k, psi, eta, T, n = (NAMES[k] for k in ("theta", "theta_k", "psi", "eta", "T", "n"))
f, g = (WORDS.functions[name] for name in "fg")
half = sp.Rational(1, 2)


def read(text: str) -> sp.Basic:
    return formula(text, WORDS)


@pytest.mark.parametrize(
    ("text", "value", "other"),
    [
        (r"\frac12 x", x / 2, r"\frac1{2x}"),
        (r"\frac{x}{2y}", x / (2 * y), r"\frac{x}{2}y"),
        (r"\tfrac{1}{2}", half, r"\tfrac{2}{1}"),
        ("x/2", x / 2, "2/x"),
        ("ab/c", a * b / c, "a/(bc)"),
        ("-x^2", -(x**2), "(-x)^2"),
        ("2x^2y", 2 * x**2 * y, "(2x)^2y"),
        ("x^{a+b}", x ** (a + b), "x^a+b"),
        (r"\sqrt[3]{T}", sp.root(T, 3), r"\sqrt{T}"),
        (r"\sqrt[3]{-8}", sp.Integer(-2), r"\sqrt[3]{8}"),
        (r"\sqrt[3]{-T}", -sp.root(T, 3), r"\sqrt[3]{T}"),
        (r"\sqrt[3]{x}", sp.sign(x) * sp.root(sp.Abs(x), 3), "x"),
        (r"\sqrt2x", sp.sqrt(2) * x, r"\sqrt{2x}"),
        (r"\dot\theta", NAMES["thetadot"], r"\theta"),
        (r"\dot{\theta}", NAMES["thetadot"], r"\theta_k"),
        (r"\mathcal{A}", NAMES["Acal"], "a"),
        (r"\theta_{k}", theta_k, r"\theta"),
        (r"\theta^*", NAMES["theta^*"], r"\theta^2"),
        (r"x'", NAMES["xprime"], "x"),
        ("K", (a - b) / T, "(b - a)/T"),
        (r"a\left(b + c\right)", a * (b + c), "ab + c"),
        (r"\bigl[ (a + b) c \bigr]", (a + b) * c, "a + bc"),
        (r"\sin^2 x", sp.sin(x) ** 2, r"\sin(x^2)"),
        (r"\sin 2x", sp.sin(2 * x), r"2\sin x"),
        (r"\sin(x)y", sp.sin(x) * y, r"\sin(xy)"),
        (r"\sin{\left(x \right)}", sp.sin(x), r"\cos x"),
        (r"\sin x \cos y", sp.sin(x) * sp.cos(y), r"\sin(x\cos(y))"),
        (r"\log(x)^2", sp.log(x) ** 2, r"\log(x^2)"),
        (r"\log_2 T", sp.log(T) / sp.log(2), r"\log T"),
        (r"\ln T", sp.log(T), r"\exp T"),
        (r"e^{-t/T}", sp.exp(-t / T), r"e^{t/T}"),
        (r"\exp(\pi)", sp.exp(sp.pi), r"e\pi"),
        (r"\operatorname{sign} x", sp.sign(x), "x"),
        (r"\mathrm{erf}(x)", sp.erf(x), r"\tanh(x)"),
        (r"\operatorname{atan2}(y, x)", sp.atan2(y, x), r"\arctan\frac{y}{x}"),
        (r"\max(a, b)", sp.Max(a, b), r"\min(a, b)"),
        (r"\max\{a, b, 0\}", sp.Max(a, b, 0), r"\max(a, b)"),
        ("|x|", abs(x), "x"),
        ("|a||b| - |c|", abs(a) * abs(b) - abs(c), "|a||b - |c||"),
        ("|a - |b||", abs(a - abs(b)), "|a| - |b|"),
        ("2|-x|", 2 * abs(x), "2x"),
        (r"\|v\|^2", NAMES["v_1"] ** 2 + NAMES["v_2"] ** 2, "v_1^2"),
        ("f(x)^2", f(x) ** 2, "f(x^2)"),
        ("f'(x)", f(x).diff(x), "f(x)"),
        ("f^{(3)}(x)", f(x).diff(x, 3), "f'(x)"),
        (r"\frac{d}{dt} \sin(tx)", sp.Derivative(sp.sin(t * x), t), r"\frac{d}{dx} \sin(tx)"),
        (r"\frac{d f(x)}{dx}", sp.Derivative(f(x), x), "f(x)"),
        (r"\frac{d^2}{dx^2} x^3", sp.Derivative(x**3, (x, 2)), r"\frac{d}{dx} x^3"),
        (r"\frac{\partial^2}{\partial x \partial y} (x^2y)", sp.Derivative(x**2 * y, x, y), "2x"),
        (r"\frac{d^2 K}{dT^2}", sp.Derivative((a - b) / T, (T, 2)), "K"),
        (r"\left. f(x) \right|_{x = 0}", f(0), "f(x)"),
        (r"\int_0^t e^{-a\tau}\,d\tau",
         sp.Integral(sp.exp(-a * Symbol("tau", real=True)), (Symbol("tau", real=True), 0, t)),
         r"\int_0^t e^{-a\tau} \tau\,d\tau"),
        (r"\int_1^2 \frac{dx}{x}", sp.Integral(1 / x, (x, 1, 2)), r"\int_1^2 x\,dx"),
        (r"\int_0^\infty x + y\,dx", sp.Integral(x + y, (x, 0, sp.oo)), r"\int_0^1 x + y\,dx"),
        (r"\sum_{k=1}^{n} k^2",
         sp.Sum(Symbol("k", integer=True) ** 2, (Symbol("k", integer=True), 1, n)),
         r"\sum_{k=0}^{n-1} k^2"),
        (r"\sum_{k=1}^3 x^k", x + x**2 + x**3, r"\prod_{k=1}^3 x^k"),
        (r"\lim_{T \to \infty} K", sp.Limit((a - b) / T, T, sp.oo, "-"), "K"),
        (r"\lim_{x \to 0^+} \frac1x", sp.Limit(1 / x, x, 0, "+"), r"\lim_{x \to 0} \frac1x"),
        (r"\begin{cases} x & \text{if } x > 0, \\ 0 & \text{otherwise} \end{cases}",
         sp.Piecewise((x, x > 0), (0, True)), "x"),
        (r"\begin{pmatrix} 1 & x \\ 0 & 1 \end{pmatrix}",
         sp.ImmutableMatrix([[1, x], [0, 1]]), "I"),
        (r"A^\top", NAMES["A"].T, "A"),
        (r"v^T A v", (NAMES["v"].T * NAMES["A"] * NAMES["v"])[0, 0], r"v^T A^T v + 1"),
        (r"A^{-1} A",
         sp.ImmutableMatrix(NAMES["A"].adjugate() / NAMES["A"].det() * NAMES["A"]), "A"),
        (r"\det A", NAMES["A"].det(), r"\operatorname{tr} A"),
        (r"\begin{vmatrix} a & b \\ b & a \end{vmatrix}", a**2 - b**2, "a^2 + b^2"),
        (r"0.25", sp.Rational(1, 4), "25"),
        ("10{,}000", sp.Integer(10000), "10"),
        (r"\[ x \]", x, "y"),
    ],
)  # fmt: skip
def test_expressions(text: str, value: sp.Basic, other: str) -> None:
    assert read(text) == value
    assert read(other) != value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x = y", sp.Eq(x, y, evaluate=False)),
        ("x = x", sp.Eq(x, x, evaluate=False)),  # stays a question
        ("1 < 2", sp.StrictLessThan(1, 2, evaluate=False)),
        (r"a < b \le c", sp.And(sp.Lt(a, b), sp.Le(b, c), evaluate=False)),
        (r"a \geq b", sp.Ge(a, b)),
        (r"a \ne b", sp.Ne(a, b)),
        ("x = 1, y = 2", sp.And(sp.Eq(x, 1), sp.Eq(y, 2), evaluate=False)),
        (r"x = 1 \text{ and } y = 2", sp.And(sp.Eq(x, 1), sp.Eq(y, 2), evaluate=False)),
        (r"x > 0 \wedge y > 0", sp.And(x > 0, y > 0, evaluate=False)),
        (r"x > 0 \vee y > 0", sp.Or(x > 0, y > 0, evaluate=False)),
        (r"\neg(x > 0)", sp.Not(x > 0, evaluate=False)),
        (r"x > 0 \Rightarrow y > 0", sp.Implies(x > 0, y > 0, evaluate=False)),
        (r"x > 0 \Leftarrow y > 0", sp.Implies(y > 0, x > 0, evaluate=False)),
        (r"x > 0 \iff y > 0", sp.Equivalent(x > 0, y > 0, evaluate=False)),
        (r"y > 0 \text{ if } x > 0", sp.Implies(x > 0, y > 0, evaluate=False)),
        (r"x \in (0, 2]", sp.And(sp.Lt(0, x, evaluate=False), sp.Le(x, 2), evaluate=False)),
        (r"x \in [0, \infty)", sp.Le(0, x, evaluate=False)),
        (r"x \in \{1, 2\}", sp.Or(sp.Eq(x, 1), sp.Eq(x, 2), evaluate=False)),
        ("(x, y) = (1, 2)", sp.And(sp.Eq(x, 1), sp.Eq(y, 2), evaluate=False)),
        (r"v = \begin{pmatrix} 0 \\ 1 \end{pmatrix}",
         sp.And(sp.Eq(NAMES["v_1"], 0), sp.Eq(NAMES["v_2"], 1), evaluate=False)),
        (r"\begin{aligned} x &= 1 \\ &< y \\ a &= b \end{aligned}",
         sp.And(sp.Eq(x, 1), sp.Lt(1, y, evaluate=False), sp.Eq(a, b), evaluate=False)),
        (r"\begin{aligned} x &= a \\ &\quad + b \end{aligned}", sp.Eq(x, a + b)),
    ],
)  # fmt: skip
def test_statements(text: str, value: sp.Basic) -> None:
    assert statement(text, WORDS) == value


def test_values_and_functions_of_a_paper() -> None:
    start, loss = sp.symbols("alpha_0 L_theta", real=True)
    words = vocabulary(
        x,
        names={r"\alpha(0)": start, r"\nabla_\theta L": loss, r"\operatorname{tr} J": y},
        functions={"f": lambda z: GenericLoss(z), r"\varphi": lambda z: sp.exp(-z)},
    )
    assert formula(r"x \alpha(0) + \nabla_{\theta} L", words) == x * start + loss
    assert formula(r"(\operatorname{tr} J)^2", words) == y**2
    assert formula("f''(0) - f'(x)", words) == GenericLoss(0, 2) - GenericLoss(x, 1)
    assert formula(r"\varphi(x)\varphi'(x)", words) == -sp.exp(-2 * x)


def test_words_that_are_declared_are_names() -> None:
    weight, change = sp.symbols("weight change", real=True)
    words = vocabulary(weight, change, x)
    assert formula(r"change < weight x^2", words) == sp.Lt(change, weight * x**2)


def test_a_function_of_time_has_a_dot() -> None:
    words = let("t real", "w function of t")
    found = formula(r"\dot w = w(t) - w", words)
    assert found == sp.Eq(words.names["w"].diff(words.names["t"]), 0, evaluate=False)

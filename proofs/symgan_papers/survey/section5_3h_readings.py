r"""Section 5.3.1: further readings: a fixed step, several features, a wide layer, the start."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    Moments,
    P,
    eta_g,
    eta_t,
    expected_increment,
    gaussian,
    leading,
    mean,
    mean_game,
    n,
    q,
    r,
    strict_flow,
    tau,
    tau_g,
    z,
)
from symgan_papers.survey.model_section5_3 import (
    LONG_POINTS,
    NAMES,
    RATES,
    Place,
    difference_matrix,
    dot,
    measured,
    nodes,
    plain_strict,
)
from symgan_papers.survey.section5_3d_rate import (
    places,
    variance_by_moments,
    variance_by_quadrature,
)

LARGE = 10**45
"""An n at which what is of order 1/n is below the digits that are compared."""


@claim(
    "survey.whl.limit.fixed-step",
    source="section 5.3.1, the conclusion with n -> infinity and 'converges to the initial state'",
    says="at each fixed step k the state tends to the initial state as n -> infinity: the "
    "expected change of every entry of M in a step tends to 0, from any state (d = 1)",
    formal=r"L_P = 0 \wedge L_q = 0 \wedge L_r = 0 \wedge L_S = 0 \wedge L_z = 0",
    expect=Verdict.PROVED,
)
def fixed_step() -> Examination:
    names = sp.symbols([f"L_{name}" for name in NAMES], real=True)
    changes = expected_increment().values()
    exact = {s: sp.limit(change, n, sp.oo) for s, change in zip(names, changes, strict=True)}

    def measure(name: str) -> Any:
        def of(p: Place) -> Any:
            value = measured(name, p) / LARGE
            return mpmath.mpf(0) if abs(value) < mpmath.mpf(10) ** -40 else value

        return of

    measures = {s: measure(name) for s, name in zip(names, NAMES, strict=True)}
    return Examination(
        sp.And(*(eq(s, 0) for s in names)),
        exact,
        by_numbers(measures, points=LONG_POINTS, kind="enumerated:mpmath"),
        steps=(
            Step("the variance of a step is of order 1/n^2: survey.whl.deterministic"),
            Step("k such steps, k fixed, add to 0 as well; k = tn steps do not: "
                 "survey.whl.limit.plugged-in"),
        ),
    )  # fmt: skip


@claim(
    "survey.settled.whl.blank-start",
    source="ours",
    says="from the usual random start, for which M_0* = I (survey.whl.assumption), the printed "
    "M_k -> M(0) does hold for all k <= nT: P = q = r = 0 is a rest point of the strict limit. "
    "Training leaves it, for kappa < Lambda, after a time of order log n (in words: q starts at "
    "the order n^(-1/2) and grows at the rate tau (Lambda - kappa), survey.whl.small-noise)",
    formal=r"F_P = 0 \wedge F_q = 0 \wedge F_r = 0",
    expect=Verdict.PROVED,
)
def blank_start() -> Examination:
    names = sp.symbols("F_P F_q F_r", real=True)
    blank = {P: 0, q: 0, r: 0}
    exact = {s: f.subs(blank) for s, f in zip(names, strict_flow().rhs, strict=True)}

    def measure(place: int) -> Any:
        return lambda p: plain_strict(p, [mpmath.mpf(0)] * 3)[place]

    measures = {s: measure(i) for i, s in enumerate(names)}
    return Examination(
        sp.And(*(eq(s, 0) for s in names)),
        exact,
        by_numbers(measures, points=RATES, kind="evaluated:mpmath"),
    )


@claim(
    "survey.whl.begs.deterministic",
    source="section 5.3.1: the assumption actually begs the question, second reading",
    says="that M_k is deterministic is already in the assumption on M_0: N is the variance of q "
    "after one step from a start that is not random, at a rate tau that is not divided by n",
    formal=r"N = 0",
    expect=Verdict.REFUTED,
    amended=r"N = \tau^2 ((\Lambda + \eta_T) (\Lambda q^2 + \eta_T z) + (\Lambda + \eta_T)^2 q^2 "
    r"+ (\Lambda_G P^2 + \eta_G) (\Lambda_G r^2 + \eta_G z) + (\Lambda_G P r + \eta_G q)^2)",
    repair="add what carries the assumption to later steps and is not printed: the rates are "
    "tau/n and tau_G/n, so that nT steps add a variance of order 1/n (survey.whl.deterministic)",
)
def begs_deterministic() -> Examination:
    variance = Symbol("N", real=True)
    exact = {variance: sp.expand(tau**2 * variance_by_moments())}
    real = (Lambda + eta_t) * (Lambda * q**2 + eta_t * z) + (Lambda + eta_t) ** 2 * q**2
    fake = (Lambda_G * P**2 + eta_g) * (Lambda_G * r**2 + eta_g * z)
    fake += (Lambda_G * P * r + eta_g * q) ** 2

    def measure(p: Place) -> Any:
        return p["tau"] ** 2 * variance_by_quadrature(p)

    return Examination(
        eq(variance, 0),
        exact,
        by_numbers({variance: measure}, points=places(), kind="enumerated:mpmath"),
        amendment=eq(variance, tau**2 * (real + fake)),
        steps=(Step("no n in it: the same for every dimension, Gaussian codes"),),
    )


@claim(
    "survey.whl.infinitely-wide",
    source="section 5.3.1, infinitely-wide linear generator and discriminator",
    says="wide as the size of the layer: V and w have n weights a column, without bound as "
    "n -> infinity (d = 1: N in all)",
    formal=r"N = 2 n",
    expect=Verdict.PROVED,
)
def wide_layer() -> Examination:
    weights, sizes = Symbol("N", real=True), (1, 2, 3, 4)
    counted = [(size, len(mean_game(size).state)) for size in sizes]
    exact = {weights: sp.interpolate(counted, n)}

    def measure(p: Place) -> Any:
        """How many coordinates the expected loss depends on."""
        size = int(p["n"])
        start = [mpmath.mpf(1) / (i + 3) for i in range(2 * size)]

        def loss(x: list[Any]) -> Any:
            V, w = x[:size], x[size:]
            return (2 * w[0] ** 2 - 3 * dot(V, w) ** 2 - dot(w, w) + dot(V, V)) / 2

        moved = ([x + (i == j) for i, x in enumerate(start)] for j in range(2 * size))
        return mpmath.mpf(sum(loss(x) != loss(start) for x in moved))

    return Examination(
        eq(weights, 2 * n),
        exact,
        by_numbers({weights: measure}, points=({n: 5}, {n: 7}), kind="counted:mpmath"),
    )


strength, strength_1 = sp.symbols("Lambda_2 Lambda_1", positive=True)
first, second = sp.symbols("P_1 P_2", real=True)


@claim(
    "survey.whl.small-noise.features",
    source="section 5.3.1: if the noise is too small, mode collapse, two features",
    says="however small the noise, with two features (d = 2): training stays where both columns "
    "of the generator share in feature 1 alone, with overlaps P_1 and P_2 (row 2 of P is zero, "
    "q = r = 0): mu is the growth rate of q_2 there, by which the discriminator finds feature 2",
    formal=r"\mu \le 0",
    expect=Verdict.REFUTED,
    amended=r"\mu = \tau \Lambda_2 - \frac{\tau^2 (\eta_T^2 + \eta_G^2)}{2}",
    repair="noise above the strength of a feature, tau (eta_T^2 + eta_G^2)/2 > Lambda_2, hides it "
    "from the discriminator: there it is 'too big' noise that leaves it missed. Without noise "
    "another state can trap, that of survey.whl.small-noise.together",
)
def small_noise_features() -> Examination:
    growth = Symbol("mu", real=True)
    squares = eta_t**2 + eta_g**2
    some = {strength_1: 2, first: Rational(3, 5), second: Rational(-4, 5)}
    points = (
        {**RATES[0], **some, strength: Rational(1, 2)},
        {**RATES[1], **some, strength: 3},
    )
    return Examination(
        growth <= 0,
        {growth: _growth()},
        by_numbers({growth: _enumerated_growth}, points=points, kind="enumerated:mpmath"),
        given=tau * squares / 2 < strength,
        amendment=eq(growth, tau * strength - tau**2 * squares / 2),
        amendment_given=sp.true,
        steps=(
            Step("q_2 = 0 stays so while row 2 of P is zero: mu is an eigenvalue"),
            Step("strict regularization; P_1, P_2 and the first feature do not enter"),
        ),
    )


def _growth() -> Any:
    """The growth rate of q_2 from the recursion, in coordinates e_1 ... e_5 and beyond."""
    a, b = (sp.symbols(f"{name}_1:6", real=True) for name in ("a", "b"))
    codes = c1, c2, g1, g2 = sp.symbols("c_1 c_2 g_1 g_2", real=True)
    rest, own, across = sp.symbols("rest q_2 across", real=True)
    height, other = sp.symbols("v_1 v_2", real=True)
    U = Matrix([[1, 0], [0, 1], [0, 0], [0, 0], [0, 0]])
    V = Matrix([[first, second], [0, 0], [height, 0], [0, other], [0, 0]])
    w = Matrix([0, own, 0, 0, across])  # q_1 = r_1 = r_2 = 0
    y = U * Matrix([c1, c2]) + sp.sqrt(eta_t) * Matrix(a)
    fake = V * Matrix([g1, g2]) + sp.sqrt(eta_g) * Matrix(b)
    score, score_g = y.dot(w), fake.dot(w)
    dw = tau / n * (score * y - score_g * fake)
    beyond = (tau / n) ** 2 * rest * (score**2 * eta_t + score_g**2 * eta_g)
    powers = (strength_1, strength, Lambda_G, Lambda_G)
    laws: Moments = {
        **dict.fromkeys((*a, *b), gaussian),
        **{s: _scaled(power) for s, power in zip(codes, powers, strict=True)},
        rest: lambda k: (n - 5) ** k,
    }
    in_q, in_z = (
        leading(mean(change, laws))
        for change in (U[:, 1].dot(dw), 2 * w.dot(dw) + dw.dot(dw) + beyond)
    )
    field = (in_q - own * in_z / 2).subs(across, sp.sqrt(1 - own**2))
    return sp.expand(sp.diff(field, own).subs(own, 0))


def _scaled(power: Symbol) -> Any:
    return lambda k: gaussian(k) * power ** Rational(k, 2)


def _enumerated_growth(p: Place) -> Any:
    return _enumerated(tuple(sorted(p.items())), mpmath.mp.prec)


@cache
def _enumerated(items: tuple[tuple[str, Any], ...], precision: int) -> Any:
    """q_2'/q_2 at q_2 = 0: q_2' is an odd polynomial of degree 3 in q_2."""
    p, h = dict(items), mpmath.mpf(1) / 4
    return (8 * _speed(p, h) - _speed(p, 2 * h)) / (6 * h)


def _speed(p: Place, own: Any) -> Any:
    """q_2' by outcomes in four and five dimensions; what grows with n is the difference."""
    zero, one = mpmath.mpf(0), mpmath.mpf(1)
    columns = [[p[s], zero, mpmath.sqrt(1 - p[s] ** 2), zero] for s in ("P_1", "P_2")]
    features = [[one, zero, zero, zero], [zero, one, zero, zero]]
    w = [zero, own, zero, mpmath.sqrt(1 - own**2)]
    powers = (p["Lambda_1"], p["Lambda_2"]), (p["Lambda_G"], p["Lambda_G"])
    real = [_sums(features, powers[0], p["eta_T"], w, size) for size in (4, 5)]
    fake = [_sums(columns, powers[1], p["eta_G"], w, size) for size in (4, 5)]
    in_q, squared = real[0][0] - fake[0][0], real[0][1] - fake[0][1]
    noise = real[1][2] - real[0][2] + fake[1][2] - fake[0][2]
    in_z = 2 * p["tau"] * squared + p["tau"] ** 2 * noise
    return p["tau"] * in_q - own * in_z / 2


def _sums(columns: Any, powers: Any, noise: Any, w: list[Any], size: int) -> tuple[Any, Any, Any]:
    """E[(y.w) y_2], E[(y.w)^2] and E[(y.w)^2 |y|^2]."""
    codes = [[(mpmath.sqrt(power) * c, share) for c, share in nodes()] for power in powers]
    root, padded = mpmath.sqrt(noise), [*w, *[mpmath.mpf(0)] * (size - len(w))]
    found = [mpmath.mpf(0)] * 3
    for (c, one), (g, two) in itertools.product(*codes):
        mid = [c * x + g * y for x, y in zip(*columns, strict=True)]
        mid += [mpmath.mpf(0)] * (size - len(mid))
        for outcome in itertools.product(nodes(), repeat=size):
            weight = one * two * mpmath.fprod(share for _, share in outcome)
            y = [m + root * a for m, (a, _) in zip(mid, outcome, strict=True)]
            score = dot(y, padded)
            values = (score * y[1], score**2, score**2 * dot(y, y))
            found = [f + weight * v for f, v in zip(found, values, strict=True)]
    return found[0], found[1], found[2]


@claim(
    "survey.whl.small-noise.together",
    source="section 5.3.1: if the noise is too small, training can be trapped in mode collapse",
    says="with two features (d = 2) it can: without noise, the state where both columns of the "
    "generator and the discriminator lie on the stronger feature, V_1 = V_2 = w = U_1, attracts "
    "if Lambda_1 > Lambda_2 and tau_G Lambda_G > tau (Lambda_2 + 2 Lambda_G - Lambda_1), a "
    "fast generator: feature 2 is missed. T and D are trace and determinant in the direction "
    "U_2 for V_1 = V_2, E is the eigenvalue for V_1 - V_2",
    formal=r"T = \tau (\Lambda_2 + 2 \Lambda_G - \Lambda_1) - \tau_G \Lambda_G \wedge "
    r"D = \tau \tau_G \Lambda_G (\Lambda_1 - \Lambda_2) \wedge E = -\tau_G \Lambda_G",
    expect=Verdict.PROVED,
)
def small_noise_together() -> Examination:
    names = sp.symbols("T D E", real=True)
    exact = dict(zip(names, _blocks(_together()), strict=True))
    sides = (
        tau * (strength + 2 * Lambda_G - strength_1) - tau_g * Lambda_G,
        tau * tau_g * Lambda_G * (strength_1 - strength),
        -tau_g * Lambda_G,
    )
    zero = mpmath.mpf(0)

    def measure(place: int) -> Any:
        def of(p: Place) -> Any:
            J = difference_matrix(lambda x: _tangential(p, x), [zero] * 3)
            return _blocks(J)[place]

        return of

    some = {Lambda_G: 1, tau: 1, tau_g: 2}
    points = (
        {**some, strength_1: 2, strength: 1},
        {**some, strength_1: 3, strength: Rational(1, 2), Lambda_G: Rational(2, 3)},
    )
    return Examination(
        sp.And(*map(eq, names, sides)),
        exact,
        # The field holds square roots: fourth-order quotients at 65 digits are good for about 30.
        by_numbers(
            {s: measure(i) for i, s in enumerate(names)},
            points=points,
            kind="differentiated:mpmath",
            digits=25,
        ),
        steps=(
            Step("directions off both features: the same with Lambda_2 = 0, so they attract too"),
            Step("eigenvalues of the macroscopic state are sums of these: all have negative real "
                 "parts, so that a rest point nearby attracts for small positive noise as well"),
            Step("strict regularization holds the columns at length 1 (H acts on the diagonal "
                 "of V^T V alone) and leaves V_1.V_2 free"),
        ),
    )  # fmt: skip


def _blocks(J: Any) -> tuple[Any, Any, Any]:
    """Of the Jacobian in (w, V_1, V_2): trace and determinant for V_1 = V_2, and V_1 - V_2."""
    own, alike = J[0, 0], J[1, 1] + J[1, 2]
    return own + alike, own * alike - (J[0, 1] + J[0, 2]) * J[1, 0], J[1, 1] - J[1, 2]


def _together() -> Matrix:
    """The Jacobian along U_2 at V_1 = V_2 = w = U_1, from the expected loss on unit circles."""
    angles = x, v_1, v_2 = sp.symbols("x v_1 v_2", real=True)
    w, one, two = (Matrix([sp.cos(angle), sp.sin(angle)]) for angle in angles)
    real = strength_1 * w[0] ** 2 + strength * w[1] ** 2
    payoff = (real - Lambda_G * (w.dot(one) ** 2 + w.dot(two) ** 2)) / 2
    # Angles measure lengths on the circle: ascent in w's, descent in those of the columns.
    field = Matrix([tau * sp.diff(payoff, x), *(-tau_g * sp.diff(payoff, v) for v in (v_1, v_2))])
    return field.jacobian(list(angles)).subs(dict.fromkeys(angles, 0))


def _tangential(p: Place, x: list[Any]) -> list[Any]:
    """Rates of the second coordinates of w, V_1, V_2 on unit circles, by sums over the codes."""
    w, *columns = ([mpmath.sqrt(1 - s**2), s] for s in x)
    powers = (p["Lambda_1"], p["Lambda_2"], p["Lambda_G"], p["Lambda_G"])
    codes = [[(mpmath.sqrt(power) * c, share) for c, share in nodes()] for power in powers]
    up, down = [mpmath.mpf(0)] * 2, [[mpmath.mpf(0)] * 2 for _ in columns]
    for outcome in itertools.product(*codes):
        weight = mpmath.fprod(share for _, share in outcome)
        y, g = [c for c, _ in outcome[:2]], [c for c, _ in outcome[2:]]
        fake = [mpmath.fsum(c * V[i] for c, V in zip(g, columns, strict=True)) for i in (0, 1)]
        score, score_g = dot(y, w), dot(fake, w)
        up = [u + weight * (score * a - score_g * b) for u, a, b in zip(up, y, fake, strict=True)]
        down = [
            [d + weight * score_g * c * b for d, b in zip(old, w, strict=True)]
            for old, c in zip(down, g, strict=True)
        ]
    moves = [(p["tau"], up, w), *((p["tau_G"], d, V) for d, V in zip(down, columns, strict=True))]
    return [rate * (force[1] - dot(force, at) * at[1]) for rate, force, at in moves]

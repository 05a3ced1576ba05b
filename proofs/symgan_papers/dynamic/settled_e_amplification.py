r"""The settled theorem, Wasserstein loss: the worst amplification of the distance, exactly.

Ours, not the paper's. For 0 < eta = 2 cos(x) < 2 the supremum of |x_k|^2/|x_0|^2 over all
starts and k is A^2 = max over j of c_j^2 + c_(j+1)^2, c_j = sin(jx)/sin x, over the j with
c_j, c_(j+1) >= 0: that of the orbit of a tie. It is 1 + eta^2 for eta <= sqrt 2, and at most
2/(2 - eta), which is attained at eta = 2 cos(pi/(2j + 1)). With N(t) = sin^2 t + sin^2(t + x)
the distance on a rotation from t is measured by N(t + jx)/N(t).
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, f, image, m, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after, moved, square
from symgan_papers.dynamic.settled_a_lyapunov import OVER, SHORT, lyapunov, number_v

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
t, x, j = sp.symbols("t x j", real=True)
gain = Symbol("gain", real=True)


def _norm(at: Any) -> Any:
    return sp.sin(at) ** 2 + sp.sin(at + x) ** 2


@claim(
    "dynamic.settled.w.amplification.tie-is-worst",
    source=OURS,
    formal=r"\Delta = (\cos(x)\sin(t)\sin(jx) + \sin(x)\sin(t + jx)) 4\cos(x)\sin(t)\sin(jx)",
    says="the gain N(t + jx)/N(t) of j overshoots is largest from a tie, t = 0: the difference "
    "of the cross products is 4 cos x sin t sin jx (cos x sin t sin jx + sin x sin(t + jx)), "
    "no factor of which is negative while the sizes are not",
    expect=Verdict.PROVED,
)
def tie_is_worst() -> Examination:
    exact = {gain: _norm(j * x) * _norm(t) - _norm(t + j * x) * _norm(sp.Integer(0))}

    def measured(place: Any) -> Any:
        """The same from two simulated rotations of whole numbers of overshoots."""
        start, turn, count = place["t"], place["x"], int(place["j"])

        def rotated(at: Any) -> tuple[Any, Any]:
            state = (-mpmath.sin(at), mpmath.sin(at + turn))
            first = square(state)
            for i in range(count):
                state = moved(state, "V1" if i % 2 == 0 else "V2", 2 * mpmath.cos(turn))
            return first, square(state)

        (near, later), (tie, top) = rotated(start), rotated(mpmath.mpf(0))
        return top * near - later * tie

    product = sp.cos(x) * sp.sin(t) * sp.sin(j * x)
    half = sp.Rational(1, 2)
    points = ({t: half, x: half, j: 2}, {t: sp.Rational(1, 3), x: 1, j: 1}, {t: 1, x: half, j: 3})
    return Examination(
        eq(gain, 4 * product * (product + sp.sin(x) * sp.sin(t + j * x))),
        exact,
        by_numbers({gain: measured}, points=points),
    )


@claim(
    "dynamic.settled.w.amplification.after-drop",
    source=OURS,
    formal=r"V - R_{plus} = (m - \eta f)\eta f",
    says="after a short update, m >= eta f, the squared distance is at most V, and V never "
    "exceeds its first value, which is at most the first squared distance: whatever was gained "
    "is lost again, and the next rotation starts no further away than the orbit did",
    expect=Verdict.PROVED,
)
def after_drop() -> Examination:
    short = -image(update(game(), "V1"), -m, f)[0]
    exact = {gain: sp.expand(lyapunov(m, f) - short**2 - f**2)}

    def measured(place: Any) -> Any:
        state = (-place["m"], place["f"])
        return number_v(state, place["eta"]) - square(after(state, place["eta"], 1))

    return Examination(
        eq(gain, eta * f * (m - eta * f)),
        exact,
        by_numbers({gain: measured}, points=SHORT),
        given=m >= eta * f,
    )


@claim(
    "dynamic.settled.w.amplification.once",
    source=OURS,
    formal=r"(1 + \eta^2)R - R_{plus} = \eta m(\eta m + 2f)",
    says="one update enlarges the distance by sqrt(1 + eta^2) at most, and by just that from a "
    "tie (m -> 0)",
    expect=Verdict.PROVED,
)
def once() -> Examination:
    new = image(update(game(), "V1"), -m, f)[0]
    exact = {gain: sp.expand((1 + eta**2) * (m**2 + f**2) - new**2 - f**2)}

    def measured(place: Any) -> Any:
        state = (-place["m"], place["f"])
        most = (1 + place["eta"] ** 2) * square(state)
        return most - square(after(state, place["eta"], 1))

    return Examination(
        eq(gain, eta * m * (eta * m + 2 * f)),
        exact,
        by_numbers({gain: measured}, points=(*OVER, *SHORT)),
    )


@claim(
    "dynamic.settled.w.amplification.sqrt2",
    source=OURS,
    formal=r"(c_2^2 + c_3^2) - (c_1^2 + c_2^2) = \eta^2 (\eta^2 - 2)",
    says="from a tie (0, 1) the second overshoot leads further away than the first one exactly "
    "for eta > sqrt 2: up to there the worst amplification is sqrt(1 + eta^2)",
    expect=Verdict.PROVED,
)
def to_sqrt2() -> Examination:
    state: tuple[Any, Any] = (sp.Integer(0), sp.Integer(1))
    squares: list[Any] = []
    for field in ("V1", "V2"):
        state = image(update(game(), field), *state)
        squares.append(sp.expand(sum(s**2 for s in state)))
    exact = {gain: squares[1] - squares[0]}

    def measured(place: Any) -> Any:
        start = (mpmath.mpf(0), mpmath.mpf(1))
        return square(after(start, place["eta"], 2)) - square(after(start, place["eta"], 1))

    points = ({eta: sp.Rational(3, 2)}, {eta: sp.Rational(5, 4)}, {eta: sp.Rational(1, 10)})
    return Examination(
        eq(gain, eta**2 * (eta**2 - 2)), exact, by_numbers({gain: measured}, points=points)
    )


@claim(
    "dynamic.settled.w.amplification.bound-attained",
    source=OURS,
    formal=r"c_j^2 + c_{j+1}^2 = \frac{2}{2 - \eta}",
    says="the bound 2/(2 - eta) is attained by the orbit of a tie at eta = 2 cos(pi/(2j + 1)): "
    "eta = 1 (j = 1), the golden ratio (j = 2)",
    expect=Verdict.PROVED,
)
def attained() -> Examination:
    names, golden = sp.symbols("A_1 A_2", real=True), (1 + sp.sqrt(5)) / 2
    scale = Symbol("S", positive=True)
    found: list[Any] = []
    for step, count in ((sp.Integer(1), 1), (golden, 2)):
        state: tuple[Any, Any] = (sp.Integer(0), sp.Integer(1))
        for field in ("V1", "V2")[:count]:
            state = image(update(game(), field, step), *state)
        found.append(scale * sp.expand(sum(s**2 for s in state)))

    def measured(count: int) -> Any:
        def measure(place: Any) -> Any:
            step = 2 * mpmath.cos(mpmath.pi / (2 * count + 1))
            start = (mpmath.mpf(0), mpmath.sqrt(place["S"]))
            return max(square(after(start, step, k)) for k in range(8))

        return measure

    return Examination(
        sp.And(eq(names[0], 2 * scale), eq(names[1], 2 * scale / (2 - golden))),
        dict(zip(names, found, strict=True)),
        by_numbers({names[0]: measured(1), names[1]: measured(2)}, points=({scale: 1}, {scale: 3})),
        steps=(Step("the sizes are then equal, where V is smallest against the distance"),),
    )

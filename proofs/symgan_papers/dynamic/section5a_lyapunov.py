r"""Theorem 5.1, first assertion: Lyapunov stability.

Two exact counterexamples. On the Dirac-GAN with learning rate 5/2 the iterates double
their distance. On `SPIRAL`, a GAN with a strict saddle point at (0, 0) where Sim-GDA and
Alt-GDA converge, the oracle repeats V_2 too long: every twelve iterations take the state
to a multiple of itself, farther away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.game import Game
from symgan_papers.dynamic.algorithm_model import DIRAC, Numbers, run
from symgan_papers.dynamic.model import (
    Place,
    eta,
    image,
    paper_game,
    psi,
    theta,
    update,
    wasserstein_game,
)

t, p, g = sp.symbols("t p g", positive=True)
GROWTH = Symbol("growth", real=True)
HALF = Rational(1, 2)
SPIRAL_RATE = HALF
PERIOD = 12
RATES = (
    {eta: Rational(1, 100), t: 1, p: 2, g: 1},
    {eta: HALF, t: 2, p: 1, g: 3},
    {eta: Rational(9, 10), t: 1, p: 1, g: HALF},
)
SMALL = mpmath.mpf(10) ** -6
"""How near the equilibrium the simulated counterexamples start."""


@cache
def spiral_game() -> Game:
    r"""A Wasserstein GAN with weight decay and a strict saddle point at (0, 0).

    Real atom 0, generated atom theta, critic :math:`d(x) = \psi x + 3x^2`, weight decay
    :math:`4\theta^2` for the generator and :math:`\psi^2/16` for the discriminator:

    .. math:: L = -d(\theta) + 4\theta^2 - \psi^2/16 = \theta^2 - \psi\theta - \psi^2/16.
    """
    return paper_game(-spiral_lead(theta, psi) + 4 * theta**2 - psi**2 / 16, "spiral")


def spiral_lead(x: Any, y: Any) -> Any:
    """d(xhat) - d(x): the generated projection's lead over the real one."""
    return y * x + 3 * x**2


SPIRAL = Numbers(
    lambda x, y: x * x - y * x - y * y / 16,
    lambda x, y: [mpmath.mpf(0)],
    lambda x, y: [y * x + 3 * x * x],
)
"""The same on numbers."""


def spiral_period() -> tuple[Any, Any]:
    """(theta, psi) after one period from (t/2, t); every choice is decided by its sign."""
    x, y = t / 2, t
    for number in range(PERIOD):
        lead = sp.expand(spiral_lead(x, y))
        assert lead.is_positive or lead.is_negative, f"the sign of {lead} is not plain"
        assert number or lead.is_positive  # the first iteration is V_2 in any case
        field = "V2" if lead.is_positive else "V1"
        x, y = (sp.expand(v) for v in image(update(spiral_game(), field, SPIRAL_RATE), x, y))
    return x, y


def exact_growth() -> Any:
    """The factor by which a period multiplies theta, as a size; psi grows by the same."""
    x, y = spiral_period()
    assert sp.cancel(x / (t / 2)) == sp.cancel(y / t)
    return sp.Abs(sp.cancel(y / t))


def measured_growth(_: Place) -> Any:
    """The distance after a period of Algorithm 2 on numbers, against the distance before it."""
    start = (SMALL / 2, SMALL)
    states, choices = run(SPIRAL, start, mpmath.mpf(1) / 2, PERIOD)
    assert choices == [2] * (PERIOD - 1) + [1]
    return mpmath.hypot(*states[-1]) / mpmath.hypot(*start)


def _energy(x: Any, y: Any) -> Any:
    """theta^2 - eta |theta psi| + psi^2."""
    return x**2 - eta * sp.Abs(x) * sp.Abs(y) + y**2


def _drops() -> tuple[dict[Symbol, Any], dict[Symbol, Any]]:
    """How V_1 and V_2 change the energy on the Dirac-GAN, without and with overshoot.

    The mover's distance is eta t + g (no overshoot) or eta t/(1 + g) (overshoot), t being
    the other coordinate.
    """
    names = sp.symbols("drop_V1_short drop_V1_over drop_V2_short drop_V2_over", real=True)
    far, near = eta * t + g, eta * t / (1 + g)
    starts = {names[0]: ("V1", far, -t), names[1]: ("V1", near, -t),
              names[2]: ("V2", t, far), names[3]: ("V2", t, near)}  # fmt: skip
    exact, numbers = {}, {}
    for name, (field, x, y) in starts.items():
        moved = image(update(wasserstein_game(), field), x, y)
        exact[name] = sp.factor(_absolute(_energy(*moved) - _energy(x, y)))
        numbers[name] = _measured_drop(x, y)
    return exact, numbers


def _absolute(expression: Any) -> Any:
    """Absolute values written out: what is inside has a sign that its symbols show."""

    def signed(inside: Any) -> Any:
        plain = sp.factor(inside)
        sign = next((s for s in (1, -1) if (s * plain).is_positive), None)
        assert sign is not None, f"the sign of {plain} is not plain"
        return sign * plain

    return expression.replace(sp.Abs, signed)


def _measured_drop(x: Any, y: Any) -> Callable[[Place], Any]:
    """The change of the energy in one step of (7) on numbers."""
    symbols = sorted((x * y).free_symbols, key=str)
    start = sp.lambdify(symbols, (x, y), "mpmath")

    def measure(q: Place) -> Any:
        a, b = start(*(q[s.name] for s in symbols))
        rate = q["eta"]
        c, d = (a + rate * b, b) if a * b < 0 else (a, b - rate * a)

        def energy(u: Any, v: Any) -> Any:
            return u * u - rate * abs(u * v) + v * v

        return energy(c, d) - energy(a, b)

    return measure


@claim(
    "dynamic.thm5-1.lyapunov",
    source="theorem 5.1, first sentence, main text and appendix",
    formal=r"G \le 1",
    says="GANs trained via Dynamic-GDA are Lyapunov stable; judged on the Wasserstein GAN with "
    "real atom 0, generated atom theta, critic psi x + 3 x^2 and weight decay 4 theta^2, "
    "psi^2/16, so that L = theta^2 - psi theta - psi^2/16 has a strict saddle point at (0, 0), "
    "with learning rate 1/2 from (t/2, t), t as small as one likes: G is the factor by which "
    "every twelve iterations multiply the state",
    expect=Verdict.REFUTED,
    amended=r"G = 4 - 5\left(\frac{15}{16}\right)^{11};\quad \text{Dirac-GAN, Wasserstein loss,}"
    r"\; \eta < 2: V = \theta^2 - \eta|\theta\psi| + \psi^2 \text{ never grows under } V_1, V_2",
    repair="restrict it to the Dirac-GAN with Wasserstein loss and eta < 2, from the second "
    "iteration on (the first is V_2 whatever the state; at 0/0 either answer keeps V)",
)
def lyapunov() -> Examination:
    drops, measured = _drops()
    v1_short, v1_over, v2_short, v2_over = drops
    floor = Symbol("floor", real=True)
    exact = {GROWTH: exact_growth(), **drops, floor: t**2 - eta * t * p + p**2}
    numbers = {
        GROWTH: measured_growth,
        **measured,
        floor: lambda q: q["t"] ** 2 - q["eta"] * q["t"] * q["p"] + q["p"] ** 2,
    }
    amendment = sp.And(
        eq(GROWTH, 4 - 5 * Rational(15, 16) ** 11),
        eq(v1_short, -2 * eta * t * g),
        eq(v1_over, 0),
        eq(v2_short, -2 * eta * t * g),
        eq(v2_over, 0),
        eq(floor, (1 - eta / 2) * (t**2 + p**2) + eta / 2 * (t - p) ** 2),
    )
    return Examination(
        GROWTH <= 1,
        exact,
        # Central differences of the payoff leave about thirty digits of each state.
        by_numbers(numbers, points=RATES, digits=20),
        given=eta < 1,
        amendment=amendment,
        steps=(
            Step("V_2 as long as theta (psi + 3 theta) > 0: psi becomes 15 psi/16 - theta/2"),
            Step("from (t/2, t): psi_j = t (5 (15/16)^j - 4), so V_2 eleven times, to -1.54 t"),
            Step("there theta (psi + 3 theta) < 0: V_1, which takes theta to psi/2"),
            Step("a multiple of the start, of the other sign; the tests do not see that sign",
                 sp.Tuple(*spiral_period())),
            Step("on the Dirac-GAN: V_1 from (eta t + g, -t) changes V by", drops[v1_short]),
        ),
    )  # fmt: skip


@claim(
    "dynamic.thm5-1.lyapunov.any-rate",
    source="theorem 5.1, proof: 'for an arbitrary learning rate'; section 5.1, 'prevents GAN "
    "training from completely diverging'",
    formal=r"\theta_4^2 + \psi_4^2 \le \frac{5}{4} t^2",
    says="for an arbitrary learning rate the distance from the equilibrium has a finite bound; "
    "judged on the Dirac-GAN with Wasserstein loss, learning rate 5/2, from (t, t/2)",
    expect=Verdict.REFUTED,
    amended=r"\theta_4 = 16\theta_0,\quad \psi_4 = 16\psi_0",
    repair="require eta < 2 there: at 5/2 each iteration doubles the distance, without end",
)
def any_rate() -> Examination:
    names = sp.symbols("theta_4 psi_4 sign_1 sign_2 sign_3", real=True)
    rate, start = Rational(5, 2), (t, t / 2)
    states = [start]
    for field in ("V2", "V1", "V2", "V1"):
        states.append(image(update(wasserstein_game(), field, rate), *states[-1]))
    values = (*states[4], *(sp.expand(x * y) for x, y in states[1:4]))

    def simulated(number: int, part: int) -> Callable[[Place], Any]:
        def measure(q: Place) -> Any:
            return run(DIRAC, (q["t"], q["t"] / 2), mpmath.mpf(5) / 2, 4)[0][number][part]

        return measure

    def product(number: int) -> Callable[[Place], Any]:
        return lambda q: simulated(number, 0)(q) * simulated(number, 1)(q)

    numbers = dict(
        zip(names, (simulated(4, 0), simulated(4, 1), *map(product, (1, 2, 3))), strict=True)
    )
    return Examination(
        names[0] ** 2 + names[1] ** 2 <= t**2 + (t / 2) ** 2,
        dict(zip(names, values, strict=True)),
        by_numbers(numbers, points=({t: 1}, {t: Rational(1, 1000)}), digits=25),
        amendment=sp.And(
            eq(names[0], 16 * t), eq(names[1], 8 * t), names[2] < 0, names[3] > 0, names[4] < 0
        ),
        steps=(
            Step("V_2, V_1, V_2, V_1, as the signs of psi theta ask for", sp.Tuple(*states[4])),
        ),
    )

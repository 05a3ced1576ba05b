r"""What the exact theory says of a rule on the bilinear game with singular value 1.

Near an equilibrium at which the discriminator is constant, the Wasserstein loss makes any GAN
bilinear: the Jacobian of the field is

.. math:: J = \begin{pmatrix} 0 & -B \\ B^\top & 0 \end{pmatrix}

whatever the networks are, and splits into bilinear games of two numbers, one a singular value
:math:`\sigma` of B (`symgan.analysis.blocks`). A rule made of gradients then has the threshold
:math:`c/\sigma_{\max}` in the step, with c that of the toy game. Nothing is typed in here: c comes
from `symgan.analysis.step_bound`, every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy import Expr, Interval, Set, Symbol

from symgan import rules
from symgan.analysis.step_bound import step_bound
from symgan.errors import GameError
from symgan.games.quadratic import bilinear

ETA = Symbol("eta", positive=True)

CONVERGES, STAYS, DIVERGES = "converges", "stays", "diverges"
"""What orbits of the toy game do: to the equilibrium, neither there nor away, away."""


@dataclass(frozen=True)
class Toy:
    """What is predicted of a rule.

    Attributes:
        rule: its name.
        threshold: c, exact: the end of the first interval of steps at which it does not diverge;
            0 where it diverges at every step.
        below: what it does at steps below the threshold; what it does everywhere if there is none.
    """

    rule: str
    threshold: Expr
    below: str

    def does(self, step: Any) -> str:
        """What it does at a step, in units of one over the singular value.

        Raises:
            GameError: the step is the threshold itself, of which nothing is predicted.

        >>> toy("extragradient").does(2)
        'diverges'
        """
        if sp.Eq(step, self.threshold) == sp.true:
            raise GameError(f"{self.rule} is at its threshold {step}; choose a step beside it")
        return self.below if bool(step < self.threshold) else DIVERGES


def toy(rule: str, **options: Any) -> Toy:
    """What is predicted of a rule of `symgan.rules`.

    Args:
        rule: its name.
        **options: of the rule. A weight ``gamma`` counts in units of the step, so that what a
            rule does depends on the product of step and singular value alone.

    Raises:
        UnknownName: no such rule.
        GameError: a rule whose stable steps have no closed form.

    >>> toy("simultaneous").below, toy("alternating").threshold, toy("alternating").below
    ('diverges', 2, 'stays')
    >>> toy("optimistic").threshold, toy("consensus", gamma=2).threshold
    (sqrt(3)/3, sqrt(3)/2)
    """
    return _derived(rule, tuple(sorted(options.items())))


@lru_cache(maxsize=64)
def _derived(rule: str, options: tuple[tuple[str, Any], ...]) -> Toy:
    game = bilinear(sp.Integer(1))
    given = {n: sp.nsimplify(v) * ETA if n == "gamma" else _exact(v) for n, v in options}
    system: Any = rules.named(rule)(game, ETA, **given)
    rest = {s: sp.Integer(0) for s in game.state}
    found = step_bound(system, ETA, at=system.lift(rest))
    for steps, below in ((found.asymptotic, CONVERGES), (found.marginal, STAYS)):
        if steps != sp.S.EmptySet and _first(steps) is not None:
            end = _first(steps)
            assert end is not None
            return Toy(rule, end, below)
    return Toy(rule, sp.Integer(0), DIVERGES)


def _exact(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else sp.nsimplify(value)


def _first(steps: Set) -> Expr | None:
    """The end of the interval of steps that begins at 0; None where there is none."""
    parts = steps.args if isinstance(steps, sp.Union) else (steps,)
    if not all(isinstance(part, Interval | sp.FiniteSet) for part in parts):
        raise GameError(f"the steps {steps} have no closed form")
    return next((p.end for p in parts if isinstance(p, Interval) and p.start == 0), None)

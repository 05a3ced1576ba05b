r"""Optimizers with memory as PyTorch defines them: functions ``(game, eta, **options) -> Map``.

They are kept apart from `symgan.rules`. A rule is smooth in the state and vanishes with the field
to first order in the step; an optimizer that divides by the root of a running mean of squares

- depends on the iteration k, by its bias correction (``Map.index``; k = 0 is the first step);
- has no derivative where that mean is 0 through ordinary differentiation, which is where it starts
  and where it rests: at an equilibrium;
- moves by a step that does not shrink with the gradient.

What can be said exactly near an equilibrium stands in `symgan.optimizers.near`.
"""

from __future__ import annotations

import sys

from symgan.catalog import OptimizerMark, UpdateRule, lookup, mark_of, marked


def catalog() -> dict[str, UpdateRule]:
    """All optimizers by name.

    >>> sorted(catalog())
    ['adam', 'adamw', 'momentum', 'optimistic-adam', 'rmsprop']
    """
    return marked(sys.modules[__name__], OptimizerMark)


def named(name: str) -> UpdateRule:
    """The optimizer of this name.

    Raises:
        UnknownName: no optimizer carries the name.
    """
    return lookup(sys.modules[__name__], OptimizerMark, "optimizer", name)


def near_equilibrium(name: str) -> UpdateRule:
    """The smooth map that has the derivative of the optimizer of this name at an equilibrium.

    Raises:
        UnknownName: no optimizer carries the name.

    >>> near_equilibrium("rmsprop").__name__
    'rmsprop_near'
    """
    return mark_of(named(name)).near

r"""Results: frozen, plain data. `symgan.report` renders them; nothing here does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean


class Stability(StrEnum):
    """What the spectrum of a linearization decides.

    For flows `STABLE` is Hurwitz (all real parts negative) and `CENTER` is a semisimple
    spectrum on the imaginary axis; for maps read spectral radius below one, and a
    semisimple spectrum on the unit circle. `DEGENERATE` is what the spectrum leaves
    open: a zero eigenvalue (of a flow), a defective or mixed critical part.
    """

    STABLE = "Hurwitz"
    CENTER = "center"
    UNSTABLE = "unstable"
    DEGENERATE = "degenerate"


@dataclass(frozen=True)
class Regime:
    """A verdict and the exact condition in the parameters under which it stands."""

    verdict: Stability
    condition: Boolean


@dataclass(frozen=True)
class Spectrum:
    """Spectrum of a linearization at a point.

    Attributes:
        variable: the variable of the characteristic polynomial.
        polynomial: the characteristic polynomial, monic.
        eigenvalues: (value, multiplicity) pairs; empty where no closed form is given.
        regimes: verdicts with their conditions; the conditions are exclusive and
            exhaustive under the assumptions of the symbols.
        oscillates: the exact condition for a pair of eigenvalues with nonzero imaginary
            part (a spiral or a center, as opposed to a node).
        discrete: True for a map (unit circle), False for a flow (imaginary axis).
    """

    variable: Symbol
    polynomial: Expr
    eigenvalues: tuple[tuple[Expr, int], ...]
    regimes: tuple[Regime, ...]
    oscillates: Boolean
    discrete: bool = False

    @property
    def verdict(self) -> Stability | None:
        """The one verdict, or None where it depends on the parameters."""
        return self.regimes[0].verdict if len(self.regimes) == 1 else None

    def condition(self, verdict: Stability) -> Boolean:
        """The exact condition for this verdict; false where it never holds."""
        from sympy import Or

        return Or(*(r.condition for r in self.regimes if r.verdict is verdict))


@dataclass(frozen=True)
class Equilibrium:
    """A rest point or a family of them.

    Attributes:
        point: symbol -> value; values may hold free state symbols (a continuum).
        free: the state symbols that parametrize a continuum; empty for a point.
        condition: where in the parameters it exists.
    """

    point: Mapping[Symbol, Expr]
    free: tuple[Symbol, ...]
    condition: Boolean


@dataclass(frozen=True)
class Conserved:
    """A conserved quantity and the exact residual that shows it.

    Attributes:
        quantity: the expression, constant along orbits.
        derivative: its derivative along the flow (or increment along the map), in the
            form that was shown to vanish before cancellation.
    """

    quantity: Expr
    derivative: Expr


@dataclass(frozen=True)
class ClosedForm:
    r"""Solution of a linear flow with exponential-polynomial forcing.

    In the Laplace domain each component is rational, :math:`X_i(s) = N_i(s)/\prod_k
    (s - r_k)`. Two forms of its inverse are kept. The *Newton form*

    .. math:: x_i(t) = \sum_j c_{ij}\, \exp[r_0, \dots, r_j](t)

    with divided differences of :math:`r \mapsto e^{rt}` is right in every regime (equal,
    nearly equal and complex nodes alike) and feeds the kernels. The *elementary form*
    ``solution`` holds where ``generic`` is true and splits into four parts that add up
    to it: ``center`` (constant), ``transient`` (decays), ``oscillatory`` (persists and
    stays bounded), ``secular`` (grows).

    Attributes:
        state, time, frequency: the state symbols, :math:`t` and :math:`s`.
        parameters: the symbols the solution depends on besides time.
        initial: the initial state.
        laplace: :math:`X_i(s)`.
        solution, center, transient, oscillatory, secular: one expression a component.
        amplitude, phase: of the oscillatory part where it is one harmonic,
            :math:`A\sin(\omega t + \varphi)`; None a component where it is not.
        omega: the angular frequency of the oscillatory part; None where there is none
            or more than one.
        growth: degree in :math:`t` of the secular polynomial, a component (0: none).
        poles: (pole, multiplicity) in the generic regime.
        nodes: the nodes :math:`r_0, r_1, \dots` of the Newton form, with repetition.
        newton: the coefficients :math:`c_{ij}`, a row a component.
        generic: the condition on the parameters for the elementary form.
    """

    state: tuple[Symbol, ...]
    time: Symbol
    frequency: Symbol
    parameters: tuple[Symbol, ...]
    initial: tuple[Expr, ...]
    laplace: tuple[Expr, ...]
    solution: tuple[Expr, ...]
    center: tuple[Expr, ...]
    transient: tuple[Expr, ...]
    oscillatory: tuple[Expr, ...]
    secular: tuple[Expr, ...]
    amplitude: tuple[Expr | None, ...]
    phase: tuple[Expr | None, ...]
    omega: Expr | None
    growth: tuple[int, ...]
    poles: tuple[tuple[Expr, int], ...]
    nodes: tuple[Expr, ...]
    newton: tuple[tuple[Expr, ...], ...]
    generic: Boolean

r"""Section 5.3.1, drawn: particles against their limit, and the phases in rates and noise.

The limit comes from `symgan.kernels.particles_flow`, the particles from seeded training runs,
the phases from the exact conditions of `symgan.analysis.mean_field`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from symgan.analysis.mean_field import blank_is_stable, recovery_is_stable, rest_family
from symgan.games.spiked import Lambda, Lambda_G, eta_g, eta_t, strict_flow, tau, tau_g
from symgan.kernels.particles import simulate
from symgan.kernels.particles_chain import Rate, convergence
from symgan.kernels.particles_flow import integrate
from symgan.kernels.particles_model import SpikedModel, gram, initial
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan.report.style import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

START = gram(0.1, 0.3, 0.05)
LOOKS = {"P": Line("#0072B2"), "q": Line("#D55E00", "--"), "r": Line("#009E73", "-.")}
ENTRIES = {"P": (0, 1), "q": (0, 2), "r": (1, 2)}
DIMENSIONS = (100, 1000)
MARKS = ("x", "o")
SEED = 7
SIZES = (125, 250, 500, 1000, 2000)
RUNS = 200


@dataclass(frozen=True)
class Setting:
    """One run: its name, its noise eta_T = eta_G, and how long it is watched."""

    name: str
    noise: float
    duration: float

    @property
    def model(self) -> SpikedModel:
        """The model, with tau = 1, tau_G = 1/2 and codes of variance 1."""
        return SpikedModel(eta_t=self.noise, eta_g=self.noise, tau=1.0, tau_g=0.5)


SETTINGS = (
    Setting("weak noise: oscillation", 0.4, 45.0),
    Setting("medium noise: partial recovery", 0.75, 40.0),
    Setting("strong noise: feature missed", 1.2, 20.0),
)


@cache
def rate() -> Rate:
    """How the distance falls with n, in the setting of medium noise."""
    model = SETTINGS[1].model
    return convergence(model, START, SIZES, duration=4.0, runs=RUNS, seed=SEED)


def figure() -> Picture:
    """Five panels: three runs, the error over n, and the phases.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    with settings():
        drawn, axes = canvas((9.6, 6.8), 2, 3)
        for ax, setting in zip(axes[:3], SETTINGS, strict=True):
            _run(ax, setting)
        axes[0].set_ylabel("cosines")
        axes[0].legend(*_legend(), loc="lower left", ncols=3, fontsize=7.5)
        _errors(axes[3])
        _phases(axes[4], 1.0)
        _phases(axes[5], 0.25)
        axes[5].legend(*_phase_legend(), loc="upper left", fontsize=6.5, frameon=True)
        return picture("figure-mean-field", _caption(), drawn)


def _run(ax: Axes, setting: Setting) -> None:
    times = np.linspace(0, setting.duration, 301)
    limit = integrate(setting.model, START, list(times))
    for name, place in ENTRIES.items():
        look: Any = LOOKS[name]
        ax.plot(times, limit[:, *place], color=look.color, linestyle=look.dash, linewidth=1.6)
    for n, mark in zip(DIMENSIONS, MARKS, strict=True):
        steps = round(setting.duration * n)
        trace = simulate(setting.model, initial(n, START, SEED), steps, every=steps // 30)
        for name, place in ENTRIES.items():
            ax.plot(
                trace.steps / n,
                trace.states[:, *place],
                mark,
                color=LOOKS[name].color,
                markersize=3.0,
                markerfacecolor="none",
                markeredgewidth=0.7,
                alpha=0.9 if mark == "o" else 0.55,
            )
    ax.set_ylim(-1.05, 1.05)
    ax.set_title(setting.name, fontweight="bold")
    ax.set_xlabel("t = k/n")


def _legend() -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D

    handles: list[Any] = []
    for look in LOOKS.values():
        dash: Any = look.dash
        handles.append(Line2D([], [], color=look.color, linestyle=dash))
    for mark in MARKS:
        handles.append(
            Line2D([], [], color="#404040", marker=mark, linestyle="", markerfacecolor="none")
        )
    return handles, [*LOOKS, *(f"n = {n}" for n in DIMENSIONS)]


def _errors(ax: Axes) -> None:
    found = rate()
    ax.errorbar(
        found.sizes, found.errors, yerr=2 * found.spreads, fmt="o", color="#0072B2", capsize=3
    )
    middle = np.exp(np.mean(np.log(found.sizes))), np.exp(np.mean(np.log(found.errors)))
    ends = np.array([found.sizes[0], found.sizes[-1]], dtype=float)
    ax.plot(ends, middle[1] * (ends / middle[0]) ** -0.5, color="#8a94a0", linewidth=1.0)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(list(SIZES), [str(n) for n in SIZES])
    ax.set_yticks([0.05, 0.1, 0.2], ["0.05", "0.1", "0.2"])
    ax.minorticks_off()
    ax.set_title("distance from the limit", fontweight="bold")
    ax.set_xlabel("dimension n")
    ax.set_ylabel(r"$\max_k E\,\|M_k - M(k/n)\|$")
    words = f"slope {found.slope:.3f} $\\pm$ {found.slope_error:.3f}\nline: $n^{{-1/2}}$"
    ax.text(0.95, 0.93, words, transform=ax.transAxes, ha="right", va="top", fontsize=8.5)


PHASES = (
    ("informative", "#56B4E9", "P, q, r all nonzero"),
    ("collapsed", "#CC79A7", "P = q = 0: feature missed"),
    ("recovery", "#009E73", "perfect recovery attracts"),
    ("blank", "#E69F00", "so does P = q = r = 0"),
    ("none", "#ffffff", "no rest point attracts"),
)


def phases(ratios: Array, noises: Array, rate_of_discriminator: float) -> NDArray[np.int64]:
    """Which rest points attract: the number of the first or last phase that fits, by cell.

    Args:
        ratios: tau_G/tau, shape (m,).
        noises: kappa, shape (k,).
        rate_of_discriminator: tau.

    Returns:
        Numbers of `PHASES`, shape (k, m).
    """
    x, y = np.meshgrid(ratios, noises)
    rho, kappa = x.ravel(), y.ravel()
    eta = np.sqrt(kappa / rate_of_discriminator)
    values = {tau_g: rho * rate_of_discriminator, eta_t: eta, eta_g: eta}
    fixed = {Lambda: 1, Lambda_G: 1, tau: sp.Rational(rate_of_discriminator)}
    holds = {name: _holds(name, fixed, values) for name in ("collapsed", "informative")}
    flow = strict_flow().subs(fixed)
    holds["recovery"] = _evaluated(recovery_is_stable(flow), values)
    holds["blank"] = _evaluated(blank_is_stable(flow), values)
    found = np.full(rho.shape, len(PHASES) - 1)
    # Later ones lie within earlier ones, or are the more telling name where both attract.
    for number, (name, _, _) in enumerate(PHASES[:-1]):
        found[holds[name]] = number
    return found.reshape(x.shape)


def _holds(name: str, fixed: dict[Any, Any], values: dict[Any, Array]) -> NDArray[np.bool_]:
    """Where a family exists and attracts; the informative one with either root s."""
    family = rest_family(strict_flow().subs(fixed), name)
    assert family is not None
    condition = sp.And(family.exists, family.stable)
    if family.relation is None:
        return _evaluated(condition, values)
    square = next(s for s in family.relation.free_symbols if s.name == "s")
    coefficients = sp.Poly(family.relation, square).all_coeffs()
    a, b, c = (_evaluated(coefficient, values) for coefficient in coefficients)
    root = np.sqrt((b * b - 4 * a * c).astype(complex))
    found = np.zeros(len(b), dtype=bool)
    for sign in (1, -1):
        s = (-b + sign * root) / (2 * a)
        real = (np.abs(s.imag) < 1e-12) & (s.real > 0)
        found |= real & _evaluated(condition, {**values, square: s.real})
    return found


def _evaluated(expression: Any, values: dict[Any, Array]) -> Any:
    size = len(next(iter(values.values())))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = sp.lambdify(list(values), expression, "numpy")(*values.values())
    return np.broadcast_to(found, (size,))


def _phases(ax: Axes, rate_of_discriminator: float) -> None:
    from matplotlib.colors import ListedColormap

    ratios, noises = np.linspace(0.01, 4, 240), np.linspace(0.002, 2, 240)
    found = phases(ratios, noises, rate_of_discriminator)
    colors = ListedColormap([color for _, color, _ in PHASES])
    ax.pcolormesh(
        ratios, noises, found, cmap=colors, vmin=-0.5, vmax=len(PHASES) - 0.5, shading="nearest",
        alpha=0.75, rasterized=True,
    )  # fmt: skip
    ax.plot(ratios, ratios / 2, color="#000000", linewidth=1.0)
    ax.axhline(1.0, color="#000000", linewidth=1.0, linestyle="--")
    if rate_of_discriminator == 1.0:
        for setting in SETTINGS:
            ax.plot(0.5, setting.noise**2, "k^", markersize=4)
    ax.set_ylim(0, 2)
    ax.set_xlim(0, 4)
    ax.grid(visible=False)
    ax.set_title(rf"phases, $\tau$ = {rate_of_discriminator:g}", fontweight="bold")
    ax.set_xlabel(r"$\tau_G/\tau$")
    ax.set_ylabel(r"noise $\kappa = \tau(\eta_T^2+\eta_G^2)/2$")


def _phase_legend() -> tuple[Sequence[Any], list[str]]:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=color, edgecolor="#404040", alpha=0.75) for _, color, _ in PHASES]
    return handles, [words for _, _, words in PHASES]


def _caption() -> str:
    found = rate()
    return (
        "The model of Wang, Hu and Lu with one feature under strict regularization. Top: cosines "
        "P (generator and feature), q (discriminator and feature), r (generator and "
        f"discriminator) in training runs of n = {DIMENSIONS[0]} and {DIMENSIONS[1]} dimensions "
        "(marks) and in the limit (lines), for tau = 1, tau_G = 1/2. Weak noise oscillates, strong "
        "noise leaves the generator where it is: the survey prints the two the other way round. "
        f"Bottom left: the largest mean distance up to t = 4, {RUNS} runs a size, falls with the "
        f"exponent {found.slope:.3f} +- {found.slope_error:.3f}. Bottom: which rest points "
        "attract, for Lambda = Lambda_G = 1 and eta_T = eta_G; full line kappa = tau_G/(2 tau), "
        "below which no state with q = r = 0 attracts; dashed kappa = Lambda, above which a "
        "feature that is missed stays missed. Triangles: the three runs. "
        "Partial recovery stops at a P between the critical overlap and 1."
    )

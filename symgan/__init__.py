"""symgan: symbolic and numeric analysis of the dynamics of GANs and other min-max games.

Public names load on first use (PEP 562): ``import symgan`` loads neither SymPy nor NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Game": "game",
    "zero_sum": "game",
    "Flow": "system",
    "Map": "system",
    "Program": "program",
    "ImplicitMap": "implicit",
    "Stability": "results",
    "Spectrum": "results",
    "ClosedForm": "results",
    "Conserved": "results",
    "Equilibrium": "results",
    "equilibria": "analysis",
    "spectrum": "analysis",
    "solve_linear": "analysis",
    "classify": "analysis",
    "lasalle": "analysis",
    "marginal_verdict": "analysis",
    "modified_flow": "analysis",
    "conserved": "analysis",
    "find_conserved": "analysis",
    "find_lyapunov": "analysis",
    "increment": "analysis",
    "invariants": "analysis",
    "no_go": "analysis",
    "step_bound": "analysis",
    "switched_stability": "analysis",
    "tune": "analysis",
    "optimal_intervals": "analysis",
    "total_variation": "analysis",
    "compile": "kernels",
    "reference": "kernels",
    "solve": "kernels",
    "enclose": "kernels",
    "branch_runs": "analysis",
    "claim": "claims",
    "Verdict": "claims",
}

__all__ = [
    "ClosedForm",
    "Conserved",
    "Equilibrium",
    "Flow",
    "Game",
    "ImplicitMap",
    "Map",
    "Program",
    "Spectrum",
    "Stability",
    "Verdict",
    "__version__",
    "branch_runs",
    "claim",
    "classify",
    "compile",
    "conserved",
    "enclose",
    "equilibria",
    "find_conserved",
    "find_lyapunov",
    "increment",
    "invariants",
    "lasalle",
    "marginal_verdict",
    "modified_flow",
    "no_go",
    "optimal_intervals",
    "reference",
    "solve",
    "solve_linear",
    "spectrum",
    "step_bound",
    "switched_stability",
    "total_variation",
    "tune",
    "zero_sum",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'symgan' has no attribute {name!r}")
    return getattr(import_module(f"symgan.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])


if TYPE_CHECKING:
    from symgan.analysis import (
        branch_runs,
        classify,
        conserved,
        equilibria,
        find_conserved,
        find_lyapunov,
        increment,
        invariants,
        lasalle,
        marginal_verdict,
        modified_flow,
        no_go,
        optimal_intervals,
        solve_linear,
        spectrum,
        step_bound,
        switched_stability,
        total_variation,
        tune,
    )
    from symgan.claims import Verdict, claim
    from symgan.game import Game, zero_sum
    from symgan.implicit import ImplicitMap
    from symgan.kernels import compile, enclose, reference, solve
    from symgan.program import Program
    from symgan.results import ClosedForm, Conserved, Equilibrium, Spectrum, Stability
    from symgan.system import Flow, Map

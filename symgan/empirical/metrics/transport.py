r"""The exact Wasserstein distance between samples: a transport problem, solved to optimality."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symgan.empirical.metrics.one_dimensional import require_order, wasserstein_1d
from symgan.empirical.metrics.points import Points, as_points, batches, same_dimension
from symgan.errors import BadData, MissingExtra, Undecided, UnknownName

Array = NDArray[np.float64]
Solver = Callable[[Array, Array, Array], float]
"""Weights a, b and costs C to the least cost of a transport plan."""

PIVOTS = 10**8
"""Pivots after which the network simplex gives up: minutes, far more than 10,000 points need."""


def wasserstein(
    x: Points,
    y: Points,
    order: int = 1,
    *,
    weights: tuple[Points | None, Points | None] = (None, None),
    method: str = "auto",
) -> Tensor:
    r"""The Wasserstein distance between samples with the Euclidean ground distance, exact.

    .. math:: W_p^p = \min_{P \ge 0,\; P 1 = a,\; P^T 1 = b} \sum_{ij} P_{ij} |x_i - y_j|^p

    Between samples of one law it is not 0; `baseline` measures what it is. The error of
    W_p^p is some units in the last place of the largest cost.

    Args:
        x: samples, shape (..., n, d).
        y: samples, shape (..., m, d); the leading shapes broadcast, one problem an entry.
        order: p >= 1; the distance is the p-th root.
        weights: a, shape (n,), and b, shape (m,), shared by all entries: nonnegative, each
            divided by its sum; None is uniform.
        method: ``pot`` (network simplex of POT), ``assignment`` (SciPy; equal sizes, uniform
            weights), ``highs`` (SciPy's linear programming; small samples), or ``auto``: sorting
            for uniform weights on the line, else the first of these that is installed and fits.

    Returns:
        Distances in float64 on the processor, shape (...).

    Raises:
        BadData: samples or weights that are not of this form.
        UnknownName: another method.
        MissingExtra: the library of the method is not installed.
        Undecided: the solver stopped before the optimum.

    Source: Peyre and Cuturi, Computational Optimal Transport (2019), chapter 3.

    >>> wasserstein([[0.0, 0.0], [1.0, 0.0]], [[1.0, 1.0], [0.0, 1.0]])
    tensor(1., dtype=torch.float64)
    """
    x, y = as_points(x, "x").cpu(), as_points(y, "y").cpu()
    same_dimension(x, y)
    require_order(order)
    shape, pairs = batches(x, y)
    n, m = x.shape[-2], y.shape[-2]
    uniform = weights[0] is None and weights[1] is None
    solve = _named(method, assignable=uniform and n == m)
    if method == "auto" and uniform and x.shape[-1] == 1:
        return wasserstein_1d(x[..., 0], y[..., 0], order)
    a, b = _masses(weights[0], n, "x"), _masses(weights[1], m, "y")
    costs = [_scaled(solve, a, b, _costs(one, other, order)) for one, other in pairs]
    return torch.tensor(costs, dtype=torch.float64).reshape(shape) ** (1 / order)


def solver_names() -> tuple[str, ...]:
    """The methods that `wasserstein` knows.

    >>> solver_names()
    ('auto', 'pot', 'assignment', 'highs')
    """
    return ("auto", "pot", "assignment", "highs")


def _named(method: str, *, assignable: bool) -> Solver:
    """The solver of a name, for a problem that is an assignment or not."""
    if method == "auto":
        fallback = "assignment" if assignable else "highs"
        method = "pot" if importlib.util.find_spec("ot") else fallback
    if method == "assignment" and not assignable:
        raise BadData("method = 'assignment' needs samples of equal size and uniform weights")
    solvers: dict[str, Solver] = {"pot": _pot, "assignment": _assignment, "highs": _highs}
    if method not in solvers:
        raise UnknownName(f"no method {method!r}; choose one of: {', '.join(solver_names())}")
    return solvers[method]


def _costs(x: Tensor, y: Tensor, order: int) -> Array:
    """|x_i - y_j|^p from differences: no cancellation between close points."""
    distances = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").numpy()
    return distances if order == 1 else distances**order


def _scaled(solve: Solver, a: Array, b: Array, costs: Array) -> float:
    """The least cost, from costs with the maximum 1: tolerances of POT and HiGHS are absolute."""
    scale = costs.max() or 1.0
    return solve(a, b, costs / scale) * scale


def _pot(a: Array, b: Array, costs: Array) -> float:
    try:
        import ot
    except ImportError as error:
        raise MissingExtra("POT", "torch", "the network simplex") from error
    with warnings.catch_warnings():  # its warning is in the log, and raised below
        warnings.simplefilter("ignore", UserWarning)
        cost, log = ot.emd2(a, b, costs, numItermax=PIVOTS, log=True)
    if log["warning"] is not None:
        raise Undecided(f"the network simplex of POT stopped early: {log['warning']}")
    return float(cost)


def _assignment(a: Array, b: Array, costs: Array) -> float:
    optimize = _scipy_optimize()
    return float(costs[optimize.linear_sum_assignment(costs)].mean())


def _highs(a: Array, b: Array, costs: Array) -> float:
    optimize = _scipy_optimize()
    from scipy.sparse import csr_array, eye_array, kron, vstack

    n, m = costs.shape
    sums = vstack([kron(eye_array(n), np.ones((1, m))), kron(np.ones((1, n)), eye_array(m))])
    found = optimize.linprog(
        costs.ravel(),
        A_eq=csr_array(sums)[:-1],  # the last sum follows from the others
        b_eq=np.concatenate([a, b])[:-1],
        method="highs",
    )
    if found.status != 0:
        raise Undecided(f"the linear program of a Wasserstein distance: {found.message}")
    return float(found.fun)


def _masses(weights: Points | None, count: int, name: str) -> Array:
    """Weights with the sum 1."""
    if weights is None:
        return np.full(count, 1 / count)
    given = weights.detach().cpu() if isinstance(weights, Tensor) else weights
    found = np.asarray(given, dtype=np.float64)
    if found.shape != (count,):
        raise BadData(f"the weights of {name} have the shape {found.shape}, not ({count},)")
    if not (np.isfinite(found).all() and (found >= 0).all() and found.sum() > 0):
        raise BadData(f"the weights of {name} need finite values >= 0, not all 0")
    return found / found.sum()


def _scipy_optimize() -> ModuleType:
    try:
        import scipy.optimize
    except ImportError as error:
        raise MissingExtra("SciPy", "torch", "the exact Wasserstein distance") from error
    return scipy.optimize

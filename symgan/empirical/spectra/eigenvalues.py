r"""Eigenvalues of the game Jacobian, each with what is known of its error.

J is not symmetric: a small residual :math:`|Jx - \lambda x|` alone does not make a computed
eigenvalue accurate. To first order it is off by at most the residual times the condition number

.. math:: \kappa = \frac{|x|\,|y|}{|y^* x|}, \qquad Jx = \lambda x, \quad y^* J = \lambda y^*,

so the left eigenvector is computed as well. That product is an estimate, not a bound: it holds to
first order, and the residual is itself rounded.

Source: Wilkinson 1965, "The algebraic eigenvalue problem", chapter 2; Arnoldi's method:
Lehoucq, Sorensen and Yang 1998, "ARPACK users' guide".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.linalg as la
import torch
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, eigs

from symgan.empirical.spectra.measured import Complexes, Eigenvalue, Eigenvalues, Search
from symgan.empirical.spectra.operator import Array, GameJacobian, SpentBudget
from symgan.errors import BadData

ENDS = ("LM", "LR", "SR", "LI")
"""Which ends of the spectrum: largest modulus, largest and smallest real part, largest imaginary
part."""
DENSE = 3000
"""Parameters up to which J is written out: a product a parameter, then about a quarter of that time
for eigenvalues and vectors. A network of five layers of 16 takes under a minute of one core;
Arnoldi's iteration, whose searches have to tell apart eigenvalues that crowd around zero, takes
longer there and finds fewer."""


def eigenvalues(
    J: GameJacobian,
    *,
    count: int = 6,
    ends: Sequence[str] = ENDS,
    dense: int = DENSE,
    tolerance: float | None = None,
    products: int = 4000,
    seconds: float = 600.0,
    seed: int = 0,
) -> Eigenvalues:
    r"""All eigenvalues of a small J, or those at the ends of the spectrum of a large one.

    Args:
        J: the Jacobian.
        count: how many at each end.
        ends: which ends, of `ENDS`.
        dense: the size up to which J is written out and all eigenvalues are computed.
        tolerance: the residual, relative to the norm of J, up to which an eigenpair counts;
            :math:`\sqrt\epsilon` of the precision unless given, which leaves half of the digits.
        products: how many products one search may take; an end has two, for right eigenvectors
            with J and for left ones with its transpose.
        seconds: how long one search may take.
        seed: of the first vector of Arnoldi's iteration.

    Returns:
        What converged; `Eigenvalues.searches` says what did not, and why.

    Raises:
        BadData: an unknown end, or J is not finite.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import bilinear
    >>> found = eigenvalues(GameJacobian(TorchGame(bilinear(), {"theta": 0, "psi": 0})))
    >>> sorted(e.value.imag for e in found.values), found.complete
    ([-1.0, 1.0], True)
    """
    unknown = [end for end in ends if end not in ENDS]
    if unknown or count < 1:
        raise BadData(f"ends = {tuple(ends)}, count = {count}; choose of {', '.join(ENDS)}, >= 1")
    accepted = float(np.sqrt(np.finfo(J.dtype).eps)) if tolerance is None else tolerance
    if J.size <= max(dense, count + 2):
        return _written_out(J)
    return _at_ends(J, count, ends, accepted, (products, seconds), seed)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread of PyTorch, as long as the block lasts.

    Layers of networks this small are not worth a second one, and where other processes are at work
    the threads of each product wait for one another many times as long as it takes.
    """
    count = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(count)


def _written_out(J: GameJacobian) -> Eigenvalues:
    before = J.products
    with _one_thread():
        matrix = J.dense()
    if not np.isfinite(matrix).all():
        raise BadData("J is not finite at this point; a spectrum needs a finite one")
    values, left, right = eig(matrix.astype(float))
    residuals = np.linalg.norm(matrix @ right - right * values, axis=0)
    overlaps = np.abs(np.sum(left.conj() * right, axis=0))
    norm = float(np.linalg.norm(matrix))
    found = [
        _eigenvalue(value, residual, overlap, norm * float(np.finfo(J.dtype).eps))
        for value, residual, overlap in zip(values, residuals, overlaps, strict=True)
    ]
    search = Search("all", J.size, len(found))
    return Eigenvalues(_ordered(found), J.size, (search,), J.products - before, norm)


def eig(matrix: Array) -> tuple[Complexes, Complexes, Complexes]:
    """Eigenvalues with unit left and right eigenvectors, as columns, of a matrix written out."""
    found: Any = la.eig(matrix, left=True, right=True)
    return found


def _eigenvalue(value: complex, residual: float, overlap: float, rounding: float) -> Eigenvalue:
    condition = 1 / overlap if overlap > 0 else np.inf  # NaN stays NaN
    condition = np.nan if np.isnan(overlap) else condition
    error = condition * max(float(residual), rounding)
    return Eigenvalue(complex(value), float(residual), float(condition), float(error))


def _at_ends(
    J: GameJacobian,
    count: int,
    ends: Sequence[str],
    accepted: float,
    budget: tuple[int, float],
    seed: int,
) -> Eigenvalues:
    before, searches, norm = J.products, [], _norm(J, seed)
    found: list[Eigenvalue] = []
    for end in ends:
        J.grant(*budget)
        values, vectors, reason = _arnoldi(J, end, count, budget[0], seed, transposed=False)
        norm = max(norm, float(np.abs(values).max(initial=0.0)))
        J.grant(np.inf, np.inf)  # the check is not part of the search
        residuals = np.array([_residual(J, v, x) for v, x in zip(values, vectors.T, strict=True)])
        good = residuals <= accepted * norm
        J.grant(*budget)
        overlaps = _overlaps(J, end, count, budget[0], seed, (values[good], vectors[:, good]))
        J.grant(np.inf, np.inf)
        rounding = norm * float(np.finfo(J.dtype).eps)
        fresh = [
            _eigenvalue(v, r, o, rounding)
            for v, r, o in zip(values[good], residuals[good], overlaps, strict=True)
        ]
        fresh = _with_conjugates(fresh)
        rejected = int((~good).sum())
        searches.append(Search(end, count, len(fresh), rejected, _why(reason, rejected)))
        found += _new(fresh, found, accepted * norm)
    return Eigenvalues(_ordered(found), J.size, tuple(searches), J.products - before, norm)


def _with_conjugates(found: list[Eigenvalue]) -> list[Eigenvalue]:
    """J is real, so a conjugate that the last place of a search cut off is an eigenvalue too."""
    values = {e.value for e in found}
    return [
        *found,
        *(
            replace(e, value=e.value.conjugate())
            for e in found
            if e.value.conjugate() not in values
        ),
    ]


def _why(reason: str, rejected: int) -> str:
    return reason or (f"{rejected} failed the check of their residuals" if rejected else "")


def _norm(J: GameJacobian, seed: int) -> float:
    """A lower bound of the norm of J, from one random direction."""
    u = np.random.default_rng(seed).standard_normal(J.size).astype(J.dtype)
    return float(np.linalg.norm(J.matvec(u)) / np.linalg.norm(u))


def _arnoldi(
    J: GameJacobian, end: str, count: int, products: int, seed: int, *, transposed: bool
) -> tuple[Complexes, Complexes, str]:
    """Eigenvalues and right eigenvectors at one end, and why there are not more."""
    wide = min(max(4 * count + 1, 20), J.size)
    restarts = max(1, (products - wide) // (wide - count))
    start = np.random.default_rng(seed).standard_normal(J.size).astype(J.dtype)
    operator = J.operator(transposed=transposed)
    nothing = np.zeros(0, complex), np.zeros((J.size, 0), complex)
    try:
        found: Any = eigs(
            operator, k=count, which=end, v0=start, ncv=wide, maxiter=restarts, tol=_stop(J)
        )
    except ArpackNoConvergence as partial:
        missing = f"{len(partial.eigenvalues)} of {count} converged within {products} products"
        return partial.eigenvalues, partial.eigenvectors.reshape(J.size, -1), missing
    except SpentBudget:
        return *nothing, "nothing converged within the time or the number of products"
    except ArpackError as error:
        return *nothing, f"ARPACK gave up: {error}"
    values, vectors = found
    if not np.isfinite(values).all():
        raise BadData("J is not finite at this point; a spectrum needs a finite one")
    return values, vectors, ""


def _stop(J: GameJacobian) -> Any:
    """Where Arnoldi's iteration stops: well below what the check of the residuals accepts."""
    return float(np.finfo(J.dtype).eps) ** 0.75


def _residual(J: GameJacobian, value: complex, vector: Complexes) -> float:
    unit = vector / np.linalg.norm(vector)
    return float(np.linalg.norm(J.matvec(unit) - value * unit))


def _overlaps(
    J: GameJacobian,
    end: str,
    count: int,
    products: int,
    seed: int,
    pairs: tuple[Complexes, Complexes],
) -> Array:
    r""":math:`|y^* x|` for unit vectors; NaN where the transpose has no eigenvalue close by."""
    values, vectors = pairs
    if not values.size:
        return np.zeros(0)
    others, back, _ = _arnoldi(J, end, count, products, seed + 1, transposed=True)
    found = np.full(values.size, np.nan)
    for i, (value, x) in enumerate(zip(values, vectors.T, strict=True)):
        if others.size:
            j = int(np.abs(others - value).argmin())
            y = back[:, j]  # an eigenvector z of the transpose: y is its conjugate
            if abs(others[j] - value) <= CLOSE * abs(value):
                found[i] = np.abs(y @ x) / (np.linalg.norm(y) * np.linalg.norm(x))
    return found


CLOSE = 1e-3
"""Relative distance up to which an eigenvalue of the transpose is taken for the same one."""


def _new(fresh: list[Eigenvalue], known: list[Eigenvalue], slack: float) -> list[Eigenvalue]:
    """Those that no earlier search found; each known one answers for one of them."""
    left = list(known)
    kept: list[Eigenvalue] = []
    for e in fresh:
        near = [k for k in left if abs(k.value - e.value) <= slack + _size(k) + _size(e)]
        if near:
            left.remove(near[0])
        else:
            kept.append(e)
    return kept


def _size(e: Eigenvalue) -> float:
    return 0.0 if np.isnan(e.error) else e.error


def _ordered(found: list[Eigenvalue]) -> tuple[Eigenvalue, ...]:
    return tuple(sorted(found, key=lambda e: (-abs(e.value), -e.value.real, -e.value.imag)))

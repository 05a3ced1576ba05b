"""What became of the runs of a failure map: outcomes from a store, shares with intervals."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symgan.data.gmm_maps import THRESHOLDS, Outcomes, encode
from symgan.errors import BadData
from symgan.stats import wilson
from symgan.stats.resampling import Interval
from symgan.sweep.mixture import MixtureMap
from symgan.sweep.store import read, settings


@dataclass(frozen=True)
class Share:
    """How often something happened.

    Attributes:
        count: in so many runs.
        trials: of so many.
        interval: Wilson's interval of the probability.
    """

    count: int
    trials: int
    interval: Interval


def share(happened: NDArray[np.bool_]) -> Share:
    """The share of the runs in which something happened.

    Raises:
        BadData: there are no runs.

    >>> share(np.array([True, False, True, True])).count
    3
    """
    count, trials = int(np.sum(happened)), int(np.size(happened))
    return Share(count, trials, wilson(count, trials))


def cell_intervals(
    found: Outcomes, threshold: float, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's interval of the probability of success in each cell.

    Args:
        found: the outcomes of a map.
        threshold: one of `symgan.data.gmm_maps.THRESHOLDS`.
        level: the level of confidence of each interval alone.

    Returns:
        Lower and upper ends, arrays (cells,).

    Raises:
        BadData: as `Outcomes.success` and `wilson`.
    """
    counts, draws = found.counts(threshold), found.codes.shape[1]
    known = {int(k): wilson(int(k), draws, level) for k in np.unique(counts)}
    intervals = [known[int(k)] for k in counts]
    return np.array([i.low for i in intervals]), np.array([i.high for i in intervals])


def outcomes(path: str | os.PathLike[str], name: str = "") -> Outcomes:
    """The outcomes in the store of a map, of the cells that are done.

    Args:
        path: the store.
        name: what the result is called.

    Raises:
        BadData: another store, or none, or one in which nothing is done.
    """
    kept = settings(path)
    MixtureMap.from_settings(kept)
    data = read(path)
    size = int(kept["cells a chunk"])
    done = np.repeat(data["done"].to_numpy() > 0, size)[: data.sizes["cell"]]
    if not done.any():
        raise BadData(f"nothing is done yet in {path}; run the sweep first")
    final, tv, moved = (data[v].to_numpy()[done] for v in ("final", "tv", "moved"))
    codes, nearest = encode(final, tv, moved)
    means = np.stack([data[v].to_numpy()[done] for v in ("mu1", "mu2")], axis=-1)
    return Outcomes(name, kept, means, codes, nearest)


def shares(found: Outcomes) -> Mapping[str, Share]:
    """Successes at each threshold and the flags; off the diagonal, then on it.

    On the diagonal both initial means are one, and dynamics without noise never part them.
    """
    off, on = ~found.diagonal, found.diagonal
    rows = {f"TV < {t}": share(found.success(t)[off]) for t in THRESHOLDS}
    flags = ("merged", "collapsed", "inverted", "moving")
    rows |= {name: share(getattr(found, name)[off]) for name in flags}
    if on.any():
        rows["equal initial means, TV < 0.1"] = share(found.success(0.1)[on])
    return rows

r"""Intervals of a probability from counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from symgan.errors import BadData
from symgan.stats.resampling import Interval


def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    r"""Wilson's score interval of a probability.

    The probabilities p with :math:`(\hat p - p)^2 \le z^2 p (1 - p)/n`, that is

    .. math:: \frac{\hat p + z^2/2n \pm z\sqrt{\hat p(1 - \hat p)/n + z^2/4n^2}}{1 + z^2/n}.

    Args:
        successes: between 0 and trials.
        trials: n, at least 1.
        level: the level of confidence, between 0 and 1.

    Raises:
        BadData: counts or a level out of range.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".

    >>> interval = wilson(0, 10)
    >>> interval.low, round(interval.high, 4)
    (0.0, 0.2775)
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise BadData(f"{successes} successes of {trials} trials; give 0 <= successes <= trials")
    if not 0 < level < 1:
        raise BadData(f"the level {level} does not lie between 0 and 1")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, w = successes / trials, z * z / trials
    middle = share + w / 2
    half = math.sqrt(w * share * (1 - share) + w * w / 4)
    low = 0.0 if successes == 0 else (middle - half) / (1 + w)
    high = 1.0 if successes == trials else (middle + half) / (1 + w)
    return Interval(low, high, level)


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> Interval:
    r"""The exact interval of a probability: its coverage is at least the level for every p.

    Its ends are the probabilities at which the count is as extreme as it is with probability
    :math:`\alpha/2`, :math:`\alpha` being one minus the level:

    .. math:: P(X \ge k \mid p_{low}) = \alpha/2 = P(X \le k \mid p_{high}),

    with 0 and 1 where k is 0 or n.

    Args:
        successes: between 0 and trials.
        trials: n, at least 1.
        level: the level of confidence, between 0 and 1.

    Raises:
        BadData: counts or a level out of range.

    Source: Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the
    case of the binomial".

    >>> interval = clopper_pearson(1000, 1000)
    >>> round(interval.low, 5), interval.high
    (0.99632, 1.0)
    """
    wilson(successes, trials, level)  # refuses what is out of range
    k, n, tail = successes, trials, (1 - level) / 2
    low = 0.0 if k == 0 else _crossing(lambda p: _at_least(k, n, p) - tail)
    high = 1.0 if k == n else 1 - _crossing(lambda q: _at_least(n - k, n, q) - tail)
    return Interval(low, high, level)


def _at_least(k: int, n: int, p: float) -> float:
    r""":math:`P(X \ge k)` of a binomial count, summed from its logarithms."""
    if not 0 < p < 1:
        return float(p > 0)
    log_p, log_q = math.log(p), math.log1p(-p)
    whole = math.lgamma(n + 1)
    return math.fsum(
        math.exp(whole - math.lgamma(j + 1) - math.lgamma(n - j + 1) + j * log_p + (n - j) * log_q)
        for j in range(k, n + 1)
    )


def _crossing(function: Callable[[float], float]) -> float:
    """Where an increasing function on [0, 1] crosses 0, by bisection."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return middle

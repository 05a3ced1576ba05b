r"""Intervals of a probability from counts."""

from __future__ import annotations

import math
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

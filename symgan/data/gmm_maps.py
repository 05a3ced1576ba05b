r"""The stored outcomes of the failure maps of mixture GANs.

Two Gaussians learn :math:`\mu^* = (-1/2, 1/2)` from a grid of initial means, with many random
discriminators a cell. An outcome is one byte: the bin of the final total variation distance, and
four flags. `proofs/make_gmm_maps.py` wrote the files and writes them anew.

Source of the experiment: Li et al. 2018, "On the limitations of first-order approximation in GAN
dynamics", section 5 and figure 3.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from symgan.errors import BadData, UnknownName

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Total variation distances below which a run counts as a success."""
SMALL = 1e-3
"""Two means, or the ends of an interval, this close are one; less movement than this is rest."""
MERGED, COLLAPSED, INVERTED, MOVING = 8, 16, 32, 64
"""The flags; the bin is the rest modulo 8: how many thresholds the distance is not below."""
HOME = "symgan.data"
ARRAYS, SETTINGS = "gmm_maps.npz", "gmm_maps.json"


@dataclass(frozen=True)
class Outcomes:
    r"""What became of every run of one map.

    Attributes:
        name: what the map is stored as.
        settings: everything that was run, seed and versions included.
        means: the initial means, array (cells, 2).
        codes: an outcome a run, array (cells, draws) of bytes.
        nearest: the smallest relative distance of a final total variation from a threshold;
            success at the thresholds is as certain as the numbers are to this.
    """

    name: str
    settings: Mapping[str, Any]
    means: NDArray[np.float64]
    codes: NDArray[np.uint8]
    nearest: float

    def success(self, threshold: float) -> NDArray[np.bool_]:
        """Whether the final total variation distance lies below a threshold, (cells, draws).

        Raises:
            BadData: not one of `THRESHOLDS`.
        """
        if threshold not in THRESHOLDS:
            raise BadData(f"no success is stored for {threshold}; choose one of: {THRESHOLDS}")
        return (self.codes & 7) <= THRESHOLDS.index(threshold)

    def counts(self, threshold: float) -> NDArray[np.int64]:
        """Successes a cell, array (cells,)."""
        return self.success(threshold).sum(axis=1)

    @property
    def merged(self) -> NDArray[np.bool_]:
        r"""Whether :math:`|\mu_1 - \mu_2| <` `SMALL` at the end."""
        return (self.codes & MERGED) > 0

    @property
    def collapsed(self) -> NDArray[np.bool_]:
        r"""Whether :math:`|r_i - \ell_i| <` `SMALL` for every interval at the end."""
        return (self.codes & COLLAPSED) > 0

    @property
    def inverted(self) -> NDArray[np.bool_]:
        r"""Whether :math:`r_i < \ell_i -` `SMALL` for some interval at the end."""
        return (self.codes & INVERTED) > 0

    @property
    def moving(self) -> NDArray[np.bool_]:
        """Whether a mean ranged over more than `SMALL` in the last 100 steps."""
        return (self.codes & MOVING) > 0

    @property
    def diagonal(self) -> NDArray[np.bool_]:
        """The cells whose two initial means are one, array (cells,)."""
        return self.means[:, 0] == self.means[:, 1]


def encode(final: Any, tv: Any, moved: Any) -> tuple[NDArray[np.uint8], float]:
    """Outcomes from final states.

    Args:
        final: states (..., 6), in the order mu1, mu2, l1, l2, r1, r2; ends may be infinite.
        tv: total variation distances (...).
        moved: the range of each coordinate over the last steps, (..., 6).

    Returns:
        Bytes (...), and the smallest relative distance of a tv from a threshold.

    Raises:
        BadData: a distance or a mean is not finite.

    >>> codes, nearest = encode([0.5, -0.5, 0.0, 1.0, 0.0, 1.0], 0.03, [0.0] * 6)
    >>> int(codes), round(nearest, 6)
    (18, 0.4)
    """
    import numpy as np

    final, tv, moved = np.asarray(final), np.asarray(tv), np.asarray(moved)
    if not (np.isfinite(tv).all() and np.isfinite(final[..., :2]).all()):
        raise BadData("a run left the real numbers; its outcome cannot be judged")
    with np.errstate(invalid="ignore"):  # an infinite interval is neither small nor inverted
        widths = final[..., 4:6] - final[..., 2:4]
    codes = np.searchsorted(THRESHOLDS, tv, side="right").astype(np.uint8)
    flags = {
        MERGED: np.abs(final[..., 0] - final[..., 1]) < SMALL,
        COLLAPSED: (np.abs(widths) < SMALL).all(axis=-1),
        INVERTED: (widths < -SMALL).any(axis=-1),
        MOVING: (moved[..., :2] > SMALL).any(axis=-1),
    }
    for flag, raised in flags.items():
        codes = codes | np.where(raised, np.uint8(flag), np.uint8(0))
    levels = np.array(THRESHOLDS)
    return codes, float(np.min(np.abs(tv[..., None] / levels - 1)))


def stored_maps() -> tuple[str, ...]:
    """The names of the stored maps, the three of the figure first.

    >>> stored_maps()[:3]
    ('first-order', 'unrolled', 'optimal')
    """
    return tuple(_settings())


@cache
def stored_map(name: str) -> Outcomes:
    """A stored map by its name.

    Raises:
        UnknownName: no map has the name.
    """
    import numpy as np

    if name not in _settings():
        raise UnknownName(f"no map is called {name!r}; maps: {', '.join(_settings())}")
    entry = _settings()[name]
    with np.load(io.BytesIO(files(HOME).joinpath(ARRAYS).read_bytes())) as arrays:
        codes, means = arrays[entry["codes"]], arrays[entry["grid array"]]
    codes.setflags(write=False)
    means.setflags(write=False)
    return Outcomes(name, dict(entry), means, codes, float(entry["nearest"]))


@cache
def _settings() -> dict[str, Any]:
    return json.loads(files(HOME).joinpath(SETTINGS).read_text(encoding="utf-8"))

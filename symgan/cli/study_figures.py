"""The figures of a study: average ranks, and the paper's figures of what is generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from symgan.cli.study_images import (
    IMAGES,
    SHOWN,
    TIMES,
    data_points,
    gray,
    images_figure,
    times_figure,
)
from symgan.errors import BadData
from symgan.report.studies import (
    MADE,
    TARGET,
    Block,
    Dot,
    Row,
    rank_dots,
    sample_blocks,
)

if TYPE_CHECKING:
    from symgan.empirical.study.analysis import Analysis
    from symgan.empirical.study.design import Study
    from symgan.empirical.study.printed import Comparison
    from symgan.empirical.study.results import Samples


@dataclass(frozen=True)
class Printed:
    """A figure of the paper.

    Attributes:
        gan: what it shows.
        datasets: its blocks, from top to bottom.
    """

    gan: str
    datasets: tuple[str, ...]


FIGURES: Final[Mapping[str, Printed]] = {
    "figure3": Printed("Unsat. BCE", ("spiral", "circle")),
    "figure7": Printed("Unsat. BCE", ("ring", "circle", "spiral", "line")),
    "figure8": Printed("Reg. JS-GAN", ("ring", "circle", "spiral", "line")),
}
"""Section 6.1 and appendix G of the dynamic paper; it shows one run without saying which."""
_SHADES: Final = 9


def ranks_figure(found: Analysis, beside: Comparison | None = None) -> Any:
    """Average ranks with their intervals over seeds, or over pairs where there is one seed."""
    from symgan.empirical.study.analysis import ALL
    from symgan.empirical.study.tables import NAMES, heading

    panels: dict[str, list[Dot]] = {}
    seeds = found.ranked[ALL].over_seeds is not None
    for name, ranked in found.ranked.items():
        title = f"all {len(found.study.datasets)} data sets" if name == ALL else name
        panels[title] = []
        for i, order in enumerate(found.study.orders):
            interval = (ranked.over_seeds or ranked.over_pairs)[i]
            rank = float(ranked.test.average_ranks[i])
            printed = None if beside is None else float(beside.average_ranks[name][i])
            name_of = NAMES.get(order, order)
            panels[title].append(Dot(name_of, rank, interval.low, interval.high, printed))
    level = found.ranked[ALL].over_pairs[0].level
    meaning = f"medians; bar: {level:.0%} interval over {'seeds' if seeds else 'pairs'}"
    return rank_dots(panels, title=heading(found), meaning=meaning)


def samples_figure(name: str, samples: Samples, *, seed: int | None = None) -> Any:
    """A figure of the paper, redrawn from what a study has stored.

    Args:
        name: one of `FIGURES`.
        samples: of a study in two dimensions that trains its GAN on its data sets.
        seed: of the members shown; the study's first unless given.

    Raises:
        BadData: an unknown figure, or a study without the members that it shows.
    """
    if name not in FIGURES:
        raise BadData(f"no figure is called {name!r}; figures: {', '.join(FIGURES)}")
    figure, study = FIGURES[name], samples.study
    shown = study.seeds[0] if seed is None else seed
    blocks = []
    for data in figure.datasets:
        rows = [_row(samples, figure.gan, data, order, shown) for order in study.orders]
        blocks.append(Block(data, data_points(study, data, shown), rows))
    stops = study.stops(study.orders[0])
    unit = f"{study.unit}s" if study.unit != "decision" else "iterations"
    counts = [study.settings.iterations * k // study.snapshots for k in range(1, len(stops) + 1)]
    columns = [f"{count:,}" for count in counts]
    title = (
        f"{figure.gan}, seed {shown}, after so many {unit} (as figure {name[6:]})\n{samples.label}"
    )
    return sample_blocks(blocks, columns, title=title)


def put(name: str, samples: Samples, path: Path, *, seed: int | None = None) -> None:
    """Write one of the figures that are `available`.

    Raises:
        BadData: as `samples_figure`, `images_figure`, `times_figure` and `write`.
    """
    from symgan.report.figures import save

    images = {IMAGES: images_figure, TIMES: times_figure}
    if name in images:
        save(images[name](samples, seed=seed), path)  # its shades are what it shows
    else:
        write(samples_figure(name, samples, seed=seed), path)


def write(figure: Any, path: Path) -> None:
    """Write a figure of samples as PNG in few colors: it has three, and their shades at edges.

    Raises:
        BadData: a place that cannot be written.
    """
    import io

    from PIL import Image

    from symgan.report.figures import save
    from symgan.report.files import write_bytes

    save(figure, path)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=np.int64)
    palette = _palette()
    few = Image.fromarray(_nearest(pixels, palette), mode="P")
    few.putpalette(palette.ravel().tolist())
    buffer = io.BytesIO()
    few.save(buffer, format="png", optimize=True)
    write_bytes(path, buffer.getvalue())


def _nearest(pixels: NDArray[np.int64], palette: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The number of the closest color of each pixel; Pillow's own search is approximate."""
    codes, places = np.unique(pixels @ (65536, 256, 1), return_inverse=True)
    colors = np.stack([codes // 65536, codes // 256 % 256, codes % 256], axis=-1)
    away = ((colors[:, None, :] - palette) ** 2).sum(axis=-1)
    return away.argmin(axis=1)[places].reshape(pixels.shape[:2]).astype(np.uint8)


def _palette() -> NDArray[np.int64]:
    """The colors of a figure of samples, and what antialiasing makes between each two of them."""
    base = np.array([(255, 255, 255), *(_rgb(text) for text in (TARGET, MADE)), (0, 0, 0)])
    shares = np.linspace(0, 1, _SHADES)[:, None]
    mixed = [a + shares * (b - a) for a, b in combinations(base, 2)]
    return np.concatenate(mixed).round().astype(np.int64)


def _rgb(text: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(text.removeprefix("#")))


def available(study: Study) -> Sequence[str]:
    """The figures that a study has the members for."""
    plane = [
        name
        for name, figure in FIGURES.items()
        if figure.gan in study.gans and set(figure.datasets) <= set(study.datasets)
    ]
    if not gray(study):
        return plane
    return [IMAGES, TIMES] if SHOWN in study.gans else [IMAGES]


def _row(samples: Samples, gan: str, data: str, order: str, seed: int) -> Row:
    from symgan.empirical.study.tables import NAMES

    points = samples.of(gan, data, order, seed)
    if points.shape[-1] != 2:
        raise BadData(f"{data} is not a plane data set; this figure shows points of the plane")
    missing = "diverged" if samples.finished(gan, data, order, seed) else "not there yet"
    return Row(NAMES.get(order, order), points, missing)

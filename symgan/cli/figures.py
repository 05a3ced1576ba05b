"""``symgan figures``: a paper's figures, redrawn from kernels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symgan.cli.console import output, progress


def figures(
    paper: Annotated[str, typer.Argument(metavar="PAPER", hidden=True)],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path("figures"),
) -> None:
    """Redraw the figures of a paper that symgan list names.

    Curves come from kernels; exact centers and amplitudes are drawn on them.

    \b
    Examples:
      symgan figures annealed
      symgan figures annealed --out /tmp/figures

    Writes each figure as SVG, PDF and PNG.
    """
    from symgan.cli.papers import pictures
    from symgan.errors import UnknownName
    from symgan.report.files import write_bytes

    with progress(f"drawing the figures of {paper}"):
        found = pictures(paper)
    if not found:
        raise UnknownName(f"the paper {paper!r} has no figures to redraw")
    for picture in found:
        for suffix, data in {"svg": picture.svg.encode(), **picture.files}.items():
            write_bytes(out / f"{picture.name}.{suffix}", data)
        output().print(f"{out / picture.name}.svg (and {', '.join(picture.files)})", markup=False)
        output().print(f"  {picture.caption}", markup=False)

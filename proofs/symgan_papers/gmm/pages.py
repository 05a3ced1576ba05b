"""The page of the failure maps: the figures and the numbers behind them."""

from __future__ import annotations

from symgan.data.gmm_maps import stored_map, stored_maps
from symgan.report.sheets import Sheet
from symgan_papers.gmm.map_tables import TITLE, body


def pages() -> tuple[Sheet, ...]:
    """The page of the maps, from the stored outcomes."""
    found = {name: stored_map(name) for name in stored_maps()}
    return (
        Sheet(
            "maps",
            TITLE,
            body(found),
            paper="gmm",
            shows=("figure-3", "figure-3-open", "figure-3-rules"),
            note="who reaches the truth from where, under each rule and each choice left open",
        ),
    )

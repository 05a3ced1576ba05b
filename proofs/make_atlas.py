"""Write docs/ATLAS.md anew: rules against regularized games, one word a cell."""

from __future__ import annotations

from pathlib import Path

from symgan.atlas import Selection, atlas
from symgan.atlas.stored import Stored
from symgan.cache import user_cache
from symgan.report.atlas import markdown

if __name__ == "__main__":
    cells = atlas(Selection(), jobs=2, stored=Stored(user_cache().opened()))
    path = Path(__file__).parents[1] / "docs" / "ATLAS.md"
    path.write_text(markdown(cells), encoding="utf-8")

"""Run the failure maps of gmm and write symgan/data/gmm_maps.* and docs/GMM_MAPS.md anew.

    python proofs/make_gmm_maps.py RUNS [NAME ...]

RUNS is a folder of stores, one a map; what is there is gone on with. NAMES are beginnings of
names of `symgan_papers.gmm.maps.all_maps`; all maps unless given. Every map whose store is whole
goes into the data; what RUNS does not hold stays there as it is.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from symgan_papers.gmm.map_tables import document
from symgan_papers.gmm.maps import all_maps

from symgan.data.gmm_maps import ARRAYS, SETTINGS, Outcomes, stored_map, stored_maps
from symgan.report.files import write_bytes
from symgan.sweep import MixtureMap, open_store, run
from symgan.sweep.outcomes import outcomes

ROOT = Path(__file__).parents[1]
DATED = (1980, 1, 1, 0, 0, 0)
"""The date of every member of the archive: the same results give the same bytes."""


def folder(runs: Path, name: str) -> Path:
    """The store of a map."""
    return runs / (name.translate(str.maketrans("/:, =", "_____")) + ".zarr")


def fill(runs: Path, maps: Mapping[str, MixtureMap]) -> None:
    """Run what is missing."""
    for name, m in maps.items():
        store = open_store(folder(runs, name), m.declaration())
        if store.pending():
            print(name, flush=True)
            run(store, m.compute())


def finished(runs: Path, maps: Mapping[str, MixtureMap]) -> dict[str, Outcomes]:
    """The maps whose stores are whole, and those that the data hold with the same settings."""
    found = {}
    for name, m in maps.items():
        place = folder(runs, name)
        if place.exists() and not open_store(place, m.declaration()).pending():
            found[name] = outcomes(place, name)
        elif name in stored_maps() and m.settings().items() <= stored_map(name).settings.items():
            found[name] = stored_map(name)
    return found


def archive(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as a compressed npz file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, values in arrays.items():
            member = io.BytesIO()
            np.save(member, values, allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy", DATED), member.getvalue(),
                          zipfile.ZIP_DEFLATED, 9)  # fmt: skip
    return buffer.getvalue()


def write(found: Mapping[str, Outcomes]) -> None:
    """The data and the table."""
    arrays: dict[str, np.ndarray] = {}
    entries = {}
    keys: dict[tuple[bytes, tuple[int, ...]], str] = {}
    for name, one in found.items():
        grid = f"means-{len(one.means)}"
        content = (one.codes.tobytes(), one.codes.shape)  # a map under two names is kept once
        key = keys.setdefault(content, f"codes-{len(keys)}")
        arrays[grid], arrays[key] = one.means, one.codes
        arrays_of = {"grid array": grid, "codes": key}
        entries[name] = {**one.settings, "nearest": one.nearest, **arrays_of}
    data = ROOT / "symgan" / "data"
    write_bytes(data / ARRAYS, archive(arrays))
    write_bytes(data / SETTINGS, (json.dumps(entries, indent=1) + "\n").encode())
    write_bytes(ROOT / "docs" / "GMM_MAPS.md", document(found).encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="the folder of stores; made where it is missing")
    parser.add_argument("names", nargs="*", default=[""], help="beginnings of names of maps")
    asked = parser.parse_args()
    every = all_maps()
    fill(asked.runs, {n: m for n, m in every.items() if n.startswith(tuple(asked.names))})
    write(finished(asked.runs, every))

r"""Sweeps: one system from many starts, in chunks that survive an interruption.

A sweep is a declaration: what is run, from which cells, with which seeds. `Store` keeps its
results as a labelled Zarr store, and `run` fills in what is missing. `MixtureMap` declares the
failure maps of mixture GANs.
"""

from symgan.sweep.declaration import Declaration, Variable
from symgan.sweep.design import nodes, stream
from symgan.sweep.intervals import Intervals
from symgan.sweep.mixture import MixtureMap
from symgan.sweep.run import run
from symgan.sweep.store import Store, open_store

__all__ = [
    "Declaration",
    "Intervals",
    "MixtureMap",
    "Store",
    "Variable",
    "nodes",
    "open_store",
    "run",
    "stream",
]

r"""Sweeps: systems from many starts, in chunks that survive an interruption.

A sweep is a declaration: what is run, from which cells, with which seeds. `Store` keeps its
results as a labelled Zarr store, and `run` fills in what is missing; `execute` does both, in this
process or on a Dask cluster. `Sweep` declares any system and any measure of its orbits,
`MixtureMap` the failure maps of mixture GANs.
"""

from symgan.sweep.basins import Basins
from symgan.sweep.bifurcation import Tail
from symgan.sweep.declaration import Declaration, Variable
from symgan.sweep.design import nodes, stream
from symgan.sweep.designs import Axis, Points, Product, Sample
from symgan.sweep.execute import execute
from symgan.sweep.exponents import Exponents
from symgan.sweep.growth import Growth
from symgan.sweep.intervals import Intervals
from symgan.sweep.mixture import MixtureMap
from symgan.sweep.models import Model, Sampling
from symgan.sweep.run import run
from symgan.sweep.store import Store, open_store
from symgan.sweep.sweep import Sweep

__all__ = [
    "Axis",
    "Basins",
    "Declaration",
    "Exponents",
    "Growth",
    "Intervals",
    "MixtureMap",
    "Model",
    "Points",
    "Product",
    "Sample",
    "Sampling",
    "Store",
    "Sweep",
    "Tail",
    "Variable",
    "execute",
    "nodes",
    "open_store",
    "run",
    "stream",
]

"""What networks are trained on: laws in the plane, images, and their mini-batches by number."""

from symgan.empirical.data.catalog import Entry, catalog, named
from symgan.empirical.data.curves import Circle, Line
from symgan.empirical.data.plane import Curve, Plane
from symgan.empirical.data.ring import Ring
from symgan.empirical.data.seeds import derived_seed, stream
from symgan.empirical.data.source import Images, Source
from symgan.empirical.data.spiral import Spiral
from symgan.empirical.data.streams import BLOCK, Stream, batches, latents

__all__ = [
    "BLOCK",
    "Circle",
    "Curve",
    "Entry",
    "Images",
    "Line",
    "Plane",
    "Ring",
    "Source",
    "Spiral",
    "Stream",
    "batches",
    "catalog",
    "derived_seed",
    "latents",
    "named",
    "stream",
]

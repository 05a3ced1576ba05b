"""Chunks as tasks of another process: plain text in, arrays out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

from symgan.errors import BadData
from symgan.sweep.declaration import Declaration
from symgan.sweep.measures import Results
from symgan.sweep.mixture import EXPERIMENT as MIXTURES
from symgan.sweep.mixture import MixtureMap
from symgan.sweep.run import Compute
from symgan.sweep.sweep import EXPERIMENT, Sweep


class Declared(Protocol):
    """What can be run into a store: a `Sweep`, a `MixtureMap`."""

    def declaration(self) -> Declaration:
        """What its store holds."""
        ...

    def compute(self) -> Callable[[slice, Callable[[], None]], dict[str, Any]]:
        """What computes some cells."""
        ...


def document(sweep: Declared) -> str:
    """A sweep as text."""
    if isinstance(sweep, Sweep):
        return sweep.document()
    if isinstance(sweep, MixtureMap):
        return json.dumps(sweep.settings())
    raise BadData(f"{type(sweep).__name__} cannot be sent to other processes; run it in this one")


def read(text: str) -> Sweep | MixtureMap:
    """The sweep of a `document`.

    Raises:
        BadData: text of another kind.

    >>> read(document(MixtureMap(seed=3))).seed
    3
    """
    try:
        kind = json.loads(text)["experiment"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadData("the text declares no sweep of symgan") from error
    if kind == MIXTURES:
        return MixtureMap.from_settings(json.loads(text))
    if kind == EXPERIMENT:
        return Sweep.read(text)
    raise BadData(f"the text declares a sweep of another kind: {kind!r}")


def chunk(text: str, start: int, stop: int) -> Results:
    """The results of some cells; what a worker runs. It compiles a sweep once."""
    return dict(_computing(text)(slice(start, stop), lambda: None))


@lru_cache(maxsize=4)
def _computing(text: str) -> Compute:
    return read(text).compute()

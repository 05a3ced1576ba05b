"""What a sweep keeps of each orbit: the interface, and how it is read back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.declaration import Variable
from symgan.sweep.models import Model
from symgan.sweep.orbits import Floats, Orbits

Results = dict[str, NDArray[Any]]
COORDINATE = "coordinate"
"""The dimension of the visible state symbols."""


@dataclass(frozen=True)
class Measure(ABC):
    """What is kept of an orbit, with everything that decides it.

    Attributes:
        steps: how many steps an orbit is followed.
    """

    kind: ClassVar[str] = ""

    steps: int

    def __post_init__(self) -> None:
        require_whole(self.steps, "steps", 1)

    def prepared(self, model: Model) -> Model:
        """The model that is compiled; another one where more is followed than its state."""
        return model

    @abstractmethod
    def variables(self, models: Sequence[Model]) -> tuple[Variable, ...]:
        """What is stored a cell."""

    @abstractmethod
    def results(self, orbits: Orbits, start: Floats) -> Results:
        """The variables of some orbits."""

    def unknown(self, found: Results, where: NDArray[np.bool_]) -> None:
        """Put into results, in place, that nothing is known of some orbits."""
        raise NotImplementedError

    def labels(self, models: Sequence[Model]) -> dict[str, tuple[str, ...]]:
        """Labels of dimensions."""
        return {COORDINATE: models[0].visible}

    def plain(self) -> dict[str, Any]:
        """The measure as data that JSON holds."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return {"measure": self.kind, **own}

    def settings(self) -> dict[str, str | int | float]:
        """The same for people."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v if isinstance(v, int | float | str) else str(v) for k, v in own.items()}


def final(models: Sequence[Model]) -> Variable:
    """The variable of last states."""
    state = {COORDINATE: len(models[0].visible)}
    return Variable("final", state, "float64", "the state after the last step")


def read_measure(plain: Mapping[str, Any]) -> Measure:
    """The measure of `Measure.plain`.

    Raises:
        BadData: data of another kind.
    """
    known = _known()
    try:
        kind = known[plain["measure"]]
        own = {f.name: plain[f.name] for f in fields(kind)}
        return kind(**own)
    except (KeyError, TypeError) as error:
        raise BadData("the data describe nothing that a sweep keeps of an orbit") from error


def _known() -> dict[str, type[Measure]]:
    from symgan.sweep.basins import Basins
    from symgan.sweep.bifurcation import Tail
    from symgan.sweep.exponents import Exponents
    from symgan.sweep.growth import Growth

    return {kind.kind: kind for kind in (Basins, Tail, Exponents, Growth)}


def require_whole(value: Any, what: str, least: int) -> None:
    """Raises:
    BadData: not a whole number, or below the least.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BadData(f"{what} = {value}; give a whole number, at least {least}")


def require_positive(value: Any, what: str) -> None:
    """Raises:
    BadData: not a positive finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < np.inf:
        raise BadData(f"{what} = {value} is not a positive number")

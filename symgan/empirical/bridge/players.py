r"""What a rule acts on: players with tensors of their own and one loss each.

A player holds a tuple of tensors; all of them together are a *nest*, one tuple a player. Losses
are functions of a nest that is given, so that a rule can ask for them anywhere: at a half-step,
at a point on the way, at the answer of an opponent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from torch import Tensor

from symgan.errors import BadData

Parameters = tuple[tuple[Tensor, ...], ...]
"""A nest: one tuple of tensors a player. Points, gradients and directions have this shape."""

Times = tuple[float, ...]
"""One clock a player."""


class Players(Protocol):
    r"""Players who descend their own losses.

    The field of the game is :math:`v(x) = (\nabla_{x_1}\ell_1, \dots, \nabla_{x_n}\ell_n)`.
    """

    @property
    def parameters(self) -> Parameters:
        """Where the players stand: leaves, which `bridge.rules` write in place."""
        ...

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, ...]:
        """One scalar a player, a pure function of the nest and the batch."""
        ...


@runtime_checkable
class Timed(Protocol):
    """Players in a game that depends on time, or in which something moves by itself."""

    @property
    def timed(self) -> bool:
        """Whether the time matters."""
        ...

    def at(self, times: Times) -> Players:
        """The players with the clocks at these times, one a player."""
        ...

    def drift(self, parameters: Parameters, times: Times) -> Parameters:
        """What is added to the flow, as `symgan.Game.drift`."""
        ...


@runtime_checkable
class Refreshed(Protocol):
    """Players with something besides parameters that follows a step, such as running means."""

    def refresh(self, batch: Any = None) -> None:
        """Let it follow, once after each step."""
        ...


@dataclass(frozen=True)
class Batches:
    """One batch for each evaluation of the field that a step makes, in order.

    A step that is given anything else evaluates the field on that throughout.

    Attributes:
        parts: the batches.

    >>> Batches(("first", "second")).part(1)
    'second'
    """

    parts: tuple[Any, ...]

    def part(self, number: int) -> Any:
        """The batch of one evaluation.

        Raises:
            BadData: there are fewer.
        """
        if number >= len(self.parts):
            raise BadData(
                f"the step evaluates the field more than {len(self.parts)} times, which is how "
                "many batches it was given; give as many as its `draws` says"
            )
        return self.parts[number]

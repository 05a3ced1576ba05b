"""Who moves in each member of a stack, in memory that machine code reads and writes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.orders import DISCRIMINATOR, GENERATOR, Dynamic, Fixed, Order, Seen
from symgan.kernels.jit.decisions import decisions
from symgan.kernels.jit.engine import Loaded


class Oracles:
    """The oracles of some members.

    Attributes:
        moves: who moves in this iteration: (members,) whole numbers as `orders` has them.
        dynamic: 1 where the projections decide.
        looks: 1 where projections of new real data are needed before deciding.
        late: 1 where they are needed after it, for the discriminator's step.
        deciding: whether any member's projections decide.
        function: the machine code that does.

    Args:
        order: who moves when, one a member.
        settings: of the ensemble.
        like: a tensor of the type of the weights.

    Raises:
        MissingExtra: llvmlite is not installed.
    """

    moves: Tensor
    dynamic: Tensor
    looks: Tensor
    late: Tensor
    deciding: bool
    function: Loaded

    def __init__(self, order: Sequence[Order], settings: Settings, like: Tensor) -> None:
        m = len(order)
        self.moves, self.looks, self.late, self.dynamic = torch.zeros(4, m, dtype=torch.int64)
        self._number = [i for i, o in enumerate(order) if isinstance(o, Dynamic)]
        self.dynamic[self._number] = 1
        self._fixed: dict[Fixed, list[int]] = {}
        for i, o in enumerate(order):
            if isinstance(o, Fixed):
                self._fixed.setdefault(o, []).append(i)
        self._turns: list[tuple[Fixed, Tensor]] = []
        self._divergence, self._kept = like.new_zeros(m), like.new_zeros(m, settings.batch)
        self._c1, self._c2 = (
            like.new_tensor([getattr(o, c, 0.0) for o in order]) for c in ("c1", "c2")
        )
        self._reuse = settings.reuse
        self.deciding = bool(self._number)
        self.function = decisions(str(like.dtype).removeprefix("torch."))

    def recall(self, seen: Seen, standing: Tensor) -> None:
        """Take over what those that decide have seen, and which members still stand."""
        own = self._number
        self.moves[own] = seen.last
        self.looks[own] = (~((seen.last == GENERATOR) & self._reuse)).long()
        self._divergence[own], self._kept[own] = seen.divergence, seen.real
        self.moves[~standing] = 0
        turns = ((o, torch.tensor(members)) for o, members in self._fixed.items())
        self._turns = [(o, members[standing[members]]) for o, members in turns]

    def seen(self) -> Seen:
        """What those that decide have seen."""
        own = self._number
        return Seen(self.moves[own], self._divergence[own], self._kept[own])

    def ask(self, k: int) -> None:
        """Those that the iteration alone decides."""
        for order, members in self._turns:
            who = order.at(k)
            self.moves.index_fill_(0, members, who)
            self.looks.index_fill_(0, members, int(who & DISCRIMINATOR > 0))

    def table(
        self, real: Tensor, fake: Tensor, scratch: Sequence[Tensor], order: Tensor
    ) -> list[int]:
        """What the machine code reads (`symgan.kernels.jit.decisions`).

        Args:
            real: projections of a member's real data, with room for a vector behind them.
            fake: those of generated data.
            scratch: two rows as long.
            order: the members' numbers, by place.
        """
        rows = (real, fake, *scratch, self._kept)
        own = (self.moves, self._divergence, self._c1, self._c2, self.looks, self.late)
        apart = self._kept.stride(0) * self._kept.element_size()
        addresses = [order.data_ptr(), real.shape[-1], *(t.data_ptr() for t in rows), apart]
        return [*addresses, *(t.data_ptr() for t in own), int(self._reuse)]

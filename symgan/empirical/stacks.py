r"""Stacks of tensors, members first: rows of some members, and the steps that each has made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

State = dict[str, Any]
"""Plain data for a checkpoint: ``counts``, the steps of each member, shape (M,); ``calls``, at
least the largest of them; and lists of tensors (M, \\*shape), one a parameter."""

Stacks = Sequence[Tensor]
"""One tensor a parameter, members first."""

BLOCK = 1 << 17
"""Entries of a block on the processor. A temporary of many megabytes costs fresh pages of memory
each time, ten times what it takes to fill them."""


def started(parameters: Stacks, *kinds: str) -> State:
    """The state of members that have made no step: zeros for each kind of memory.

    >>> sorted(started([torch.ones(2, 3)], "mean"))
    ['calls', 'counts', 'mean']
    """
    counts = torch.zeros(len(parameters[0]), dtype=torch.int64, device=parameters[0].device)
    memory = {
        kind: [torch.zeros_like(p, requires_grad=False) for p in parameters] for kind in kinds
    }
    return {"counts": counts, "calls": 0, **memory}


@dataclass(frozen=True)
class Block:
    """Entries that are updated at once.

    Attributes:
        members: which of the members that are updated these are.
        gradient: (m, *shape).
        kept: what changes, in place: one tensor of the gradient's shape for each stack.
    """

    members: slice
    gradient: Tensor
    kept: list[Tensor]

    def factor(self, values: Tensor) -> Tensor:
        """One value a member that is updated, or one for all, shaped to multiply the entries."""
        own = values[self.members] if values.numel() > 1 else values
        return own.to(self.gradient).reshape(-1, *(1,) * (self.gradient.ndim - 1))


def blocks(members: Tensor | None, gradients: Stacks, *stacks: Stacks) -> Iterator[Block]:
    """The members' entries of all parameters, in blocks that a processor keeps in its cache.

    All members' entries are the tensors' own; those of some are copies, written back when the
    next block is asked for, but for members so large that each is a block or more.
    """
    for g, *tensors in zip(gradients, *stacks, strict=True):
        m, entries = len(g), g.numel() // max(len(g), 1)
        if g.numel() <= BLOCK or g.device.type != "cpu":
            yield from _rows(slice(0, m), members, g, tensors)
        elif entries <= BLOCK:
            step = BLOCK // entries
            for start in range(0, m, step):
                yield from _rows(slice(start, min(start + step, m)), members, g, tensors)
        else:
            for row, i in enumerate(range(m) if members is None else members.tolist()):
                yield from _pieces(row, g[row], [t[i] for t in tensors])


def _rows(part: slice, members: Tensor | None, g: Tensor, tensors: list[Tensor]) -> Iterator[Block]:
    """Some rows as one block."""
    if members is None:
        yield Block(part, g[part], [t[part] for t in tensors])
        return
    chosen = members[part]
    copies = [t.index_select(0, chosen) for t in tensors]
    yield Block(part, g[part], copies)
    for t, row in zip(tensors, copies, strict=True):
        t.index_copy_(0, chosen, row)


def _pieces(row: int, g: Tensor, tensors: list[Tensor]) -> Iterator[Block]:
    """One member's entries, cut into blocks."""
    pieces = (t.reshape(1, -1).split(BLOCK, dim=1) for t in (g, *(t.view(-1) for t in tensors)))
    for piece in zip(*pieces, strict=True):
        yield Block(slice(row, row + 1), piece[0], list(piece[1:]))


def count(state: State, members: Tensor | None) -> Tensor:
    """Count one step of the members; their numbers of steps, shape (m,)."""
    state["calls"] += 1
    counts: Tensor = state["counts"]
    if members is None:
        return counts.add_(1)
    now = counts.index_select(0, members).add_(1)
    counts.index_copy_(0, members, now)
    return now


def corrections(
    state: State, members: Tensor | None, betas: tuple[float, float]
) -> tuple[Tensor, Tensor]:
    r""":math:`1 - \beta_1^k` and :math:`\sqrt{1 - \beta_2^k}` of the members, shape (m,), a step
    counted."""
    return corrected(count(state, members), state["calls"], betas)


def corrected(counts: Tensor, most: int, betas: tuple[float, float]) -> tuple[Tensor, Tensor]:
    r""":math:`1 - \beta_1^k` and :math:`\sqrt{1 - \beta_2^k}` for some k, none above ``most``."""
    length = max(1024, 1 << int(most).bit_length())
    first, second = (_table(beta, length, power, counts.device)
                     for beta, power in zip(betas, (1.0, 0.5), strict=True))  # fmt: skip
    return first[counts.clamp(max=len(first) - 1)], second[counts.clamp(max=len(second) - 1)]


@lru_cache(maxsize=32)
def _table(beta: float, length: int, power: float, device: torch.device) -> Tensor:
    r""":math:`(1 - \beta^k)^{p}` for k = 0, 1, ..., up to where it is 1 in double precision.

    By Python's own powers, one by one as ``torch.optim`` takes them: vectorized ones may differ
    in the last place. An iteration that is asked for is below ``length`` or beyond the end.
    """
    found: list[float] = []
    for k in range(length):
        found.append((1 - beta**k) ** power)
        if found[-1] == 1.0:
            break
    return torch.tensor(found, dtype=torch.float64, device=device)


def as_double(rate: float | Tensor, like: Tensor) -> Tensor:
    """A rate, or one a member, in double precision on the device of another tensor."""
    return torch.as_tensor(rate, dtype=torch.float64, device=like.device)

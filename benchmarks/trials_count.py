"""What the trials of sweeps count, and how it is printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Count:
    """What happened to the chunks of one trial."""

    name: str
    kills: int = 0
    stores: int = 0
    chunks: int = 0
    lost: int = 0
    doubled: int = 0
    different: int = 0
    moments: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Nothing lost, doubled or different."""
        return not (self.lost or self.doubled or self.different)


def tell(count: Count, what: str) -> None:
    """One line a kill."""
    found = f"lost {count.lost}, doubled {count.doubled}, different {count.different}"
    print(f"{count.name}: kill {count.kills}, {what}; so far {found}", flush=True)


def line(c: Count) -> str:
    """A trial as a row of the table."""
    moments = ", ".join(f"{n} {moment}" for moment, n in c.moments.items())
    return (
        f"{c.name:<22} {c.kills:>5} {c.stores:>6} {c.chunks:>6} {c.lost:>5} {c.doubled:>7} "
        f"{c.different:>9}  {moments}"
    )

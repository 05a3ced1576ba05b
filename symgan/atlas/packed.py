r"""Results on their way to another process or to disk, with expressions as they stand.

Python's pickles make SymPy build an expression anew from its arguments. A relation is then asked
again whether it holds, a conjunction whether its parts contradict each other, a set whether it is
empty: that takes longer than many a cell, and may give another object than the one sent.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import sympy as sp
from sympy import Basic
from sympy.core.operations import LatticeOp
from sympy.core.relational import Relational

_BARE = (Relational, sp.Piecewise, sp.Interval, sp.ConditionSet)
"""Kinds whose objects are their arguments and nothing more."""


@dataclass(frozen=True)
class Packed:
    """A value whose expressions are kept as they stand when it is pickled.

    Args:
        value: what can be pickled.

    >>> always = sp.Lt(1, 2, evaluate=False)
    >>> pickle.loads(pickle.dumps(always)), pickle.loads(pickle.dumps(Packed(always))).value
    (True, 1 < 2)
    """

    value: Any

    def __reduce__(self) -> tuple[Any, ...]:
        """The value's own pickle, and how it is read."""
        data = BytesIO()
        _Pickler(data).dump(self.value)
        return _unpacked, (data.getvalue(),)


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, LatticeOp):
            return _lattice, (type(obj), obj.args)
        if isinstance(obj, _BARE):
            return _bare, (type(obj), obj.args)
        return NotImplemented


def _unpacked(data: bytes) -> Packed:
    return Packed(pickle.loads(data))


def _bare(kind: Any, args: tuple[Basic, ...]) -> Basic:
    return Basic.__new__(kind, *args)


def _lattice(kind: Any, args: tuple[Basic, ...]) -> Basic:
    """And, Or, Min, Max, Union and Intersection also hold their arguments as a set."""
    made = Basic.__new__(kind, *args)
    made._argset = frozenset(args)
    return made

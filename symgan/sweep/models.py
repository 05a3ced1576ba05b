r"""What a sweep runs: a map, a program or a flow with a name, as plain data.

Source: none; a format of this project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.errors import BadData
from symgan.program import Program
from symgan.sweep.expressions import Writer, read_nodes
from symgan.system import Flow, Map

Runnable = Map | Program | Flow
"""What sweeps follow."""
_KINDS: dict[str, type[Any]] = {"map": Map, "program": Program, "flow": Flow}


@dataclass(frozen=True)
class Sampling:
    """At which times the trajectory of a flow is looked at, and how exactly it is found.

    Args:
        interval: the time between two states; it counts as a step.
        tolerance: local error of the integrator, as `symgan.kernels.solve` takes it.

    Raises:
        BadData: numbers that are not positive and finite.
    """

    interval: float = 1.0
    tolerance: float = 1e-12

    def __post_init__(self) -> None:
        for name in ("interval", "tolerance"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < inf:
                raise BadData(f"{name} = {value} is not a positive number")


@dataclass(frozen=True)
class Model:
    """A named system.

    Args:
        name: how tables and figures call it, such as ``dirac, extragradient``.
        system: a map (switched or not, with memory or noise), a program or a flow.
        sampling: of a flow; in intervals of 1 unless given.

    Raises:
        BadData: something else, such as an implicit map, which has no formula; a sampling of
            what is no flow.

    >>> x, eta = sp.symbols("x eta", real=True)
    >>> model = Model("descent", Map((x,), (x - eta*x,), parameters=(eta,)))
    >>> Model.read(model.plain()) == model
    True
    """

    name: str
    system: Runnable
    sampling: Sampling | None = None

    def __post_init__(self) -> None:
        if isinstance(self.system, Flow):
            object.__setattr__(self, "sampling", self.sampling or Sampling())
        elif self.sampling is not None:
            raise BadData(f"{self.name!r} is no flow; a map's steps are counted, not timed")
        if not isinstance(self.system, Map | Program | Flow):
            raise BadData(
                f"{self.name!r} is a {type(self.system).__name__}; sweeps follow a Map, a Program "
                "or a Flow (an implicit map has no formula: take its linearization)"
            )

    @property
    def kind(self) -> str:
        """``map``, ``program`` or ``flow``."""
        return next(name for name, kind in _KINDS.items() if isinstance(self.system, kind))

    @property
    def memory(self) -> tuple[tuple[Symbol, Expr], ...]:
        """State symbols that only remember, with their values at the start."""
        return getattr(self.system, "memory", ())

    @property
    def visible(self) -> tuple[str, ...]:
        """Names of the state symbols that a start gives."""
        remembered = {symbol for symbol, _ in self.memory}
        return tuple(s.name for s in self.system.state if s not in remembered)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(symbol.name for symbol in self.system.parameters)

    @property
    def formula(self) -> str:
        """The system in one line, for people; long ones are cut."""
        text = ", ".join(
            f"{s} -> {f}" for s, f in zip(self.system.state, self.system.rhs, strict=True)
        )
        return text if len(text) <= 200 else f"{text[:197]}..."

    def centered(self, point: Mapping[Symbol, Any]) -> Model:
        """The same map or flow in displacements from a point, which then lies at 0.

        Args:
            point: visible symbol -> value.

        Raises:
            BadData: it is a program.

        >>> x = sp.Symbol("x", real=True)
        >>> Model("m", Map((x,), (x/2 + 1,))).centered({x: 2}).system.rhs
        (x/2,)
        """
        system = self.system
        if isinstance(system, Flow):
            return self._centered_flow(system, point)
        if not isinstance(system, Map):
            raise BadData(f"{self.name!r} is a program; displacements are taken of maps and flows")
        whole = system.lift(point)
        shift = {s: s + value for s, value in whole.items()}
        rhs = tuple(
            sp.expand(f.subs(shift, simultaneous=True) - whole[s], deep=False)
            for s, f in zip(system.state, system.rhs, strict=True)
        )
        memory = tuple(
            (s, sp.expand(start.subs(shift, simultaneous=True) - whole[s]))
            for s, start in system.memory
        )
        new = sorted({p for v in whole.values() for p in v.free_symbols}, key=str)
        parameters = tuple(dict.fromkeys((*system.parameters, *new)))
        found = Map(
            *(system.state, rhs, parameters, system.index, system.noise),
            memory=memory,
            updates=system.updates,
        )
        return Model(self.name, found)

    def _centered_flow(self, flow: Flow, point: Mapping[Symbol, Any]) -> Model:
        shift = {s: s + sp.sympify(point[s]) for s in flow.state}
        rhs = tuple(sp.expand(f.subs(shift, simultaneous=True), deep=False) for f in flow.rhs)
        new = sorted({p for s in shift for p in (shift[s] - s).free_symbols}, key=str)
        parameters = tuple(dict.fromkeys((*flow.parameters, *new)))
        return Model(self.name, Flow(flow.state, rhs, parameters, flow.time), self.sampling)

    def renamed(self, names: Sequence[str]) -> Model:
        """The same map with other names for its visible symbols.

        Raises:
            BadData: it is no map, or as many names are not given.
        """
        system = self.system
        if not isinstance(system, Map) or len(names) != len(self.visible):
            raise BadData(f"{self.name!r} has the state {', '.join(self.visible)}; name each")
        remembered = {symbol: f"{symbol}_memory" for symbol, _ in system.memory}
        put = dict(zip(system.visible, map(_real, names), strict=True))
        put |= {symbol: _real(name) for symbol, name in remembered.items()}
        found = Map(
            tuple(put[s] for s in system.state),
            tuple(f.xreplace(put) for f in system.rhs),
            *(system.parameters, system.index, system.noise),
            memory=tuple((put[s], start.xreplace(put)) for s, start in system.memory),
            updates=system.updates,
        )
        return Model(self.name, found)

    def plain(self) -> dict[str, Any]:
        """The model as data that JSON holds.

        Raises:
            BadData: an expression with a function that sweeps do not write.
        """
        writer, system = Writer(), self.system
        assignments = getattr(system, "assignments", ())
        clock = getattr(system, "time" if isinstance(system, Flow) else "index", None)
        return {
            "name": self.name,
            "kind": self.kind,
            "state": [writer.add(s) for s in system.state],
            "assignments": [[writer.add(t), writer.add(f)] for t, f in assignments],
            "rhs": [writer.add(f) for f in system.rhs],
            "parameters": [writer.add(p) for p in system.parameters],
            "clock": [] if clock is None else [writer.add(clock)],
            "noise": [writer.add(s) for s in getattr(system, "noise", ())],
            "memory": [[writer.add(s), writer.add(f)] for s, f in self.memory],
            "updates": getattr(system, "updates", 0),
            "nodes": writer.nodes,
            **({} if self.sampling is None else {"sampling": asdict(self.sampling)}),
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Model:
        """The model of `plain`.

        Raises:
            BadData: data of another kind.
        """
        try:
            nodes = read_nodes(plain["nodes"])
            at = {
                key: tuple(nodes[i] for i in plain[key])
                for key in ("state", "rhs", "parameters", "clock", "noise")
            }
            pairs = {
                key: tuple((nodes[i], nodes[j]) for i, j in plain[key])
                for key in ("assignments", "memory")
            }
            kind, name = _KINDS[plain["kind"]], str(plain["name"])
            updates = int(plain["updates"])
            sampling = Sampling(**plain["sampling"]) if "sampling" in plain else None
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise BadData("the data describe no system of a sweep") from error
        return cls(name, _built(kind, at, pairs, updates), sampling)


def _built(
    kind: type[Any], at: Mapping[str, Any], pairs: Mapping[str, Any], updates: int
) -> Runnable:
    clock = at["clock"][0] if at["clock"] else None
    basic = {key: at[key] for key in ("state", "rhs", "parameters")}
    if kind is Flow:
        return Flow(**basic, time=clock)
    if kind is Program:
        return Program(**basic, assignments=pairs["assignments"], index=clock, updates=updates)
    return Map(**basic, index=clock, noise=at["noise"], memory=pairs["memory"], updates=updates)


def _real(name: str) -> Symbol:
    return Symbol(name, real=True)

"""The declaration of any sweep: systems, cells, and what is kept of each orbit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.declaration import Declaration, Variable
from symgan.sweep.designs import Columns, Design, read_design
from symgan.sweep.flows import FAILED, FlowFollower, FlowOrbits, failed_variable, is_flow, method_of
from symgan.sweep.measures import Measure, Results, read_measure, require_whole
from symgan.sweep.models import Model
from symgan.sweep.orbits import Floats, Follower, Orbits

EXPERIMENT = "orbits"
SYSTEM = "system"
"""The column that says which of several systems a cell runs, by its place."""
SMALLEST, LARGEST, MANY = 256, 16384, 64
"""Cells of a chunk unless they are given: at least, at most, and into how many chunks a sweep is
cut between these. A chunk is what an interruption can cost."""
BACKENDS = ("auto", "jit", "numpy")


@dataclass(frozen=True)
class Sweep:
    r"""One measure of the orbits of one or several systems, from many cells.

    The numbers depend on nothing that is not declared here, but for the machine's instruction
    set under the NumPy backend.

    Args:
        models: what is run; all with the same visible symbols. Of several, the column
            ``system`` (0, 1, ...) of the design says which one.
        design: the cells; a column for every visible symbol and every parameter.
        measure: what is kept of each orbit.
        chunk: cells of a chunk; 0: as many as fit the sweep.
        backend: ``jit``, ``numpy``, or ``auto``: the JIT where its extra is installed. Of flows,
            ``heyoka``, ``scipy``, or ``auto``: heyoka where its extra is installed.
        portable: the same bits on every instruction set; not with NumPy, whose exp has others.
        seed: of the noise of maps that draw some, a whole number from 0.

    Raises:
        BadData: a symbol without a column, a column that nothing takes, systems with different
            symbols, maps beside flows, ``portable`` with NumPy or of flows.
        MissingExtra: the JIT is asked for and not installed.

    >>> import sympy as sp
    >>> from symgan.sweep import Axis, Growth
    >>> from symgan.system import Map
    >>> x, a = sp.symbols("x a", real=True)
    >>> model = Model("linear", Map((x,), (a*x,), parameters=(a,)))
    >>> design = Axis("a", 0.5, 1.5, 3) * Axis("x", 1, 2, 2)
    >>> sweep = Sweep((model,), design, Growth(100), backend="numpy")
    >>> sweep.compute()(slice(0, 6), lambda: None)["outcome"].tolist()
    [1, 1, 2, 2, 3, 3]
    """

    models: tuple[Model, ...]
    design: Design
    measure: Measure
    chunk: int = 0
    backend: str = "auto"
    portable: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "models", tuple(self.models))
        require_whole(self.chunk, "chunk", 0)
        require_whole(self.seed, "seed", 0)
        object.__setattr__(self, "backend", self._chosen_backend())
        _require_columns(self.models, self.cells)
        size = len(next(iter(self.cells.values())))
        fair = min(max(-(-size // MANY), SMALLEST), LARGEST)
        object.__setattr__(self, "chunk", self.chunk or fair)

    def _chosen_backend(self) -> str:
        if self._of_flows():
            return method_of(self.backend, self.models, portable=self.portable)
        return named_backend(self.backend, portable=self.portable)

    def _of_flows(self) -> bool:
        """Whether flows are swept, and not maps.

        Raises:
            BadData: maps beside flows, or flows for a measure of maps.
        """
        kinds = {is_flow(model) for model in self.models}
        if len(kinds) > 1:
            raise BadData("a sweep follows maps or flows; declare a sweep for each")
        if kinds == {True} and type(self.measure).unknown is Measure.unknown:
            raise BadData(f"{self.measure.kind} are those of maps; give a rule with its step")
        return kinds == {True}

    @cached_property
    def cells(self) -> Columns:
        """Name -> array (cells,)."""
        return self.design.columns()

    def document(self) -> str:
        """The whole declaration as text; `Sweep.read` makes it again, evaluating nothing."""
        from symgan import __version__

        plain = {
            "experiment": EXPERIMENT,
            "models": [model.plain() for model in self.models],
            "design": self.design.plain(),
            "measure": self.measure.plain(),
            "chunk": self.chunk,
            "backend": self.backend,
            "portable": self.portable,
            "seed": self.seed,
            "symgan": __version__,
        }
        return json.dumps(plain)

    @classmethod
    def read(cls, document: str) -> Sweep:
        """The sweep of a `document`.

        Raises:
            BadData: text of another kind, or written by another version of symgan.
        """
        from symgan import __version__

        try:
            plain = json.loads(document)
            written = plain["symgan"]
            if written != __version__:
                raise BadData(
                    f"the sweep was declared by symgan {written}, and this is {__version__}; "
                    "install the same version on every machine"
                )
            own = {name: plain[name] for name in ("chunk", "backend", "portable", "seed")}
            models = tuple(Model.read(model) for model in plain["models"])
            design, measure = read_design(plain["design"]), read_measure(plain["measure"])
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, BadData):
                raise
            raise BadData("the text declares no sweep of symgan") from error
        return cls(models, design, measure, **own)

    def settings(self) -> dict[str, str | int | float]:
        """Everything that decides the numbers, for people to read."""
        from symgan import __version__

        document = self.document()
        return {
            "experiment": self.measure.kind,
            "system": "; ".join(model.name for model in self.models),
            "map": "; ".join(model.formula for model in self.models)[:400],
            "design": str(self.design),
            **self.measure.settings(),
            **self._sampling(),
            "backend": self.backend,
            "portable": "yes" if self.portable else "no",
            "seed": self.seed,
            "symgan": __version__,
            "digest": hashlib.sha256(document.encode()).hexdigest()[:16],
        }

    def _sampling(self) -> dict[str, str]:
        """How flows are sampled, for people."""
        found = [model.sampling for model in self.models if model.sampling is not None]
        if not found:
            return {}
        told = (f"a step is a time of {s.interval:g}, found to {s.tolerance:g}" for s in found)
        return {"sampling": "; ".join(dict.fromkeys(told))}

    def _variables(self) -> tuple[Variable, ...]:
        """What is stored a cell."""
        own = self.measure.variables(self.models)
        return (*own, failed_variable()) if self._of_flows() else own

    def declaration(self) -> Declaration:
        """What a store of this sweep holds."""
        return Declaration(
            self.settings(),
            self.cells,
            self._variables(),
            self.chunk,
            self.measure.labels(self.models),
            self.document(),
        )

    def compute(self) -> Callable[[slice, Callable[[], None]], Results]:
        """What `symgan.sweep.run` calls; the systems are compiled here, once.

        They are read back from their plain data first, as on another machine.

        Raises:
            KernelError: a function that the backend does not know.
        """
        read = [Model.read(json.loads(json.dumps(model.plain()))) for model in self.models]
        followers = [self._follower(model) for model in read]
        shapes = {v.name: (tuple(v.dims.values()), v.dtype) for v in self._variables()}

        def results(cells: slice, checkpoint: Callable[[], None]) -> Results:
            columns = {name: values[cells] for name, values in self.cells.items()}
            numbers = np.arange(cells.start, cells.stop, dtype=np.int64)
            which = columns.get(SYSTEM, np.zeros(len(numbers)))
            found = {
                name: np.full((len(numbers), *shape), np.nan if "f" in dtype else 0, dtype=dtype)
                for name, (shape, dtype) in shapes.items()
            }
            for i, follower in enumerate(followers):
                mine = np.flatnonzero(which == i)
                if mine.size:
                    here = {name: values[mine] for name, values in columns.items()}
                    orbits, start = follower.orbits(here, numbers[mine], self.seed, checkpoint)
                    _put(found, mine, self._kept(orbits, start))
            return found

        return results

    def _follower(self, model: Model) -> Follower | FlowFollower:
        if is_flow(model):
            return FlowFollower(model, self.backend)
        return Follower.of(self.measure.prepared(model), self.backend, self.portable)

    def _kept(self, orbits: Orbits, start: Floats) -> Results:
        """The results of some orbits, and which of them were not followed."""
        found = self.measure.results(orbits, start)
        if not isinstance(orbits, FlowOrbits):
            return found
        self.measure.unknown(found, orbits.failed > 0)
        return {**found, FAILED: orbits.failed.astype(np.uint8)}

    def at(self, **changes: Any) -> Sweep:
        """The same sweep with other settings."""
        return replace(self, **changes)


def _put(found: Results, mine: NDArray[np.int64], part: Mapping[str, NDArray[Any]]) -> None:
    """Results of some cells in their places; a smaller system fills the first ones."""
    for name, values in part.items():
        if values.ndim == 1:
            found[name][mine] = values
        else:
            found[name][mine, ..., : values.shape[-1]] = values


def named_backend(name: str, portable: bool = False) -> str:
    """The backend that a name stands for: ``auto`` is the JIT where its extra is installed.

    Raises:
        BadData: no backend of that name, or portable results of NumPy.
        MissingExtra: the JIT is asked for and not installed.

    >>> named_backend("numpy")
    'numpy'
    """
    from symgan.errors import MissingExtra

    if name not in BACKENDS:
        raise BadData(f"backend = {name!r}; choose one of: {', '.join(BACKENDS)}")
    if name == "numpy":
        if portable:
            raise BadData(
                "NumPy's exp and log have other last bits on other instruction sets; "
                "portable results need the backend jit"
            )
        return name
    try:
        import llvmlite  # noqa: F401 - whether it is there
    except ImportError:
        if name == "jit" or portable:
            raise MissingExtra("llvmlite", "jit", "the JIT backend of a sweep") from None
        return "numpy"
    return "jit"


def _require_columns(models: Sequence[Model], cells: Columns) -> None:
    if not models:
        raise BadData("a sweep of no system; give at least one")
    visible = models[0].visible
    for model in models:
        if model.visible != visible:
            raise BadData(
                f"{model.name!r} has the state {', '.join(model.visible)}, {models[0].name!r} "
                f"{', '.join(visible)}; sweep systems with the same symbols, or rename them"
            )
    wanted = dict.fromkeys((*visible, *(p for model in models for p in model.parameters)))
    if len(models) > 1:
        wanted[SYSTEM] = None
    for name in wanted:
        if name not in cells:
            raise BadData(f"nothing gives {name}; add it to the design of the sweep")
    for name in cells:
        if name not in wanted:
            raise BadData(f"the sweep takes no {name}; it takes {', '.join(wanted)}")
    if len(models) > 1 and not np.isin(cells[SYSTEM], np.arange(len(models))).all():
        raise BadData(f"the column {SYSTEM} holds numbers other than 0 to {len(models) - 1}")

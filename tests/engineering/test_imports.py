"""Who may import whom, held against the imports that the sources make."""

from __future__ import annotations

import ast

import pytest

from tests.engineering.sources import imports, loaded, modules, when_loaded

GROUND = frozenset(
    {"errors", "system", "game", "results", "results_discrete", "implicit", "losses", "catalog"}
    | {"expectation", "laws", "f_divergences", "program", "differentiation"}
)
MATHEMATICS = frozenset({"regularizers", "games", "rules", "analysis", "kernels"})
ABOVE = frozenset(
    {"certify", "parse", "sweep", "atlas", "audit", "testing", "stats", "cache", "data"}
    | {"optimizers"}
)

ALLOWED: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "results": frozenset(),
    "results_discrete": frozenset(),
    "differentiation": frozenset(),
    "system": frozenset({"errors", "differentiation"}),
    "game": frozenset({"errors", "system", "differentiation"}),
    "program": frozenset({"errors", "system", "differentiation"}),
    "implicit": frozenset({"errors", "system", "differentiation"}),
    "losses": frozenset({"errors"}),
    "f_divergences": frozenset({"errors", "differentiation"}),
    "expectation": frozenset({"errors", "differentiation"}),
    "laws": frozenset({"errors", "expectation"}),
    "catalog": frozenset({"errors", "game", "system"}),
    "parse": frozenset({"errors"}),
    "certify": frozenset({"errors", "results", "differentiation"}),  # knows statements, not games
    "games": GROUND,
    "rules": GROUND,
    "regularizers": GROUND,
    "optimizers": GROUND | {"rules"},  # they share the building blocks of update maps
    "stats": frozenset({"errors"}),
    "cache": frozenset({"errors"}),
    "processes": frozenset(),
    "data": frozenset({"errors"}),
    "sweep": GROUND | MATHEMATICS | {"stats", "data", "cache"},
    "atlas": GROUND | MATHEMATICS | {"certify", "cache", "processes"},
    "testing": GROUND | MATHEMATICS | {"certify"},
    "analysis": GROUND | {"certify"},
    "kernels": GROUND | {"cache"},
    "claims": GROUND | MATHEMATICS | {"certify", "parse", "cache", "processes"},
    "audit": GROUND | MATHEMATICS | {"certify", "optimizers", "parse"},
    "report": GROUND | MATHEMATICS | {"certify", "parse", "claims", "atlas", "audit", "stats"},
    "pytest_plugin": frozenset({"errors", "claims", "report"}),
    "empirical": GROUND | MATHEMATICS | {"optimizers", "sweep", "stats", "data", "cache"},
    "cli": GROUND | MATHEMATICS | ABOVE | {"claims", "report", "empirical", "processes"},
    "__main__": frozenset({"cli"}),
}
"""Part of the package -> the parts it may import. `symgan.__init__` only names its lazy homes."""

EXTRAS = frozenset(
    {"z3", "flint", "matplotlib", "llvmlite", "heyoka", "dask", "xarray", "zarr"}
    | {"torch", "cvc5", "sklearn"}
)
"""Libraries of extras: imported where they are used, never when a module loads."""


def part_of(module: str) -> str:
    """The part of the package that a module belongs to."""
    return [*module.split("."), ""][1]


def boundary_violations(module: str, source: str) -> list[str]:
    """Imports of a module of symgan that its part may not make."""
    allowed = ALLOWED[part_of(module)] | {part_of(module)}
    found = []
    for name in imports(ast.parse(source), module):
        if name.split(".")[0] == "symgan_papers":
            found.append(f"{module} imports {name}; papers are found through entry points")
        elif name.split(".")[0] == "symgan" and part_of(name) not in {*allowed, "__version__"}:
            found.append(f"{module} imports {name}")
    return found


def loading_violations(module: str, source: str) -> list[str]:
    """Optional libraries that a module imports when it loads; PyTorch is what `empirical` is of."""
    own = {"torch"} if part_of(module) == "empirical" else set()
    tree = ast.parse(source)
    found = [name for name in when_loaded(tree) if name in EXTRAS - own]
    if part_of(module) != "empirical":
        found += [name for name in loaded(tree) if name.startswith("symgan.empirical")]
    return [f"{module} loads {name}" for name in found]


SOURCES = {
    name: path.read_text(encoding="utf-8") for name, path in modules().items() if name != "symgan"
}


@pytest.mark.parametrize("module", SOURCES)
def test_imports_stay_within_their_layer(module: str) -> None:
    assert boundary_violations(module, SOURCES[module]) == []


@pytest.mark.parametrize("module", SOURCES)
def test_extras_load_where_they_are_used(module: str) -> None:
    assert loading_violations(module, SOURCES[module]) == []


def test_papers_are_never_named() -> None:
    for module, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.startswith("symgan_papers"), f"{module}:{node.lineno}"


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("symgan.kernels.x", "from symgan.analysis import spectrum"),
        ("symgan.analysis.x", "def f():\n    import symgan.kernels.compiler"),
        ("symgan.games.x", "from symgan import rules"),
        ("symgan.rules.x", "from ..games.quadratic import bilinear"),
        ("symgan.kernels.x", "from symgan.certify import sign"),
        ("symgan.certify.x", "from symgan.game import Game"),
        ("symgan.claims.x", "if TYPE_CHECKING:\n    from symgan.report import page"),
        ("symgan.report.x", "from symgan.cli import main"),
        ("symgan.system", "from symgan.game import Game"),
        ("symgan.cli.x", "from symgan_papers.annealed import figures"),
        ("symgan.results", "from .system import Flow"),
        ("symgan.claims.x", "def f():\n    import symgan.empirical"),
        ("symgan.empirical.x", "from symgan.report import style"),
    ],
)
def test_forbidden_imports_are_seen(module: str, source: str) -> None:
    assert len(boundary_violations(module, source)) == 1


def test_allowed_imports_pass() -> None:
    source = "from symgan.certify import sign\nfrom . import signs\nfrom ..results import Spectrum"
    assert boundary_violations("symgan.analysis.x", source) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import z3", 1),
        ("try:\n    import matplotlib.pyplot\nexcept ImportError:\n    pass", 1),
        ("def f():\n    import z3", 0),
        ("if TYPE_CHECKING:\n    from matplotlib.figure import Figure", 0),
        ("import torch", 1),
        ("from symgan.empirical import orders", 1),
    ],
)
def test_loading_is_told_from_using(source: str, count: int) -> None:
    assert len(loading_violations("symgan.x", source)) == count


def test_networks_load_torch_and_nobody_else_loads_networks() -> None:
    assert loading_violations("symgan.empirical.x", "import torch") == []
    assert len(loading_violations("symgan.empirical.x", "import sklearn")) == 1

"""Names in docstrings and annotations that Sphinx does not find by itself.

Annotations say ``Map`` where the reference says ``symgan.system.Map``: a short name that ends
exactly one documented object is a link to it. What belongs to another library, or to Python, is
shown without a link. Anything else stays missing, and the build, which is nitpicky, fails.
"""

from __future__ import annotations

import builtins
import collections.abc
import inspect
import typing
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import symgan

FOREIGN = frozenset({
    "sympy", "numpy", "np", "mpmath", "torch", "typer", "matplotlib", "xarray", "zarr", "dask",
    "distributed", "flint", "z3", "hypothesis", "pathlib", "fractions", "decimal", "collections",
    "typing", "types", "enum", "abc", "argparse", "functools", "pytest", "sp", "scipy", "heyoka",
    "os", "xr", "Symbol", "NDArray", "Figure",
})  # fmt: skip
"""Libraries, and names of theirs that only type checkers import, in annotations and docstrings."""

INTERNAL = frozenset({
    "Engine", "Whole", "Values", "Rule", "Name", "Larger", "GeneralJumps", "Floats", "Drawn",
    "symgan.kernels.noise.Noise", "symgan.empirical.bridge.update.Moved",
    "symgan.certify.recheck_cone.Polynomials", "symgan.certify.recheck_cases.Constraint",
    "symgan.certify.generators.Generators", "symgan.atlas.stored.Stored",
    "symgan.parse.latex.cursor.Cursor", "symgan.parse.latex.tokens.Token",
    "symgan.report.formulas.writer.Writer",
})  # fmt: skip
"""Types that signatures mention and no caller builds or reads: they have no entries."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Take part where a reference is not found."""
    app.connect("missing-reference", resolve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Node
) -> nodes.Node | None:
    """A link by the end of a name, the bare text for foreign names, or nothing."""
    if node.get("refdomain") != "py":
        return None
    target = _home(str(node.get("reftarget", "")).strip())
    full = _by_suffix(env, target) or _by_suffix(env, target.rpartition(".")[0])  # a field
    if full is not None:
        document, anchor = full
        uri = app.builder.get_relative_uri(node.get("refdoc", ""), document)
        return nodes.reference("", "", content, internal=True, refuri=f"{uri}#{anchor}")
    return content if _unlinked(node, target) else None


def _home(target: str) -> str:
    """The full name of what the package itself offers: symgan.Map is symgan.system.Map."""
    package, _, rest = target.partition(".")
    name, dot, field = rest.partition(".")
    home = symgan._HOMES.get(name) if package == "symgan" else None
    return f"symgan.{home}.{name}{dot}{field}" if home else target


def _by_suffix(env: BuildEnvironment, target: str) -> tuple[str, str] | None:
    objects = env.domains.python_domain.objects
    if not target:
        return None
    last = target.rpartition(".")[2]
    found = {
        (entry.docname, entry.node_id)
        for name, entry in objects.items()
        if name == target or name.endswith(f".{target}")
    }
    if not found and target.startswith("symgan."):  # documented where it is imported to
        found = {
            (entry.docname, entry.node_id)
            for name, entry in objects.items()
            if name.endswith(f".{last}") and name.rpartition(".")[0] in target
        }
    return found.pop() if len(found) == 1 else None


def _unlinked(node: pending_xref, target: str) -> bool:
    if target in INTERNAL or "[" in target:
        return True
    if target.startswith("symgan."):
        return _is_notation(target)
    if target.split(".")[0] in FOREIGN or node.get("reftype") == "obj":
        return True  # another library's, or code in backquotes: `x`, `eta`
    return any(hasattr(module, target) for module in (builtins, typing, collections.abc))


def _is_notation(target: str) -> bool:
    """Whether a name of symgan is a module, a type variable, an alias or private: no entry."""
    home, _, last = target.rpartition(".")
    if last.startswith("_"):
        return True
    try:
        value = getattr(import_module(home), last, None)
    except ModuleNotFoundError:
        return False
    return value is not None and not (inspect.isclass(value) or inspect.isfunction(value))

"""The sources of the package, parsed, for tests that read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "symgan"


def modules(*folders: str) -> dict[str, Path]:
    """Module name -> file, of symgan unless folders are named."""
    found: dict[str, Path] = {}
    for folder in folders or ("symgan",):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imports(tree: ast.AST, module: str, *, package: bool = False) -> Iterator[str]:
    """Full names of all that a module imports, inside functions too.

    ``from a import b`` counts as ``a.b``: b may be a module. Relative names are resolved.
    """
    here = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def loaded(tree: ast.Module) -> Iterator[str]:
    """What a module imports when it is loaded, not when it is used."""
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield from imports(node, "")


def when_loaded(tree: ast.Module) -> Iterator[str]:
    """Top-level names of what a module imports when it is loaded."""
    for name in loaded(tree):
        yield name.split(".")[0]

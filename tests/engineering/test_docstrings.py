"""Every public function and class says what it is, and documents the arguments it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.engineering.sources import modules

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_SECTION = re.compile(r"^(Args|Attributes):\n((?:(?:    .*)?\n)*)", re.M)
_ENTRY = re.compile(r"^    (\*{0,2}\w+(?:, \*{0,2}\w+)*):", re.M)


def public(tree: ast.Module) -> Iterator[Definition]:
    """Public functions and classes of a module, and public methods of public classes."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            if any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list):
                continue  # the implementation speaks for its overloads
            yield node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, Definition) and not inner.name.startswith("_"):
                        yield inner


def documented(node: Definition) -> list[str]:
    """Names that the Args or Attributes section of a docstring describes."""
    text = (ast.get_docstring(node) or "") + "\n"
    found: list[str] = []
    for section in _SECTION.finditer(text):
        for entry in _ENTRY.finditer(section.group(2)):
            found += [name.strip().lstrip("*") for name in entry.group(1).split(",")]
    return found


def signature(node: Definition) -> list[str]:
    """Names of the arguments; of a class, its annotated fields and its __init__'s."""
    if isinstance(node, ast.ClassDef):
        fields = [n.target.id for n in node.body if isinstance(n, ast.AnnAssign)
                  and isinstance(n.target, ast.Name)]  # fmt: skip
        inits = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
        return fields + [name for init in inits for name in signature(init)]
    a = node.args
    every = [*a.posonlyargs, *a.args, *([a.vararg] if a.vararg else []), *a.kwonlyargs]
    every += [a.kwarg] if a.kwarg else []
    return [arg.arg for arg in every if arg.arg not in ("self", "cls")]


def violations(source: str) -> list[str]:
    """What is undocumented, or documented and not there.

    A function that describes its arguments describes all of them, unless it says
    "otherwise as" another one. Subclasses may describe inherited fields.
    """
    found = []
    for node in public(ast.parse(source)):
        names, has = documented(node), signature(node)
        text = ast.get_docstring(node)
        if not text:
            found.append(f"{node.name} has no docstring")
            continue
        inherits = isinstance(node, ast.ClassDef) and bool(node.bases)
        if unknown := [name for name in names if name not in has and not inherits]:
            found.append(f"{node.name} documents {', '.join(unknown)}, which it does not have")
        complete = not names or "otherwise as" in text or isinstance(node, ast.ClassDef)
        if missing := [name for name in has if name not in names and not complete]:
            found.append(f"{node.name} leaves {', '.join(missing)} undocumented")
    return found


PATHS = modules()


@pytest.mark.parametrize("module", PATHS)
def test_docstrings_match(module: str) -> None:
    assert violations(PATHS[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def f(x): pass", 1),
        ('def f(x):\n    """F."""', 0),
        ('def f(x, y):\n    """F.\n\n    Args:\n        x: the x.\n    """', 1),
        ('def f(x):\n    """F.\n\n    Args:\n        z: the z.\n    """', 2),
        ('def f(x, *, y, **z):\n    """F.\n\n    Args:\n        x, y: two.\n        **z: more.\n'
         '            note: a continuation.\n    """', 0),
        ('class C:\n    """C.\n\n    Attributes:\n        a: gone.\n    """\n    b: int', 1),
        ('class C:\n    """C."""\n    def m(self): pass', 1),
        ("def _f(x): pass", 0),
    ],
)  # fmt: skip
def test_the_check_sees_mismatches(source: str, count: int) -> None:
    assert len(violations(source)) == count

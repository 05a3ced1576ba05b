"""The directive ``{api}``: reference entries of a module, by name or all that are public.

```{api} symgan.analysis
spectrum
equilibria
```

Without names: everything in the module's ``__all__``, else the public functions and classes
that the module defines, in their order. Used by the reference pages alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_args, get_type_hints

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

COLON = "\ue000"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("api", Api)
    app.add_directive("returned", Returned)
    app.add_directive("catalog", Catalog)
    app.add_directive("shortcuts", Shortcuts)
    app.connect("autodoc-process-docstring", fields, priority=100)  # before napoleon
    app.connect("autodoc-process-docstring", colons, priority=900)  # after it
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def fields(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Describe the fields of a dataclass in one list, as arguments are: they are no entries."""
    lines[:] = ["Fields:" if line == "Attributes:" else line for line in lines]
    if what in ("property", "attribute", "data") and lines:
        lines[0] = lines[0].replace(":", COLON)  # napoleon reads "type: description" there


def colons(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Put the colons back that `fields` hid."""
    lines[:] = [line.replace(COLON, ":") for line in lines]


class Api(SphinxDirective):
    """Entries for names of one module."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Write autodoc directives and parse them."""
        try:
            module = import_module(self.arguments[0])
        except ImportError as error:
            return [self.state.document.reporter.warning(str(error), line=self.lineno)]
        names = [line.strip() for line in self.content if line.strip()] or public(module)
        lines = [] if self.content else [f".. py:module:: {module.__name__}", ""]
        for name in names:
            lines += entry(module, name)
        return self.parse_rst(lines)

    def parse_rst(self, lines: list[str]) -> list[nodes.Node]:
        """Nodes of reStructuredText inside a Markdown page."""
        text = ["```{eval-rst}", *lines, "```"]
        holder = nodes.Element()
        self.state.nested_parse(StringList(text, self.get_source_info()[0]), 0, holder)
        return holder.children


class Returned(Api):
    """Entries for the result types of a module's functions that the module does not list itself."""

    def run(self) -> list[nodes.Node]:
        """Look through the annotations of everything public."""
        module = import_module(self.arguments[0])
        lines: list[str] = []
        for value in result_types(module):
            lines += [f".. autoclass:: {value.__module__}.{value.__qualname__}", ""]
        return self.parse_rst(lines)


def result_types(module: ModuleType) -> list[type]:
    """Public classes of this module's package that its public names lead to, step by step."""
    names = public(module)
    package = module.__name__ if hasattr(module, "__path__") else module.__name__.rpartition(".")[0]
    found: dict[type, None] = {}
    todo: list[Any] = [getattr(module, name) for name in names]
    while todo:
        for value in mentioned(todo.pop()):
            own = value.__module__.startswith(f"{package}.") and value.__name__[0] != "_"
            if own and value not in found:
                found[value] = None
                todo.append(value)
    return sorted((c for c in found if c.__name__ not in names), key=lambda c: c.__name__)


def mentioned(value: Any) -> Iterator[type]:
    """The classes in the annotations of a function, or of a class's fields and methods."""
    own = vars(value).values() if inspect.isclass(value) else ()
    parts = [value, *(getattr(v, "fget", v) for v in own)]
    for part in parts:
        if inspect.isfunction(part) or inspect.isclass(part):
            if part.__name__.startswith("_"):
                continue
            for hint in hints(part):
                yield from classes(hint)


def hints(value: Any) -> list[Any]:
    """Annotations, resolved; none where they name what only type checkers import."""
    try:
        return list(get_type_hints(value).values())
    except NameError:
        return []


def classes(hint: Any) -> Iterator[type]:
    """The classes inside an annotation."""
    if inspect.isclass(hint) and not get_args(hint):
        yield hint
    for part in get_args(hint):
        yield from classes(part)


def public(module: ModuleType) -> list[str]:
    """The names that a module offers."""
    declared = getattr(module, "__all__", None)
    if declared is not None:
        return [name for name in declared if not name.startswith("__")]
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
    ]


def entry(module: ModuleType, name: str) -> list[str]:
    """The autodoc directive of one name."""
    value = getattr(module, name)
    full = f"{module.__name__}.{name}"
    if inspect.ismodule(value):
        return []
    if inspect.isclass(value):
        return [f".. autoclass:: {full}", ""]
    if inspect.isroutine(value):
        return [f".. autofunction:: {full}", ""]
    return [f".. autodata:: {full}", "   :no-value:", ""]


class Catalog(SphinxDirective):
    """A table of everything that one of the catalogs discovers."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Name, summary and options of each."""
        from symgan import games, optimizers, regularizers, rules
        from symgan.catalog import mark_of

        catalogs = {
            "games": games.catalog,
            "rules": rules.catalog,
            "flows": rules.flows,
            "regularizers": regularizers.catalog,
            "optimizers": optimizers.catalog,
        }
        rows = []
        for name, function in sorted(catalogs[self.arguments[0]]().items()):
            options = [str(p).split(":")[0] for p in inspect.signature(function).parameters.values()
                       if p.name not in ("game", "eta")]  # fmt: skip
            rows.append(f"| `{name}` | {mark_of(function).summary} | {_code(options)} |")
        head = ["| name | what it is | options |", "|---|---|---|"]
        holder = nodes.Element()
        self.state.nested_parse(StringList([*head, *rows], "catalog"), 0, holder)
        return holder.children


def _code(options: list[str]) -> str:
    return ", ".join(f"`{option}`" for option in options)


class Shortcuts(SphinxDirective):
    """The names of the package itself, and where their entries stand."""

    def run(self) -> list[nodes.Node]:
        """One list, in the order of ``__all__``."""
        import symgan

        links = [f"{{py:obj}}`~symgan.{symgan._HOMES[name]}.{name}`" for name in public(symgan)]
        holder = nodes.Element()
        self.state.nested_parse(StringList([" · ".join(links)], "shortcuts"), 0, holder)
        return holder.children

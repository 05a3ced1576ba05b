r"""Which of symgan's sources something rests on: what they import, directly or not.

Read off from the sources themselves, imports inside functions included. A module that another
names counts, with all that it imports; the packages around it count only as text, since they
gather names for users. Where a module takes a whole catalog (rules, games, regularizers), all
of the catalog counts. The atlas takes members of its catalogs by the names on its axes, so
there the members alone count: `of_way` and `of_place` say which they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from symgan import games, regularizers, rules
from symgan.atlas.axes import NONE, SHAPES, Specimen, Way

CORE = "symgan.atlas.build"
"""What makes settings, answers and cells."""
_CATALOGS = frozenset(f"symgan.{name}" for name in ("games", "regularizers", "rules"))
_BY_NAME = "symgan.atlas."


@cache
def of_way(way: Way) -> tuple[str, ...]:
    """The module of a rule or flow.

    >>> of_way(Way("extragradient"))
    ('symgan.rules.extragradient',)
    """
    function = rules.named_flow(way.rule) if way.continuous else rules.named(way.rule)
    return (function.__module__,)


@cache
def of_place(specimen: Specimen, penalty: str) -> tuple[str, ...]:
    """The modules of a game and its regularizer, as far as `CORE` does not import them.

    >>> of_place(Specimen("uniform", "wasserstein"), "r1")
    ('symgan.games.uniform', 'symgan.regularizers.penalties')
    """
    found = [] if specimen.game in SHAPES else [games.named(specimen.game)]
    found += [] if penalty == NONE else [regularizers.named(penalty)]
    return tuple(function.__module__ for function in found)


class Sources:
    """The sources below a folder, each read once.

    Args:
        root: the folder that holds the package ``symgan``.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._places: dict[str, Path | None] = {}
        self._texts: dict[Path, bytes] = {}
        self._named: dict[Path, frozenset[str]] = {}
        self._digests: dict[str, bytes] = {}

    def digest(self, modules: Iterable[str]) -> str:
        """A digest of all that some modules rest on."""
        return sha256(b"".join(map(self._digest, sorted(set(modules))))).hexdigest()

    def _digest(self, module: str) -> bytes:
        if module not in self._digests:
            digest = sha256()
            for path in sorted(self.reach(module)):
                digest.update(str(path.relative_to(self._root)).encode() + b"\0")
                digest.update(sha256(self._text(path)).digest())
            self._digests[module] = digest.digest()
        return self._digests[module]

    def reach(self, module: str) -> set[Path]:
        """The files that a module rests on, its own among them."""
        found: set[Path] = set()
        todo = [module]
        while todo:
            name = todo.pop()
            path = self._place(name)
            if path is None or path in found:
                continue
            found.add(path)
            named = self._imported(path)
            todo += named - _CATALOGS
            if not name.startswith(_BY_NAME):
                todo += (member for other in named & _CATALOGS for member in self._members(other))
        return found | {p for path in found for p in self._around(path)}

    def _place(self, name: str) -> Path | None:
        """The file of a module of the package."""
        if name not in self._places:
            inside = self._root.joinpath(*name.split("."))
            places = (inside.with_suffix(".py"), inside / "__init__.py")
            self._places[name] = next((p for p in places if p.is_file()), None)
        return self._places[name]

    def _text(self, path: Path) -> bytes:
        if path not in self._texts:
            self._texts[path] = path.read_bytes()
        return self._texts[path]

    def _around(self, path: Path) -> Iterator[Path]:
        """The packages that a module lies in."""
        folders = (folder for folder in path.parents if folder.is_relative_to(self._root))
        return (p for f in folders if (p := f / "__init__.py").is_file())

    def _members(self, catalog: str) -> list[str]:
        folder = self._root.joinpath(*catalog.split("."))
        return [f"{catalog}.{p.stem}" for p in folder.glob("*.py") if p.stem != "__init__"]

    def _imported(self, path: Path) -> frozenset[str]:
        if path not in self._named:
            self._named[path] = frozenset(self._names(path))
        return self._named[path]

    def _names(self, path: Path) -> Iterator[str]:
        """Modules of the package that a file names in its imports, all absolute."""
        for node in ast.walk(ast.parse(self._text(path))):
            if isinstance(node, ast.Import):
                yield from (a.name for a in node.names if a.name.startswith("symgan."))
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("symgan"):
                assert node.module is not None
                for alias in node.names:
                    inside = f"{node.module}.{alias.name}"
                    yield node.module if self._place(inside) is None else inside

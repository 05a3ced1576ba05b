"""Entries kept between runs, under keys that hold everything an examination depends on.

A key is a digest of the claim's own package or file, of every source it imports (inside
functions too), of all of symgan, of the versions of all installed distributions, and of
Python and the machine. What a claim reads by other means (a file, the clock, the network) is
not seen. Only entries that came out as expected are kept: a failure is always examined anew.
"""

from __future__ import annotations

import ast
import importlib.util
import platform
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType

from symgan.cache import Cache
from symgan.claims.model import Claim, Entry

_STANDARD = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))
_INSTALLED = {"site-packages", "dist-packages"}
"""Folders of installed distributions, whose versions stand in the key."""
_SKIPPED = {".pyc", ".pyo"}


class Stored:
    """Finds and keeps the entries of one run; sources are read once.

    Args:
        kept: where entries are kept.
    """

    def __init__(self, kept: Cache) -> None:
        self._kept = kept
        self._environment = _environment()
        self._digests: dict[Path, str] = {}

    def find(self, claim: Claim) -> Entry | None:
        """The entry kept for a claim whose sources have not changed since."""
        entry = self._kept.find(self._key(claim))
        return entry if isinstance(entry, Entry) else None

    def keep(self, entry: Entry) -> None:
        """Keep an entry that is as expected; without the function, which stays in its file."""
        if entry.error or not entry.as_expected:
            return
        self._kept.keep(self._key(entry.claim), entry)

    def trim(self) -> None:
        """Make room for what was kept."""
        self._kept.trim()

    def _key(self, claim: Claim) -> str:
        module = sys.modules[claim.origin.split(":", 1)[0]]
        path, package = Path(str(module.__file__)).resolve(), module.__package__ or ""
        place = path.parent if package else path  # the modules of a folder share their sources
        if place not in self._digests:
            self._digests[place] = _digest_of_files(_sources(path, package))
        text = "\0".join((self._environment, self._digests[place], claim.origin, claim.id))
        return sha256(text.encode()).hexdigest()


def digest_of(module: ModuleType) -> str:
    """A digest of all that a module's results depend on, as the keys of entries hold it."""
    path = Path(str(module.__file__)).resolve()
    sources = _digest_of_files(_sources(path, module.__package__ or ""))
    return sha256(f"{_environment()}\0{sources}".encode()).hexdigest()


@cache
def _environment() -> str:
    """Versions of everything installed, Python, the machine, and symgan's own sources."""
    versions = sorted(f"{d.metadata['Name']}=={d.version}" for d in distributions())
    own = _digest_of_files(_tree(Path(__file__).parents[1]))
    machine = (sys.version, platform.machine(), platform.system())
    return sha256("\0".join((*versions, *machine, own)).encode()).hexdigest()


def _digest_of_files(paths: Iterable[Path]) -> str:
    digest = sha256()
    for path in sorted(set(paths)):
        digest.update(str(path).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _tree(folder: Path) -> Iterator[Path]:
    """All files of a package: its data counts as much as its code."""
    return (p for p in folder.rglob("*") if p.is_file() and p.suffix not in _SKIPPED)


def _sources(path: Path, package: str) -> set[Path]:
    """A claim's file, or all files of its package, and all that they import, directly or not."""
    found = set(_tree(path.parent)) if package else {path}
    todo = [(p, package) for p in found if p.suffix == ".py"]
    while todo:
        for name, source in _imported(*todo.pop()):
            if source not in found:
                found.add(source)
                inside = name if source.name == "__init__.py" else name.rpartition(".")[0]
                todo.append((source, inside))
    return found


def _imported(path: Path, package: str) -> Iterator[tuple[str, Path]]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            if node.level and not package:
                continue  # a file on its own has no siblings that a relative import could reach
            base = resolve_name(base, package) if node.level else base
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            if (source := _place(name, path.parent)) is not None:
                yield name, source


def _place(name: str, folder: Path) -> Path | None:
    """Where a module's source lies, if it is neither installed, built in nor symgan's own."""
    top = name.split(".", 1)[0]
    if not top or top in sys.stdlib_module_names or top == "symgan":
        return None
    beside = folder.joinpath(*name.split("."))
    for path in (beside.with_suffix(".py"), beside / "__init__.py"):
        if path.is_file():
            return path.resolve()
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, AttributeError, ValueError):
        return None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    path = Path(spec.origin).resolve()
    known = _INSTALLED & set(path.parts) or any(path.is_relative_to(root) for root in _STANDARD)
    return None if known else path

"""Finding claims: installed papers through entry points, single files by path."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from symgan.claims.declare import MARKED, claim_of
from symgan.claims.model import Claim
from symgan.errors import BadData, SymganError, UnknownName

GROUP = "symgan.papers"
FILE_PREFIX = "symgan_claims_"
PATTERNS = ("claims.py", "*_claims.py")
"""Names of the claims files of a folder."""


def papers() -> tuple[str, ...]:
    """The names of all installed papers."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def paper_package(name: str) -> ModuleType:
    """The package of an installed paper.

    Raises:
        UnknownName: no paper has the name.
    """
    for point in entry_points(group=GROUP):
        if point.name == name:
            return point.load()
    raise UnknownName(f"unknown paper {name!r}; installed papers: {', '.join(papers()) or 'none'}")


def load(targets: Sequence[str] = ()) -> tuple[Claim, ...]:
    """All claims that the targets name, without repetition, in the paper's order.

    Args:
        targets: paper names, claim ids or id prefixes, claims files or their folders; none
            means every installed paper.

    Raises:
        UnknownName: a target matches nothing.
        BadData: a claims file cannot be read, raises, or repeats an id.
    """
    chosen: dict[str, Claim] = {}
    for target in targets or papers():
        for claim in _resolve(target):
            add(chosen, claim)
    return tuple(chosen.values())


def _resolve(target: str) -> tuple[Claim, ...]:
    path = Path(target)
    if target.endswith(".py") or "/" in target or (path.is_dir() and target not in papers()):
        return claims_in_folder(path) if path.is_dir() else claims_in_file(path)
    paper = target.split(".", 1)[0]
    if paper not in papers():
        raise UnknownName(
            f"{target!r} is neither a paper, a claim nor a .py file; "
            f"installed papers: {', '.join(papers()) or 'none'}"
        )
    claims = claims_in_package(paper_package(paper))
    if target == paper:
        return claims
    found = tuple(c for c in claims if c.id == target or c.id.startswith(target + "."))
    if not found:
        close = ", ".join(_closest(target, claims))
        raise UnknownName(f"no claim has the id {target!r}; closest: {close} (see: symgan list)")
    return found


def _closest(target: str, claims: Iterable[Claim]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(target, [c.id for c in claims], n=3, cutoff=0.0)


def claims_in_package(package: ModuleType) -> tuple[Claim, ...]:
    """The claims of all modules of a package, module after module.

    A package may name the beginnings of its modules in the paper's order, ``ORDER``; modules
    that begin alike, and those it does not name, follow one another by name.
    """
    order = tuple(getattr(package, "ORDER", ()))

    def place(name: str) -> tuple[int, str]:
        return next((i for i, head in enumerate(order) if name.startswith(head)), len(order)), name

    names = sorted((info.name for info in pkgutil.iter_modules(package.__path__)), key=place)
    return _collect([_module_of(f"{package.__name__}.{name}") for name in names])


def _module_of(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except SymganError:
        raise
    except Exception as error:  # a paper's module may raise anything; it is named and kept
        raise BadData(f"{name} raised {type(error).__name__}: {error}; mend it") from error


def claims_in_file(path: Path) -> tuple[Claim, ...]:
    """The claims of one Python file.

    Raises:
        BadData: the file is missing, raises, or holds no claims.
    """
    if not path.is_file():
        raise BadData(f"claims file {path} does not exist; give the path of a Python file")
    claims = _collect([_module_from(path.resolve())])
    if not claims:
        raise BadData(f"claims file {path} holds no claims; mark functions with @claim(...)")
    return claims


def claims_in_folder(folder: Path) -> tuple[Claim, ...]:
    """The claims of all claims files of a folder: ``claims.py`` and ``*_claims.py``.

    Raises:
        BadData: there is no such file in it, or one is at fault.
    """
    files = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    if not files:
        raise BadData(
            f"the folder {folder} holds no claims file ({' or '.join(PATTERNS)}); name a file"
        )
    found: dict[str, Claim] = {}
    for path in files:
        for claim in claims_in_file(path):
            add(found, claim)
    return tuple(found.values())


def _module_from(path: Path) -> ModuleType:
    name = f"{FILE_PREFIX}{path.stem}_{sha256(str(path).encode()).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadData(f"claims file {path} cannot be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except SymganError:
        del sys.modules[name]
        raise
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise BadData(
            f"claims file {path} raised {type(error).__name__}: {error}; mend it, "
            "or run it with python to see where"
        ) from error
    return module


def _collect(modules: Iterable[ModuleType]) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for module in modules:
        functions = vars(module).values()
        mine = [f for f in functions if getattr(f, "__module__", None) == module.__name__]
        kept = [claim for claim in map(claim_of, mine) if claim is not None]
        _refuse_lost(module, kept)
        for claim in kept:
            add(found, claim)
    return tuple(found.values())


def _refuse_lost(module: ModuleType, kept: Sequence[Claim]) -> None:
    """A function defined twice hides its namesake, and one inside a function is never seen."""
    for claim in vars(module).get(MARKED, ()):
        if any(claim is other for other in kept):
            continue
        name = claim.examine.__name__
        if any(other.examine.__name__ == name for other in kept):
            raise BadData(
                f"two functions of {_file_of(module)} are called {name}: the claim {claim.id} "
                "would be lost; rename one"
            )
        raise BadData(
            f"the claim {claim.id} of {_file_of(module)} is not kept under a name of the file; "
            "define its function at the top level"
        )


def _file_of(module: ModuleType) -> str:
    """The module's file, from the current folder where it lies in it."""
    path = Path(str(module.__file__))
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def add(found: dict[str, Claim], claim: Claim) -> None:
    """Keep a claim under its id.

    Raises:
        BadData: another claim has the id.
    """
    known = found.setdefault(claim.id, claim)
    if known.origin != claim.origin:
        one, other = (f"{place(c)} ({c.examine.__name__})" for c in (known, claim))
        raise BadData(f"two claims have the id {claim.id}: {one} and {other}; rename one")


def place(claim: Claim) -> str:
    """The file and the line at which a claim's function begins."""
    module = sys.modules.get(claim.origin.split(":", 1)[0])
    code = getattr(claim.examine, "__code__", None)
    if module is None or code is None:
        return claim.origin
    return f"{_file_of(module)}, line {code.co_firstlineno}"

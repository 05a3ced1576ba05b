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

from symgan.claims.declare import claim_of
from symgan.claims.model import Claim
from symgan.errors import BadData, SymganError, UnknownName

GROUP = "symgan.papers"
FILE_PREFIX = "symgan_claims_"


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
        targets: paper names, claim ids or id prefixes, paths of claims files; none
            means every installed paper.

    Raises:
        UnknownName: a target matches nothing.
        BadData: a claims file cannot be read, raises, or repeats an id.
    """
    chosen: dict[str, Claim] = {}
    for target in targets or papers():
        for claim in _resolve(target):
            _add(chosen, claim)
    return tuple(chosen.values())


def _resolve(target: str) -> tuple[Claim, ...]:
    if target.endswith(".py") or "/" in target:
        return claims_in_file(Path(target))
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
        for function in vars(module).values():
            claim = claim_of(function)
            if claim is None or getattr(function, "__module__", None) != module.__name__:
                continue
            _add(found, claim)
    return tuple(found.values())


def _add(found: dict[str, Claim], claim: Claim) -> None:
    known = found.setdefault(claim.id, claim)
    if known.origin != claim.origin:
        raise BadData(
            f"two claims have the id {claim.id}: {known.origin} and {claim.origin}; rename one"
        )

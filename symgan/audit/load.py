"""The object that ``FILE.py:NAME`` names. The file is imported, which runs it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from symgan.audit.calls import described
from symgan.errors import BadData, UnknownName

PREFIX = "symgan_audited_"


def load(target: str) -> Any:
    """The object that a target names.

    Args:
        target: ``file.py:name``; the name may have dots.

    Raises:
        BadData: there is no such file, or it raises when it is imported.
        UnknownName: it has no such name.
    """
    path, colon, name = target.rpartition(":")
    if not colon or not path or not name:
        raise UnknownName(f"{target!r} names no function; write FILE.py:NAME")
    found: Any = module_from(Path(path))
    for part in name.split("."):
        if not hasattr(found, part):
            near = get_close_matches(part, _public(vars(found)), n=3, cutoff=0.0)
            raise UnknownName(
                f"{path} has no {name!r}; it has: {', '.join(near) or 'nothing that can be called'}"
            )
        found = getattr(found, part)
    return found


def module_from(path: Path) -> ModuleType:
    """A module from a file, which may import its neighbors.

    Raises:
        BadData: there is no such file, or it raises.
    """
    if not path.is_file():
        raise BadData(f"{path} does not exist; give the path of a Python file")
    path = path.resolve()
    name = f"{PREFIX}{path.stem}_{sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadData(f"{path.name} cannot be loaded as Python; name a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        del sys.modules[name]
        raise BadData(f"{path.name} is no Python: {error.msg} (line {error.lineno})") from error
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise BadData(f"{path.name} raised {described(error)} when it was imported") from error
    finally:
        sys.path.remove(str(path.parent))
    return module


def _public(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith("_")]

"""File names and relative links: safe on every file system, the same id never in two files."""

from __future__ import annotations

import posixpath
import string
from hashlib import sha256
from urllib.parse import quote

_KEPT = frozenset(string.ascii_lowercase + string.digits + "-_.")
_LONGEST = 120
"""Characters of a stem; file systems take 255 bytes, and folders have names too."""
_DIGITS = 16


def stem(identifier: str) -> str:
    """A file name without its suffix, for an id of any characters.

    Small letters, digits, hyphens, underscores and dots stay; everything else, capital letters
    too (some file systems do not tell them apart), becomes ``~`` and the digits of its bytes.
    What would be too long is cut and told apart by a digest.

    >>> stem("annealed.eq7.alpha"), stem("note.A/b")
    ('annealed.eq7.alpha', 'note.~41~2fb')
    """
    kept = (c if c in _KEPT else _escaped(c) for c in identifier)
    name = "".join(kept)
    if name.startswith("."):
        name = f"~2e{name[1:]}"
    if len(name) <= _LONGEST:
        return name or "~"
    return f"{name[:_LONGEST]}~~{sha256(identifier.encode()).hexdigest()[:_DIGITS]}"


def _escaped(character: str) -> str:
    return "".join(f"~{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))


def claim_page(identifier: str) -> str:
    """Where a claim's page lies in the folder."""
    return f"claims/{stem(identifier)}.html"


def paper_page(paper: str) -> str:
    """Where a paper's page lies in the folder."""
    return f"papers/{stem(paper)}.html"


def sheet_page(name: str) -> str:
    """Where a sheet lies in the folder."""
    return f"pages/{stem(name)}.html"


def atlas_page(game: str) -> str:
    """Where a game's page of the atlas lies in the folder."""
    return f"atlas/{stem(game)}.html"


def link(target: str, start: str) -> str:
    """A relative link from one page of the folder to another, ready for ``href``.

    Args:
        target: the page it leads to, possibly with ``#`` and a fragment.
        start: the page that it stands on.

    >>> link("claims/a.html", "papers/a.html"), link("index.html#wrong", "index.html")
    ('../claims/a.html', 'index.html#wrong')
    """
    path, mark, fragment = target.partition("#")
    relative = posixpath.relpath(path, posixpath.dirname(start) or ".")
    return quote(relative, safe="/~") + mark + quote(fragment, safe="")

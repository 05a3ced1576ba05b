"""What takes long to draw, kept between runs under digests of all that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from types import ModuleType
from typing import TypeVar

from symgan.cli.console import say
from symgan.errors import BadData

T = TypeVar("T")


def kept(kind: str, module: ModuleType, make: Callable[[], T], *, fresh: bool = False) -> T:
    """What an earlier run made, or else what ``make`` makes now.

    Args:
        kind: what it is, apart from what else is made of the same module.
        module: where it is made; it and all of symgan stand in the key.
        make: makes it.
        fresh: make it anew, and keep nothing.
    """
    from symgan.cache import user_cache
    from symgan.claims.stored import digest_of

    if fresh:
        return make()
    try:
        cache = user_cache().opened()
    except BadData as error:
        say(f"without a cache: {error}")
        return make()
    key = sha256(f"{kind}\0{digest_of(module)}".encode()).hexdigest()
    found = cache.find(key)
    if found is not None:
        return found
    made = make()
    cache.keep(key, made)
    cache.trim()
    return made

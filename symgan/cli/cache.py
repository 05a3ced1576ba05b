"""``symgan cache``: what is kept between runs, and how to be rid of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Action(StrEnum):
    """What to do with the cache."""

    SHOW = "show"
    CLEAR = "clear"


def cache(
    action: Annotated[Action, typer.Argument(help="Say where it is, or empty it.")] = Action.SHOW,
) -> None:
    r"""Show or clear the results that are kept between runs.

    They lie in SYMGAN_CACHE_DIR, or in the platform's cache folder; keys hold the
    sources, the versions of everything installed, and the machine.

    \b
    Examples:
      symgan cache
      symgan cache clear
    """
    from symgan.cache import user_cache

    kept = user_cache()
    if action is Action.CLEAR:
        typer.echo(f"removed {kept.clear()} results from {kept.folder}")
    else:
        typer.echo(f"{kept.folder}: {kept.size() / 2**20:.1f} MiB of {kept.limit // 2**20} MiB")

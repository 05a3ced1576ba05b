"""The `claim` mark: one decorated function states and examines one printed sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any, TypeVar

from symgan.claims.model import Claim, Verdict
from symgan.errors import BadData

F = TypeVar("F", bound=Callable[[], Any])
_MARK = "claim"
MARKED = "__symgan_claims__"
"""Where a module keeps all claims marked in it, in their order: a name may be taken twice."""
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")


def claim(
    id: str,
    *,
    source: str,
    says: str,
    expect: Verdict,
    printed: str = "",
    formal: str = "",
    amended: str = "",
    repair: str = "",
    reason: str = "",
) -> Callable[[F], F]:
    r"""Mark a function without arguments as the examination of one claim.

    Args:
        id: ``<paper>.<label>[.part]``, lower case, hyphens inside a label.
        source: where it stands in the paper.
        says: the sentence in our words.
        expect: the verdict derived by its author; `verify` fails on any other.
        printed: the paper's formula in LaTeX, sign for sign; empty for prose.
        formal: LaTeX of what is judged, where that is not the printed formula itself.
        amended: LaTeX of the corrected statement; rendered from the proved amendment
            where it is empty.
        repair: the smallest change that mends the printed statement, in words.
        reason: why; required for INFORMAL, CHECKED and ILL_POSED.

    Raises:
        BadData: a malformed id, a missing reason or repair, a function that takes arguments.

    >>> @claim("note.one", source="p. 1", says="a remark", expect=Verdict.INFORMAL,
    ...        reason="an opinion")
    ... def one() -> None: ...
    >>> claim_of(one).paper
    'note'
    """
    if not _ID.fullmatch(id):
        raise BadData(
            f"claim id {id!r} is malformed; write <paper>.<label>[.part] in lower case, "
            "hyphens inside a label, dots between levels"
        )
    if expect in (Verdict.INFORMAL, Verdict.CHECKED, Verdict.ILL_POSED) and not reason:
        raise BadData(f"claim {id} is {expect}: give its reason")
    if expect is Verdict.REFUTED and not repair:
        raise BadData(f"claim {id} is REFUTED: give the smallest repair of the printed statement")

    def mark(function: F) -> F:
        if _wants_arguments(function):
            raise BadData(f"claim {id}: its function takes arguments; a claim's takes none")
        origin = f"{function.__module__}:{function.__qualname__}"
        found = Claim(
            id, source, printed, formal, says, expect, amended, repair, reason, function, origin
        )
        setattr(function, _MARK, found)
        getattr(function, "__globals__", {}).setdefault(MARKED, []).append(found)
        return function

    return mark


def _wants_arguments(function: Callable[..., Any]) -> bool:
    needed = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return any(
        p.default is Parameter.empty and p.kind in needed
        for p in signature(function).parameters.values()
    )


def claim_of(function: Any) -> Claim | None:
    """The claim a function carries, or None."""
    found = getattr(function, _MARK, None)
    return found if isinstance(found, Claim) else None

"""Notation of section 2."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: sp.Symbol(name) * x


READING = Reading(functions={"p": _times("p")})
NOT_READ: dict[str, str] = {}
AMENDMENTS_NOT_READ: dict[str, str] = {}

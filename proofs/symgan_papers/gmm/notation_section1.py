"""Notation of section 1's entries; which formulas are not compared by parsing."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

NOT_READ: dict[str, str] = {
    "gmm.intro.non-convex": "one relation of several that are judged",
    "gmm.intro.non-convex-sets": "one relation of several that are judged",
}
"""Formulas that are not compared as a whole by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {}
"""The same for amendments."""

"""Notation of Figure 1's entries; which formulas are not compared by parsing."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

_PART = "one relation of several that are judged; it is compared with its own part"

NOT_READ: dict[str, str] = dict.fromkeys(
    (
        *("gmm.fig1a", "gmm.fig1b", "gmm.fig1c", "gmm.fig1d", "gmm.fig1d.printed"),
        *("gmm.fig1c.varies-wildly", "gmm.fig1c.not-differentiable", "gmm.fig1c.step-to-step"),
    ),
    _PART,
)
"""Formulas that are not compared as a whole by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {"gmm.fig1c.still-moving": _PART}
"""The same for amendments."""

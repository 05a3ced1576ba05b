"""Notation of Figure 2's entries; which formulas are not compared by parsing."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

_PART = "one relation of several that are judged"

NOT_READ: dict[str, str] = dict.fromkeys(
    ("gmm.fig2b.optimal", "gmm.fig2c", "gmm.fig2d", "gmm.fig2d.unsigned", "gmm.fig2e"),
    _PART,
)
"""Formulas that are not compared as a whole by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = dict.fromkeys(
    (
        *("gmm.fig2c.printed", "gmm.fig2d.printed", "gmm.fig2d.caption-data"),
        *("gmm.fig2e.caption-data", "gmm.fig2d.caption-data.printed"),
    ),
    _PART,
)
"""The same for amendments."""

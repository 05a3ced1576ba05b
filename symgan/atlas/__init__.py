"""Atlas: which method converges on which game, and with which steps."""

from symgan.atlas.cell import Answer, Case, Cell, Verdict, summary
from symgan.atlas.run import Selection, atlas
from symgan.atlas.steps import METHODS, Method, StepRow, standard_games, step_rows

__all__ = [
    "METHODS",
    "Answer",
    "Case",
    "Cell",
    "Method",
    "Selection",
    "StepRow",
    "Verdict",
    "atlas",
    "standard_games",
    "step_rows",
    "summary",
]

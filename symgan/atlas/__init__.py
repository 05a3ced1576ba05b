"""Atlas: which method converges on which game, and with which steps."""

from symgan.atlas.steps import METHODS, Method, StepRow, standard_games, step_rows

__all__ = ["METHODS", "Method", "StepRow", "standard_games", "step_rows"]

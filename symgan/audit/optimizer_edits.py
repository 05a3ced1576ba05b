"""The places in which implementations of Adam and momentum are known to part, and what to say."""

from __future__ import annotations

from typing import Any

from symgan.audit.optimizer_families import AdamForm

ADAM_EDITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("corrects no mean for starting at 0", {"corrected": (False, False)}),
    ("corrects the mean of gradients alone", {"corrected": (True, False)}),
    ("corrects the mean of squares alone", {"corrected": (False, True)}),
    ("corrects both means", {"corrected": (True, True)}),
    ("counts one step too many in the bias correction", {"shift": 1}),
    ("adds eps inside the root", {"eps": "inside"}),
    ("adds the square of eps inside the root", {"eps": "squared"}),
    ("adds eps to the root before its correction", {"eps": "raw"}),
    ("adds eps inside the root before its correction", {"eps": "raw-inside"}),
    ("leaves eps out", {"eps": "none"}),
    ("couples the weight decay to the gradient", {"decay": "coupled"}),
    ("decouples the weight decay from the gradient", {"decay": "decoupled"}),
    ("decays weights twice, in the gradient and beside it", {"decay": "both"}),
    ("decays weights by w without the step", {"decay": "unscaled"}),
    ("decays weights after the step", {"decay": "after"}),
    ("grows weights where it should decay them", {"decay": "negative"}),
    ("leaves the weight decay out", {"decay": "none"}),
    ("lets the gradient into the first mean with weight 1", {"mean": "sum"}),
    ("lets the mean of gradients fade by beta2", {"mean": "slow"}),
    ("starts the mean at the first gradient", {"mean": "first"}),
    ("has no mean of gradients", {"mean": "gradient"}),
    ("looks ahead with the mean, as Nesterov's form", {"mean": "nesterov"}),
    ("squares the mean and not the gradient", {"square": "mean"}),
    ("squares the deviation from the mean (AdaBelief)", {"square": "deviation"}),
    ("takes the mean of sizes |g| for that of squares", {"square": "size"}),
    ("divides by the mean of squares before this gradient", {"square": "previous"}),
    ("divides by the largest mean of squares so far (AMSGrad)", {"square": "largest"}),
    ("forgets the mean of squares at every step", {"square": "fresh"}),
    ("takes no root", {"root": False}),
    ("applies the step size twice (eta^2)", {"power": 2}),
    ("exchanges beta1 and beta2", {"swapped": True}),
    ("takes back the last direction (optimistic)", {"optimistic": 1}),
    ("does not take back the last direction", {"optimistic": 0}),
    ("adds the last direction where it should take it back", {"optimistic": 1, "back": -1}),
)
"""What each changes, and the switches of `AdamForm` that do."""

MOMENTUM_EDITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("damps the gradient by 1 - mu", {"dampening": "mean"}),
    ("damps the gradient by 1 - mu from the second step on", {"dampening": "later"}),
    ("has the momentum with the opposite sign", {"sign": -1}),
    ("steps along g + mu b (Nesterov)", {"nesterov": "torch"}),
    ("steps along the ball as it was before this gradient", {"nesterov": "stale"}),
    ("does not look ahead", {"nesterov": "none"}),
    ("decouples the weight decay from the gradient", {"decay": "decoupled"}),
    ("decays weights by w without the step", {"decay": "unscaled"}),
    ("leaves the weight decay out", {"decay": "none"}),
    ("applies the step size twice (eta^2)", {"power": 2}),
    ("forgets its momentum at every step", {"keeps": False}),
)
"""What each changes, and the switches of `MomentumForm` that do."""

ADAM_FORMS = {
    "adam": AdamForm(),
    "adamw": AdamForm(decay="decoupled"),
    "optimistic-adam": AdamForm(optimistic=1),
    "rmsprop": AdamForm(mean="gradient", corrected=(False, False)),
}
"""The optimizers as members of the family."""

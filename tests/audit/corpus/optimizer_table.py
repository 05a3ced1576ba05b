"""What an audit must say of every optimizer and training step in this folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One piece of code and what must be said of it.

    Attributes:
        file, name: where it stands.
        rule: what it is held to.
        says: what the recognition or one of the findings must contain; empty for correct code.
        options: of the audit.
        of: "optimizer" or "step".
    """

    file: str
    name: str
    rule: str
    says: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    of: str = "optimizer"


W, MU = {"weight_decay": 0.1}, {"momentum": 0.9}
GAMMA = {"gamma": 0.5}
STEPS = "training_steps.py"

CORRECT = (
    Case("adam.py", "Adam", "adam"),
    Case("adam.py", "Adam", "adam", options={**W, "betas": (0.5, 0.9), "eps": 0.1}),
    Case("adamw.py", "AdamW", "adamw", options=W),
    Case("sgd.py", "SGD", "simultaneous"),
    Case("sgd.py", "SGD", "alternating"),
    Case("sgd.py", "SGD", "momentum", options={**MU, **W}),
    Case("sgd.py", "SGD", "momentum", options={**MU, "nesterov": True}),
    Case("sgd.py", "SGD", "heavy-ball", options=MU),
    Case("sgd.py", "SGD", "heavy-ball", options={"momentum": -0.5, "alternating": True}),
    Case("rmsprop.py", "RMSprop", "rmsprop"),
    Case("optimistic.py", "OMD", "optimistic"),
    Case("optimistic_adam.py", "OptimisticAdam", "optimistic-adam"),
    Case("extragradient.py", "ExtraGradient", "extragradient"),
    Case("extrapolation.py", "Extragradient", "extragradient"),
    Case("lookahead.py", "Lookahead", "lookahead", options={"k": 3, "alpha": 0.5}),
    Case("heavy_ball.py", "HeavyBall", "heavy-ball", options={"momentum": 0.5}),
    Case(STEPS, "simultaneous", "simultaneous", of="step"),
    Case(STEPS, "alternating", "alternating", of="step"),
    Case(STEPS, "optimistic", "optimistic", of="step"),
    Case(STEPS, "consensus", "consensus", options=GAMMA, of="step"),
    Case(STEPS, "extragradient", "extragradient", of="step"),
    Case(STEPS, "lookahead", "lookahead", of="step"),
)

FAULTY = (
    Case("adam_uncorrected.py", "Adam", "adam", "corrects no mean"),
    Case("adam_half_corrected.py", "Adam", "adam", "corrects the mean of gradients alone"),
    Case("adam_counts_ahead.py", "Adam", "adam", "one step too many"),
    Case("adam_eps_inside.py", "Adam", "adam", "adds eps inside the root"),
    Case("adam_decoupled.py", "Adam", "adam", "decouples the weight decay", W),
    Case("adam_no_root.py", "Adam", "adam", "takes no root"),
    Case("adam_betas_swapped.py", "Adam", "adam", "exchanges beta1 and beta2"),
    Case("adam_shared_state.py", "Adam", "adam", "shared state"),
    Case("adam_group_state.py", "Adam", "adam", "shared state"),
    Case("adam_squares_mean.py", "Adam", "adam", "squares the mean and not the gradient"),
    Case("adam_float32_buffers.py", "Adam", "adam", "float32"),
    Case("adam_decay_in_gradient.py", "Adam", "adam", "changes p.grad in place", W),
    Case("adam_not_saved.py", "Adam", "adam", "does not hold all of its state; it keeps memory"),
    Case("adam_global_state.py", "Adam", "adam", "the module variable MEANS"),
    Case("adamw_coupled.py", "AdamW", "adamw", "couples the weight decay", W),
    Case("adamw_unscaled.py", "AdamW", "adamw", "decays weights by w without the step", W),
    Case("adamw_eps_raw.py", "AdamW", "adamw", "adds eps to the root before its correction"),
    Case("sgd_dampened.py", "SGD", "momentum", "damps the gradient by 1 - mu", MU),
    Case("sgd_nesterov_stale.py", "SGD", "momentum", "as it was before this gradient", MU),
    Case("sgd_step_twice.py", "SGD", "simultaneous", "applies the step size twice"),
    Case("sgd_ascends.py", "SGD", "simultaneous", "ascends every loss"),
    Case("sgd_maximize_half.py", "SGD", "momentum", "maximize=True", {**MU, **W}),
    Case("sgd_buffer_is_gradient.py", "SGD", "momentum", "keeps the tensor p.grad", MU),
    Case("sgd_first_group.py", "SGD", "momentum", "options of one group", MU),
    Case("sgd_step_at_birth.py", "SGD", "simultaneous", "halved in param_groups"),
    Case("sgd_no_grad_none.py", "SGD", "simultaneous", "a parameter whose grad is None raises"),
    Case("sgd_closure_no_grad.py", "SGD", "simultaneous", "step(closure)"),
    Case("sgd_row_by_row.py", "SGD", "simultaneous", "tensors of shape () raises"),
    Case("rmsprop_eps_inside.py", "RMSprop", "rmsprop", "adds eps inside the root"),
    Case("rmsprop_one_norm.py", "RMSprop", "rmsprop", "treats a tensor as one number"),
    Case("rmsprop_default_argument.py", "RMSprop", "rmsprop", "the default value of the argument"),
    Case("optimistic_alias.py", "OMD", "optimistic", "keeps the tensor p.grad"),
    Case("optimistic_from_zero.py", "OMD", "optimistic", "takes 0 for the gradient before"),
    Case("optimistic_adds.py", "OMD", "optimistic", "adds the last gradient"),
    Case("optimistic_overwritten.py", "OMD", "optimistic", "optimism = 0"),
    Case("optimistic_class_state.py", "OMD", "optimistic", "class attribute OMD.last_gradients"),
    Case("optimistic_adam_plain.py", "OptimisticAdam", "optimistic-adam", "does not take back"),
    Case("extragradient_from_there.py", "ExtraGradient", "extragradient", "steps on from the"),
    Case("extragradient_alias.py", "ExtraGradient", "extragradient", "steps on from the"),
    Case("extragradient_half.py", "ExtraGradient", "extragradient", "extrapolation = 1/2"),
    Case("extrapolation_one_player.py", "Extragradient", "extragradient", "depends on the others"),
    Case("lookahead_alias.py", "Lookahead", "lookahead", "alpha = 1", {"k": 3, "alpha": 0.5}),
    Case("lookahead_stuck.py", "Lookahead", "lookahead", "never moves the slow", {"k": 2}),
    Case(
        "heavy_ball_alias.py", "HeavyBall", "heavy-ball", "forgets its momentum", {"momentum": 0.5}
    ),
    Case("steps_alternating.py", "simultaneous", "simultaneous", "alternates: player 1", of="step"),
    Case("steps_at_once.py", "alternating", "alternating", "moves all players at once", of="step"),
    Case(
        "steps_sign.py", "simultaneous", "simultaneous", "ascends the loss of player 2", of="step"
    ),
    Case("steps_consensus_row.py", "consensus", "consensus", "one Jacobian row", GAMMA, "step"),
    Case("steps_consensus_first.py", "consensus", "consensus", "first player's", GAMMA, "step"),
    Case("steps_consensus_sign.py", "consensus", "consensus", "subtracts the", GAMMA, "step"),
    Case("steps_consensus_no_half.py", "consensus", "consensus", "without the half", GAMMA, "step"),
    Case("steps_global_memory.py", "optimistic", "optimistic", "the module variable", of="step"),
)

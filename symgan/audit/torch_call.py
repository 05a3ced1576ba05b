"""How a user's optimizer is made and stepped."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symgan.audit.optimizer_rules import Method, number
from symgan.audit.subject import AuditError
from symgan.audit.torch_runs import quiet_torch

STEP_NAMES = ("lr", "eta", "learning_rate", "step_size", "stepsize", "alpha")
"""Keywords that the step size goes by, PyTorch's first."""

EXECUTION = frozenset({"foreach", "fused", "capturable", "differentiable"})
"""Options of PyTorch's that say how a step is computed, and change no formula."""

TORCH_NAMES = {"beta": ("momentum", "beta"), "alpha": ("alpha", "la_alpha"), "k": ("k", "la_steps")}
"""symgan's name of an option -> keywords that optimizers have for it."""


@dataclass(frozen=True)
class Shape:
    """What an instance shows of how it is stepped.

    Attributes:
        two_phase: whether a method ``extrapolation`` comes before ``step``.
        closure: whether ``step`` "needs" a closure, "takes" one, or takes "none".
    """

    two_phase: bool
    closure: str


def declared(make: Any, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any], Shape]:
    """The keyword of the step size, the declared defaults, and how it is stepped.

    Args:
        make: an optimizer class or factory.
        name: for sentences.
        given: options that the user sets.

    Raises:
        AuditError: it cannot be made of parameters and a step size.
    """
    if not callable(make):
        raise AuditError(f"{name} cannot be called; give an Optimizer class or a factory")
    keys = _keywords(make)
    step_name = next((key for key in STEP_NAMES if keys is None or key in keys), None)
    if step_name is None:
        raise AuditError(
            f"{name} has no argument for the step size; call one of them {', '.join(STEP_NAMES)}"
        )
    with quiet_torch() as torch:
        tensor = torch.ones(1, dtype=torch.float64, requires_grad=True)
        options = {k: plain(v) for k, v in given.items() if keys is None or k in keys}
        try:
            made = make([tensor], **{step_name: 0.125}, **options)
        except Exception as error:  # the user's code; the sentence says what it raised
            raise AuditError(
                f"{name} cannot be made of parameters and {step_name}: "
                f"{type(error).__name__}: {error}"
            ) from error
    if not hasattr(made, "step"):
        raise AuditError(f"{name} made {type(made).__name__}, which has no method step")
    if not all(hasattr(made, key) for key in ("param_groups", "state_dict")):
        raise AuditError(
            f"{name} made {type(made).__name__}, which is no torch.optim.Optimizer: it lacks "
            "param_groups or state_dict"
        )
    defaults = {k: v for k, v in getattr(made, "defaults", {}).items() if k != step_name}
    return step_name, defaults, Shape(hasattr(made, "extrapolation"), _closure(made))


def _keywords(make: Any) -> set[str] | None:
    """The keywords that it takes; None where it takes any."""
    parameters = inspect.signature(make).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return {p.name for p in parameters}


def called(make: Any, name: str, given: Mapping[str, Any], method: Method) -> dict[str, Any]:
    """The options as keywords of the optimizer, as Python numbers.

    Raises:
        AuditError: it has no keyword for an option; one that shapes the order of players alone
            is none of an optimizer's.
    """
    keys = _keywords(make)
    found: dict[str, Any] = {}
    for key, value in _joined(given, keys).items():
        names = TORCH_NAMES.get(key, (key,))
        fitting = next((n for n in names if keys is None or n in keys), None)
        if fitting is not None:
            found[fitting] = plain(value)
        elif not _of_the_loop(key) and not _is_factory(make):
            has = ", ".join(sorted(keys or ()))
            raise AuditError(f"{name} takes no option {key}; it takes: {has}")
    return found


def _joined(given: Mapping[str, Any], keys: set[str] | None) -> dict[str, Any]:
    """beta1 and beta2 as PyTorch's pair, where the optimizer takes that."""
    found = dict(given)
    pair = {"beta1", "beta2"}
    if pair & set(found) and (keys is None or "betas" in keys) and not pair <= (keys or set()):
        first, second = found.pop("beta1", "9/10"), found.pop("beta2", "999/1000")
        found["betas"] = (first, second)
    return found


def _of_the_loop(key: str) -> bool:
    """Whether an option says who moves when, which is no business of the optimizer."""
    return key in ("order", "alternating", "n_d", "n_g", "base", "bias_correction")


def _is_factory(make: Any) -> bool:
    """A function may hold its options inside."""
    return not isinstance(make, type)


def plain(value: Any) -> Any:
    """An option as the Python value that a user would write."""
    if value is None or isinstance(value, bool | int | float) or callable(value):
        return value
    if isinstance(value, tuple | list):
        return tuple(plain(v) for v in value)
    if isinstance(value, str):
        try:
            return plain(number(value, "an option"))
        except AuditError:
            return value
    return int(value) if value == int(value) else float(value)


def _closure(made: Any) -> str:
    """What ``step`` does with its first argument."""
    parameters = list(inspect.signature(made.step).parameters.values())
    plain_kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if not parameters or parameters[0].kind not in plain_kinds:
        return "none"
    return "needs" if parameters[0].default is inspect.Parameter.empty else "takes"

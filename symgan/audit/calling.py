"""How code wants to be called: scalars, one sequence, one array a player, names."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from symgan.audit.subject import Arithmetic, AuditError

STEP_NAMES = ("eta", "lr", "learning_rate", "step_size", "stepsize", "step", "h")
"""What code calls the step, where no other parameter has the name."""


class Form(StrEnum):
    """How a point is handed over."""

    SCALARS = "one number a symbol"
    NAMES = "numbers by name"
    SEQUENCE = "one sequence"
    PLAYERS = "one array a player"
    NOTHING = "no point"


@dataclass(frozen=True)
class Layout:
    """What may be handed over: the players' symbols, and parameters by name."""

    players: tuple[tuple[str, ...], ...]
    parameters: tuple[str, ...] = ()

    @property
    def state(self) -> tuple[str, ...]:
        """All players' names."""
        return tuple(name for player in self.players for name in player)


@dataclass(frozen=True)
class Convention:
    """One way of calling code.

    Attributes:
        form: how the point is handed over.
        container: "array", "list" or "tensor" for sequences; "number" or "tensor" for scalars.
        layout: what is handed over.
        extras: argument of the code -> parameter.
    """

    form: Form
    container: str
    layout: Layout
    extras: tuple[tuple[str, str], ...] = ()

    def describe(self, name: str) -> str:
        """How the call reads: ``f(theta, psi, eta=eta)``."""
        inner = {
            Form.SCALARS: ", ".join(self.layout.state),
            Form.NAMES: ", ".join(f"{s}={s}" for s in self.layout.state),
            Form.SEQUENCE: f"[{', '.join(self.layout.state)}]",
            Form.PLAYERS: ", ".join(f"[{', '.join(p)}]" for p in self.layout.players),
            Form.NOTHING: "",
        }[self.form]
        extras = ", ".join(f"{argument}={parameter}" for argument, parameter in self.extras)
        return f"{name}({', '.join(part for part in (inner, extras) if part)})"

    def pack(
        self, point: Sequence[Any], values: Mapping[str, Any], arithmetic: Arithmetic
    ) -> tuple[list[Any], dict[str, Any]]:
        """Positional and named arguments for a point and parameters."""
        extras = {argument: values[parameter] for argument, parameter in self.extras}
        if self.form is Form.NOTHING:
            return [], extras
        if self.form is Form.SEQUENCE:
            return [_container(self.container, point, arithmetic)], extras
        if self.form is Form.PLAYERS:
            rest, args = list(point), []
            for player in self.layout.players:
                args.append(_container(self.container, rest[: len(player)], arithmetic))
                rest = rest[len(player) :]
            return args, extras
        numbers = [_scalar(self.container, x) for x in point]
        if self.form is Form.NAMES:
            return [], {**dict(zip(self.layout.state, numbers, strict=True)), **extras}
        return numbers, extras


def _scalar(container: str, x: Any) -> Any:
    if container == "tensor":
        return sys.modules["torch"].tensor(float(x), dtype=sys.modules["torch"].float64)
    return x


def _container(container: str, point: Sequence[Any], arithmetic: Arithmetic) -> Any:
    if container == "list":
        return list(point)
    if container == "tensor":
        torch = sys.modules["torch"]
        return torch.tensor([float(x) for x in point], dtype=torch.float64)
    if arithmetic is Arithmetic.FLOAT64:
        return np.array([float(x) for x in point], dtype=np.float64)
    found = np.empty(len(point), dtype=object)
    found[:] = list(point)
    return found


def conventions(
    function: Callable[..., Any], layout: Layout, title: str, *, pointless: bool = False
) -> Iterator[Convention]:
    """The ways in which a function may want to be called, the likeliest first.

    Args:
        function: the code.
        layout: what there is to hand over.
        title: how sentences call it.
        pointless: whether a call without the point is meant, too.

    Raises:
        AuditError: its arguments fit none.
    """
    required, extras, variadic = _arguments(function, layout, title)
    forms = _forms(required, layout, variadic=variadic, pointless=pointless)
    if not forms:
        raise AuditError(_wrong_arity(title, required, layout))
    tensor = ["tensor"] if "torch" in sys.modules else []
    for form in forms:
        scalars = form in (Form.SCALARS, Form.NAMES, Form.NOTHING)
        for container in ["number", *tensor] if scalars else ["array", "list", *tensor]:
            yield Convention(form, container, layout, tuple(extras.items()))


def _arguments(
    function: Callable[..., Any], layout: Layout, title: str
) -> tuple[list[str], dict[str, str], bool]:
    """Required arguments that are no parameters; arguments that are; whether there is *args."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # compiled functions may not tell
        return list(layout.state), {}, False
    required: list[str] = []
    extras: dict[str, str] = {}
    variadic = False
    for name, argument in signature.parameters.items():
        if argument.kind is argument.VAR_POSITIONAL:
            variadic = True
        elif argument.kind is argument.VAR_KEYWORD:
            continue
        elif name not in layout.state and (parameter := _parameter(name, layout)):
            if argument.kind is argument.POSITIONAL_ONLY:
                raise AuditError(
                    f"{title} takes the parameter {name} by position only; let it have a name"
                )
            extras[name] = parameter
        elif argument.default is argument.empty or name in layout.state:
            required.append(name)
    return required, extras, variadic


def _parameter(name: str, layout: Layout) -> str | None:
    """The parameter that an argument of this name means."""
    if name in layout.parameters:
        return name
    return "eta" if name in STEP_NAMES and "eta" in layout.parameters else None


def _forms(
    required: Sequence[str], layout: Layout, *, variadic: bool, pointless: bool
) -> list[Form]:
    state, players = layout.state, layout.players
    found: list[Form] = []
    if sorted(required) == sorted(state) and len(state) > 1:
        return [Form.NAMES, Form.SCALARS]
    if variadic and not required:
        return [Form.SCALARS]
    if len(required) == len(state):
        found.append(Form.SCALARS)
    if len(required) == len(players):
        found.append(Form.PLAYERS)
    if len(required) == 1:
        found.append(Form.SEQUENCE)
    if not required and pointless:
        found.append(Form.NOTHING)
    return list(dict.fromkeys(found))


def _wrong_arity(title: str, required: Sequence[str], layout: Layout) -> str:
    state = ", ".join(layout.state)
    known = ", ".join(layout.parameters) or "none"
    ways = [f"the numbers ({state})", "one sequence (x)"]
    if len(layout.players) < len(layout.state):
        ways.append(f"one array a player ({len(layout.players)})")
    if set(required) & set(STEP_NAMES) and "eta" not in layout.parameters:
        return f"{title} takes a step, as a map does; name the rule that it is held to: --rule"
    takes = f"takes ({', '.join(required)})" if required else "takes no point"
    return (
        f"{title} {takes}, which fits none of: {', '.join(ways)}; parameters go by name "
        f"({known}), other arguments need a default"
    )

"""Random correct implementations, each with a faulty counterpart that differs in one line.

An implementation is a template whose slots are filled at random: the order of operations, in place
or not, fused or spread out, buffers or plain variables, loops or lists, algebra rewritten. A fault
replaces the filling of one slot; all else stays as it was drawn.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.audit.variant_families import Family
from tests.audit.variant_optimizers import OPTIMIZERS
from tests.audit.variant_steps import STEPS

FAMILIES = OPTIMIZERS | STEPS

HEAD = """import math

import torch


class Variant(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3{extra}):
        super().__init__(params, {{"lr": lr{kept}}})

    @torch.no_grad()
    def step(self{closure_arg}):
        {closure}for group in self.param_groups:
            lr = group["lr"]
            {unpack}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
{body}
"""
CLOSURE = ("if closure is not None:\n            with torch.enable_grad():\n"
           "                closure()\n        ")  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """One implementation.

    Attributes:
        family: the name of its family.
        source: a module.
        name: of the class or function in it.
        rule, eta, options, of: of the audit.
        faulty: which fault it has; -1 for none.
    """

    family: str
    source: str
    name: str
    rule: str
    eta: Fraction
    options: dict[str, Any]
    of: str
    faulty: int


def variant(seed: int, *, faulty: bool = False) -> Variant:
    """The implementation of a seed; the faulty one differs from it in one slot alone."""
    draw = random.Random(seed)
    name = draw.choice(sorted(FAMILIES))
    family = FAMILIES[name]
    filled = {slot: draw.choice(fillings) for slot, fillings in family.slots.items()}
    eta = Fraction(draw.choice(("1/10", "1/4", "1/20", "3/100")))
    options = {key: draw.choice(values) for key, values in family.options.items()}
    number = draw.randrange(len(family.faults))
    if faulty:
        slot, filling = family.faults[number]
        filled[slot] = filling
    lines = [line for text in filled.values() for line in text.splitlines()]
    closure = draw.random() < 0.5
    source = _source(family, lines, options, closure)
    chosen = number if faulty else -1
    return Variant(name, source, family.name, family.rule, eta, options, family.of, chosen)


def _source(family: Family, lines: list[str], options: dict[str, Any], closure: bool) -> str:
    if family.head is not None:
        return family.head.format(body="\n".join("    " + line for line in lines))
    names = {"betas": "b1, b2", "eps": "eps", "weight_decay": "w", "alpha": "a", "momentum": "mu"}
    unpack = "; ".join(f'{names[key]} = group["{key}"]' for key in options) or "pass"
    if "betas" in options:  # the means are at hand under short names
        place = next(i for i, line in enumerate(lines) if "state['t']" in line and "t = " in line)
        lines.insert(place + 1, "m, s = state['m'], state['s']")
    return HEAD.format(
        extra="".join(f", {key}={value}" for key, value in options.items()),
        kept="".join(f', "{key}": {key}' for key in options),
        closure_arg=", closure=None" if closure else "",
        closure=CLOSURE if closure else "",
        unpack=unpack,
        body="\n".join(" " * 16 + line for line in lines),
    )

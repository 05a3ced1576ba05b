"""What an audit of an optimizer says, refuses and leaves as it was."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import sympy as sp
import torch
from sympy import Rational

from symgan.audit import AuditError, Verdict
from symgan.audit.torch_exact import Formula, tensor_value
from symgan.audit.torch_optimizers import audit_optimizer, audit_step, is_optimizer
from symgan.audit.torch_state import Outside
from symgan.errors import GameError, MissingExtra, UnknownName
from symgan.game import Game
from symgan.games.annealed import annealed
from symgan.games.quadratic import bilinear
from symgan.rules.simultaneous import simultaneous
from tests.audit.running import brief, said

TENTH = Rational(1, 10)


@pytest.mark.parametrize(
    ("make", "rule", "options"),
    [
        (torch.optim.SGD, "alternating", {}),
        (torch.optim.SGD, "momentum", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        (torch.optim.Adam, "adam", {"betas": (0.5, 0.9), "weight_decay": 0.1, "foreach": True}),
        (torch.optim.RMSprop, "rmsprop", {"centered": True, "momentum": 0.5}),
    ],
)
def test_pytorch_s_own_optimizers_are_what_they_are_called(
    make: Any, rule: str, options: dict[str, Any]
) -> None:
    found = audit_optimizer(make, bilinear(), rule, eta=TENTH, options=options)
    assert found.verdict is Verdict.SAME, brief(found)
    assert 0 < found.established.ulps < 8


def test_the_smallest_start_the_step_and_the_name() -> None:
    found = audit_optimizer(
        torch.optim.AdamW, bilinear(), "adam", eta=TENTH, options={"weight_decay": 0.1}
    )
    assert found.verdict is Verdict.DIFFERS
    assert found.counterexample is not None
    assert found.recognized is not None
    assert [value for _, value in found.counterexample.point] == [1, 1]
    assert (found.counterexample.step, found.counterexample.component) == (1, "theta")
    assert found.recognized.name == "adam that decouples the weight decay from the gradient"


@pytest.mark.parametrize(
    ("rule", "options", "asked", "name"),
    [
        ("heavy-ball", {"momentum": 0.5}, {"momentum": 0.25}, "beta = 1/4, not 1/2"),
        ("simultaneous", {}, {"lr": 0.3}, "eta = 3/10, which is 3 times"),
        ("simultaneous", {}, {"lr": 0.01}, "twice: its steps are those of eta^2 = 1/100"),
    ],
)
def test_numbers_are_solved_for(
    rule: str, options: dict[str, Any], asked: dict[str, Any], name: str
) -> None:
    def make(params: Any, lr: float, momentum: float = 0.0) -> Any:
        given: Any = {"lr": lr} | asked
        return torch.optim.SGD(params, **given)

    def drop(groups: Any, lr: float, momentum: float = 0.0) -> Any:
        plain = [t for g in groups for t in (g["params"] if isinstance(g, dict) else [g])]
        return make(plain, lr, momentum)

    found = audit_optimizer(drop, bilinear(), rule, eta=TENTH, options=options)
    assert name in said(found), brief(found)


def _descend(players: Any, losses: Any, eta: float) -> None:
    for x, loss in zip(players, losses, strict=True):
        loss().backward(inputs=x)
        for t in x:
            t.data -= eta * t.grad
            t.grad = None


def test_simultaneous_code_that_alternates_and_the_reverse() -> None:
    found = audit_step(_descend, bilinear(), simultaneous, eta=TENTH)
    assert said(found).startswith("simultaneous that alternates: player 1 (theta), then")
    assert found.counterexample is not None
    assert found.counterexample.component == "psi"
    assert audit_step(_descend, bilinear(), "alternating", eta=TENTH).verdict is Verdict.SAME


def test_steps_of_each_player() -> None:
    eta = (TENTH, Rational(1, 5))
    assert audit_optimizer(torch.optim.SGD, bilinear(), "simultaneous", eta=eta).verdict == "same"


_number: Any = 7


class _Threads(torch.optim.SGD):
    """Changes PyTorch's settings as it goes."""

    def step(self, closure: Any = None) -> Any:
        torch.set_num_threads(torch.get_num_threads() + 1)
        torch.set_default_dtype(torch.float16)
        torch.set_grad_enabled(False)
        return super().step(closure)


def test_settings_of_pytorch_are_put_back() -> None:
    before = (torch.get_num_threads(), torch.get_default_dtype(), torch.get_rng_state().tolist())
    audit_optimizer(_Threads, bilinear(), "simultaneous", eta=TENTH, steps=1)
    assert torch.is_grad_enabled()
    after = (torch.get_num_threads(), torch.get_default_dtype(), torch.get_rng_state().tolist())
    assert after == before


def test_without_pytorch_the_sentence_says_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"needs PyTorch.*symgan\[torch\]"):
        audit_optimizer(object, bilinear(), "adam", eta=TENTH)
    with pytest.raises(MissingExtra):
        audit_step(_descend, bilinear(), "simultaneous", eta=TENTH)
    assert not is_optimizer(int)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: audit_optimizer(_number, bilinear(), "adam", eta=TENTH),
            AuditError,
            "cannot be called",
        ),
        (
            lambda: audit_optimizer(lambda params: None, bilinear(), "adam", eta=TENTH),
            AuditError,
            "no argument for the step size",
        ),
        (
            lambda: audit_optimizer(lambda params, lr: [], bilinear(), "adam", eta=TENTH),
            AuditError,
            "no method step",
        ),
        (
            lambda: audit_optimizer(lambda params, lr: 1 / 0, bilinear(), "adam", eta=TENTH),
            AuditError,
            "cannot be made of parameters and lr: ZeroDivisionError",
        ),
        (
            lambda: audit_optimizer(torch.optim.SGD, bilinear(), "sgdd", eta=TENTH),
            UnknownName,
            "unknown rule 'sgdd'",
        ),
        (
            lambda: audit_optimizer(
                torch.optim.SGD, bilinear(), "simultaneous", eta=TENTH, options={"eps": 1}
            ),
            AuditError,
            "simultaneous has no option 'eps'",
        ),
        (
            lambda: audit_optimizer(
                torch.optim.SGD, bilinear(), "optimistic", eta=TENTH, options={"optimism": "1/2"}
            ),
            AuditError,
            "takes no option optimism",
        ),
        (
            lambda: audit_optimizer(torch.optim.SGD, annealed(), "simultaneous", eta=TENTH),
            AuditError,
            "has a drift or time of its own",
        ),
        (lambda: audit_step(lambda x: x, bilinear(), "simultaneous", eta=TENTH), AuditError,
         "takes 1 arguments"),
        (
            lambda: audit_optimizer(torch.optim.SGD, bilinear(), "simultaneous", eta="a tenth"),
            AuditError,
            "the step: 'a tenth' is not a number",
        ),
        (
            lambda: audit_optimizer(
                torch.optim.SGD, bilinear(sp.Symbol("b", real=True)), "simultaneous", eta=TENTH
            ),
            (AuditError, GameError),
            "no value for b",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_audited_is_refused_in_one_sentence(
    call: Any, error: Any, text: str
) -> None:
    with pytest.raises(error, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_code_that_raises_is_told_with_its_step() -> None:
    calls = []

    def fails(players: Any, losses: Any, eta: float) -> None:
        calls.append(0)
        if len(calls) % 3 == 0:
            raise ValueError("out of patience")
        _descend(players, losses, eta)

    found = audit_step(fails, bilinear(), "alternating", eta=TENTH)
    assert found.verdict is Verdict.DIFFERS
    assert found.counterexample is not None
    assert found.counterexample.step == 3
    assert "out of patience" in found.counterexample.computed


def test_losses_have_exact_derivatives_of_every_order() -> None:
    """Against SymPy's derivatives at a point of float64, each rounded once."""
    x, y = state = sp.symbols("x y", real=True)
    loss = sp.tanh(x * y) + x**3 / 3
    point = torch.tensor([0.1, 0.7], dtype=torch.float64, requires_grad=True)
    here = {x: sp.Rational(0.1), y: sp.Rational(0.7)}
    value = tensor_value(Formula(loss, state), [point])
    (first,) = torch.autograd.grad(value, point, create_graph=True)
    (second,) = torch.autograd.grad(first[0], point, create_graph=True)
    (third,) = torch.autograd.grad(second[1], point)
    assert value.item() == float(loss.subs(here).n(40))
    for got, of in ((first, loss), (second, sp.diff(loss, x)), (third, sp.diff(loss, x, y))):
        assert got.tolist() == [float(sp.diff(of, s).subs(here).n(40)) for s in state]


def test_outside_state_is_named_and_put_back() -> None:
    space: dict[str, Any] = {"__name__": "made_up", "LOG": []}
    exec("def note(value, seen={}):\n    LOG.append(value)\n    seen[value] = 1", space)
    outside = Outside(space["note"])
    space["note"](1)
    assert outside.changed() == (
        "the default value of the argument seen",
        "the module variable LOG",
    )
    outside.restore()
    assert space["LOG"] == []
    assert space["note"].__defaults__ == ({},)
    assert outside.changed() == ()


def test_three_players() -> None:
    a, b, c = sp.symbols("a b c", real=True)
    game = Game("three", ((a,), (b,), (c,)), (a * b + a**2, b * c - b * a, -c * b + c**2 / 2))
    found = audit_optimizer(torch.optim.SGD, game, "alternating", eta=TENTH, steps=3)
    assert found.verdict is Verdict.SAME, brief(found)

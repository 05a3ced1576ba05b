"""Public analyses refuse what is no game, flow or map with one sentence that names them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp

import symgan.analysis as analysis
from symgan.analysis.wholes import require_whole
from symgan.errors import SymganError
from symgan.games.dirac import dirac
from symgan.losses import wasserstein
from symgan.rules import named

WHOLES = {"Game", "Flow", "Map", "System", "Map | ImplicitMap"}
WRONG = ("text", 3, None, (dirac,))


def first_of(function: Callable[..., Any]) -> inspect.Parameter:
    """The first parameter."""
    return next(iter(inspect.signature(function).parameters.values()))


ANALYSES = sorted(
    name
    for name in analysis.__all__
    if inspect.isfunction(getattr(analysis, name))
    and (first_of(getattr(analysis, name)).annotation in WHOLES or name == "step_bound")
)
"""The public functions whose first argument is what they analyze."""


def rest_of(function: Callable[..., Any]) -> tuple[list[Any], dict[str, Any]]:
    """Something for each required argument after the first."""
    rest = list(inspect.signature(function).parameters.values())[1:]
    needed = [p for p in rest if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    symbol = sp.Symbol("eta", positive=True)
    return (
        [symbol for p in needed if p.kind is not p.KEYWORD_ONLY],
        {p.name: symbol for p in needed if p.kind is p.KEYWORD_ONLY},
    )


def test_the_analyses_are_found() -> None:
    assert {"spectrum", "step_bound", "classify", "conserved", "linearize"} <= set(ANALYSES)


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: type(w).__name__)
def test_anything_else_is_refused(name: str, wrong: Any) -> None:
    function = getattr(analysis, name)
    arguments, keywords = rest_of(function)
    with pytest.raises(SymganError) as caught:
        function(wrong, *arguments, **keywords)
    sentence = str(caught.value)
    assert f"{name} takes a game, a flow or a map" in sentence
    assert type(wrong).__name__ in sentence


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: type(w).__name__)
def test_wholes_in_second_place_are_refused(wrong: Any) -> None:
    x, eta = sp.Symbol("x", real=True), sp.Symbol("eta", positive=True)
    calls: dict[str, Callable[[], Any]] = {
        "increment": lambda: analysis.increment(x**2, wrong),
        "tune": lambda: analysis.tune(named("simultaneous"), wrong, {"eta": (0, 1)}),
        "singular_step_bound": lambda: analysis.singular_step_bound(
            named("simultaneous"), wrong, eta
        ),
    }
    for name, call in calls.items():
        with pytest.raises(SymganError, match=f"{name} takes a game, a flow or a map"):
            call()


@pytest.mark.parametrize("wrong", ["text", 3, None, ["text"]], ids=str)
def test_invariants_of_no_maps_are_refused(wrong: Any) -> None:
    with pytest.raises(SymganError, match="invariants takes a game, a flow or a map"):
        analysis.invariants(wrong)


def test_wholes_pass() -> None:
    game = dirac(wasserstein)
    for whole in (game, game.flow(), named("simultaneous")(game, sp.Symbol("eta", positive=True))):
        require_whole(whole, "spectrum")


def test_a_long_argument_is_cut_short() -> None:
    with pytest.raises(SymganError) as caught:
        require_whole("a" * 1000, "spectrum")
    assert len(str(caught.value)) < 200

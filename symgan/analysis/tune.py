r"""The best hyper-parameters of an update rule on a game, with a certificate.

Two facts make a certificate, whatever proposed the values: at them no eigenvalue is larger
than r (exact arithmetic), and no values make all eigenvalues smaller than r (an
unsatisfiable system of polynomial inequalities: the Schur conditions of
:math:`g(r z)`). Where no exact optimum is guessed, the same facts at two radii enclose it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import And, Expr, Rational, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.tune_question import Ends, Search, ask
from symgan.analysis.tune_search import exact_numbers, guesses, search
from symgan.analysis.wholes import require_whole
from symgan.certify.smt import Answer, decide_smt
from symgan.errors import Undecided
from symgan.game import Game
from symgan.results_discrete import Tuning

SECONDS = 40.0
HALVINGS = 8
ALMOST_ZERO = 2e-2


def tune(
    rule: Callable[..., Any],
    game: Game,
    over: Mapping[str, Ends],
    *,
    budget: float = SECONDS,
    seed: int = 0,
    **options: Any,
) -> Tuning:
    r"""Minimize the spectral radius over several hyper-parameters at once.

    Args:
        rule: an update rule, called as ``rule(game, eta, **options)``.
        game: with an affine field, or a declared equilibrium.
        over: name of an option, or ``eta`` for the step -> its open range (low, high),
            None for no end. Free parameters of the game that only scale the step may stay.
        budget: seconds.
        seed: of the numeric search that proposes values.
        **options: options of the rule that are not tuned.

    Returns:
        See `Tuning`: exact where ``lower == rate``; otherwise enclosed.

    Raises:
        GameError: nothing to tune, parameters that are no scale, an empty range.
        MissingExtra: z3 is not installed.
        Undecided: out of time before anything was certified.

    Source: Gidel et al. 2019 for negative momentum; Azizian et al. 2020 for the idea of
    certified rates.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.extragradient import extragradient
    >>> s = Symbol("s", positive=True)
    >>> best = tune(extragradient, bilinear(s), {"eta": (0, None)})
    >>> best.values, best.rate, best.lower
    ({eta: sqrt(2)/(2*s)}, sqrt(3)/2, sqrt(3)/2)
    """
    require_whole(game, "tune")
    time = Budget(budget)
    question = ask(rule, game, over, options)
    near, radius = search(question.system.matrix, question.symbols, question.ranges, seed)
    exact = _exact(question, near, radius, time)
    return exact if exact is not None else _enclosed(question, near, radius, time)


def _exact(question: Search, near: list[float], radius: float, time: Budget) -> Tuning | None:
    """An exact optimum of simple numbers, proved from both sides."""
    for rate in _rates(radius):
        for point in guesses(near):
            if time.left < 1:
                return None
            values = dict(zip(question.symbols, point, strict=True))
            if not question.at_most(rate, values):
                continue
            answer = _none_below(question, rate, time)
            if answer is None or answer.holds is not True:
                break
            return _result(question, values, rate, rate, {}, answer)
    return None


def _rates(radius: float) -> list[Expr]:
    """Exact rates to try; a nilpotent optimum shows as the root of the machine precision."""
    zero = [Rational(0)] if radius < ALMOST_ZERO else []
    return zero + [rate for rate in exact_numbers(radius) if rate > 0]


def _none_below(question: Search, rate: Expr, time: Budget) -> Answer | None:
    """Whether z3 proves that no values have a smaller spectral radius; None: trivially so."""
    if rate == 0:
        return Answer(True, "")
    milliseconds = int(min(time.left, 20) * 1000) + 1
    try:
        return decide_smt(sp.Not(question.below(rate)), budget_ms=milliseconds)
    except Undecided:
        return None


def _enclosed(question: Search, near: list[float], radius: float, time: Budget) -> Tuning:
    """A rational point with a proved upper bound, and the best lower bound that z3 proves."""
    values = {
        s: _within(v, *ends)
        for s, v, ends in zip(question.symbols, near, question.ranges, strict=True)
    }
    rate = next(
        (r for k in (9, 7, 5, 3, 2) if question.at_most(r := _above(radius, k), values)), None
    )
    if rate is None:
        raise Undecided("no rational values with a proved spectral radius were found")
    low, high, proof = Rational(0), rate, Answer(True, "")
    for k in range(HALVINGS):
        if time.left < 1:
            break
        middle = _rational(float(rate) * (1 - 4.0 ** -(k + 1)), 10**4)
        if not low < middle < high:
            continue
        share = Budget(min(time.left / 2, 8))
        answer = _none_below(question, middle, share)
        if answer is None or answer.holds is not True:
            break
        low, proof = middle, answer
    boxes = _boxes(question, values, rate, time)
    return _result(question, values, rate, low, boxes, proof)


def _boxes(
    question: Search, values: Mapping[Symbol, Expr], rate: Expr, time: Budget
) -> dict[Symbol, tuple[Expr, Expr]]:
    """For each symbol an interval outside of which nothing reaches the proved radius."""
    found: dict[Symbol, tuple[Expr, Expr]] = {}
    better = question.below(rate)
    for symbol, (low, high) in zip(question.symbols, question.ranges, strict=True):
        ends = [low, high]
        for side in (0, 1):
            for width in (Rational(1, 100), Rational(1, 10), Rational(1, 2)):
                if time.left < 1:
                    break
                end = _rational(float(values[symbol] + (width if side else -width)), 1000)
                outside = symbol > end if side else symbol < end
                claim = sp.Not(And(better, outside))
                milliseconds = int(min(time.left / 4, 3) * 1000) + 1
                if decide_smt(claim, budget_ms=milliseconds).holds is True:
                    ends[side] = sp.Max(low, end) if side == 0 else sp.Min(high, end)
                    break
        found[symbol] = (ends[0], ends[1])
    return found


def _result(
    question: Search,
    values: Mapping[Symbol, Expr],
    rate: Expr,
    lower: Expr,
    boxes: Mapping[Symbol, tuple[Expr, Expr]],
    proof: Answer,
) -> Tuning:
    factors = {s: question.scaling.factor(s) for s in question.symbols}
    return Tuning(
        values={s: v * factors[s] for s, v in values.items()},
        rate=rate,
        lower=lower,
        enclosure={s: (a * factors[s], b * factors[s]) for s, (a, b) in boxes.items()},
        certificate={
            "kind": "tuning",
            "evidence": {"upper": "exact point", "lower": "decided:z3" if lower else "trivial"},
            "matrix": [[str(e) for e in row] for row in question.system.matrix.tolist()],
            "values": {str(s): str(v) for s, v in values.items()},
            "rate": str(rate),
            "lower": str(lower),
            "smtlib": proof.smtlib,
        },
    )


def _rational(value: float, denominator: int) -> Rational:
    near = Fraction(value).limit_denominator(denominator)
    return Rational(near.numerator, near.denominator)


def _within(value: float, low: Expr, high: Expr) -> Rational:
    """A rational close to a value and strictly inside a range."""
    near = _rational(value, 10**4)
    if low < near < high:
        return near
    return _rational(value, 10**15)


def _above(radius: float, digits: int) -> Rational:
    """A rational slightly larger than a numeric radius."""
    scale = 10**digits
    return Rational(int(radius * scale) + 2, scale)

r"""From names to cells: the setting, the linear answer, the judgment, in a cell's own symbols."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Symbol

from symgan.analysis.switched import switched_stability
from symgan.atlas.axes import Way
from symgan.atlas.cell import Answer, Case, Cell, Verdict
from symgan.atlas.cycle import cycle_of
from symgan.atlas.decide import decide
from symgan.atlas.judge import Judgment, judge_flow, judge_linear, judge_map, local_only
from symgan.atlas.own import Own, of_sample, sampled
from symgan.atlas.problem import ETA, Problem
from symgan.atlas.setting import Setting
from symgan.atlas.steps import _as_steps
from symgan.atlas.traits import homogeneous, operations, reads_losses, switches
from symgan.certify.limit import limited
from symgan.certify.recheck import leaves
from symgan.errors import SymganError, Undecided
from symgan.game import Game
from symgan.results_discrete import Best
from symgan.rules.steps import is_affine
from symgan.system import Flow, Map

SECONDS = 5.0
"""Processor time for each attempt at a linear problem, and for what is argued beyond it."""


@dataclass(frozen=True, eq=False)
class Task:
    """A linear problem and the rule on it: what is decided once.

    Attributes:
        way: the rule or flow.
        problem: the canonical quadratic game; where the rule must see the full game, None.
        game, at: the full game and its equilibrium, where ``problem`` is None.
    """

    way: Way
    problem: Problem | None
    game: Game | None = None
    at: tuple[tuple[Symbol, Expr], ...] = ()

    @cached_property
    def key(self) -> str:
        """A digest of what is decided."""
        options = ", ".join(f"{k}={sp.srepr(sp.sympify(v))}" for k, v in self.way.options.items())
        what = self.problem.key if self.problem else sp.srepr((self.at, *_parts(self.game)))
        kind = "flow" if self.way.continuous else "map"
        text = "\0".join((self.way.rule, options, kind, what))
        return sha256(text.encode()).hexdigest()


def _parts(game: Game | None) -> tuple[Any, ...]:
    return () if game is None else (sp.Tuple(*game.state), sp.Tuple(*game.losses))


def task(setting: Setting, way: Way) -> Task:
    """The linear problem of a cell."""
    whole = _switches(way) and not setting.linear  # its equilibrium has no linearization
    if whole or (setting.crossed and _reads_losses(way)):
        return Task(way, None, setting.game, tuple(setting.equilibrium.items()))
    return Task(way, setting.scaled if _homogeneous(way) else setting.plain)


_homogeneous, _reads_losses = cache(homogeneous), cache(reads_losses)
_operations, _switches = cache(operations), cache(switches)


LARGEST = 2500
"""Operations of a rule on a small quadratic game, times those of v, beyond which a rule is not
written out on a nonlinear game: it would take longer than anything that is then tried."""


def written_out(setting: Setting, way: Way) -> Any:
    """The rule on the game itself.

    Raises:
        Undecided: it would be too large.
    """
    assert setting.game is not None
    size = sum(v.count_ops() for v in setting.game.v)
    if not setting.linear and _operations(way) * size > LARGEST:
        raise Undecided(f"{way.title} on the whole of {setting.game.name} is too large to decide")
    return way.apply(setting.game, ETA)


def solve(asked: Task) -> Answer:
    """The answer to a task; what cannot be asked is an answer with the reason."""
    start = time.perf_counter()
    try:
        game, rest, tangent = _question(asked)
        with limited(SECONDS, "writing the rule out"):
            system = asked.way.apply(game, ETA)
        if switched(system, rest):
            with limited(2 * SECONDS, "the switched map"):
                return _switched(system)
        found = decide(system, _with_memory(system, rest), tangent, SECONDS)
        return replace(
            found,
            affine=not isinstance(system, Flow | Map) or is_affine(system),  # type: ignore[arg-type] - a flow has the same fields
            updates=0 if asked.way.continuous else getattr(system, "updates", 0),
        )
    except Undecided as error:
        failure, refused = f"{asked.way.title}: {error}", False
    except SymganError as error:
        failure, refused = str(error), True
    cases = (Case(Verdict.NOT_APPLICABLE, sp.true),) if refused else ()
    return Answer(
        sp.ImmutableMatrix(0, 0, []),
        not asked.way.continuous,
        cases,
        failure=failure,
        seconds=time.perf_counter() - start,
    )


def _question(asked: Task) -> tuple[Game, dict[Symbol, Expr], Matrix]:
    if asked.problem is not None:
        return asked.problem.game, asked.problem.rest, Matrix(asked.problem.tangent)
    assert asked.game is not None
    rest = dict(asked.at)
    if any(v.free_symbols & set(asked.game.state) for v in rest.values()):
        raise Undecided("a rule that reads the losses, at a continuum of a general-sum game")
    return asked.game, rest, sp.zeros(len(rest), 0)


def _with_memory(system: Any, rest: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The rest point with further states of a flow (velocities) at zero."""
    if not isinstance(system, Flow):
        return dict(rest)
    return {s: rest.get(s, Integer(0)) for s in system.state}


def switched(system: Any, rest: Mapping[Symbol, Expr]) -> bool:
    """Whether a map switches at the equilibrium."""
    if not isinstance(system, Map):
        return False
    surfaces = (
        relation.lhs - relation.rhs
        for f in system.rhs
        for branches in f.atoms(sp.Piecewise)
        for relation in branches.atoms(sp.core.relational.Relational)
    )
    return any(sp.expand(s.subs(dict(rest), simultaneous=True)) == 0 for s in surfaces)


def _switched(system: Map) -> Answer:
    start = time.perf_counter()
    found = switched_stability(system, ETA)
    stable, open_steps = _as_steps(found.stable), _as_steps(found.undecided)
    if stable is not sp.S.EmptySet:
        verdict = Verdict.STABLE
    else:
        verdict = Verdict.DIVERGENCE if open_steps is sp.S.EmptySet else Verdict.UNDECIDED
    return Answer(
        sp.ImmutableMatrix(0, 0, []),
        True,
        (Case(verdict, sp.true),),
        step=ETA,
        marginal=stable,
        marginal_if=found.stable,
        certificate=found.certificate,
        updates=system.updates,
        seconds=time.perf_counter() - start,
    )


def cell(setting: Setting, way: Way, asked: Task | None, answer: Answer | None) -> Cell:
    """The cell of a setting and a rule, from the answer to its task."""
    start = time.perf_counter()
    names = {
        "game": setting.specimen.game,
        "loss": setting.specimen.loss,
        "regularizer": setting.regularizer,
        "rule": way.title,
        "continuous": way.continuous,
    }
    if setting.refusal is Verdict.NO_EQUILIBRIUM and (turning := _cycle(setting, way)) is not None:
        return Cell(
            **names,
            verdict=turning.verdict,
            cases=turning.cases,
            reason=f"{setting.reason}; {turning.reason}",
            evidence=turning.evidence,
            certificate=turning.certificate,
            seconds=time.perf_counter() - start,
        )
    if setting.refusal is not None or asked is None or answer is None:
        verdict = setting.refusal or Verdict.UNDECIDED
        return Cell(
            **names, verdict=verdict, cases=(Case(verdict, sp.true),), reason=setting.reason
        )
    own = Own(asked.problem)
    judged = _judge(setting, way, answer)
    there = (Case(c.verdict, sp.And(setting.where, own(c.condition))) for c in judged.cases)
    cases = of_sample(tuple(c for c in there if c.condition is not sp.false), answer, own)
    reasons = [r for r in (setting.reason, judged.reason, answer.note, sampled(answer, own)) if r]
    return Cell(
        **names,
        verdict=Judgment(cases).verdict,
        cases=cases,
        reason="; ".join(reasons),
        answer=answer,
        problem=asked.key[:8],
        scales=own.shown,
        jacobian=setting.jacobian,
        equilibrium=setting.equilibrium,
        stable=own.steps(answer.stable),
        marginal=own.steps(answer.marginal),
        stable_if=own(answer.stable_if),
        marginal_if=own(answer.marginal_if),
        best=tuple(
            Best(own(b.step) / own.factor, own(b.rate), own(b.condition), b.attained)
            for b in answer.best
        ),
        eigenvalues=tuple((own.time(v), m) for v, m in answer.eigenvalues),
        rate=own.time(answer.rate) if answer.rate is not None else None,
        updates=answer.updates,
        evidence=(*kinds(answer.certificate), *judged.evidence),
        certificate=judged.certificate,
        seconds=time.perf_counter() - start,
    )


def _cycle(setting: Setting, way: Way) -> Judgment | None:
    """The cycle of a flow without an equilibrium; None where none is shown."""
    if not way.continuous or setting.game is None:
        return None
    try:
        with limited(SECONDS, "the cycle"):
            return cycle_of(way.apply(setting.game, ETA))
    except SymganError:  # the cell keeps saying that there is no equilibrium, which is certain
        return None


def kinds(certificate: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of evidence that a certificate is made of, each once."""
    own = (certificate,) if "kind" in certificate else leaves(certificate)
    return tuple(dict.fromkeys(str(leaf["kind"]) for leaf in own))


def _judge(setting: Setting, way: Way, answer: Answer) -> Judgment:
    if answer.failure:
        verdict = answer.cases[0].verdict if answer.cases else Verdict.UNDECIDED
        return Judgment((Case(verdict, sp.true),), answer.failure)
    if setting.linear and answer.affine:
        return judge_linear(answer)
    if way.continuous:
        return _judge_flow(setting, way, answer)
    if _switches(way):
        return _judge_switched(answer)
    return _judge_map(setting, way, answer)


def _judge_switched(answer: Answer) -> Judgment:
    """A switched map was decided on the game itself."""
    return Judgment(answer.cases, "bounded by a Lyapunov function; nothing says it converges")


def _judge_flow(setting: Setting, way: Way, answer: Answer) -> Judgment:
    try:
        with limited(SECONDS, "what goes beyond the linearization"):
            full = written_out(setting, way)
            at = _with_memory(full, setting.equilibrium)
            return judge_flow(answer, full, at, SECONDS)
    except SymganError as error:
        return local_only(answer, str(error))


def _judge_map(setting: Setting, way: Way, answer: Answer) -> Judgment:
    critical = {c.verdict for c in answer.cases} - {Verdict.EXPONENTIAL, Verdict.DIVERGENCE}
    if not critical and (answer.growing or answer.cases[0].verdict is Verdict.EXPONENTIAL):
        return judge_map(answer, None, {}, SECONDS)
    try:
        with limited(SECONDS, "what goes beyond the linearization"):
            full = written_out(setting, way)
            at = full.lift(setting.equilibrium) if isinstance(full, Map) else setting.equilibrium
            return judge_map(answer, full, at, SECONDS)
    except SymganError as error:
        return Judgment((Case(Verdict.UNDECIDED, sp.true),), str(error))

"""Hold code of others against what symgan derives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symgan.audit.bench import Bench
from symgan.audit.blame import blame, difference_of
from symgan.audit.candidates import row_sums
from symgan.audit.derived import Derived, matrix
from symgan.audit.hidden import hidden
from symgan.audit.ladder import Held, Until, hold
from symgan.audit.purity import aliasing, require_fresh_runs
from symgan.audit.question import Question, fixed_values, question
from symgan.audit.recognize import recognize
from symgan.audit.results import Audit, Established, Ground, Recognition, Verdict
from symgan.audit.shrink import bench_for, counterexample, smallest
from symgan.audit.subject import AuditError, Kind, Subject
from symgan.audit.trial import subject_of, takes_memory
from symgan.certify.clock import now
from symgan.game import Game

STEPS = 4
"""Steps of a map from each start: a memory shows from the second on, its mending from the third."""
BUDGET = 20.0
"""Seconds of processor time for the search for what differs and what is implemented instead."""


def audit(
    subject: Any,
    game: Game,
    rule: Any = None,
    *,
    eta: Any = None,
    options: Mapping[str, Any] | None = None,
    values: Mapping[Any, Any] | None = None,
    of: str = "auto",
    sign: str = "v",
    steps: int = STEPS,
    seed: int = 0,
    budget: float = BUDGET,
    title: str = "",
) -> Audit:
    r"""Hold a hand-written vector field, Jacobian or update map against the derived one.

    The code is run on SymPy's symbols where it accepts them, which proves equality for all
    values; else on rationals, on 50 digits, or on floats within a budget for rounding. Where it
    differs: the simplest input that shows it, the term at fault, whether the linearization at the
    equilibrium would have hidden it, and what the code implements instead.

    Args:
        subject: a function of the players' numbers (or of one sequence, or of one array a
            player) and of parameters by name; for maps also a class with ``step``, a generator
            function, or a function that makes either; or a function of all that the map
            remembers, too (theta, psi, theta_prev, psi_prev). Or a `Subject`.
        game: the game.
        rule: for maps: the name of a rule or optimizer, or a function ``(game, eta) -> Map``.
        eta: its step, exact, or one a player; not needed where the code takes it.
        options: of the rule.
        values: parameters of the game that the code holds inside.
        of: "field", "jacobian", "map"; "optimizer" for a torch.optim.Optimizer or what makes
            one, "step" for a training step on tensors (`symgan.audit.torch_optimizers`); "auto".
        sign: "v" for code that returns v, "flow" for the right-hand side of x' = -v.
        steps: how many steps of a map are compared.
        seed: of sampled points.
        budget: seconds of processor time.
        title: how sentences call the code.

    Raises:
        AuditError: the code cannot be called, returns something else than numbers of the right
            count, or keeps state between runs.
        SubjectError: it raises.
        SymganError: the game and the rule do not fit.

    >>> from symgan.games.quadratic import bilinear
    >>> found = audit(lambda theta, psi: (-psi, theta), bilinear())
    >>> print(found.verdict, found.established.ground)
    same proved
    >>> found = audit(lambda theta, psi: (psi, theta), bilinear())
    >>> found.blame[0].fault, found.recognized.name
    ('wrong sign', 'v with the opposite sign for theta')
    """
    if of in ("optimizer", "step") or (of == "auto" and _is_optimizer(subject)):
        return _audit_torch(subject, game.subs(fixed_values(game, values or {})), rule, of, eta=eta,
                            options=options, title=title)  # fmt: skip
    asked = question(game, rule, eta, options or {}, values or {}, sign)
    until = Until(now(), budget)
    called = title or str(getattr(subject, "__name__", type(subject).__name__))
    kinds = _kinds(asked, of)
    if Kind.MAP in kinds.values() and takes_memory(subject, asked.derive(Kind.MAP)):
        asked = replace(asked, opened=True)
        kinds = {len(asked.derive(Kind.MAP).state): Kind.MAP}
    code = subject_of(subject, called, asked.trial(kinds))
    derived = asked.derive(code.kind)
    if code.kind is Kind.JACOBIAN and _count(code) < len(derived.labels):
        return _short(code, derived, asked, until)
    _require_values(code, derived)
    require_fresh_runs(code, derived)
    held = hold(code, derived, steps if code.kind is Kind.MAP else 1, seed=seed, until=until)
    impure = (*code.findings(), *aliasing(code, derived))
    return _judged(code, derived, asked, held, impure, until)


def _is_optimizer(subject: Any) -> bool:
    """Whether code is a class of PyTorch's optimizers, without importing it."""
    return any(
        base.__module__.startswith("torch.optim") and base.__name__ == "Optimizer"
        for base in getattr(subject, "__mro__", ())
    )


def _audit_torch(
    subject: Any, game: Game, rule: Any, of: str, *, eta: Any, options: Any, title: str
) -> Audit:
    """An optimizer, or a training step, which needs runs of its own."""
    from symgan.audit.torch_optimizers import audit_optimizer, audit_step

    if rule is None or eta is None:
        raise AuditError("an optimizer is held against a rule with a step: --rule adam --eta 0.01")
    held = audit_step if of == "step" else audit_optimizer
    return held(subject, game, rule, eta=eta, options=options, title=title)


def _judged(
    code: Subject,
    derived: Derived,
    asked: Question,
    held: Held,
    impure: tuple[str, ...],
    until: Until,
) -> Audit:
    findings = [*impure]
    if held.agrees and not impure:
        findings += _remarks(held)
        return _audit(code, derived, Verdict.SAME, held.established, findings=tuple(findings))
    if held.agrees is None:
        return _audit(code, derived, Verdict.UNDECIDED, held.established, findings=tuple(findings))
    if held.agrees:
        findings.append("the values that it returns are the derived ones")
        return _audit(code, derived, Verdict.DIFFERS, held.established, findings=tuple(findings))
    bench = bench_for(code, derived, held)
    mismatch = smallest(bench, held, until) or held.mismatch
    step = mismatch.step if mismatch else 1
    blamed = blame(bench, held, step, until)
    if not blamed and not bench.binary:  # its constants may be binary: floats forgive that
        blamed = blame(Bench(code, derived, code.arithmetics()[-1]), held, step, until)
    difference = difference_of(bench, held, blamed, step)
    recognized = None
    if not asked.opened:  # what other rules remember is something else
        recognized = recognize(asked, code, held.established.steps, until)
    if recognized and "throughout" in recognized.name:
        findings.append("it is the negative of what was asked for, throughout: --sign says which")
    return _audit(
        code,
        derived,
        Verdict.DIFFERS,
        held.established,
        counterexample=counterexample(mismatch, derived) if mismatch else None,
        blame=blamed,
        hidden=hidden(derived, bench, difference, step, proved=held.difference is not None),
        recognized=recognized,
        findings=tuple(findings),
    )


def _audit(
    code: Subject, derived: Derived, verdict: Verdict, established: Established, **found: Any
) -> Audit:
    convention = getattr(code, "convention", None)
    name = code.title.rpartition(":")[2]
    called = convention.describe(name) if convention is not None else name
    return Audit(code.title, derived.kind, derived.title, called, verdict, established, **found)


def _kinds(asked: Question, of: str) -> dict[int, Kind]:
    """How many numbers the code may return, and what that makes of it."""
    n, players = len(asked.game.state), len(asked.game.players)
    square = {n * n: Kind.JACOBIAN}
    if players < n and players * n not in (n, n * n):
        square[players * n] = Kind.JACOBIAN  # one row a player: said as such
    known = {"field": {n: Kind.FIELD}, "jacobian": square, "map": {n: Kind.MAP}}
    if of in known:
        return known[of]
    if of != "auto":
        raise AuditError(f"of = {of!r}: field, jacobian, map, optimizer or auto")
    if asked.rule is not None:
        return known["map"]
    return {**square, n: Kind.FIELD}


def _count(code: Subject) -> int:
    return int(getattr(code, "count", 1 << 30))


def _require_values(code: Subject, derived: Derived) -> None:
    missing = [s.name for s in derived.free if s.name not in code.takes()]
    if "eta" in missing:
        raise AuditError(
            f"{code.title} takes no step; give the one that it holds inside: --eta 0.1"
        )
    if missing:
        names = ", ".join(missing)
        raise AuditError(
            f"{code.title} does not take {names}; give the value that it holds inside: "
            f"--set {missing[0]}=1"
        )


def _short(code: Subject, derived: Derived, asked: Question, until: Until) -> Audit:
    """A Jacobian with one row a player instead of one a number."""
    n, players = len(derived.state), len(asked.game.players)
    sums = row_sums(asked.game, matrix(derived))
    labels = tuple(f"J[{i}, {j}]" for i in range(1, players + 1) for j in range(1, n + 1))
    short = replace(derived, entries=tuple(sums), labels=labels)
    held = hold(code, short, 1, seed=0, until=until)
    finding = (
        f"it returns {players} rows of {n} numbers where {n} rows are wanted: one row a player's "
        "tensor, not one a number"
    )
    named = None
    if held.agrees:
        ground, points = held.established.ground, held.established.points
        named = Recognition("the rows of each player's tensor added up", ground, points)
    established = Established(Ground.EXACT, max(held.established.points, 1), 1)
    return _audit(
        code, derived, Verdict.DIFFERS, established, recognized=named, findings=(finding,)
    )


def _remarks(held: Held) -> list[str]:
    found = []
    if held.strained:
        found.append("at some inputs it loses digits that the derived form keeps (cancellation)")
    if held.overflows:
        found.append("far from the origin it leaves the floating-point range; its value is finite")
    return found

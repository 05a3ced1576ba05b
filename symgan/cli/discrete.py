"""What ``symgan analyze --rule`` says of a map: for which steps it is stable, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symgan.cli.printer import Printer

if TYPE_CHECKING:
    from symgan.results_discrete import StepBound, SwitchedStability
    from symgan.system import Map


def stability(printer: Printer, update: Map, step: Any, at: Mapping[Any, Any], where: str) -> None:
    """The section on steps at a fixed point: smooth, or on a switching surface.

    Args:
        printer: prints the section.
        update: the map.
        step: its step, a symbol.
        at: the fixed point, values of the visible symbols.
        where: how the point is called.
    """
    from symgan import analysis

    point = update.lift(at)
    if switches(update, point):
        printer.section(
            f"stability of the switched map at {where}",
            lambda: analysis.switched_stability(update, step),
            switched_rows,
        )
    else:
        printer.section(
            f"stable steps at {where}",
            lambda: analysis.step_bound(update, step, at=point),
            step_rows,
        )


def switches(update: Map, point: Mapping[Any, Any]) -> bool:
    """Whether a branch of the map changes at the point."""
    from sympy import Piecewise
    from sympy.core.relational import Relational

    relations = [
        relation
        for rhs in update.rhs
        for piecewise in rhs.atoms(Piecewise)
        for relation in piecewise.atoms(Relational)
    ]
    return any((r.lhs - r.rhs).subs(dict(point)).equals(0) for r in relations)


def step_rows(found: StepBound) -> Iterator[tuple[str, str]]:
    """Stable and marginal steps, what happens at the ends, the best step and its rate."""
    from symgan.report.steps import number, steps

    yield "stable", steps(found.asymptotic)
    yield "marginal", steps(found.marginal)
    for end in found.boundary:
        if end.step.is_finite and end.step != 0:
            yield "at", f"{number(end.step)}: {end.edge.value}"
    for best in found.best:
        reached = "" if best.attained else " (not attained)"
        yield "best step", f"{number(best.step)}, spectral radius {number(best.rate)}{reached}"


def switched_rows(found: SwitchedStability) -> Iterator[tuple[str, str]]:
    """Where it is stable, by which function, where it is unstable, what is open."""
    from sympy import false

    yield "stable", str(found.stable)
    if found.lyapunov is not None:
        yield "  V", f"{found.lyapunov.function}"
    yield "unstable", str(found.unstable)
    if found.undecided is not false:
        yield "undecided", str(found.undecided)

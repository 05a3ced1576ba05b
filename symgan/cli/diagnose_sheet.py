"""A diagnosis in the terminal and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from symgan.empirical.spectra.checkpoint import Subject
    from symgan.empirical.spectra.measured import Eigenvalue, Eigenvalues
    from symgan.empirical.spectra.prediction import Diagnosis, Prediction
    from symgan.empirical.spectra.rays import Span

AT_REST = 1e-6
"""Distance from rest, gradient over norm of J, below which nothing is said of it: far below the
size of any weight."""
LISTED = 12
"""Eigenvalues in the terminal; JSON has all."""


def show(
    console: Console,
    subject: Subject,
    sizes: Sequence[int],
    norms: Sequence[float],
    found: Diagnosis,
) -> None:
    """Print a diagnosis.

    Args:
        console: where.
        subject: what was diagnosed.
        sizes: parameters of each player.
        norms: of each player's gradient.
        found: the diagnosis.
    """
    say = lambda text: console.print(text, soft_wrap=True, markup=False)  # noqa: E731
    say(subject.title)
    for name, size, norm in zip(subject.names, sizes, norms, strict=True):
        say(f"  {name}: {size} parameters, gradient {norm:.3g}")
    say(f"  {shown(found.spectrum)}")
    console.print()
    console.print(_eigenvalues(found.spectrum.values[:LISTED]))
    for sentence in (*remarks(found), *moving(norms, found)):
        say(sentence)
    console.print()
    if found.predictions:
        console.print(_rules(found.predictions))
    for name, reason in found.left_out:
        say(f"left out: {name}: {reason}")
    say(_best(found.best) if found.predictions else "Nothing to predict from.")
    if found.attracting:
        console.print()
        say(f"Without the {found.expanding} expanding ones: where a rule adds no instability.")
        console.print(_rules(found.attracting))
        say(_best(found.best_attracting))


def shown(spectrum: Eigenvalues) -> str:
    """In words, how the spectrum was found and what is missing.

    >>> from symgan.empirical.spectra.measured import Eigenvalues, Search
    >>> shown(Eigenvalues((), 10, (Search("LM", 2, 1, 0, "1 of 2 converged"),), 7, 1.0))
    '0 of 10 eigenvalues, after 7 products; LM: 1 of 2 (1 of 2 converged)'
    """
    text = (
        f"{len(spectrum.values)} of {spectrum.size} eigenvalues, after {spectrum.products} products"
    )
    ends = [
        f"{s.which}: {s.found} of {s.asked}" + (f" ({s.reason})" if s.reason else "")
        for s in spectrum.searches
        if not (s.which == "all" and s.converged)
    ]
    return "; ".join([text, *ends])


def moving(norms: Sequence[float], found: Diagnosis) -> Iterable[str]:
    """That the point is not at rest, where it is not.

    Args:
        norms: of each player's gradient.
        found: the diagnosis, whose norm of J turns a gradient into a distance.
    """
    size = math.hypot(*norms)
    if size > AT_REST * found.spectrum.norm:
        yield (
            f"The point is not at rest: gradient {size:.3g}, J of norm {found.spectrum.norm:.3g} "
            "or more. What follows is the linear part here; it holds while the point moves little."
        )


def remarks(found: Diagnosis) -> Iterable[str]:
    """What limits the predictions: eigenvalues not measured, zero, or with a negative real part."""
    more = len(found.spectrum.values) - LISTED
    if more > 0:
        yield f"and {more} more"
    if not found.spectrum.complete:
        yield (
            "Not all eigenvalues were measured: steps outside the stable ones below are unstable, "
            "steps inside may be too, and rates are those of the measured part."
        )
    if found.zeros:
        yield (f"{found.zeros} cannot be told from zero; along them the linear part stands still.")
    if found.expanding:
        yield (
            f"{found.expanding} have a negative real part: the gradient flow leaves this point, "
            "and so does every rule at small steps."
        )
    if any(math.isnan(e.error) for e in found.used):
        yield "Where no left eigenvector was found, the error of an eigenvalue is not known."


def to_json(
    subject: Subject, sizes: Sequence[int], norms: Sequence[float], found: Diagnosis
) -> dict[str, Any]:
    """The diagnosis in JSON types; what is infinite or not known is null.

    Args:
        subject: what was diagnosed.
        sizes: parameters of each player.
        norms: of each player's gradient.
        found: the diagnosis.
    """
    spectrum = found.spectrum
    return {
        "title": subject.title,
        "players": [
            {"name": name, "parameters": size, "gradient_norm": norm}
            for name, size, norm in zip(subject.names, sizes, norms, strict=True)
        ],
        "complete": spectrum.complete,
        "converged": spectrum.converged,
        "products": spectrum.products,
        "searches": [
            {"end": s.which, "asked": s.asked, "found": s.found, "rejected": s.rejected,
             "reason": s.reason} for s in spectrum.searches
        ],
        "eigenvalues": [
            {"real": e.value.real, "imaginary": e.value.imag, "residual": e.residual,
             "condition": _finite(e.condition), "error_estimate": _finite(e.error)}
            for e in spectrum.values
        ],
        "zeros": found.zeros,
        "expanding": found.expanding,
        "rules": [_rule_json(p) for p in found.predictions],
        "attracting_part": [_rule_json(p) for p in found.attracting],
        "left_out": [{"rule": name, "reason": reason} for name, reason in found.left_out],
        "best": None if found.best is None else found.best.rule,
    }  # fmt: skip


def _rule_json(p: Prediction) -> dict[str, Any]:
    sure = None if p.sure is None else [_span_json(s) for s in p.sure]
    binding = None if p.binding is None else [p.binding.real, p.binding.imag]
    return {
        "rule": p.rule,
        "stable_steps": [_span_json(s) for s in p.stable],
        "stable_steps_within_errors": sure,
        "binding_eigenvalue": binding,
        "best_step": None if p.best_step is None else _finite(p.best_step),
        "best_rate": p.best_rate,
        "gradients": p.gradients,
        "rate_per_gradient": p.rate_per_gradient,
        "gradients_per_factor_e": p.gradients_per_fold,
        "implicit": p.implicit,
    }


def _span_json(span: Span) -> list[float | None]:
    return [float(span.low), _finite(float(span.high))]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _table(first: str, *headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _eigenvalues(values: Sequence[Eigenvalue]) -> Table:
    table = _table("eigenvalue", "residual", "condition", "error (estimate)")
    for e in values:
        known = "not known" if math.isnan(e.error) else f"{e.error:.1e}"
        condition = "" if math.isnan(e.condition) else f"{e.condition:.3g}"
        table.add_row(number(e.value), f"{e.residual:.1e}", condition, known)
    return table


def number(value: complex) -> str:
    """A complex number with four digits of each part.

    >>> number(1 - 2.5j), number(3 + 0j)
    ('1 - 2.5i', '3')
    """
    if value.imag == 0:
        return f"{value.real:.4g}"
    sign = "-" if value.imag < 0 else "+"
    return f"{value.real:.4g} {sign} {abs(value.imag):.4g}i"


def _rules(predictions: Sequence[Prediction]) -> Table:
    table = _table("rule", "stable steps", "best step", "rate", "gradients per factor e")
    for p in predictions:
        steps = ", ".join(map(span_text, p.stable)) or "none"
        if p.best_step is None or p.best_rate is None or p.gradients_per_fold is None:
            table.add_row(p.rule, steps, "", "", "")
            continue
        if not p.telling:
            table.add_row(p.rule, steps, "", "1", "implicit" if p.implicit else "> 1e12")
            continue
        each = "implicit" if p.implicit else f"{p.gradients_per_fold:.3g}"
        best = "ever larger" if math.isinf(p.best_step) else f"{p.best_step:.3g}"
        table.add_row(p.rule, steps, best, f"{p.best_rate:.6f}", each)
    return table


def span_text(span: Span) -> str:
    """An interval of steps.

    >>> from symgan.empirical.spectra.rays import Span
    >>> span_text(Span(0.0, 0.25)), span_text(Span(1.0, math.inf)), span_text(Span(0, math.inf))
    ('< 0.25', '> 1', 'all')
    """
    if span.low == 0:
        return "all" if math.isinf(span.high) else f"< {span.high:.4g}"
    return f"> {span.low:.4g}" if math.isinf(span.high) else f"{span.low:.4g} to {span.high:.4g}"


def _best(best: Prediction | None) -> str:
    if best is None or best.best_step is None or best.best_rate is None:
        return "No explicit rule has a stable step here."
    if not best.telling:
        return (
            "No explicit rule contracts noticeably: the slowest eigenvalues hardly move at any "
            "stable step. Rates do not tell rules apart here; their stable steps do."
        )
    return (
        f"Fastest a gradient: {best.rule} at step {best.best_step:.4g}, "
        f"by a factor e in {best.gradients_per_fold:.3g} evaluations of the gradient."
    )

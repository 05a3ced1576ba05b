r"""Audits: where code and derivation part."""

from __future__ import annotations

from symgan.audit.results import (
    Audit,
    Blame,
    Counterexample,
    Established,
    Hidden,
    Recognition,
    Verdict,
)
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words

_WORDS = {Verdict.SAME: "is", Verdict.DIFFERS: "is not", Verdict.UNDECIDED: "may be"}


@formula.register
def _(found: Audit, write: Writer) -> list[str]:
    rows = [f"&{words(f'{found.subject} {_WORDS[found.verdict]} {found.against}')}"]
    rows += formula(found.established, write)
    for part in (found.counterexample, *found.blame, found.hidden, found.recognized):
        rows += [] if part is None else formula(part, write)
    return [*rows, *(f"&{words(sentence)}" for sentence in found.findings)]


@formula.register
def _(found: Established, write: Writer) -> list[str]:
    tried = f", {found.points} starts of {found.steps} steps" if found.sampled else ""
    return write.says("ground", words(f"{found.ground}{tried}"))


@formula.register
def _(found: Counterexample, write: Writer) -> list[str]:
    start = r",\; ".join(f"{write(s)} = {write(value)}" for s, value in found.point)
    return [
        rf"\text{{at}} &\quad {start}, \text{{ step }} {found.step}:",
        rf"{words(found.component)} &= {words(found.derived)}, \text{{ computed }} "
        f"{words(found.computed)}",
    ]


@formula.register
def _(found: Blame, write: Writer) -> list[str]:
    return [
        rf"{words(found.component + ':')} &\quad {write(found.term)} \text{{ {found.fault}}}, "
        rf"\text{{ in its place }} {write(found.instead)}"
    ]


@formula.register
def _(found: Hidden, write: Writer) -> list[str]:
    word = {True: "hides the difference", False: "shows it", None: "not known"}[found.holds]
    return write.says("linearization", words(word))


@formula.register
def _(found: Recognition, write: Writer) -> list[str]:
    return write.says("implements", words(f"{found.name} ({found.ground})"))

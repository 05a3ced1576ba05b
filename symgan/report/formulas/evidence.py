r"""Decisions and their evidence: what was shown, and how."""

from __future__ import annotations

from typing import Any

from symgan.certify.checker import Outcome
from symgan.certify.coq import CoqProof
from symgan.certify.identity import Zero
from symgan.certify.witness import Decision
from symgan.claims.check import Checked, Link
from symgan.claims.examine import Examination, Finding
from symgan.claims.model import Evidence, Mutant, Repair, Step
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words

HOLDS = {True: "holds", False: "fails", None: "undecided"}


@formula.register(Decision)
@formula.register(Zero)
def _(found: Any, write: Writer) -> list[str]:
    kind = f" ({found.kind})" if isinstance(found, Decision) else ""
    rows = [f"&{words(HOLDS[found.holds] + kind)}"]
    if found.witness:
        values = r",\; ".join(f"{write(s)} = {write(value)}" for s, value in found.witness.items())
        rows += write.says("at", values)
    return rows


@formula.register(Evidence)
@formula.register(Finding)
def _(found: Any, write: Writer) -> list[str]:
    return [f"&{words(f'{HOLDS[found.holds]} ({found.kind})')}"]


@formula.register
def _(proof: CoqProof, write: Writer) -> list[str]:
    word = {True: "accepted by Coq", False: "rejected by Coq", None: "not checked by Coq"}
    return [f"&{words(word[proof.checked])}"]


@formula.register
def _(outcome: Outcome, write: Writer) -> list[str]:
    return [f"&{words(f'{outcome.path.name}: {outcome.text}')}"]


@formula.register
def _(step: Step, write: Writer) -> list[str]:
    rows = [f"&{words(step.text)}"]
    return rows if step.formula is None else [*rows, *formula(step.formula, write)]


@formula.register
def _(mutant: Mutant, write: Writer) -> list[str]:
    return [*formula(mutant.statement, write), f"&{words(mutant.fate)}"]


@formula.register
def _(repair: Repair, write: Writer) -> list[str]:
    return [f"&{words(repair.text)}", *formula(repair.statement, write)]


@formula.register
def _(case: Examination, write: Writer) -> list[str]:
    return formula(case.statement, write)


@formula.register
def _(link: Link, write: Writer) -> list[str]:
    rows = formula(link.relation, write)
    return [*rows, *write.equal(r"\text{left} - \text{right}", link.difference)]


@formula.register
def _(found: Checked, write: Writer) -> list[str]:
    rows = [*formula(found.statement, write), f"&{words(HOLDS[found.holds])}"]
    if found.holds is False:
        for link in found.links:
            rows += write.equal(r"\text{left} - \text{right}", link.difference)
    if found.witness:
        values = r",\; ".join(f"{write(s)} = {write(value)}" for s, value in found.witness.items())
        rows += write.says("at", values)
    return [*rows, *(row for repair in found.repairs for row in formula(repair, write))]

r"""Polynomial certificates as Coq proofs: products as assertions, closed by ring and lra.

Each case of a certificate becomes a lemma: real numbers that satisfy the case's constraints do not
exist. That the cases are those of the claim is not Coq's part but the second program's
(`symgan.certify.recheck_cases`); the emitted hypotheses are parsed back and held against the
certificate's constraints.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

from symgan.certify.formula import evaluate, rational, read
from symgan.certify.recheck import recheck
from symgan.certify.recheck_cases import Constraint, claim_cases
from symgan.certify.recheck_cone import Polynomials
from symgan.errors import BadData, Undecided

BUDGET_SECONDS = 120.0
_RELATIONS = {">": ">", ">=": ">=", "==": "=", "!=": "<>"}
_HYPOTHESIS = re.compile(r"^  \(H\d+ : (.*) (>=|>|=|<>) 0\)$", re.MULTILINE)


@dataclass(frozen=True)
class CoqProof:
    """A proof script and what became of it.

    Attributes:
        text: the content of a ``.v`` file.
        checked: True (coqc accepts it), False (it rejects it), None (unchecked: no coqc).
        message: one sentence.
    """

    text: str
    checked: bool | None
    message: str


def prove_in_coq(
    certificate: Mapping[str, Any], budget_seconds: float = BUDGET_SECONDS
) -> CoqProof:
    """Export a certificate, compare what was emitted with it, and run coqc where it is present.

    Args:
        certificate: of kind ``certificate``.
        budget_seconds: time limit of coqc.

    Raises:
        BadData: the certificate does not prove what it says, or cannot be read.
        Undecided: coqc took longer than its budget, or a step has no Coq counterpart.
    """
    if certificate.get("kind") != "certificate" or not recheck(certificate):
        raise BadData("only a certificate by products that proves what it says goes to Coq")
    text = to_coq(certificate)
    program = shutil.which("coqc")
    if program is None:
        return CoqProof(text, None, "unchecked: there is no coqc on the PATH")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.v"
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run(
                [program, str(path)],
                capture_output=True,
                text=True,
                timeout=budget_seconds,
                cwd=folder,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Undecided(f"coqc found no answer within {budget_seconds} s") from None
    if done.returncode == 0:
        return CoqProof(text, True, "accepted by coqc")
    return CoqProof(text, False, f"rejected by coqc: {' '.join(done.stderr.split())[:200]}")


def to_coq(certificate: Mapping[str, Any]) -> str:
    """The ``.v`` text of a certificate, its hypotheses parsed back and compared.

    Raises:
        BadData: what was emitted is not what the certificate says.
        Undecided: a step has no Coq counterpart.
    """
    sides, _ = claim_cases(certificate)
    algebra = Polynomials(sides)
    lines = [
        "(* Written by symgan. Each lemma refutes one case of the opposite of:",
        f"   {_comment(certificate['statement'])}",
        f"   given {_comment(certificate['given'])} *)",
        "Require Import Reals Lra.",
        "Open Scope R_scope.",
    ]
    stated: list[Constraint] = []
    for number, case in enumerate(certificate["cases"]):
        constraints = [algebra.constraint(c) for c in case["constraints"]]
        stated += constraints
        writer = _Writer(algebra)
        known = [(c, f"H{k}") for k, c in enumerate(constraints)]
        names = " ".join(f"v_{name}" for name in sides.names) or "v_none"
        lines += ["", f"Lemma case_{number} ({names} : R)"]
        lines += [f"  ({h} : {writer.text(c.polynomial)} {_RELATIONS[c.relation]} 0)"
                  for c, h in known]  # fmt: skip
        lines += ["  : False.", "Proof.", *writer.steps(known, case["tree"], "  "), "Qed."]
    text = "\n".join(lines) + "\n"
    if hypotheses(text, algebra) != stated:
        raise BadData("the Coq statement does not say what the certificate says")
    return text


def hypotheses(text: str, algebra: Polynomials) -> list[Constraint]:
    """The constraints that a ``.v`` text states, parsed back."""
    relations = {coq: own for own, coq in _RELATIONS.items()}
    return [
        Constraint(evaluate(read(_python(polynomial)), algebra), relations[relation])
        for polynomial, relation in _HYPOTHESIS.findall(text)
    ]


def _python(polynomial: str) -> str:
    return re.sub(r"\bv_(\w+)", r"\1", polynomial.replace("^", "**"))


def _comment(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )")


Known = Sequence[tuple[Constraint, str]]


class _Writer:
    """The steps of one lemma."""

    def __init__(self, algebra: Polynomials) -> None:
        self.algebra = algebra
        self.fresh = count(1000)

    def text(self, polynomial: Any) -> str:
        """A polynomial in Coq; names carry a prefix that no keyword has."""
        return re.sub(r"[^\W\d]\w*", lambda name: f"v_{name.group()}", str(polynomial))

    def new(self, letter: str) -> str:
        return f"{letter}{next(self.fresh)}"

    def steps(self, known: Known, tree: Mapping[str, Any], indent: str) -> Iterator[str]:
        """A tree as tactics."""
        if "terms" in tree:
            steps = self.leaf(known, tree)
        elif "solve" in tree:
            steps = self.solved(known, tree)
        else:
            steps = self.split(known, tree)
        yield from (indent + step for step in steps)

    def leaf(self, known: Known, tree: Mapping[str, Any]) -> Iterator[str]:
        """One assertion a product, one an equation; their sum is a contradiction."""
        total: list[str] = []
        for term in tree["terms"]:
            coefficient = rational(read(term["coefficient"])) or Fraction(0)
            product, is_strict, proof = self.product(known, term)
            sign = "<" if is_strict else "<="
            yield f"assert ({self.new('T')} : 0 {sign} {product}) by ({proof})."
            total.append(f"({coefficient}) * ({product})")
        for multiplier in tree["multipliers"]:
            constraint, name = known[multiplier["equation"]]
            m = self.text(self.algebra.read(multiplier["polynomial"]))
            product = f"({m}) * ({self.text(constraint.polynomial)})"
            yield f"assert ({self.new('E')} : {product} = 0) by (rewrite {name}; field)."
            total.append(f"(-1) * ({product})")
        yield f"assert ({self.new('I')} : {' + '.join(total)} = 0) by field."
        yield "lra."

    def product(self, known: Known, term: Mapping[str, Any]) -> tuple[str, bool, str]:
        """A product of constraints and squares, whether it is positive, and why."""
        parts: list[tuple[str, bool, str]] = []
        unequal: set[int] = set()
        for i in term["factors"]:
            constraint, name = known[i]
            p = self.text(constraint.polynomial)
            if constraint.relation == "!=":  # it comes in pairs
                if i in unequal:
                    parts.append((f"({p}) * ({p})", True, f"exact (Rsqr_pos_lt ({p}) {name})"))
                unequal ^= {i}
            elif constraint.relation == ">":
                parts.append((f"({p})", True, f"exact {name}"))
            else:
                parts.append((f"({p})", False, f"apply Rge_le; exact {name}"))
        for square in term["squares"]:
            q = self.text(self.algebra.read(square))
            parts.append((f"({q}) * ({q})", False, f"exact (Rle_0_sqr ({q}))"))
        is_strict = all(strict for _, strict, _ in parts)
        rule = "Rmult_lt_0_compat" if is_strict else "Rmult_le_pos"
        product, proof = "1", "lra"
        for part, strict, why in reversed(parts):
            reason = why if strict is is_strict else f"apply Rlt_le; {why}"
            product, proof = f"({part}) * ({product})", f"apply {rule}; [{reason} | {proof}]"
        return product, is_strict, proof

    def solved(self, known: Known, tree: Mapping[str, Any]) -> Iterator[str]:
        """A variable replaced by its value in every constraint."""
        variable, value = self.algebra.read(tree["solve"]), self.algebra.read(tree["value"])
        equation = self.new("X")
        yield f"assert ({equation} : {self.text(variable)} = {self.text(value)}) by lra."
        place = self.algebra.context.gens().index(variable)
        values = [value if k == place else g for k, g in enumerate(self.algebra.context.gens())]
        then: list[tuple[Constraint, str]] = []
        for constraint, name in known:
            new = Constraint(constraint.polynomial.compose(*values), constraint.relation)
            if new != constraint:
                old, name_before, name = self.text(constraint.polynomial), name, self.new("H")
                p, relation = self.text(new.polynomial), _RELATIONS[new.relation]
                why = f"assert (Q : {p} = {old}) by (rewrite {equation}; field)"
                end = f"intro; apply {name_before}; lra" if relation == "<>" else "lra"
                yield f"assert ({name} : {p} {relation} 0) by ({why}; {end})."
            then.append((new, name))
        yield from self.steps(then, tree["then"], "")

    def split(self, known: Known, tree: Mapping[str, Any]) -> Iterator[str]:
        """A case distinction; each branch adds its constraint."""
        added = [self.algebra.constraint(c) for c in tree["split"]]
        texts = [self.text(c.polynomial) for c in added]
        of, s = tree["equation"], self.new("S")
        if of is not None and known[of][0].relation == "==":
            yield from self.factors(known, tree, added)
            return
        order: list[int | None] = [0, 1]
        if of is None:
            yield f"destruct (Rle_or_lt 0 ({texts[0]})) as [{s}|{s}]."
        else:
            yield f"destruct (Rtotal_order ({texts[0]}) 0) as [{s}|[{s}|{s}]]."
            order = [1, None, 0]
        for k in order:
            if k is None:
                yield f"{{ exfalso; apply {known[of or 0][1]}; lra. }}"
                continue
            name = self.new("H")
            relation = _RELATIONS[added[k].relation]
            yield f"{{ assert ({name} : {texts[k]} {relation} 0) by lra."
            yield from self.steps([*known, (added[k], name)], tree["branches"][k], "  ")
            yield "}"

    def factors(
        self, known: Known, tree: Mapping[str, Any], added: Sequence[Constraint]
    ) -> Iterator[str]:
        """A product vanishes: one of its factors does, or none does and that is absurd."""
        equation, _ = known[tree["equation"]]
        powers = [_multiplicity(equation.polynomial, c.polynomial) for c in added]
        nonzero: list[tuple[str, str]] = []
        for c, power, branch in zip(added, powers, tree["branches"], strict=True):
            p, name = self.text(c.polynomial), self.new("H")
            yield f"destruct (Req_dec ({p}) 0) as [{name}|{name}]."
            yield "{"
            yield from self.steps([*known, (c, name)], branch, "  ")
            yield "}"
            nonzero += [(f"({p})", name)] * power
        product, proof = "1", "exact R1_neq_R0"
        for p, name in reversed(nonzero):
            rule = "apply Rmult_integral_contrapositive_currified"
            product, proof = f"{p} * ({product})", f"{rule}; [exact {name} | {proof}]"
        name = self.new("N")
        yield f"assert ({name} : {product} <> 0) by ({proof})."
        yield f"apply {name}; lra."


def _multiplicity(polynomial: Any, factor: Any) -> int:
    """How often an irreducible factor divides a polynomial.

    Raises:
        Undecided: it does not, or without end.
    """
    if factor.is_constant() or polynomial == 0:
        raise Undecided("a split of the certificate has no Coq counterpart")
    power = 0
    while polynomial % factor == 0:
        polynomial, power = polynomial // factor, power + 1
    return power

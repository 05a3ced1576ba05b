"""What every paper's ledger is held to: shared by the tests of the single papers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

from symgan.claims import (
    Claim,
    Entry,
    Ledger,
    Mutation,
    Route,
    Verdict,
    load,
    verify,
)
from symgan.claims.examine import Examination
from symgan.claims.inventory import Item, gaps, read_inventory
from symgan.claims.printed import Reading, disagreement, parse_printed
from symgan.report.ledger import ledger_markdown

PROOFS = Path(__file__).parents[2] / "proofs"
LEDGER = PROOFS / "LEDGER.md"

DECIDED = (Verdict.PROVED, Verdict.CONDITIONAL, Verdict.REFUTED)

# A tenth of the mutants a run, another tenth every day; SYMGAN_FULL=1 takes them all.
FRACTION = 1.0 if os.environ.get("SYMGAN_FULL") else 0.1
SEED = int(os.environ.get("SYMGAN_SEED", datetime.now(UTC).toordinal()))


@cache
def ledger_of(paper: str) -> Ledger:
    """One cold run of a paper's whole ledger with its share of mutants."""
    return verify(load([paper]), mutate=True, mutation=Mutation(FRACTION, SEED))


def sections(markdown: str) -> dict[str, str]:
    """Paper -> its section of a ledger as Markdown; "" -> what stands before the first."""
    head, *parts = re.split(r"^## (.*)\n", markdown, flags=re.M)
    texts = (text.rstrip("\n") for text in parts[1::2])
    return {"": head.rstrip("\n"), **dict(zip(parts[::2], texts, strict=True))}


@dataclass(frozen=True)
class Paper:
    """A paper under test.

    Attributes:
        name: the paper.
        reading: how its printed formulas are read; a function of the claim where parts of
            the paper use one letter for two things.
        not_read: claims whose printed formula is not compared by parsing, with reasons.
        amendments_not_read: the same for amendments.
        repaired: how its amendments are read, where that differs.
        read_as_printed: claims whose amendment speaks of a formula as it is printed.
    """

    name: str
    reading: Reading | Callable[[Claim], Reading]
    not_read: Mapping[str, str]
    amendments_not_read: Mapping[str, str]
    repaired: Reading | None = None
    read_as_printed: frozenset[str] = field(default_factory=frozenset)

    def reading_of(self, claim: Claim) -> Reading:
        """How the printed formulas of one claim are read."""
        return self.reading if isinstance(self.reading, Reading) else self.reading(claim)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """All claims of the paper."""
        return load([self.name])

    @cached_property
    def by_id(self) -> dict[str, Claim]:
        """Claims by their ids."""
        return {claim.id: claim for claim in self.claims}

    @property
    def decided(self) -> list[str]:
        """Claims whose verdict must rest on two routes."""
        return [c.id for c in self.claims if c.expect in DECIDED]

    @property
    def read(self) -> list[str]:
        """Claims whose formula is compared with the statement that is judged."""
        return [c.id for c in self.claims if (c.formal or c.printed) and c.id not in self.not_read]

    @property
    def amended(self) -> list[str]:
        """Refuted claims whose amendment is compared with the statement that is proved."""
        return [
            c.id
            for c in self.claims
            if c.expect is Verdict.REFUTED and c.amended and c.id not in self.amendments_not_read
        ]

    def entry(self, claim_id: str) -> Entry:
        """What the run found for one claim."""
        return next(e for e in ledger_of(self.name).entries if e.claim.id == claim_id)

    def items(self) -> tuple[Item, ...]:
        """The paper's inventory."""
        return read_inventory(PROOFS / "inventory" / f"{self.name}.tsv")

    def check_verdict(self, claim_id: str) -> None:
        """The verdict found is the one its author derived."""
        found = self.entry(claim_id)
        assert found.error == ""
        assert found.verdict is found.claim.expect, [e.text for e in found.evidence]

    def check_two_routes(self, claim_id: str) -> None:
        """A decided verdict rests on an exact and on an independent second route."""
        found = self.entry(claim_id)
        last = {
            Verdict.PROVED: "printed",
            Verdict.CONDITIONAL: "condition",
            Verdict.REFUTED: "amended",
        }
        subject = last[found.claim.expect]
        routes = {e.route for e in found.evidence if e.subject == subject and e.holds}
        assert routes == {Route.EXACT, Route.SECOND}
        if subject != "printed":  # the print fails by both routes too
            of_print = (e for e in found.evidence if e.subject == "printed")
            assert {e.route for e in of_print if e.holds is False} == {Route.EXACT, Route.SECOND}

    def check_mutants(self) -> None:
        """Mutants were made, and none survived."""
        found = ledger_of(self.name)
        assert found.mutants
        assert [f"{m.claim_id}: {m.operator}: {m.statement}" for m in found.survivors] == []

    def misreading(self, claim_id: str, right: str = "", wrong: str = "") -> str:
        """How the printed formula, with one part replaced, differs from what is judged."""
        claim, case = self.by_id[claim_id], self.by_id[claim_id].examine()
        assert isinstance(case, Examination)
        printed = claim.formal or claim.printed
        assert right in printed
        parsed = parse_printed(
            printed.replace(right, wrong) if right else printed, self.reading_of(claim)
        )
        return disagreement(parsed, case.statement, list(case.exact))

    def check_amendment(self, claim_id: str) -> None:
        """The LaTeX of an amendment is the statement that is proved."""
        claim, case = self.by_id[claim_id], self.by_id[claim_id].examine()
        assert isinstance(case, Examination)
        assert case.amendment is not None
        as_printed = self.repaired is None or claim_id in self.read_as_printed
        reading = self.reading_of(claim) if as_printed else self.repaired
        assert reading is not None
        amended = parse_printed(claim.amended, reading)
        assert disagreement(amended, case.amendment, list(case.exact)) == ""

    def check_reasons(self) -> None:
        """Reasons for not reading a formula name claims of the paper, and say something."""
        reasons = {**self.not_read, **self.amendments_not_read}
        assert set(reasons) <= set(self.by_id)
        assert all(reasons.values())

    def check_ledger_file(self, path: Path = LEDGER) -> None:
        """The paper's section of the ledger file is what a fresh run gives."""
        fresh = ledger_markdown(Ledger(ledger_of(self.name).entries))
        assert sections(path.read_text(encoding="utf-8"))[self.name] == sections(fresh)[self.name]

    def check_inventory(self, equations: range) -> None:
        """The inventory has no gap and names every numbered equation."""
        items = self.items()
        assert gaps(items, self.claims) == ()
        statements = " ".join(item.statement for item in items)
        assert [n for n in equations if f"eq. ({n})" not in statements] == []

    def check_inventory_notices_gaps(self, claim_id: str) -> None:
        """A row left out, and a row naming no claim, are both noticed."""
        items = self.items()
        without = [i for i in items if claim_id not in i.claims]
        assert f"claim {claim_id} is not in the inventory" in gaps(without, self.claims)
        wrong = f"{self.name}.eq99"
        unknown = (*items, replace(items[0], claims=(wrong,)))
        assert gaps(unknown, self.claims) == (f"the inventory names {wrong}, which is no claim",)

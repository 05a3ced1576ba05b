"""Claims: printed sentences, their examination, verdicts, mutants and the ledger."""

from symgan.claims.declare import claim, claim_of
from symgan.claims.examine import Examination, Finding, IllPosed, SecondRoute, eq, judge
from symgan.claims.model import (
    Claim,
    Entry,
    Evidence,
    Fate,
    Ledger,
    Mutant,
    Repair,
    Route,
    Step,
    Verdict,
)
from symgan.claims.registry import load, paper_package, papers
from symgan.claims.run import Mutation, examine_claim, verify
from symgan.claims.second import by_numbers, by_z3
from symgan.claims.shorthand import asserts

__all__ = [
    "Claim",
    "Entry",
    "Evidence",
    "Examination",
    "Fate",
    "Finding",
    "IllPosed",
    "Ledger",
    "Mutant",
    "Mutation",
    "Repair",
    "Route",
    "SecondRoute",
    "Step",
    "Verdict",
    "asserts",
    "by_numbers",
    "by_z3",
    "claim",
    "claim_of",
    "eq",
    "examine_claim",
    "judge",
    "load",
    "paper_package",
    "papers",
    "verify",
]

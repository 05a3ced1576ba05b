"""Section 5: the conclusion."""

from symgan.claims import Verdict, claim


@claim(
    "annealed.conclusion",
    source="section 5",
    says="annealing is a promising approach; adversarial dynamics are interesting for learning "
    "and control",
    expect=Verdict.INFORMAL,
    reason="an outlook; the mathematical summary repeats claims that have their own entries",
)
def conclusion() -> None: ...


@claim(
    "annealed.practical-results",
    source="section 1 and section 5",
    says="beta-GAN was proved effective in practice; practical results are in its own paper",
    expect=Verdict.INFORMAL,
    reason="a reference to experiments of another paper",
)
def practical_results() -> None: ...

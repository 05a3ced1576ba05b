"""Ledgers written by hand: every verdict, long formulas and hostile text."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Eq, Function, Ne

from symgan.claims.model import (
    Claim,
    Entry,
    Evidence,
    Fate,
    Ledger,
    Mutant,
    Route,
    Step,
    Verdict,
)
from symgan.report.pictures import Picture

HOSTILE = (
    r'<script>alert("x")</script> & 50% of a_b #1 {q} $5 ^ ~ \input{x}'
    r" | `c` θ̇ ≥ ½ — 漢 [red]r[/red]"
)
UNBROKEN = "x" * 120
a, s, t, T, K, alpha_0, alpha_r = sp.symbols("a s t T K alpha_0 alpha_r", positive=True)
psi, theta = Function("psi"), Function("theta")


def claim(identifier: str, expect: Verdict, printed: str = "", **fields: str) -> Claim:
    values = {
        "source": "eq. (1)",
        "formal": "",
        "says": "",
        "amended": "",
        "repair": "",
        "reason": "",
    } | fields
    return Claim(
        id=identifier,
        printed=printed,
        expect=expect,
        examine=lambda: None,
        origin="claims.py:1",
        **values,
    )


def exact(subject: str, holds: bool | None, text: str, kind: str = "identity") -> Evidence:
    return Evidence(subject, Route.EXACT, kind, holds, text, {"zero": "K - K"})


def second(subject: str, holds: bool | None, text: str, kind: str = "decided:z3") -> Evidence:
    return Evidence(subject, Route.SECOND, kind, holds, text, {"digits": 50})


def proved() -> Entry:
    statement = Eq(psi(s), -K / ((1 + s**2) * (s + a)), evaluate=False)
    return Entry(
        claim(
            "annealed.eq11",
            Verdict.PROVED,
            r"\psi(s) = \frac{-K}{(1 + s^2)(s + a)}",
            source="eq. (11)",
            says="The Laplace transform of ψ has a pole at −a and a pair at ±i.",
        ),
        Verdict.PROVED,
        statement=statement,
        steps=(
            Step("Transform the flow.", Eq(s * theta(s) - alpha_0, -psi(s), evaluate=False)),
            Step("Eliminate θ and solve for ψ.", statement),
        ),
        evidence=(
            exact("printed", True, "Both sides agree as rational functions of s."),
            second("printed", True, "Negation is unsatisfiable.", "decided:z3"),
        ),
        seconds=0.123,
    )


def refuted() -> Entry:
    long_sum = sp.Add(*(sp.cos(k * t) / (k + a) ** 2 for k in range(1, 9)))
    return Entry(
        claim(
            "annealed.eq17.integration-constant",
            Verdict.REFUTED,
            r"\theta(0) - \frac{K}{1+a^2}\int_{\tau=0}^{\tau=t} e^{-a\tau}\,d\tau"
            r" + \underbrace{\int_{\tau=0}^{\tau=t} \psi_1(\tau)\,d\tau}_{\Psi_1(t)}",
            source="eq. (17), line 2",
            says="The generator is its initial value plus an integral of the oscillation.",
            amended=r"\theta(t) = \theta(0) - \int_0^t \psi(\tau)\,d\tau",
            repair="Flip the sign of the last integral.",
        ),
        Verdict.REFUTED,
        amendment=Eq(theta(t), alpha_0 - sp.Integral(psi(s), (s, 0, t)), evaluate=False),
        witness={"a": "1/3", "K": "2/3"},
        steps=(Step("Integrate the first line of the flow.", Eq(theta(t), long_sum)),),
        evidence=(
            exact("printed", False, "The difference is not zero at the witness.", "witness"),
            second("amended", True, "Agrees with the 50-digit simulation.", "simulated:mpmath"),
        ),
        seconds=12.5,
    )


def conditional() -> Entry:
    return Entry(
        claim(
            "annealed.eq15",
            Verdict.CONDITIONAL,
            r"\mathcal A = \sqrt{\left(\frac{K}{1+a^2}\right)^2} = \frac{K}{1+a^2}\sqrt{1+a^2}",
            source="eq. (15)",
            says="The amplitude of the persistent oscillation.",
            amended=r"\mathcal A = \frac{|K|}{\sqrt{1+a^2}}",
            repair="Take the absolute value of K.",
        ),
        Verdict.CONDITIONAL,
        condition=sp.And(sp.Symbol("K", real=True) >= 0, Ne(sp.Symbol("a", real=True), 0)),
        witness={"K": "-1", "a": "1"},
        evidence=(exact("condition", True, "A square root is not negative.", "sign"),),
        seconds=0.5,
    )


def others() -> tuple[Entry, ...]:
    cases = r"\begin{cases} \dot\theta = -\psi \\ \dot\psi = \theta - \alpha_r \end{cases}"
    return (
        Entry(
            claim(
                "annealed.fig1c.amplitude",
                Verdict.CHECKED,
                formal=r"\mathcal{A}_c < \mathcal{A}_a",
                says="Lower than in panel (a).",
            ),
            Verdict.CHECKED,
            outcome="contradicted",
            evidence=(second("printed", None, "Undecided in 50 digits.", "simulated:mpmath"),),
        ),
        Entry(
            claim("annealed.eq2", Verdict.ILL_POSED, cases, reason="Two readings of the dot."),
            Verdict.ILL_POSED,
        ),
        Entry(
            claim(
                "annealed.eq10",
                Verdict.PROVED,
                r"s^2\psi(s) = \cancel{\theta(0)} - \psi(s) - \cancel{\alpha(0)}"
                r" - \frac{K}{s + a}",
                source="eq. (10)",
                says="The initial values cancel.",
            ),
            Verdict.PROVED,
        ),
        Entry(
            claim(
                "annealed.eq13",
                Verdict.PROVED,
                r"\mathcal{L}^{-1}\{\psi(s)\} = \overbrace{A\cos(t) + B\sin t}^{\psi_1(t)}"
                r" + Ce^{-at}",
                source="eq. (13)",
                says="Two harmonics and a transient.",
            ),
            Verdict.PROVED,
        ),
        Entry(
            claim("annealed.intro", Verdict.INFORMAL, says="Results look promising.", reason="-"),
            Verdict.INFORMAL,
        ),
    )


def hostile() -> Entry:
    """User text that would break a page or a document if it were taken for markup."""
    return Entry(
        claim(
            "annealed.hostile-[bold]-name",
            Verdict.PROVED,
            r"\unknowncommand{x} \text{<script>alert(1)</script>}",
            source=HOSTILE,
            says=HOSTILE,
            amended=r"\text{<b>50\% & done</b>}",
            repair=HOSTILE,
            reason=UNBROKEN,
        ),
        None,
        witness={HOSTILE: HOSTILE},
        steps=(Step(HOSTILE, sp.Symbol("x_y_z")),),
        evidence=(Evidence(HOSTILE, Route.EXACT, HOSTILE, None, HOSTILE, {HOSTILE: HOSTILE}),),
        error=HOSTILE,
    )


@pytest.fixture
def entries() -> tuple[Entry, ...]:
    """One entry a verdict, without hostile text."""
    return (proved(), refuted(), conditional(), *others())


@pytest.fixture
def ledger() -> Ledger:
    """Every verdict, an unexpected one, an error, another paper, mutants and a survivor."""
    return whole_ledger()


def whole_ledger() -> Ledger:
    """What the fixture `ledger` gives."""
    entries = (proved(), refuted(), conditional(), *others())
    surprise = Entry(
        claim("stability.lemma-2", Verdict.PROVED, "x \\le y", source="lemma 2", says="Bound."),
        Verdict.REFUTED,
        witness={"x": "2"},
    )
    statement = Eq(psi(s), K / (s + a), evaluate=False)
    mutants = (
        Mutant("annealed.eq11", "flipped sign", statement, Fate.REJECTED, "differs at s = 1"),
        Mutant("annealed.eq11", "doubled term", statement, Fate.EQUIVALENT, "same function"),
        Mutant("annealed.eq15", "dropped <term> & more", statement, Fate.SURVIVED, HOSTILE),
    )
    return Ledger((*entries, hostile(), surprise), mutants)


@pytest.fixture
def harmless(entries: tuple[Entry, ...]) -> Ledger:
    """Every verdict as expected, no hostile text, no mutants."""
    return Ledger(entries)


@pytest.fixture
def square() -> Picture:
    """The smallest picture."""
    return small_picture()


def small_picture() -> Picture:
    """What the fixture `square` gives."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
        '<rect width="40" height="20" fill="teal"/></svg>'
    )
    return Picture("square", "A square & <its> caption", svg, {"pdf": b"%PDF"})

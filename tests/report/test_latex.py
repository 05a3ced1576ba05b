"""The ledger as a LaTeX document: complete, balanced, and it compiles."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from symgan.claims.model import Ledger
from symgan.report.latex import document, latex
from symgan.report.source import fault


def body(text: str) -> str:
    return text.split(r"\maketitle")[1].split(r"\end{document}")[0]


def test_every_claim_has_its_parts_in_order(harmless: Ledger) -> None:
    text = document(harmless, "A & B")
    assert r"\title{A \& B}" in text
    section = latex(harmless.entries[1])
    order = [
        r"\underbrace{\int",  # as printed
        "its initial value plus",  # what it says
        "Derivation",
        "Amended",
        r"\theta(t) = \theta(0) - \int_0^t",
        "Smallest repair",
        "Witness",
        r"\texttt{a = 1/3}",
        "Evidence",
        "Agrees with the 50{-}digit simulation.",
    ]
    places = [section.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)
    assert section in text


def test_condition_outcome_and_unexpected_verdicts_are_said(ledger: Ledger) -> None:
    text = document(ledger)
    assert r"\fitted{K \geq 0\text{ and }a \neq 0}" in text
    assert r"\field{Outcome} contradicted" in text
    assert r"\field{Judged}\fitted{\mathcal{A}_c < \mathcal{A}_a}" in text
    assert text.count(r"\field{Expected} PROVED") == len(ledger.surprises) == 2
    assert "A verdict marked ! is not the expected one." in text


def test_nothing_is_marked_when_all_is_as_expected(harmless: Ledger) -> None:
    text = document(harmless)
    assert r"\,!" not in text
    assert "not the expected one" not in text
    assert "Expected" not in text


def test_faults_are_listed_with_their_repairs(harmless: Ledger) -> None:
    listed = document(harmless).split("What the paper has wrong")[1].split(r"\end{itemize}")[0]
    assert listed.count(r"\item") == 4
    for part in ("Flip the sign", "Take the absolute value", "Two readings", "Lower than"):
        assert part in listed
    assert "eq11" not in listed


def test_hostile_text_is_escaped(ledger: Ledger) -> None:
    text = body(document(ledger))
    assert r"\input" not in text
    assert "<script" not in text
    assert r"\textless{}script\textgreater{}" in text
    assert "漢" not in text
    assert r"\unknowncommand{" not in text  # shown as source instead


def test_survivors_are_shown(ledger: Ledger) -> None:
    assert "3 made: 1 rejected, 1 equivalent, 0 implied, 1 survived." in document(ledger)


def test_an_empty_ledger_is_a_document_too() -> None:
    assert document(Ledger(())).rstrip().endswith(r"\end{document}")


@pytest.mark.parametrize("name", ["ledger", "harmless"])
def test_braces_and_environments_balance(name: str, request: pytest.FixtureRequest) -> None:
    text = body(document(request.getfixturevalue(name)))
    plain = text.replace("tabular", "array").replace("longtable", "array")
    for environment in ("itemize", "enumerate", "center"):
        plain = plain.replace(f"{{{environment}}}", "{array}")
    plain = "\n".join(line for line in plain.splitlines() if line)
    for command in (r"\hyperref", r"\label", "~"):
        plain = plain.replace(command, "")
    assert fault(plain) == ""
    assert fault(plain.replace(r"\end{array}", "", 1)) != ""


def compiled(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("pdflatex")
    assert program is not None
    (folder / "ledger.tex").write_text(text, encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    return subprocess.run(
        [*command, "ledger.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )


@pytest.mark.external("latex")
@pytest.mark.parametrize("name", ["ledger", "harmless"])
def test_pdflatex_compiles_it(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    run = compiled(document(request.getfixturevalue(name), "100% & more"), tmp_path)
    assert run.returncode == 0, run.stdout[-2000:]
    assert (tmp_path / "ledger.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.external("latex")
def test_pdflatex_would_notice_an_unescaped_text(ledger: Ledger, tmp_path: Path) -> None:
    broken = document(ledger).replace(r"\end{document}", "50_000 & more\n" + r"\end{document}")
    assert compiled(broken, tmp_path).returncode != 0

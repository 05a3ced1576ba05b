"""The report as PDF: it compiles, and where it does not the log is kept and one sentence said."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.claims.model import Ledger
from symgan.report.latex import document
from symgan.report.pdf import LatexError, MissingTool, compile_document, require_pdflatex


def test_a_missing_pdflatex_is_named_with_exit_code_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match=r"pdflatex.*leave --pdf out") as found:
        require_pdflatex()
    assert found.value.exit_code == 3


@pytest.mark.external("latex")
def test_the_document_of_a_ledger_becomes_a_pdf(ledger: Ledger) -> None:
    made = compile_document(document(ledger, "A & B"))
    assert made.startswith(b"%PDF-")
    assert len(made) > 10_000


@pytest.mark.external("latex")
def test_an_error_is_one_sentence_and_keeps_the_log() -> None:
    source = "\\documentclass{article}\\begin{document}\nA \\nosuchcommand B\n\\end{document}"
    with pytest.raises(LatexError, match="does not compile the report: Undefined control") as found:
        compile_document(source)
    assert "\n" not in str(found.value)
    assert "\\nosuchcommand" in found.value.log
    assert found.value.exit_code == 5


@pytest.mark.external("latex")
def test_a_document_that_never_ends_is_stopped() -> None:
    source = "\\documentclass{article}\\begin{document}\\loop\\iftrue\\repeat\\end{document}"
    with pytest.raises(LatexError, match="took longer than 1 s"):
        compile_document(source, limit=1)


@pytest.mark.external("latex")
def test_a_document_can_run_no_programs(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    source = (
        "\\documentclass{article}\\begin{document}"
        f"\\immediate\\write18{{touch {mark}}}x\\end{{document}}"
    )
    compile_document(source)
    assert not mark.exists()


@pytest.mark.external("latex")
def test_the_second_run_knows_what_the_first_wrote_down() -> None:
    known = "\\makeatletter\\@ifundefined{r@here}{}{\\errmessage{here is known}}\\makeatother"
    source = (
        f"\\documentclass{{article}}\\begin{{document}}\\label{{here}}x{known}\\end{{document}}"
    )
    with pytest.raises(LatexError, match="here is known"):
        compile_document(source)

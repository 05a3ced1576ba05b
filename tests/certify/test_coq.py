"""Coq proofs of certificates: what is emitted says what the certificate says; coqc agrees."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import sympy as sp

from symgan.certify.coq import hypotheses, prove_in_coq, to_coq
from symgan.certify.positive import prove
from symgan.certify.recheck_cases import claim_cases
from symgan.certify.recheck_cone import Polynomials
from symgan.errors import BadData
from tests.certify.test_positive import certificate_of, of_certificates, written

x, y = sp.symbols("x y", real=True)


@of_certificates
def test_the_emitted_statement_is_the_certificate_s(name: str) -> None:
    data = certificate_of(name)
    text = to_coq(data)
    algebra = Polynomials(claim_cases(data)[0])
    wanted = [algebra.constraint(c) for case in data["cases"] for c in case["constraints"]]
    assert hypotheses(text, algebra) == wanted
    if wanted:
        assert (
            hypotheses(text.replace(" > 0)", " >= 0)").replace("= 0)", "<> 0)"), algebra) != wanted
        )


@pytest.mark.external("coq")
@of_certificates
def test_coqc_accepts_the_proof(name: str) -> None:
    assert prove_in_coq(certificate_of(name)).message == "accepted by coqc"


@pytest.mark.external("coq")
def test_coqc_rejects_a_false_neighbor(tmp_path: Path) -> None:
    text = to_coq(written(prove(x**2 + y**2 >= 2 * x * y)))
    for name, old, new in (("true", "", ""), ("false", "2*v_x*v_y", "3*v_x*v_y")):
        path = tmp_path / f"{name}.v"
        path.write_text(text.replace(old, new), encoding="utf-8")
        done = subprocess.run(["coqc", str(path)], cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode == 0) is (name == "true")


def test_without_coqc_a_proof_is_unchecked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = prove_in_coq(certificate_of("quotient"))
    assert found.checked is None
    assert found.message.startswith("unchecked")


def test_what_proves_nothing_does_not_go_to_coq() -> None:
    data = certificate_of("quotient")
    for wrong in ({**data, "statement": "T > 1"}, {"kind": "witness"}):
        with pytest.raises(BadData, match="only a certificate by products"):
            prove_in_coq(wrong)
    comment = to_coq({**data, "statement": data["statement"]})
    assert comment.count("(*") == comment.count("*)") == 1

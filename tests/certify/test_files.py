"""Certificate files: what is written is read, what was altered is refused, forgeries are false."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Ne, Rational

from symgan.certify import checker
from symgan.certify.boxes import enclose_root, prove_on_box
from symgan.certify.checker import check_file, check_files, claim_text
from symgan.certify.decide import decide
from symgan.certify.files import FORMAT, digest, read_certificate, write_certificate
from symgan.certify.positive import prove
from symgan.certify.smt import decide_smt
from symgan.errors import BadData

x, y, eta = sp.symbols("x y eta", real=True)
Data = Mapping[str, Any]


def examples() -> Iterator[tuple[str, Data]]:
    root = sp.sqrt(x**2 + 1)
    statement = x**2 - eta * Abs(x * y) + y**2 > 0
    yield "identity", decide(sp.Eq((root - x) * (root + x), 1, evaluate=False)).certificate
    yield "sign", decide(sp.Gt(x**2 - x + 1, 0, evaluate=False)).certificate
    yield "witness", decide(x > y).certificate
    found = prove(statement, [eta > 0, eta < 2, Ne(x, 0)])
    assert found is not None
    yield "certificate", found
    enclosed = prove_on_box(1 - sp.tanh(x) / 2, {x: (-sp.oo, sp.oo)})
    assert enclosed is not None
    yield "enclosed:arb", enclosed
    placed = enclose_root(sp.exp(x) - 2, x, (0, 1), Rational(1, 100))
    assert placed is not None
    yield "root", placed
    text = decide_smt(x**2 + 1 > x).smtlib
    yield "smtlib", {"kind": "smtlib", "text": text, "answer": "unsat"}


EXAMPLES = dict(examples())


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_written_is_read_and_stands(name: str, tmp_path: Path) -> None:
    path = write_certificate(EXAMPLES[name], tmp_path / "deep" / f"a.claim.{name.split(':')[0]}")
    assert path.suffix == (".smt2" if name == "smtlib" else ".json")
    assert read_certificate(path) == json.loads(json.dumps(EXAMPLES[name]))
    outcome = check_file(path)
    assert (outcome.code, outcome.text) == (0, f"valid: {claim_text(EXAMPLES[name])}")
    assert [p.name for p in path.parent.iterdir()] == [path.name]  # no other file is left


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=25)
@given(data=st.data())
def test_any_altered_character_is_noticed(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = write_certificate(EXAMPLES[name], tmp_path_factory.mktemp("files") / "c")
    text = path.read_text(encoding="utf-8")
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from('0123456789xy*+-<>= "{}[],'))
    altered = text[:place] + character + text[place + 1 :]
    path.write_text(altered, encoding="utf-8")
    try:
        same = read_certificate(path) == json.loads(json.dumps(EXAMPLES[name]))
    except BadData:
        same = False
    outcome = check_file(path)
    if same:  # white space between entries
        assert outcome.code == 0
    else:
        assert outcome.code == 5
        assert outcome.text.startswith("refused: ")


FORGERIES: dict[str, dict[str, Any]] = {
    "identity": {"form": "g0**2 - x**2"},
    "sign": {"signs": [-1]},
    "witness": {"point": {"x": "3", "y": "2"}},
    "certificate": {"statement": "x**2 - eta*Abs(x*y) + y**2 > 1"},
    "enclosed:arb": {"positive": "1 - tanh(x)*2"},
    "root": {"enclosure": ["0", "1/2"]},
    "smtlib": {"answer": "sat"},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_digest_does_not_help(name: str, tmp_path: Path) -> None:
    """The content is changed and its digest made anew: the mathematics must find it."""
    forged = {**EXAMPLES[name], **FORGERIES[name]}
    outcome = check_file(write_certificate(forged, tmp_path / "forged"))
    assert outcome.code == 1
    assert outcome.text.startswith("does not prove what it says")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JSON"),
        (b"{}", "no certificate"),
        (b"[]", "no certificate"),
        (b"\xff\xfe\x00", "no text"),
        (b"; a comment", "no certificate"),
        (b"[" * 100_000, "no JSON"),
        (b'{"format": "symgan certificate 1", "digest": 1, "certificate": []}', "must hold"),
        (b'{"format": "symgan certificate 1", "digest": 1, "certificate": {}}', "was altered"),
        (b'{"format": "symgan certificate 1", "digest": NaN, "certificate": {}}', "no JSON"),
        (b"; symgan certificate 1\n; digest: a\n; data: {\n", "third line"),
        (b"; symgan certificate 1\n; digest: a\n; data: []\n", "third line"),
    ],
)
def test_unreadable_files_are_named(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with pytest.raises(BadData, match=reason):
        read_certificate(path)
    assert check_file(path).code == 5


def signed(certificate: Data) -> str:
    return json.dumps({"format": FORMAT, "digest": digest(certificate), "certificate": certificate})


GOOD = EXAMPLES["certificate"]
CASE = GOOD["cases"][0]


@pytest.mark.parametrize(
    "certificate",
    [
        {**GOOD, "cases": 5},
        {**GOOD, "cases": [5]},
        {**GOOD, "cases": [{"constraints": "x", "tree": {}}]},
        {**GOOD, "cases": [{**CASE, "tree": {"terms": [{}], "multipliers": []}}]},
        {**GOOD, "cases": [{**CASE, "tree": {"terms": 1, "multipliers": []}}]},
        {**GOOD, "cases": [{**CASE, "tree": {}}]},
        {**GOOD, "generators": {"g0": "x"}},
        {**GOOD, "generators": {"x": "Abs(x)"}},
        {**GOOD, "generators": []},
        {**GOOD, "assumptions": {}},
        {**GOOD, "statement": "("},
        {**GOOD, "statement": "x**(10**9) > 0"},
        {**GOOD, "statement": "x**" * 3000 + "2 > 0"},
        {**GOOD, "statement": "(" * 5000 + "x" + ")" * 5000 + " > 0"},
        {**GOOD, "statement": "-" * 200_000 + "x > 0"},
        {**GOOD, "statement": "__import__('os').system('true') > 0"},
        {**GOOD, "statement": 7},
        {**EXAMPLES["enclosed:arb"], "boxes": [[["1"]]]},
        {**EXAMPLES["enclosed:arb"], "boxes": {"a": 1}},
        {**EXAMPLES["enclosed:arb"], "domain": {"x": "0"}},
        {**EXAMPLES["identity"], "relations": []},
        {**EXAMPLES["witness"], "point": "x"},
        {**EXAMPLES["smtlib"], "text": "(assert"},
        {"parts": []},
        {"parts": 3},
        {"parts": [5]},
    ],
)
def test_well_signed_nonsense_is_one_sentence(certificate: Any, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(signed(certificate), encoding="utf-8")
    outcome = check_file(path)
    assert outcome.code in (1, 4, 5), outcome
    assert "\n" not in outcome.text


def test_a_suffix_that_belongs_to_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"written as \.smt2"):
        write_certificate(EXAMPLES["smtlib"], tmp_path / "c.json")
    with pytest.raises(BadData, match="not plain data"):
        write_certificate({"kind": "witness", "point": {x: 1}}, tmp_path / "c")
    with pytest.raises(BadData, match="cannot write"):
        write_certificate(GOOD, Path("/dev/null/c"))
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """The second file would take hours; the third is checked all the same."""
    slow = {**GOOD, "statement": "(x + y + eta + 1)**900*(x - y - 1)**900 > 0"}
    paths = [
        write_certificate(one, tmp_path / name)
        for name, one in (("a", GOOD), ("b", slow), ("c", EXAMPLES["enclosed:arb"]))
    ]
    found = list(check_files(paths, budget_seconds=3))
    assert [outcome.path for outcome in found] == paths
    assert [outcome.code for outcome in found] == [0, 4, 0]
    assert found[1].text == "undecided: no answer within its budget"


def test_a_check_that_breaks_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_certificate(GOOD, tmp_path / "a")
    worker = checker.Worker()
    worker.process.kill()
    assert worker.check(path, 5) is None
    assert "broke off" in worker.end()
    monkeypatch.setattr(checker, "START_SECONDS", 0.0)
    late = [outcome.text for outcome in check_files([path, path])]
    assert late == ["undecided: no answer within its budget"] * 2

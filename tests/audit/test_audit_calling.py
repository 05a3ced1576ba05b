"""How code is called, and what is said of code that cannot be."""

from __future__ import annotations

import random
import sys

import numpy as np
import pytest
import sympy as sp

from symgan.audit import AuditError, SubjectError, Verdict, audit
from symgan.audit.load import load
from symgan.errors import BadData, UnknownName
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from tests.audit import handwritten as code

BILINEAR = bilinear()


@pytest.mark.parametrize(
    ("function", "convention"),
    [
        (lambda theta, psi: (-psi, theta), "f(theta=theta, psi=psi)"),
        (lambda a, b: (-b, a), "f(theta, psi)"),
        (lambda *x: (-x[1], x[0]), "f(theta, psi)"),
        (lambda x: [-x[1], x[0]], "f([theta, psi])"),
        (lambda psi, theta: sp.Matrix([-psi, theta]), "f(theta=theta, psi=psi)"),
        (lambda x: np.array([[0, -1], [1, 0]]) @ x, "f([theta, psi])"),
        (lambda x: [*(-y for y in x[1:]), *x.copy()[:1]], "f([theta, psi])"),
    ],
)
def test_conventions(function, convention) -> None:
    function.__name__ = "f"
    found = audit(function, BILINEAR)
    assert found.verdict is Verdict.SAME
    assert found.convention == convention


def test_lists_where_arrays_do_not_fit() -> None:
    def field(x):
        del x[2:]  # arrays refuse this
        theta, psi = x
        return [-psi, theta]

    assert audit(field, BILINEAR).verdict is Verdict.SAME


def test_parameters_go_by_name_and_may_be_given() -> None:
    P = sp.Symbol("P", positive=True)
    game = quadratic(P, 1, 0)

    def taken(theta, psi, P):
        return P * theta - psi, theta

    def inside(theta, psi):
        return 3 * theta - psi, theta

    assert audit(taken, game).verdict is Verdict.SAME
    assert audit(inside, game, values={"P": 3}).verdict is Verdict.SAME
    assert audit(inside, game, values={"P": 2}).verdict is Verdict.DIFFERS
    with pytest.raises(AuditError, match="does not take P; give the value that it holds inside"):
        audit(inside, game)
    with pytest.raises(AuditError, match="has no parameter Q"):
        audit(inside, game, values={"Q": 2})


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda a, b, c: (a, b), r"takes \(a, b, c\), which fits none of: the numbers"),
        (lambda theta, psi: (theta,), "returns 1 numbers where 2 or 4 are wanted"),
        (lambda theta, psi: "v", "real number is wanted"),
        (lambda theta, psi: (1j, 0), "real number is wanted"),
        (lambda theta, psi: (True, False), "where a number is wanted"),
        (lambda theta, psi: None, "returns nothing and changes nothing"),
        (lambda: (0, 0), "takes no point"),
        (3, "is a int, which cannot be called"),
    ],
)
def test_one_sentence_for_what_cannot_be_called(function, sentence) -> None:
    with pytest.raises(AuditError, match=sentence):
        audit(function, BILINEAR)


def test_a_map_without_its_rule_or_step() -> None:
    with pytest.raises(AuditError, match="name the rule that it is held to: --rule"):
        audit(code.simultaneous, BILINEAR)
    with pytest.raises(AuditError, match="takes no step; give the one that it holds inside"):
        audit(lambda theta, psi: (theta, psi), BILINEAR, "simultaneous")
    with pytest.raises(UnknownName, match="unknown rule 'sgd'"):
        audit(code.simultaneous, BILINEAR, "sgd")


def test_code_that_raises_is_told_with_its_line() -> None:
    def broken(theta, psi):
        return {}["v"], psi

    with pytest.raises(SubjectError, match=r"KeyError: 'v' \(test_audit_calling.py, line \d+\)"):
        audit(broken, BILINEAR)


def test_code_that_raises_at_one_input_is_wrong_there() -> None:
    def field(theta, psi):
        return -psi, theta * theta / theta

    found = audit(field, BILINEAR)
    assert found.verdict is Verdict.DIFFERS
    assert found.counterexample is not None
    assert "ZeroDivisionError" in found.counterexample.computed


def test_state_between_runs_and_chance_are_refused() -> None:
    with pytest.raises(AuditError, match="keeps state between runs, or draws random numbers"):
        audit(code.remembers_between_runs, BILINEAR, "optimistic")
    draw = random.Random(0)
    with pytest.raises(AuditError, match="draws random numbers"):
        audit(lambda theta, psi: (-psi, theta + draw.random()), BILINEAR)


def test_a_free_loss_has_no_code() -> None:
    with pytest.raises(AuditError, match="choose a loss"):
        audit(code.bilinear_field, dirac())


def test_tensors_where_torch_is_loaded() -> None:
    torch = pytest.importorskip("torch") if "torch" in sys.modules else None
    if torch is None:
        return

    def field(x):
        return torch.stack([-x[1], x[0]])

    assert audit(field, BILINEAR).verdict is Verdict.SAME


def test_loading_files(tmp_path) -> None:
    good, bad, unreadable = (tmp_path / f"{n}.py" for n in ("good", "bad", "unreadable"))
    good.write_text("class A:\n    def f(theta, psi):\n        return -psi, theta\n")
    bad.write_text("x = 1\nraise ValueError('no')\n")
    unreadable.write_text("def f(:\n")
    assert audit(load(f"{good}:A.f"), BILINEAR).verdict is Verdict.SAME
    for target, kind, sentence in [
        (f"{good}:A.g", UnknownName, "has no 'A.g'"),
        (f"{good}", UnknownName, "write FILE.py:NAME"),
        (f"{tmp_path}/none.py:f", BadData, "does not exist"),
        (f"{bad}:f", BadData, r"raised ValueError: no \(bad.py, line 2\) when it was imported"),
        (f"{unreadable}:f", BadData, r"is no Python: .*\(line 1\)"),
    ]:
        with pytest.raises(kind, match=sentence):
            load(target)


def test_short_floats_are_refused_not_called_wrong() -> None:
    """Rounded to 24 bits a right field is not told from one that is off by 1e-9."""
    game = bilinear()
    with pytest.raises(AuditError, match=r"numbers of float32 were returned.*\(float64\)"):
        audit(lambda theta, psi: np.array([-psi, theta], dtype=np.float32), game)
    assert audit(lambda theta, psi: np.array([-psi, theta]), game).verdict is Verdict.SAME

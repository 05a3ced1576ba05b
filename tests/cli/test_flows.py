"""``--flow`` and ``--regularizer``, and the kind of equilibrium, on the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command import inside


def squeezed(text: str) -> str:
    """Text with single spaces, for sentences that the terminal wraps."""
    return " ".join(text.split())


def test_a_regularizer_damps_the_dirac_gan(tmp_path: Path) -> None:
    """Mescheder et al. 2018, lemma 4.1 with f'(0) = 1: eigenvalues (-gamma +- sqrt(..))/2."""
    command = ("analyze", "dirac", "--loss", "wasserstein", "--regularizer", "r1")
    text = squeezed(inside(*command, "--set", "gamma=1/2", cwd=tmp_path).out)
    assert "psi' = -psi/2 + theta" in text
    assert "eigenvalue -1/4 - sqrt(15)*I/4" in text
    assert "Hurwitz always" in text
    symbolic = squeezed(inside(*command, cwd=tmp_path).out)
    assert "psi' = -gamma*psi + theta" in symbolic
    plain = squeezed(inside(*command[:4], cwd=tmp_path).out)
    assert "center always" in plain


def test_a_flow_is_analyzed_in_place_of_the_simultaneous_one(tmp_path: Path) -> None:
    text = squeezed(inside("analyze", "bilinear", "--flow", "consensus", cwd=tmp_path).out)
    assert "flow of consensus theta' = -gamma*theta + psi" in text
    assert "Hurwitz always" in text


@pytest.mark.parametrize(
    ("settings", "words", "not_these"),
    [
        ("P=-1/2,B=2,Q=1", "non-Nash attractor yes", "local Nash yes"),
        ("P=1/2,B=2,Q=1", "differential Nash yes", "non-Nash"),
        ("P=-1/2,B=2,Q=1/4", "not Nash yes", "attracts"),
    ],
)
def test_the_kind_of_equilibrium(tmp_path: Path, settings: str, words: str, not_these: str) -> None:
    text = squeezed(inside("analyze", "quadratic", "--set", settings, cwd=tmp_path).out)
    found = text.split("as an equilibrium of the game")[1].split("flow of")[0]
    assert words in found
    assert not_these not in found


def test_another_flow_is_followed(tmp_path: Path) -> None:
    """Consensus on the bilinear game: a turn by t, shrunk by exp(-gamma t)."""
    found = inside(
        "simulate", "bilinear", "--x0", "theta=1,psi=0", "--flow", "consensus", "--t-end", "4",
        "--points", "5", "--set", "gamma=1/4", "--out", "orbit", cwd=tmp_path,
    )  # fmt: skip
    assert found.code == 0, found.err
    with (tmp_path / "orbit.csv").open() as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["t", "theta", "psi"]
    for t, theta, psi in ([float(x) for x in row] for row in rows[1:]):
        shrunk = np.exp(-t / 4)
        np.testing.assert_allclose([theta, psi], [shrunk * np.cos(t), -shrunk * np.sin(t)],
                                   rtol=1e-12, atol=1e-14)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("analyze", "bilinear", "--flow", "nonsense"), "unknown flow 'nonsense'"),
        (("analyze", "bilinear", "--regularizer", "nonsense"), "unknown regularizer 'nonsense'"),
        (("analyze", "bilinear", "--flow", "consensus", "--set", "k=1"), "nothing here is called"),
        (("analyze", "bilinear", "--regularizer", "r1", "--set", "gamma=-1"), "contradicts"),
        (
            ("analyze", "bilinear", "--flow", "consensus", "--rule", "simultaneous"),
            "goes without --rule",
        ),
        (
            ("simulate", "bilinear", "--x0", "theta=1,psi=0", "--flow", "consensus"),
            "no value for gamma",
        ),
    ],
)
def test_refusals(tmp_path: Path, command: tuple[str, ...], sentence: str) -> None:
    found = inside(*command, cwd=tmp_path)
    assert found.code == 2
    assert sentence in squeezed(found.err)
    assert "Traceback" not in found.err


def test_flows_and_regularizers_are_listed(tmp_path: Path) -> None:
    text = inside("list", cwd=tmp_path).out
    flows = text.split("\nflows\n")[1].split("\nregularizers\n")[0]
    assert "symplectic-adjustment" in flows
    assert "extragradient" not in flows
    assert "instance-noise" in text.split("\nregularizers\n")[1]

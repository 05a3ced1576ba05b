"""``symgan diagnose`` as a user runs it: table, JSON, figure, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from symgan.cli.diagnose_rules import parsed
from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.errors import BadData
from symgan.parse import ParseError
from symgan.report.spectra import eigenvalue_plane
from tests.cli.command import inside

SMALL = ("--samples", "16", "--rule", "extragradient", "--rule", "heavy-ball:beta=-1/2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("diagnose")
    ensemble = Ensemble(
        [Member("unsat-bce", "ring", "sim", 0)],
        Settings(latent=2, hidden=(3,), batch=16),
        device="cpu",
    )
    ensemble.run(until=5)
    ensemble.save(path / "run.pt")
    (path / "broken.pt").write_bytes(b"not a checkpoint")
    return path


def test_a_diagnosis_in_words_and_as_json_agree(folder: Path) -> None:
    done = inside("diagnose", "run.pt", *SMALL, "--json", "found.json", cwd=folder)
    assert done.code == 0, done.err
    found = json.loads((folder / "found.json").read_text())
    assert "unsat-bce / ring / sim / seed 0, iteration 5" in done.out
    assert "30 of 30 eigenvalues" in done.out
    assert "The point is not at rest" in done.out
    assert found["complete"]
    assert len(found["eigenvalues"]) == 30
    assert [p["parameters"] for p in found["players"]] == [17, 13]
    assert {r["rule"] for r in found["rules"]} == {"extragradient", "heavy-ball:beta=-1/2"}
    assert found["expanding"] > 0
    assert f"Without the {found['expanding']} expanding ones" in done.out
    [eg] = [r for r in found["attracting_part"] if r["rule"] == "extragradient"]
    assert f"< {eg['stable_steps'][0][1]:.4g}" in done.out


def test_json_alone_and_the_figure(folder: Path) -> None:
    done = inside("diagnose", "run.pt", *SMALL, "--json", "-", "--figure", "plane.svg", cwd=folder)
    assert done.code == 0, done.err
    assert json.loads(done.out)["converged"]
    drawing = (folder / "plane.svg").read_text()
    assert drawing.startswith("<?xml")
    assert drawing.count("<path") > 30  # an eigenvalue a marker, and the boundaries


def test_the_figure_beside_a_toy_game(folder: Path) -> None:
    toy = ("--beside", "dirac", "--loss", "jensen-shannon", "--figure", "beside.svg")
    done = inside("diagnose", "run.pt", *SMALL, *toy, cwd=folder)
    assert done.code == 0, done.err
    assert "dirac, jensen-shannon: exact eigenvalues -I/2, I/2" in done.out
    assert (folder / "beside.svg").read_text().startswith("<?xml")


def test_what_did_not_converge_is_said_and_exits_with_4(folder: Path) -> None:
    done = inside("diagnose", "run.pt", *SMALL, "--dense", "0", "--seconds", "0", cwd=folder)
    assert done.code == 4
    assert "nothing converged within the time" in done.out
    assert "Not all eigenvalues were measured" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("none.pt",), 5, "no checkpoint at none.pt"),
        (("broken.pt",), 5, "no checkpoint of an ensemble"),
        (("run.pt", "--member", "4"), 5, "members 0 to 0"),
        (("run.pt", "--rule", "sideways"), 2, "choose one of"),
        (("run.pt", "--rule", "heavy-ball:beta="), 2, "option of heavy-ball"),
        (("run.pt", "--figure", "plane.gif"), 5, ".svg"),
        (("run.pt", "--beside", "dirac"), 5, "give its file with --figure"),
        (("run.pt", "--loss", "jensen-shannon"), 5, "belong to the game of --beside"),
        (("run.pt", "--figure", "f.svg", "--beside", "dirca"), 2, "dirca"),
    ],
)
def test_refusals_are_one_sentence(
    folder: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = inside("diagnose", *arguments, cwd=folder)
    assert done.code == code, done.err
    assert says in done.err


def test_rules_are_read_exactly() -> None:
    name, options = parsed("lookahead:base=extragradient,k=5,alpha=0.1")
    assert (name, options["base"], options["k"]) == ("lookahead", "extragradient", 5)
    assert str(options["alpha"]) == "1/10"
    with pytest.raises(ParseError):
        parsed("heavy-ball:beta=1/")


def test_a_figure_needs_an_error_for_each_eigenvalue() -> None:
    with pytest.raises(BadData, match="one error an eigenvalue"):
        eigenvalue_plane(np.ones(3, complex), np.ones(2), [])

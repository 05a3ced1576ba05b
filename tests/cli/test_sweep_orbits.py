"""``symgan sweep basins|bifurcation|region|exponents|thresholds|resume|show``."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.sweep.store import read
from tests.cli.command import inside

BCE = ("dirac", "--loss", "jensen-shannon", "--backend", "numpy", "--store", "s")
GRID = ("--over", "theta=-1:1:5", "--over", "psi=-1:1:4")


def png(path: Path) -> tuple[int, int]:
    """Width and height of a PNG file."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def test_basins_are_run_shown_drawn_and_gone_on_with(tmp_path: Path) -> None:
    command = ("sweep", "basins", *BCE, "--rule", "extragradient", "--eta", "1", *GRID)
    done = inside(*command, "--steps", "200", "--figure", "b.png", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "chunks done    1 of 1" in done.out
    assert "(0, 0)   20 of 20 (100.0%)" in done.out
    assert min(png(tmp_path / "b.png")) > 400
    assert inside("sweep", "show", "s", cwd=tmp_path).out == done.out
    assert inside("sweep", "resume", "s", cwd=tmp_path).out == done.out
    other = inside(*command, "--steps", "201", cwd=tmp_path)
    assert other.code == 5
    assert "steps = 200, not 201" in other.err


def test_a_region_tells_stable_steps_from_others(tmp_path: Path) -> None:
    """Heavy ball with alternation is stable below 4 (1 + beta) for beta < 0 on this game."""
    done = inside(
        *("sweep", "region", *BCE, "--rule", "heavy-ball", "--set", "alternating=true"),
        *("--over", "eta=1:3:2", "--over", "beta=-3/4:-1/4:2", "--figure", "r.png"),
        cwd=tmp_path,
    )
    assert done.code == 0, done.err
    data = read(tmp_path / "s")
    seen = {
        (eta, beta): int(code)
        for eta, beta, code in zip(
            *(data[n].values.tolist() for n in ("eta", "beta", "outcome")), strict=True
        )
    }
    assert seen == {(1.0, -0.75): 2, (1.0, -0.25): 1, (3.0, -0.75): 3, (3.0, -0.25): 2} or (
        seen[3.0, -0.75] == 3 and seen[1.0, -0.25] == 1
    )
    assert min(png(tmp_path / "r.png")) > 400


def test_basins_of_a_flow(tmp_path: Path) -> None:
    """The consensus flow with gamma > 0 turns the center of the Dirac game into a spiral."""
    flow = ("dirac", "--loss", "jensen-shannon", "--flow", "consensus", "--store", "s")
    done = inside(
        *("sweep", "basins", *flow, "--set", "gamma=1", "--over", "theta=-1:1:3"),
        *("--over", "psi=-1:1:2", "--steps", "60", "--interval", "1/2", "--accuracy", "1e-9"),
        cwd=tmp_path,
    )
    assert done.code == 2, done.err  # a time is a decimal number
    done = inside(
        *("sweep", "basins", *flow, "--set", "gamma=1", "--over", "theta=-1:1:3"),
        *("--over", "psi=-1:1:2", "--steps", "160", "--interval", "0.5", "--accuracy", "1e-9"),
        cwd=tmp_path,
    )
    assert done.code == 0, done.err
    assert "sampling       a step is a time of 0.5, found to 1e-09" in done.out
    assert "(0, 0)   6 of 6 (100.0%)" in done.out


@pytest.mark.parametrize("kind", ["bifurcation", "exponents"])
def test_diagrams_over_the_step(tmp_path: Path, kind: str) -> None:
    done = inside(
        *("sweep", kind, *BCE, "--rule", "extragradient", "--over", "eta=1:2.2:4"),
        *("--x0", "theta=0.3,psi=0.2", "--steps", "400", "--figure", "f.png"),
        cwd=tmp_path,
    )
    assert done.code == 0, done.err
    assert ("period 1" if kind == "bifurcation" else "first exponent") in done.out
    assert min(png(tmp_path / "f.png")) > 400


def test_thresholds_are_confirmed_and_drawn(tmp_path: Path) -> None:
    """A threshold, one for each value of the ratio tau, and a rule that has none."""
    done = inside(
        *("sweep", "thresholds", "quadratic", "--set", "P=1,B=2,Q=1", "--backend", "numpy"),
        *("--rule", "simultaneous", "--rule", "two-timescale", "--rule", "proximal-point"),
        *("--store", "s", "--steps", "768", "--depth", "3", "--figure", "t.png"),
        cwd=tmp_path,
    )
    assert done.code == 0, done.out + done.err
    assert "CONTRADICTED" not in done.out
    assert "NOT SEEN" not in done.out
    ends = ("simultaneous    2/5", "two-timescale  4/5", "two-timescale  3/10")
    for line in (*ends, "4 of 4 confirmed: 3 ends, 1 bounds"):
        assert line in done.out
    assert min(png(tmp_path / "t.png")) > 200


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (GRID, 2, "give the step once: --eta STEP, or --over eta=LOW:HIGH:COUNT"),
        (("--eta", "1"), 2, "no initial value for theta, psi; give --x0 theta=1"),
        (("--eta", "1", "--x0", "theta=1,psi=0"), 2, "nothing is swept; give --over"),
        (("--eta", "1", *GRID, "--x0", "psi=1"), 2, "--x0 names psi; it gives nothing"),
        (("--eta", "1", "--over", "theta=1:2"), 2, "cannot read theta=1:2; write theta=LOW"),
        (
            ("--eta", "1", "--over", "theta=1:2:x", "--x0", "psi=0"),
            2,
            "theta has x values; give a whole number",
        ),
        (("--eta", "1", "--over", "theta=2:1:9", "--over", "psi=0:1:3"), 5, "a grid from 2 to 1"),
        (("--eta", "1", *GRID, "--over", "tau=0:1:3"), 5, "the sweep takes no tau"),
        (("--eta", "1", *GRID, "--point", "theta=1"), 2, "--point theta=1 must give theta, psi"),
        (("--eta", "1", *GRID, "--radius", "0"), 5, "radius = 0.0 is not a positive number"),
        (("--eta", "1", *GRID, "--rule", "proximal-point"), 2, "the rule 'proximal-point' has no"),
        (("--eta", "1", *GRID, "--portable"), 5, "NumPy's exp and log have other last bits"),
        (("--eta", "1", *GRID, "--steps", "0"), 5, "steps = 0; give a whole number, at least 1"),
        (
            ("--eta", "1", "--over", "theta=nan:1:5", "--x0", "psi=0"),
            5,
            "theta = nan is not a finite number",
        ),
        (
            ("--eta", "1", *GRID, "--flow", "simultaneous"),
            2,
            "--flow goes without --rule and --eta",
        ),
        (
            (*GRID, "--flow", "simultaneous"),
            5,
            "backend = 'numpy'; flows take one of: auto, jit, heyoka",
        ),
        (
            (*GRID, "--flow", "simultaneous", "--interval", "-1"),
            5,
            "interval = -1.0 is not a positive number",
        ),
        (("--eta", "1", *GRID, "--rule", "nonsense"), 2, "unknown rule 'nonsense'; choose one of"),
        (("--eta", "1", *GRID, "--figure", "f.xyz"), 5, "cannot write a figure to f.xyz; end its"),
        (("--eta", "1", *GRID, "--scheduler", "me"), 5, "cannot read the scheduler 'me'"),
    ],
)
def test_wrong_input_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = inside("sweep", "basins", *BCE, *arguments, cwd=tmp_path)
    assert done.code == code, done.err
    assert done.err.startswith(f"symgan: {sentence}")
    assert done.err.count("\n") == 1


def test_a_figure_of_what_is_no_map_is_refused(tmp_path: Path) -> None:
    one = ("sweep", "basins", *BCE, "--eta", "1", "--over", "theta=-1:1:3", "--x0", "psi=0")
    assert inside(*one, "--steps", "50", cwd=tmp_path).code == 0
    done = inside("sweep", "show", "s", "--figure", "f.png", cwd=tmp_path)
    assert done.code == 5
    assert "a map needs two coordinates that vary" in done.err

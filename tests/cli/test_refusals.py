"""What the command line refuses: one sentence, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import inside

TYPED = ("--min", "theta", "--max", "psi")
STEPPED = ("--x0", "theta=1,psi=0", "--rule", "simultaneous")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["analyze"], "name a game (symgan list) or type one"),
        (["analyze", "chess"], "unknown game 'chess'; choose one of: annealed"),
        (["analyze", "bilinear", "--payoff", "x"], "name a game"),
        (["analyze", "bilinear", "--min", "x"], "go with --payoff"),
        (["analyze", "bilinear", "--loss", "hinge"], "takes no loss"),
        (["analyze", "dirac", "--loss", "hinj"], "unknown loss 'hinj'; choose one of"),
        (["analyze", "bilinear", "--rule", "adam"], "unknown rule 'adam'"),
        (["analyze", "bilinear", "--eta", "1"], "--eta goes with --rule"),
        (["analyze", "bilinear", "--rule", "simultaneous", "--eta", "-1"], "not positive"),
        (["analyze", "bilinear", "--rule", "simultaneous", "--eta", "1,2,3"], "3 step sizes"),
        (["analyze", "tiny-gan", "--set", "beta=1"], "nothing here is called beta; --set reaches"),
        (["analyze", "tiny-gan", "--set", "alpha_r"], "expected name=value"),
        (["analyze", "annealed", "--set", "T=-1"], "T = -1 contradicts that T is positive"),
        (["analyze", "annealed", "--set", "side=both"], "choose one of: generator"),
        (["analyze", "--payoff", "theta*psi"], "needs its players: --min theta --max psi"),
        (["analyze", "--payoff", "theta*psi*k", *TYPED], "unknown name 'k'; declare it: --param"),
        (["analyze", "--payoff", "theta*__import__('os')", *TYPED], "unknown function"),
        (["analyze", "--payoff", "9**9**9**9", *TYPED], "exponents beyond 64"),
        (["analyze", "--payoff", "theta.__class__", *TYPED], "is not arithmetic"),
        (["analyze", "--payoff", "[x for x in (1,)]", *TYPED], "is not arithmetic"),
        (["analyze", "--payoff", "(lambda: 1)()", *TYPED], "unknown function"),
        (["analyze", "--payoff", "theta; import os", *TYPED], "invalid syntax"),
        (["analyze", "--payoff", "theta**10**9", *TYPED], "exponents beyond 64"),
        (["analyze", "--payoff", "exp(exp(exp(exp(9))))*psi", *TYPED], "is beyond 1e100"),
        (["analyze", "--payoff", "theta*psi*1e60*1e60", *TYPED], "is beyond 1e100"),
        (["analyze", "--payoff", "theta*psi*exp(-999)", *TYPED], "nearer to 0 than 1e-100"),
        (["analyze", "--payoff", "", *TYPED], "cannot read the payoff: it is empty"),
        (["analyze", "--payoff", "I*theta*psi", *TYPED], "unknown name 'I'"),
        (["analyze", "--payoff", "1j*theta*psi", *TYPED], "1j is not a real number"),
        (["analyze", "--payoff", "theta^2", *TYPED], "write ** for a power"),
        (["analyze", "tiny-gan", "--set", "alpha_r=1e400"], "is beyond 1e100"),
        (["analyze", "tiny-gan", "--set", "alpha_r=1/0"], "this has no value"),
        (["analyze", "tiny-gan", "--set", "alpha_r=nan"], "unknown name 'nan'"),
        (["analyze", "annealed", "--set", "a=1"], "reaches: T, alpha_0, alpha_r, switch, side"),
        (["analyze", "dirac", "--loss", "hinj"], "or free, for any loss f"),
        (["analyze", "dirac", "--x0", "theta=1,psi=0"], "this flow is not linear"),
        (["analyze", "bilinear", "--x0", "theta=1"], "no initial value for psi"),
        (
            ["analyze", "tiny-gan", "--x0", "theta=a,psi=0"],
            "unknown name 'a'; known names: alpha_r",
        ),
        (["analyze", "bilinear", "--rule", "simultaneous", "--eta", "1,,2"], "it is empty"),
        (["analyze", "bilinear", "--rule", "simultaneous", "--eta", "0"], "not positive"),
        (["analyze", "--payoff", "sign(theta)", *TYPED], "cannot be differentiated in theta"),
        (["analyze", "--payoff", "sqrt(-1-theta**2)", *TYPED], "not real"),
        (["analyze", "--payoff", "x", "--min", "x", "--max", "x"], "belongs to two players"),
        (["analyze", "--payoff", "x", "--min", "x", "--max", ""], "needs its players"),
        (["analyze", "--payoff", "x", *TYPED, "--param", "theta,x"], "declared twice"),
        (["simulate", "bilinear"], "no initial value for theta, psi; give --x0 theta=1,psi=1"),
        (["simulate", "bilinear", "--x0", "theta=1,psi=0,z=1"], "--x0 names z"),
        (["simulate", "tiny-gan", "--x0", "theta=1,psi=0"], "no value for alpha_r; give --set"),
        (["simulate", "bilinear", "--x0", "theta=1,psi=0", "--steps", "9"], "goes with a rule"),
        (
            ["simulate", "bilinear", "--x0", "theta=1,psi=0", "--rule", "simultaneous"],
            "needs a step; add --eta",
        ),
        (["simulate", "bilinear", "--x0", "theta=1,psi=0", "--t-end", "-1"], "not positive"),
        (["simulate", "bilinear", "--x0", "theta"], "initial state: expected name=value"),
        (["simulate", "bilinear", "--x0", "theta=1;psi=0"], "invalid syntax"),
        (["simulate", "bilinear", "--x0", "theta=b,psi=0"], "unknown name 'b'"),
        (["simulate", "dirac", "--x0", "theta=1,psi=0"], "the loss f of dirac is free"),
        (["simulate", "bilinear", *STEPPED, "--eta", "0.1", "--steps", "0"], "than or equal to 1"),
        (["simulate", "bilinear", *STEPPED, "--eta", "-0.1"], "the step size -1/10 is not pos"),
        (["figures", "no-such-paper"], "unknown paper 'no-such-paper'"),
        (["list", "no-such-paper"], "neither a paper, a claim nor a .py file"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_bad_input_is_one_sentence_and_exits_with_2(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    found = inside(*arguments, cwd=tmp_path)
    assert found.code == 2, found
    assert sentence in " ".join(found.err.split())
    assert list(tmp_path.iterdir()) == []

"""``symgan audit`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import inside

CODE = """
import math

def right(theta, psi):
    return psi / (1 + math.exp(psi * theta)), -theta / (1 + math.exp(psi * theta))

def wrong(theta, psi):
    return psi / (1 + math.exp(psi * theta)), theta / (1 + math.exp(psi * theta))

def in_turn(theta, psi, eta):
    theta = theta + eta * psi
    return theta, psi - eta * theta

class Ball:
    def __init__(self, x, eta):
        self.x, self.v, self.eta = list(x), [0, 0], eta

    def step(self):
        (a, b), e = self.x, self.eta
        self.v = [self.v[0] / 2 + e * b, self.v[1] / 2 - e * a]
        self.x = [a + self.v[0], b + self.v[1]]
        print("noise on standard output")
        return self.x

def hangs(theta, psi):
    while True:
        pass

def leaves(theta, psi):
    import os
    os._exit(7)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(CODE)
    return tmp_path


DIRAC = ("--game", "dirac", "--loss", "jensen-shannon")


def test_right_code(folder: Path) -> None:
    done = inside("audit", "mine.py:right", *DIRAC, cwd=folder)
    assert done.code == 0, done.err
    assert "verdict      same" in done.out
    assert "sampled: floats at" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_wrong_code_is_explained(folder: Path) -> None:
    done = inside("audit", "mine.py:in_turn", "--game", "bilinear", "--rule", "simultaneous",
                  cwd=folder)  # fmt: skip
    assert done.code == 1
    for text in (
        "called as    in_turn(theta=theta, psi=psi, eta=eta)",
        "verdict      differs",
        "input    theta = 0, psi = 1, eta = 1",
        "psi+       takes theta after its step (proved)",
        "the linearization at theta = 0, psi = 0 shows it (exact)",
        "implements  alternating (proved)",
    ):
        assert text in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_json_stays_json_when_the_code_prints(folder: Path) -> None:
    arguments = ("--game", "bilinear", "--rule", "heavy-ball", "--opt", "beta=1/3", "--json")
    done = inside("audit", "mine.py:Ball", *arguments, cwd=folder)
    assert done.code == 1
    found = json.loads(done.out)
    assert (found["verdict"], found["counterexample"]["step"]) == ("differs", 2)
    assert found["implements"]["name"] == "heavy-ball with beta = 1/2"
    assert found["established"]["ground"] == "proved"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("mine.py:hangs", "--game", "bilinear", "--limit", "1"), 4, "was not done after 1 s"),
        (("mine.py:leaves", "--game", "bilinear"), 5, "ended the process with code 7"),
        (("mine.py:nothing", "--game", "bilinear"), 2, "has no 'nothing'"),
        (("mine.py:right",), 2, "name the game that the code is about"),
        (("mine.py:right", "--game", "bilinear", "--set", "k=2"), 2, "nothing here is called k"),
    ],
)
def test_one_sentence_and_an_exit_code(
    folder: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = inside("audit", *arguments, cwd=folder)
    assert done.code == code
    assert sentence in done.err
    assert done.out == ""

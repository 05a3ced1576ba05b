"""`symgan plot` as a user types it."""

from __future__ import annotations

from dataclasses import asdict
from inspect import signature
from pathlib import Path

import pytest
import typer

from symgan.cli.plot import plot
from symgan.cli.plot_build import is_own
from symgan.cli.plot_options import Typed, figure
from symgan.report.figures import canvas, save, settings
from tests.cli.command import inside

PAYOFF = ("--payoff", "x**2/2 + x*y - y**2/2", "--min", "x", "--max", "y")
DRAWN = {
    "portrait": (*PAYOFF, "--x0", "x=1,y=0", "--field", "none", "--window", "x=-1:1"),
    "players": ("quadratic",),
    "basins": (*PAYOFF, "--count", "5", "--steps", "30"),
    "loci": ("bilinear", "--rule", "heavy-ball", "--set", "beta=-1/2,alternating=true"),
    "region": (
        *("quadratic", "--set", "P=k,Q=1", "--rule", "simultaneous"),
        *("--over", "eta=0:1", "--over", "k=0:2"),
    ),
    "angle": ("quadratic", "--x0", "theta=1,psi=1/2"),
    "distance": (
        *("quadratic", "--rule", "simultaneous", "--rule", "heavy-ball:beta=-1/2"),
        *("--eta", "0.2", "--x0", "theta=1,psi=1", "--steps", "20"),
    ),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_each_figure_is_drawn_from_the_command_line(kind: str, tmp_path: Path) -> None:
    done = inside("plot", kind, *DRAWN[kind], "--out", "figure.svg", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, "figure.svg\n", "")
    assert "<svg" in (tmp_path / "figure.svg").read_text(encoding="utf-8")


def test_only_what_symgan_wrote_is_replaced_unasked(tmp_path: Path) -> None:
    command = ("plot", "angle", "bilinear", "--x0", "theta=1,psi=0")
    place = tmp_path / "bilinear-angle.svg"  # called after the game
    place.write_bytes(b"<svg>by hand</svg>")
    refused = inside(*command, cwd=tmp_path)
    assert refused.code == 5
    assert "add --force" in refused.err
    assert place.read_bytes() == b"<svg>by hand</svg>"
    assert inside(*command, "--force", cwd=tmp_path).out == "bilinear-angle.svg\n"
    assert inside(*command, cwd=tmp_path).code == 0


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_every_format_says_who_wrote_it(suffix: str, tmp_path: Path) -> None:
    own, other = tmp_path / f"own.{suffix}", tmp_path / f"other.{suffix}"
    with settings():
        empty, _ = canvas((1, 1), 1, 1)
    save(empty, own)
    empty.savefig(other)
    assert (is_own(own), is_own(other), is_own(tmp_path / "nothing")) == (True, False, False)


@pytest.mark.parametrize(
    ("command", "code", "why"),
    [
        ("portrait dirac", 2, "choose one: --loss tanh"),
        ("portrait tiny-gan --loss tanh", 2, "give --set alpha_r=1"),
        ("portrait rock-paper-scissors", 2, "this state has 4 symbols"),
        ("portrait bilinear --window chi=0:1", 2, "the state is theta, psi"),
        ("portrait bilinear --window theta=0", 2, "LOW:HIGH"),
        ("portrait bilinear --window theta=1:0", 2, "is empty"),
        ("portrait bilinear --eta 0.1", 2, "add --rule"),
        ("portrait bilinear --rule simultaneous", 2, "add --eta 0.1"),
        ("portrait bilinear --rule simultaneous --eta 1 --flow consensus", 2, "two systems"),
        ("portrait bilinear --field dots", 2, "none of streamlines"),
        ("portrait bilinear --out figure.gif", 5, ".svg, .pdf, .png"),
        ("portrait bilinear --set speed=3", 2, "nothing here is called speed"),
        ("players three-player-ring --set epsilon=1", 2, "3 symbols"),
        ("loci bilinear --rule alternatin", 2, "alternatin"),
        ("loci bilinear --upto -1", 2, "positive end"),
        ("region bilinear", 2, "two parameters"),
        ("region bilinear --over beta=0:1 --over k=0:1", 2, "give the step once"),
        ("angle bilinear", 2, "give --x0 theta=1,psi=1"),
        ("distance bilinear --x0 theta=1,psi=1 --rule simultaneous", 2, "go together"),
        ("distance bilinear --x0 theta=1 --rule simultaneous --eta 1", 2, "no 2 numbers"),
        ("basins bilinear", 2, "name the points"),
    ],
)
def test_wrong_commands_get_one_sentence(command: str, code: int, why: str, tmp_path: Path) -> None:
    done = inside("plot", *command.split(), cwd=tmp_path)
    assert (done.code, done.out) == (code, "")
    assert why in done.err
    assert done.err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == []


def test_figures_share_options_around_their_own() -> None:
    """All that is typed arrives under its name; every figure of the program is made this way."""
    seen: list[tuple[Typed, int]] = []

    @figure
    def own(typed: Typed, count: int = 3) -> None:
        """Of a figure."""
        seen.append((typed, count))

    app = typer.Typer(add_completion=False)
    app.command()(own)
    command = typer.main.get_command(app)
    words = {
        **{"payoff": "p", "min": "a", "max": "b", "param": "c", "positive": "d", "loss": "e"},
        **{"regularizer": "f", "title": "g", "out": "h.svg", "count": "4"},
    }
    typed = [part for name, value in words.items() for part in (f"--{name}", value)]
    command.main(["game", *typed, "--set", "x=1", "--set", "y=2", "--force"], standalone_mode=False)
    given = Typed(
        game="game",
        payoff="p",
        minimize="a",
        maximize="b",
        parameters="c",
        positive="d",
        loss="e",
        settings=("x=1", "y=2"),
        regularizer="f",
        out=Path("h.svg"),
        force=True,
        title="g",
    )
    assert seen == [(given, 4)]
    command.main([], standalone_mode=False)
    ((nothing, count),) = seen[1:]
    assert set(asdict(nothing).values()) == {None, (), False}
    assert count == 3
    shared = [name for name in signature(own).parameters if name != "count"]
    assert {made.name for made in plot.registered_commands} == set(DRAWN)
    for made in plot.registered_commands:
        assert made.callback is not None
        names = list(signature(made.callback).parameters)
        assert [*names[:9], *names[-3:]] == shared

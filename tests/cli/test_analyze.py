"""``symgan analyze``, ``list``, ``simulate``, ``figures``: results and files."""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path

import pytest

from tests.cli.command import inside, symgan


def squeezed(text: str) -> str:
    """Text with single spaces, for sentences that the terminal wraps."""
    return " ".join(text.split())


TYPED = ("--min", "theta", "--max", "psi")


class TestAnalyze:
    """Facts known from the literature, read off the terminal."""

    def test_bilinear(self, tmp_path: Path) -> None:
        found = inside("analyze", "bilinear", cwd=tmp_path)
        assert found.code == 0
        text = squeezed(found.out)
        assert "theta' = psi psi' = -theta" in text
        assert "center always" in text
        assert "psi**2 + theta**2 = const." in text
        assert max(map(len, found.out.splitlines())) <= 80

    def test_simultaneous_descent_diverges_on_it(self, tmp_path: Path) -> None:
        """Mescheder et al. 2018: |lambda|^2 = 1 + eta^2."""
        found = inside("analyze", "bilinear", "--rule", "simultaneous", cwd=tmp_path)
        assert "map theta+ = eta*psi + theta" in squeezed(found.out)
        assert "unstable always" in squeezed(found.out)

    def test_alternating_descent_is_a_center_up_to_two(self, tmp_path: Path) -> None:
        """Mescheder et al. 2018, section 2: eigenvalues on the unit circle for eta <= 2."""
        found = inside("analyze", "bilinear", "--rule", "alternating", cwd=tmp_path)
        assert "center if eta < 2 unstable if eta > 2" in squeezed(found.out)
        found = inside("analyze", "bilinear", "--rule", "alternating", "--eta", "5/2", cwd=tmp_path)
        assert "map at theta = 0, psi = 0" in squeezed(found.out)
        assert "unstable always" in squeezed(found.out)

    def test_typed_game(self, tmp_path: Path) -> None:
        payoff = "-theta*psi - 0.1*k*psi**2"
        found = inside(
            "analyze", "--payoff", payoff, "--min", "theta", "--max", "psi", "--positive", "k",
            cwd=tmp_path,
        )  # fmt: skip
        assert found.code == 0, found.err
        assert "psi' = -k*psi/5 - theta" in squeezed(found.out)
        assert "Hurwitz always" in squeezed(found.out)

    def test_values_are_exact(self, tmp_path: Path) -> None:
        found = inside("analyze", "tiny-gan", "--set", "alpha_r=0.1", cwd=tmp_path)
        assert "theta = 1/10, psi = 0" in found.out
        assert "0.1" not in found.out

    def test_rule_options(self, tmp_path: Path) -> None:
        found = inside(
            "analyze", "quadratic", "--set", "P=p,n_d=2", "--rule", "alternating", cwd=tmp_path
        )
        assert found.code in (0, 4), found.err
        assert "parameters p" in squeezed(found.out)
        assert "map theta+ =" in squeezed(found.out)

    def test_latex(self, tmp_path: Path) -> None:
        found = inside("analyze", "tiny-gan", "--latex", cwd=tmp_path)
        assert found.code == 0
        assert r"\dot{\theta}" in found.out
        assert found.out.count(r"\[") == found.out.count(r"\]") >= 6

    def test_free_loss(self, tmp_path: Path) -> None:
        """Trace 2 alpha_r^2 f''(0) at the equilibrium; a center bends by f''''(0)."""
        found = inside("analyze", "tiny-gan", "--loss", "free", cwd=tmp_path)
        assert found.code == 0
        text = squeezed(found.out)
        assert "Hurwitz if f''(0) < 0 and alpha_r != 0 and f'(0) != 0" in text
        assert "center if (alpha_r = 0 and f'(0) != 0) or (f''(0) = 0 and f'(0) != 0)" in text
        assert "oscillates if alpha_r**2*Abs(f''(0)) < Abs(f'(0))" in text
        assert "a = alpha_r**4*f''''(0)/8, if f''(0) = 0 and f'(0) != 0" in text

    def test_lyapunov_coefficient_is_for_nonlinear_centers(self, tmp_path: Path) -> None:
        assert "Lyapunov" not in inside("analyze", "bilinear", cwd=tmp_path).out
        node = ("analyze", "tiny-gan", "--loss", "jensen-shannon", "--set", "alpha_r=3")
        assert "Lyapunov" not in inside(*node, cwd=tmp_path).out
        payoff = "-theta*psi - psi**4"
        found = inside("analyze", "--payoff", payoff, *TYPED, cwd=tmp_path)
        # psi' = -theta - 4 psi^3; the mean of -4 r^3 sin^4 over a turn is -3/2 r^3
        assert "a = -3/2 a stable weak focus" in squeezed(found.out)

    def test_start_of_the_closed_form(self, tmp_path: Path) -> None:
        """Figure 1(c): center alpha_r, amplitude |alpha_r - alpha_0|/sqrt(1 + T^2)."""
        start = "theta=alpha_0,psi=0,alpha=alpha_0"
        found = inside("analyze", "annealed", "--x0", start, cwd=tmp_path)
        assert found.code == 0, found.err
        text = squeezed(found.out)
        assert "center alpha_r" in text
        assert "amplitude Abs(alpha_0 - alpha_r)/sqrt(T**2 + 1)" in text
        assert "omega 1, in amplitude*sin(omega*t + phase)" in text

    def test_initial_values_do_not_take_the_names_of_parameters(self, tmp_path: Path) -> None:
        settings = "alpha_0=1,alpha_r=3,T=3"
        found = inside("analyze", "annealed", "--set", settings, cwd=tmp_path)
        assert "alpha(0) = alpha_start" in found.out
        assert "alpha_0" not in found.out.split("closed form")[1]

    def test_lines_break_between_factors(self, tmp_path: Path) -> None:
        payoff = "sin(cos(tan(exp(theta*psi))))"
        found = inside("analyze", "--payoff", payoff, *TYPED, cwd=tmp_path)
        lines = found.out.splitlines()
        assert max(map(len, lines)) <= 80
        assert sum(line.endswith("*") for line in lines) > 2
        assert not [line for line in lines if re.search(r"(psi|thet|ta|exp|sin)$", line)]

    @pytest.mark.parametrize("payoff", ["sqrt(theta)*psi", "theta**(1/3)*psi", "log(theta)*psi"])
    def test_functions_with_an_edge_exit_with_4(self, tmp_path: Path, payoff: str) -> None:
        found = inside("analyze", "--payoff", payoff, *TYPED, cwd=tmp_path)
        assert found.code == 4
        assert "conserved quantities" in found.out

    def test_what_stays_undecided_exits_with_4(self, tmp_path: Path) -> None:
        found = inside("analyze", "dirac", "--loss", "hinge", cwd=tmp_path)
        assert found.code == 4
        assert "spectrum of the flow at theta = 0, psi = 0 (as the game declares)" in found.out


def table(path: Path) -> tuple[list[str], list[list[float]]]:
    with path.open() as file:
        head, *rows = csv.reader(file)
    return head, [[float(cell) for cell in row] for row in rows]


class TestSimulate:
    """Tables against closed forms and counts that are known."""

    def test_linear_flow(self, tmp_path: Path) -> None:
        found = inside(
            "simulate", "bilinear", "--x0", "theta=1,psi=0", "--t-end", "2*pi",
            "--points", "101", "--out", "sub/orbit", cwd=tmp_path,
        )  # fmt: skip
        assert found.code == 0, found.err
        head, rows = table(tmp_path / "sub" / "orbit.csv")
        assert head == ["t", "theta", "psi"]
        assert len(rows) == 101
        for t, theta, psi in rows:
            assert abs(theta - math.cos(t)) + abs(psi + math.sin(t)) < 1e-14  # 50 units of 2^-53
        assert (tmp_path / "sub" / "orbit.png").read_bytes().startswith(b"\x89PNG")
        assert (tmp_path / "sub" / "orbit.svg").read_text().lstrip().startswith("<?xml")

    def test_nonlinear_flow_keeps_its_first_integral(self, tmp_path: Path) -> None:
        """theta^2 + psi^2 is constant on the Dirac-GAN with any loss."""
        found = inside(
            "simulate", "dirac", "--loss", "tanh", "--x0", "theta=1,psi=1/2", "--t-end", "5",
            "--points", "21", cwd=tmp_path,
        )  # fmt: skip
        assert found.code == 0, found.err
        _, rows = table(tmp_path / "dirac.csv")
        # 12 digits are asked of the integrator; squares of numbers near 1
        assert all(abs(x * x + y * y - 1.25) < 1e-11 for _, x, y in rows)
        assert rows[0][1] != rows[-1][1]

    def test_rule(self, tmp_path: Path) -> None:
        """Simultaneous descent multiplies the radius by sqrt(1 + eta^2) a step."""
        found = inside(
            "simulate", "bilinear", "--x0", "theta=1,psi=0", "--rule", "simultaneous",
            "--eta", "0.5", "--steps", "20", cwd=tmp_path,
        )  # fmt: skip
        assert found.code == 0, found.err
        head, rows = table(tmp_path / "bilinear.csv")
        assert head == ["k", "theta", "psi"]
        assert [row[0] for row in rows] == list(range(21))
        for k, theta, psi in rows:
            assert math.hypot(theta, psi) == pytest.approx(1.25 ** (k / 2), rel=1e-14)  # 20 steps

    def test_divergence_is_cut_and_told(self, tmp_path: Path) -> None:
        found = inside(
            "simulate", "bilinear", "--x0", "theta=1,psi=0", "--rule", "simultaneous",
            "--eta", "10", "--steps", "2000", cwd=tmp_path,
        )  # fmt: skip
        assert found.code == 0, found.err
        assert "leaves the range of float64" in squeezed(found.err)
        _, rows = table(tmp_path / "bilinear.csv")
        assert all(map(math.isfinite, rows[-1]))
        assert len(rows) < 2000

    def test_unwritable_place_exits_with_5(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        found = inside(
            "simulate", "bilinear", "--x0", "theta=1,psi=0", "--out", "file/orbit", cwd=tmp_path
        )
        assert found.code == 5
        assert "cannot write file/orbit.csv" in squeezed(found.err)


def test_drawing_without_matplotlib_exits_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table needs no plotting library and is written first."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    found = inside("simulate", "bilinear", "--x0", "theta=1,psi=0", "--out", "o", cwd=tmp_path)
    assert found.code == 3
    assert "pip install 'symgan[plot]'" in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["o.csv"]
    assert inside("figures", "annealed", cwd=tmp_path).code == 3


def test_figures(tmp_path: Path) -> None:
    found = inside("figures", "annealed", "--out", "f", cwd=tmp_path)
    assert found.code == 0, found.err
    names = {path.name for path in (tmp_path / "f").iterdir()}
    assert {"figure-1.svg", "figure-1.pdf", "figure-1b-printed-sign.png"} <= names
    assert "no T for (b)" in squeezed(found.out)
    assert "theta as t^2, psi as -2*t, alpha as t^2" in squeezed(found.out)


def test_list(tmp_path: Path) -> None:
    found = inside("list", cwd=tmp_path)
    assert found.code == 0
    for word in ("annealed", "bilinear", "alternating", "jensen-shannon", "claims", "free"):
        assert word in found.out
    assert "L(theta, psi) = f(psi theta) + f(-psi alpha_r)" in squeezed(found.out)
    assert "\\" not in found.out
    claims = inside("list", "annealed.eq13", cwd=tmp_path)
    assert "annealed.eq13.transient" in claims.out
    assert "annealed.eq12" not in claims.out


def test_version_and_help(tmp_path: Path) -> None:
    from symgan import __version__

    assert symgan("--version", cwd=tmp_path).out == f"symgan {__version__}\n"
    assert "Exit codes:" in inside("--help", cwd=tmp_path).out
    for command in ("verify", "list", "analyze", "simulate", "figures"):
        text = inside(command, "--help", cwd=tmp_path).out
        assert "Examples:" in text or "Examples" in text
        assert max(map(len, text.splitlines())) <= 80

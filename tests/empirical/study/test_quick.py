"""The preliminary studies that ship with symgan, and what of the page is made of them."""

from __future__ import annotations

from pathlib import Path

from symgan.data.studies import stored_study
from symgan.empirical.study.analysis import analyze
from symgan.empirical.study.presets import preset
from symgan.empirical.study.shorter import beside_full

DOCS = Path(__file__).parents[3] / "docs"


def test_it_is_the_quick_design_and_says_preliminary() -> None:
    found = stored_study("table1-quick")
    assert found.preliminary
    assert found.label == "preliminary: 5000 iterations, 3 seeds"
    described = preset("quick").described()
    wanted = {k: str(v) for k, v in described.items() if k != "torch"}
    told = {name: str(value) for name, value in found.settings.items()}
    assert {name: told[name] for name in wanted} == wanted


def test_the_page_compares_it_with_the_full_design() -> None:
    """`symgan.empirical.study.shorter.beside_full` writes the section anew."""
    short, full = (analyze(stored_study(name)) for name in ("table1-quick", "table1"))
    assert beside_full(short, full) in (DOCS / "STUDY.md").read_text(encoding="utf-8")


def test_the_wider_one_on_the_digits_differs_in_its_width_alone() -> None:
    found = stored_study("table2-quick-128")
    assert found.label == "preliminary: 5000 iterations, 3 seeds"
    wanted = {k: str(v) for k, v in preset("quick", "table2").described().items() if k != "torch"}
    told = {name: str(value) for name, value in found.settings.items()}
    assert {k for k, v in wanted.items() if told[k] != v} == {"training: hidden"}
    assert told["training: hidden"] == "128, 128, 128, 128, 128"

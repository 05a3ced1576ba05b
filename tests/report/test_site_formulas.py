"""Formulas of a site: operators made of other elements, equations, matrices, each printed once."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
import sympy as sp

from symgan.claims.model import Ledger
from symgan.report import view
from symgan.report.html import environment, page
from symgan.report.mathml import MathMLError, mathml


def test_an_operator_of_letters_takes_its_limits_below() -> None:
    shown = mathml(r"\mathop{\mathbb{E}}_{y \sim P} f(y)")
    tree = fromstring(re.sub(' xmlns="[^"]*"', "", shown))
    (under,) = tree.iter("munder")
    base, limits = under
    assert "".join(base.itertext()) == "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL E}"
    assert "".join(limits.itertext()).startswith("y")
    assert all(len(operator) == 0 for operator in tree.iter("mo"))


def test_inside_a_sentence_its_limits_stand_beside_it() -> None:
    shown = mathml(r"\mathop{\mathbb{E}}_{y} f", display=False)
    assert "<msub>" in shown
    assert "<munder>" not in shown


def test_an_operator_of_two_parts_is_still_refused() -> None:
    with pytest.raises(MathMLError):
        mathml(r"\mathop{\unknowncommand}_{y} f")


def test_an_equation_of_equal_sides_is_not_evaluated() -> None:
    x = sp.Symbol("x")
    made = environment().from_string("{{ (x, x) | equation }}").render(x=x)
    assert "".join(fromstring(made).itertext()) == "x=x"


def test_mutable_matrices_are_shown_as_others_are() -> None:
    rows = [[1, sp.Symbol("x")], [0, 1]]
    assert view.shown(sp.Matrix(rows)) == view.shown(sp.ImmutableMatrix(rows))


def test_unread_prints_are_said(harmless: Ledger) -> None:
    entry = replace(harmless.entries[0], unread="the name q is not known")
    assert "not compared with the statement: the name q" in page(Ledger((entry,)))
    assert "not compared" not in page(harmless)

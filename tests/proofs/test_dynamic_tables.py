"""The tables of the dynamic paper: prints, mends and marks, and that both routes can fail."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from symgan_papers.dynamic import recount, section6_marks, section6_tables, tables
from symgan_papers.dynamic.section6_average_ranks import ROWS

from symgan.claims import Entry, Verdict, examine_claim, load
from symgan.claims.examine import Examination
from symgan.data import exact, table
from symgan.stats import ranks

CLAIMS = {claim.id: claim for claim in load(["dynamic"])}
AVERAGES = [name for name in CLAIMS if ".average-rank." in name]
P_VALUES = [name for name in CLAIMS if name.startswith("dynamic.table.friedman") and
            CLAIMS[name].printed]  # fmt: skip


def decimals(text: str) -> list[sp.Rational]:
    return [sp.Rational(found) for found in re.findall(r"\d*\.\d+", text)]


def numbers(statement: Any) -> set[Any]:
    return {n for n in statement.atoms(sp.Rational) if not n.is_Integer or n > 1}


@pytest.mark.parametrize("claim_id", AVERAGES + P_VALUES)
def test_printed_decimals_are_what_is_judged(claim_id: str) -> None:
    claim = CLAIMS[claim_id]
    case = claim.examine()
    assert isinstance(case, Examination)
    assert set(decimals(claim.printed)) == numbers(case.statement) != set()
    if claim.amended:
        assert set(decimals(claim.amended)) == numbers(case.amendment)
        assert numbers(case.amendment) != numbers(case.statement)


def test_every_printed_average_has_a_claim_with_its_own_text() -> None:
    printed = {
        (row["dataset"], row["method"]): row["printed"]
        for row in table("dynamic_average_ranks").rows
    }
    assert {(dataset, method): text for _, dataset, method, text, _ in ROWS} == printed
    assert len(AVERAGES) == len(ROWS) == 28


def test_both_routes_know_the_same_methods() -> None:
    assert list(tables.METHODS) == recount.METHODS


def test_the_second_route_shares_no_code_with_the_first() -> None:
    tree = ast.parse(inspect.getsource(recount))
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert {m for m in modules if m and m.startswith(("symgan", "sympy", "fractions"))} == set()


def single_changes(dataset: str) -> set[tuple[str, str]]:
    """(GAN, method) that alone can mend a dataset's row, by trying many values in each cell."""
    rows = {c.gan: list(c.values) for c in tables.chosen((dataset,))}
    target = [8 * Fraction(*tables.printed_average_rank(dataset, m).as_numer_denom())
              for m in tables.METHODS]  # fmt: skip
    found = set()
    for gan, values in rows.items():
        others = [ranks(v) for name, v in rows.items() if name != gan]
        for place, method in enumerate(tables.METHODS):
            for other in values:
                for new in (other * Fraction(1001, 1000), other * Fraction(999, 1000)):
                    changed = ranks([new if i == place else v for i, v in enumerate(values)])
                    sums = [sum(column) for column in zip(changed, *others, strict=True)]
                    if sums == target and new not in values:
                        found.add((gan, method))
    return found


@pytest.mark.parametrize("dataset", tables.ALL_DATASETS)
def test_mends_are_all_single_changes(dataset: str) -> None:
    cells, swaps = tables.mends(dataset)
    found = {(text.split(": ")[0], text.split(": ")[1].split()[0]) for text in cells}
    wrong = any(row[4] for row in ROWS if row[1] == dataset)
    if not wrong:
        assert (cells, swaps) == ((), ())  # the row is right: nothing is to be mended
        return
    # Values of all cells of a pair differ by more than the tried thousandth.
    assert found == single_changes(dataset)


def test_what_the_repairs_say_of_mends() -> None:
    assert tables.mends("Circle") == (
        ("Instance Noise: Alt5 .0413 put above .0075 and below .0116",),
        (),
    )
    assert "Reg. JS-GAN: Dyn 34.427 put above 34.637 and below 35.380" in tables.mends("celebA")[0]
    assert not any("Dyn" in mend and "best" in mend for d in tables.ALL_DATASETS
                   for mend in tables.mends(d)[0])  # fmt: skip


def test_no_mend_touches_the_half_of_32() -> None:
    """No listed change makes Dynamic-GDA best in a pair, or robs it of a first place."""
    for dataset in tables.DATASETS[1]:
        for text in tables.mends(dataset)[0]:
            gan, method = re.match(r"(.+): (\w+) ", text).groups()  # type: ignore[union-attr]
            cells = tables.pair(gan, dataset)
            first = cells.holder(1) == ("Dyn",)
            bounds = [exact(found) for found in re.findall(r"(?:above|below) ([\d.]+)", text)]
            dyn = cells.values[-1]
            if method == "Dyn":
                rest = min(cells.values[:-1])
                assert not first
                assert min(bounds) >= rest
            else:
                assert not first or min(bounds) >= dyn


def test_wrong_marks_are_all_of_them() -> None:
    named = {(row[2], row[3]) for row in section6_marks.WRONG}
    found = {
        (c.gan, c.dataset)
        for number in (1, 2)
        for c in tables.pairs(number)
        if c.underlined != c.holder(2)
    }
    assert named == found


@pytest.fixture
def tampered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts another value into one cell of table 1, for one route or for both."""

    def change(gan: str, method: str, dataset: str, value: str, *, both: bool) -> None:
        key = {"gan": gan, "method": method, "dataset": dataset}

        def changed(name: str) -> Any:
            whole = table(name)
            rows = tuple(
                {**row, "value": value} if all(row.get(k) == v for k, v in key.items()) else row
                for row in whole.rows
            )
            return replace(whole, rows=rows)

        monkeypatch.setattr(tables, "table", changed)
        tables.pairs.cache_clear()
        if both:
            original = recount.lines

            def lines(name: str) -> list[list[str]]:
                return [
                    [*row[:3], value, *row[4:]] if row[:3] == [gan, method, dataset] else row
                    for row in original(name)
                ]

            monkeypatch.setattr(recount, "lines", lines)

    yield change
    monkeypatch.undo()
    tables.pairs.cache_clear()


def examined(name: str) -> Entry:
    return examine_claim(CLAIMS[name])[0]


def test_a_changed_cell_is_seen_by_both_routes(tampered: Any) -> None:
    """Dynamic-GDA loses one first place: half of 32 is refuted by both routes."""
    assert examined("dynamic.table1.half-of-32").verdict is Verdict.PROVED
    tampered("Unsat. BCE", "Dyn", "Ring", ".9", both=True)
    entry = examined("dynamic.table1.half-of-32")
    assert [e.holds for e in entry.evidence] == [False, False]
    assert entry.verdict is Verdict.CHECKED


def test_a_cell_misread_by_one_route_is_no_verdict(tampered: Any) -> None:
    tampered("Unsat. BCE", "Dyn", "Ring", ".9", both=False)
    entry = examined("dynamic.table1.half-of-32")
    assert entry.verdict is Verdict.CHECKED
    assert entry.outcome == "open"


def test_the_one_mend_of_circle_gives_the_printed_row(tampered: Any) -> None:
    name = "dynamic.table1.average-rank.circle.alt-5"
    assert examined(name).verdict is Verdict.REFUTED
    tampered("Instance Noise", "Alt5", "Circle", ".0113", both=True)
    assert examined(name).verdict is Verdict.PROVED
    assert tables.mends.__wrapped__("Circle")[0] == ()
    assert int(section6_tables.better_than("Circle", "Dyn")) == 2

"""The page is made from the JSON alone, its verdicts are computed."""

import re

import pytest

from benchmarks.plot import draw
from benchmarks.report import page, seconds
from benchmarks.targets import TARGETS, Target, verdict

MACHINE = {
    "cpu": "Test CPU", "family": "1/2", "cores": 2, "vector instructions": ["avx2"],
    "load at start": 0.1, "system": "Linux", "python": "3.11", "C": "gcc", "C instructions": "AVX2",
    "versions": {"numpy": "2"}, "commit": "abc", "date": "2026-01-02T00:00:00+00:00",
}  # fmt: skip


def row(name, cpu, status="ok", wall=None):
    return {
        "name": name, "status": status, "threads": 1, "full": 1000, "size": 10, "wall": wall or cpu,
        "cpu": cpu, "deviation": 1e-15, "note": "a | b",
    }  # fmt: skip


def results(*rows):
    case = {"title": "The case", "unit": "steps", "rows": list(rows), "seconds": 3.0}
    case["load"] = [0.5, 0.6]
    case["curves"] = [
        {"what": "Curve", "axis": "states", "unit": "ns", "x": [1, 1000],
         "lines": {"C": [2.0, 1.0], "symgan JIT": [None, 1.5]}}
    ]  # fmt: skip
    return {"mode": "full", "machine": MACHINE, "cases": {"dirac-wasserstein": case}}


RATIO = Target("dirac-wasserstein", "stepping", "symgan JIT, 1 thread", "C, 1 thread", 1.1)
FASTER = Target("dirac-wasserstein", "faster", "symgan JIT, 1 thread", "NumPy", 200, "speedup")


@pytest.mark.parametrize(
    ("times", "expected"),
    [([1.1, 1.1, 9.0], "met"), ([1.1, 1.11, 1.12], "not met"), ([0.1, 5.0, 5.0], "not met")],
)
def test_the_verdict_is_of_the_median(times, expected):
    found = results(row("symgan JIT, 1 thread", times), row("C, 1 thread", [1.0]))
    assert verdict(RATIO, found)[1] == expected


def test_speedups_turn_the_ratio():
    rows = [row("symgan JIT, 1 thread", [1.0]), row("NumPy", [199.0])]
    assert verdict(FASTER, results(*rows)) == (199.0, "not met")
    assert verdict(FASTER, results(rows[0], row("NumPy", [200.0]))) == (200.0, "met")


def test_without_a_time_there_is_no_verdict():
    lone = results(row("C, 1 thread", [1.0]))
    assert verdict(RATIO, lone) == (None, "symgan JIT, 1 thread: no time")
    wrong = results(row("symgan JIT, 1 thread", [1.0], "wrong"), row("C, 1 thread", [1.0]))
    assert verdict(RATIO, wrong)[0] is None
    assert verdict(Target("none", "", "a", "b", 1.0), lone) == (None, "not measured")


def test_any_number_of_threads_and_the_slowest_of_several_sizes():
    several = Target("dirac-wasserstein", "", "symgan JIT, * threads", "C, * threads", 1.1)
    rows = [row(f"{who}, {n} threads", [n]) for who, n in (("symgan JIT", 16), ("C", 16))]
    assert verdict(several, results(*rows)) == (1.0, "met")
    assert verdict(several, results(row("symgan JIT, all threads", [1.0]), rows[1]))[0] is None
    sizes = [row("compile, cold: 5 operations", [0.1]), row("compile, cold: 500 operations", [0.2])]
    cold = Target("dirac-wasserstein", "", "compile, cold", "", 0.15, "seconds")
    assert verdict(cold, results(*sizes)) == (0.2, "not met")


def test_the_page_holds_every_row_target_and_curve():
    found = results(
        row("C, 1 thread", [2e-3, 1e-3, 3e-3]),
        row("symgan JIT, 1 thread", [4e-3]),
        row("torch", [], "absent"),
    )
    text = page(found, "## Findings\n\nWords.")
    assert re.search(r"\| symgan JIT, 1 thread \| 1 \| 4 ms \| 4 ms \| 4 ms-4 ms \| 2 \|", text)
    assert "| 10/1,000 steps | 1.0e-15 | a / b |" in text
    assert re.search(r"\| torch \|.*\| absent: a / b \|", text)
    assert text.count("not measured") == sum(t.case != "dirac-wasserstein" for t in TARGETS)
    assert "| 1,000 | 1 | 1.5 |" in text
    assert "| 1 | 2 |  |" in text
    assert "Test CPU" in text
    assert text.endswith("Words.\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [(3e-9, "3 ns"), (4.5e-6, "4.5 µs"), (0.0999, "99.9 ms"), (1234.5, "1,230 s")],
)
def test_seconds(value, text):
    assert seconds(value) == text


def test_the_figure_is_drawn_from_the_results(tmp_path):
    found = results(row("C, 1 thread", [1.0, 1.2]), row("symgan JIT, 1 thread", [1.1]))
    path = tmp_path / "figure.svg"
    draw(found, path)
    assert path.read_text().count(">symgan JIT, 1 thread<") >= 1
    empty = {**found, "cases": {}}
    with pytest.raises(ValueError, match="nothing was measured"):
        draw(empty, path)


def test_a_busy_machine_is_confessed():
    found = results(row("C, 1 thread", [1.0]))
    assert "busy" not in page(found)
    found["cases"]["dirac-wasserstein"]["load"] = [3.5, 0.1]
    assert "load up to 3.5 on 2 cores" in page(found)


def test_verdicts_of_another_machine_stand_beside_those_of_the_page():
    rows = [row("symgan JIT, 1 thread", [1.0]), row("C, 1 thread", [1.0])]
    slower = results(row("symgan JIT, 1 thread", [1.2]), rows[1])
    slower["machine"] = {**MACHINE, "C instructions": "NEON", "commit": "def"}
    text = page(results(*rows), others=[slower])
    line = next(x for x in text.splitlines() if x.startswith("| dirac-wasserstein | stepping, a"))
    assert line.endswith("| 1x (cpu) | met | 1.2x (cpu) | not met |")
    assert "| case | what | target | AVX2 |  | NEON | |" in text
    assert "The column NEON is of an earlier run on another machine: Test CPU" in text
    assert "commit def" in text
    assert "NEON" not in page(results(*rows))

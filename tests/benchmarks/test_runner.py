"""The benchmark runner on tiny work: checks answers before timing, keeps what was measured."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import store
from benchmarks.measuring import Budget, Contender, Missing, Row, compare, deviation, fitting
from benchmarks.peers.c import instructions
from benchmarks.peers.maps import Problem, lambdified
from benchmarks.run import begin, main, measure, newest, options, own_file, stored

TINY = Budget(2, 1e-4)


def counting(done, cost=0):
    def run(size):
        done.append(size)
        return sum(range(cost * size))

    return run


def test_a_wrong_answer_is_not_timed():
    done = []
    right = Contender("right", counting([]), 10, lambda: [1.0, 2.0])
    wrong = Contender("wrong", counting(done), 10, lambda: [1.0, 2.001])
    rows = {row.name: row for row in compare([right, wrong], [1.0, 2.0], 1e-6, TINY)}
    assert rows["right"].status == "ok"
    assert len(rows["right"].wall) == len(rows["right"].cpu) == TINY.rounds
    assert rows["wrong"].status == "wrong"
    assert rows["wrong"].deviation == pytest.approx(1e-3 / 3)
    assert rows["wrong"].wall == []
    assert done == []


def test_missing_and_failing_contenders_have_a_line_each():
    def broken(size):
        raise ValueError("no such instruction\nand more")

    rows = compare([Missing("a", "a is not installed"), Contender("b", broken, 4)], None, 0, TINY)
    assert [(row.status, row.note) for row in rows] == [
        ("absent", "a is not installed"),
        ("failed", "ValueError: no such instruction"),
    ]


def test_repetitions_are_interleaved():
    order = []
    entered = [
        Contender(name, lambda size, name=name: order.append(name), 1, whole=True) for name in "abc"
    ]
    compare(entered, None, 0, Budget(3, 1.0))
    assert "".join(order) == "abc" * 3


def test_no_round_begins_after_the_limit_but_the_second():
    (row,) = compare([Contender("a", counting([]), 1)], None, 0, Budget(9, 0.1, limit=0.0))
    assert len(row.wall) == 2


def test_times_are_scaled_to_full_size():
    done = []
    slow = Contender("slow", counting(done, cost=2000), 10_000)
    (row,) = compare([slow], None, 0, Budget(1, 1e-4))
    assert row.size == done[-1] < 10_000
    assert fitting(Contender("fast", counting([]), 500), 10.0) == 500


@pytest.mark.parametrize(
    ("found", "expected", "off"),
    [
        ([1.0, np.nan], [1.0, np.nan], 0.0),
        ([1.0, 0.0], [1.0, np.nan], math.inf),
        ([np.inf], [np.inf], 0.0),
        ([np.inf], [-np.inf], math.inf),
        ([1e300], [np.inf], math.inf),
        ([[1.0]], [1.0], math.inf),
        ([3.0], [1.0], 1.0),
    ],
)
def test_deviation(found, expected, off):
    assert deviation(found, expected) == off


def test_a_map_of_symgan_and_a_peer_agree():
    from benchmarks.cases import dirac

    p = Problem(dirac.oracle("bce"), {"eta": 0.1}, dirac.start, 50, 20, (17, 10))
    peer, own = p.contender("lambdify", lambdified), p.symgan("numpy")
    assert isinstance(peer, Contender)
    assert isinstance(own, Contender)
    rows = compare([own, peer], p.expected(), dirac.LIMIT, TINY)
    assert [row.status for row in rows] == ["ok", "ok"]
    shifted = compare([peer], p.expected() + 1e-6, dirac.LIMIT, TINY)
    assert shifted[0].status == "wrong"


def case(budget, quick):
    row = Row("one", "ok", full=1, size=1, wall=[1.0], cpu=[math.inf])
    return {"title": "t", "unit": "u", "rows": [row.plain()]}


def test_results_are_written_after_each_case_and_resumed(tmp_path):
    path, said = tmp_path / "r.json", []

    def interrupted(budget, quick):
        raise KeyboardInterrupt

    results = store.new("quick", {"cpu": "x"})
    with pytest.raises(KeyboardInterrupt):
        measure(results, path, {"a": case, "b": interrupted}, TINY, said.append)
    kept = store.load(path)
    assert list(kept["cases"]) == ["a"]
    assert kept["cases"]["a"]["rows"][0]["cpu"] == ["inf"]
    asked = options(["--quick", "--resume"])
    resumed = begin(asked, path)
    measure(resumed, path, {"a": interrupted, "b": case}, TINY, said.append)
    assert list(store.load(path)["cases"]) == ["a", "b"]
    assert "[1/2] a: kept" in said
    assert list(tmp_path.iterdir()) == [path]


def test_cases_stand_in_the_order_of_the_list(tmp_path):
    results = store.new("quick", {})
    results["cases"] = {"z": {}, "b": {}}
    measure(results, tmp_path / "r.json", {"a": case, "b": case}, TINY, lambda line: None)
    assert list(results["cases"]) == ["a", "b", "z"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"schema": "symgan-benchmarks/0", "mode": "full", "machine": {}, "cases": {}}',
        '{"schema": "symgan-benchmarks/1", "mode": "full", "machine": {}, "cases": []}',
        '{"schema": "symgan-benchmarks/1", "mode": "full", "cases": {}}',
    ],
)
def test_other_json_is_refused(tmp_path, text, capsys):
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(store.BadResults, match="measure anew"):
        store.load(path)
    page = tmp_path / "page.md"
    assert main(["--report", "--json", str(path), "--page", str(page)]) == 5
    assert not page.exists()
    assert "measure anew" in capsys.readouterr().out


def test_a_run_of_the_other_size_is_not_resumed(tmp_path):
    path = tmp_path / "r.json"
    store.save(path, store.new("quick", {}))
    with pytest.raises(store.BadResults, match="holds a quick run"):
        begin(options(["--resume"]), path)
    with pytest.raises(store.BadResults, match="cannot read"):
        begin(options(["--report"]), tmp_path / "none.json")


def test_saved_json_has_no_infinities(tmp_path):
    path = tmp_path / "r.json"
    store.save(path, {"a": [math.nan, {"b": -math.inf}], "c": 1.5})
    assert json.loads(path.read_text()) == {"a": ["nan", {"b": "-inf"}], "c": 1.5}


def test_a_page_is_of_the_newest_run(tmp_path):
    for name, date in (("a", "2026-01-02"), ("b", "2026-01-03"), ("quick", "2026-01-04")):
        mode = "quick" if name == "quick" else "full"
        store.save(tmp_path / f"{name}.json", store.new(mode, {"date": date}))
    runs = stored(tmp_path)
    assert [path.name for path in runs] == ["a.json", "b.json"]
    assert newest(runs) == tmp_path / "b.json"
    with pytest.raises(store.BadResults, match="nothing has been measured"):
        newest({})


def test_results_are_kept_by_instruction_set():
    assert own_file(options([])).name == f"{instructions().lower()}.json"
    assert own_file(options(["--quick"])).name == "quick.json"
    assert own_file(options(["--json", "x.json"])) == Path("x.json")

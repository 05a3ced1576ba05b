"""Statistics on made outcomes, each with a neighbor that must come out otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symgan.data.predictions import (
    Outcomes,
    PredictionResult,
    from_plain,
    plain,
    read_predictions,
    text,
)
from symgan.empirical.predictions.judging import expected, judge, markdown, outcome
from symgan.errors import BadData

SETTINGS = {"factor": 3.0, "margin": 0.1, "most": 0.75}
NONE = (None,) * 20


def course(change: list[float], rule: str = "alternating") -> Outcomes:
    return Outcomes("course", "deep", "wasserstein", rule, {}, NONE, NONE, NONE, tuple(change))


def ends(inside: int) -> Outcomes:
    low = tuple(0.975 if i < inside else None for i in range(20))
    high = tuple(1.0 if i < inside else None for i in range(20))
    return Outcomes("threshold", "deep", "wasserstein", "optimistic", {}, NONE, low, high, NONE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ([1.0] * 20, "supported"),
        ([1.0] * 19 + [9.0], "supported"),
        ([1.0] * 17 + [9.0] * 3, "open"),
        ([1.0] * 5 + [9.0] * 15, "contradicted"),
        ([0.1] * 20, "contradicted"),
    ],
)
def test_a_course(change: list[float], said: str) -> None:
    assert judge(course(change), SETTINGS).outcome == said


def test_the_same_outcomes_mean_other_things_for_other_rules() -> None:
    gone = [1e9] * 20
    said = {r: judge(course(gone, r), SETTINGS).outcome for r in ("simultaneous", "extragradient")}
    assert said == {"simultaneous": "supported", "extragradient": "contradicted"}
    assert judge(course(gone, "dynamic"), SETTINGS).outcome == "contradicted"
    assert judge(course([1.0] * 20, "dynamic"), SETTINGS).outcome == "supported"


@pytest.mark.parametrize(("inside", "said"), [(20, "supported"), (17, "open"), (8, "contradicted")])
def test_a_threshold(inside: int, said: str) -> None:
    found = judge(ends(inside), SETTINGS)
    assert (found.count, found.outcome) == (inside, said)


def test_the_bound_decides() -> None:
    assert outcome([(20, 20)], 0.75) == "supported"
    assert outcome([(20, 20)], 0.9) == "open"
    assert outcome([(0, 20)], 0.1) == "open"
    assert outcome([(0, 20), (20, 20)], 0.75) == "contradicted"
    with pytest.raises(BadData, match="threshold"):
        expected(ends(3))


def test_a_result_survives_its_file(tmp_path: Path) -> None:
    result = PredictionResult(SETTINGS, tuple(range(20)), (course([1.0] * 20), ends(7)))
    (tmp_path / "r.json").write_text(text(result))
    assert read_predictions(tmp_path / "r.json") == result
    assert from_plain(json.loads(json.dumps(plain(result)))) == result
    assert markdown(result).count("\n") == 4
    assert result.of("threshold", "deep", "wasserstein", "optimistic").bracketed == 7


def test_what_is_damaged_is_refused(tmp_path: Path) -> None:
    result = PredictionResult(SETTINGS, tuple(range(20)), (course([1.0] * 20),))
    with pytest.raises(BadData, match="no trial ring"):
        result.of("ring", "deep", "wasserstein", "alternating")
    with pytest.raises(BadData, match="20 of 19 seeds"):
        PredictionResult(SETTINGS, tuple(range(19)), result.outcomes)
    with pytest.raises(BadData, match="there twice"):
        PredictionResult(SETTINGS, result.seeds, result.outcomes * 2)
    with pytest.raises(BadData, match="different lengths"):
        course([1.0])
    with pytest.raises(BadData, match="no ratio"):
        course([float("nan")] * 20)
    with pytest.raises(BadData, match="which is none"):
        Outcomes("threshold", "deep", "w", "r", {}, (1.0,), (1.1,), (1.0,), (None,))
    with pytest.raises(BadData, match="no change of every seed"):
        ends(3).count("stays", 3)
    with pytest.raises(BadData, match="unknown course 'rests'"):
        course([1.0] * 20).count("rests", 3)
    data = plain(result)
    for broken in ({**data, "format": "x"}, {**data, "outcomes": [{}]}, []):
        with pytest.raises(BadData, match="stored result"):
            from_plain(broken)
    (tmp_path / "cut.json").write_text(text(result)[:-40])
    for place in (tmp_path / "cut.json", tmp_path / "none.json"):
        with pytest.raises(BadData, match="cannot read a result"):
            read_predictions(place)

"""The catalog: the printed names, what the paper states, and what is refused."""

from __future__ import annotations

import csv
import math
import pickle
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
import torch

from symgan.empirical.gans.gans import STUDY, Gan, adjusted, catalog, named, short
from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.losses import named as named_loss
from symgan.empirical.gans.penalties import Penalty
from symgan.errors import BadData, UnknownName


def printed(table: str) -> list[str]:
    """The GANs of a printed table, in its order."""
    text = resources.files("symgan.data").joinpath(table).read_text()
    return list(dict.fromkeys(row["gan"] for row in csv.DictReader(text.splitlines())))


def test_the_study_has_the_printed_names_in_the_printed_order() -> None:
    assert list(STUDY) == printed("dynamic_table1.csv")
    assert [named(name).name for name in printed("dynamic_table2.csv")] == list(STUDY)
    assert set(STUDY) < {gan.name for gan in catalog().values()}
    assert all(named(key) == gan == named(gan.name) for key, gan in catalog().items())


def test_what_the_paper_states() -> None:
    """Section 6.2 (0.02, 0.83, 3) and appendix F (Adam where bounded, RMSProp elsewhere)."""
    assert named("Instance Noise").noise == 0.02
    gran = named("Piecewise-GP").gran
    assert gran is not None
    assert gran.bound == 0.83
    penalties = [gan.penalty for gan in catalog().values() if gan.penalty is not None]
    assert {p.weight for p in penalties} == {3.0}
    assert {p.kind: p.factor for p in penalties} == {"r1": 1.5, "r2": 1.5, "js": 1.5, "gp": 3.0}
    unbounded = {gan.name for gan in catalog().values() if not gan.bounded}
    assert unbounded == {"WGAN", "WGAN+GP", "Hinge", "Least Squares"}
    assert {gan.optimizer for gan in catalog().values() if gan.name in unbounded} == {"rmsprop"}
    assert named("SN-GAN").optimizer == "adam"
    assert [gan.name for gan in catalog().values() if gan.needs_mix] == ["WGAN+GP"]
    assert [gan.name for gan in catalog().values() if gan.spectral] == ["SN-GAN"]
    assert [gan.name for gan in catalog().values() if gan.clip is not None] == ["WGAN"]


def test_every_gan_is_another() -> None:
    found = list(catalog().values())
    assert len({replace(gan, name="") for gan in found}) == len(found)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    y = torch.tensor([0.5])
    assert all(
        torch.equal(a.loss.real(y), b.loss.real(y)) for a, b in zip(again, found, strict=True)
    )


def test_schedules_of_noise() -> None:
    constant = named("Instance Noise")
    linear = replace(constant, schedule="linear")
    assert [constant.variance(p) for p in (0.0, 0.5, 1.0)] == [0.02, 0.02, 0.02]
    assert [linear.variance(p) for p in (0.0, 0.5, 1.0)] == [0.02, 0.01, 0.0]


def test_conventions_of_weights() -> None:
    assert [Penalty("js", 4.0, c).factor for c in ("source", "weight", "half")] == [2, 4, 2]
    assert [Penalty("gp", 4.0, c).factor for c in ("source", "weight", "half")] == [4, 4, 2]


def test_options_are_numbers_and_words() -> None:
    wgan = adjusted(named("WGAN"), {"clip": 0.1, "loss": "hinge"})
    assert (wgan.clip, wgan.loss, wgan.name) == (0.1, named_loss("hinge"), "WGAN")
    gran = adjusted(named("Piecewise-GP"), {"gran.epsilon": 0.5, "gran.form": "plain"}).gran
    assert gran == Gran(0.83, 0.5, "plain")
    penalty = adjusted(
        named("WGAN+GP"), {"penalty.convention": "half", "penalty.weight": 1}
    ).penalty
    assert penalty == Penalty("gp", 1, "half")
    assert adjusted(named("WGAN"), {"clip": None}).clip is None
    assert adjusted(named("SN-GAN"), {}) == named("SN-GAN")
    for options in ({"clipping": 1}, {"penalty.weight": 1}, {"gran": 1}, {"name": "x"}, {".": 1}):
        with pytest.raises(UnknownName, match="choose one of: loss, noise"):
            adjusted(named("WGAN"), options)
    kinds: list[dict[str, Any]] = [
        {"clip": "0.1"}, {"spectral": 1}, {"noise": True}, {"noise": None},
        {"schedule": 3.0}, {"loss": None},
    ]  # fmt: skip
    for options in kinds:
        with pytest.raises(BadData, match="give a value like"):
            adjusted(named("WGAN"), options)
    with pytest.raises(BadData, match="clipping value"):
        adjusted(named("WGAN"), {"clip": -1})
    with pytest.raises(UnknownName, match="GAN loss"):
        adjusted(named("WGAN"), {"loss": "mse"})


def test_bad_gans_are_refused() -> None:
    loss, nan = named_loss("wasserstein"), math.nan
    ranges: list[dict[str, Any]] = [
        {"noise": -1.0}, {"noise": nan}, {"clip": 0.0}, {"clip": nan}
    ]  # fmt: skip
    for wrong in ranges:
        with pytest.raises(BadData, match="choose one"):
            Gan("x", loss, **wrong)
    with pytest.raises(UnknownName, match="constant, linear"):
        Gan("x", loss, schedule="cosine")
    with pytest.raises(UnknownName, match="r1, r2, gp, js"):
        Penalty("r3")
    with pytest.raises(UnknownName, match="source, weight, half"):
        Penalty("r1", convention="double")
    for weight in (-1.0, nan):
        with pytest.raises(BadData, match="weight"):
            Penalty("r1", weight)
    for bound, epsilon in ((0.0, 0.1), (nan, 0.1), (0.83, 0.0), (0.83, math.inf)):
        with pytest.raises(BadData, match="gradient normalization"):
            Gran(bound, epsilon)
    with pytest.raises(UnknownName, match="squared, plain"):
        Gran(form="cubed")
    with pytest.raises(UnknownName, match="unsat-bce, instance-noise, wgan"):
        named("BigGAN")
    assert short(" WGAN+GP ") == "wgan-gp"

"""What a study declares: every member once, tasks of one GAN, nothing left unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.study.design import DATASETS, GANS, Study
from symgan.empirical.study.options import checked, gan_options, with_settings
from symgan.empirical.study.presets import preset, presets
from symgan.errors import BadData, SymganError, UnknownName
from tests.empirical.study.made import small


@pytest.mark.parametrize("unit", ["decision", "round"])
@pytest.mark.parametrize("name", presets())
def test_every_member_is_there_once_and_tasks_keep_to_one_gan(name: str, unit: str) -> None:
    study = preset(name).at(unit=unit)
    members = study.members
    assert len(members) == len(set(members)) == 8 * 4 * 4 * len(study.seeds)
    for start in range(0, len(members), study.size):
        task = members[start : start + study.size]
        assert len({m.gan for m in task}) == 1
        assert len({study.stops(m.order) for m in task}) == 1


def test_rounds_are_as_many_decisions_as_their_order_makes_and_paced_alike() -> None:
    study = small(unit="round", orders=("sim", "alt5", "dynamic"))
    assert [study.decisions(o) for o in study.orders] == [300, 1800, 300]
    assert study.stops("alt5") == (600, 1200, 1800)
    assert study.training(study.members[-1]).iterations == 300
    alt = next(m for m in study.members if m.order == "alt5")
    assert study.training(alt).iterations == 1800


def test_the_paper_s_design_is_the_full_preset() -> None:
    study = preset("full")
    assert (len(GANS), DATASETS) == (8, ("ring", "circle", "spiral", "line"))
    assert (study.settings.iterations, study.settings.batch, study.settings.rate) == (
        30_000,
        128,
        2e-4,
    )
    assert study.stops("sim") == (5_000, 10_000, 15_000, 20_000, 25_000, 30_000)
    images = preset("full", "table2").settings  # on digits: 84 to 64 pixels, as 1,024 to 784
    assert (images.latent, images.hidden, images.c1, images.c2) == (100, (84,) * 5, 1.2, 0.8)


def test_the_document_holds_all_of_a_study() -> None:
    study = small(options={"WGAN": {"clip": 0.2}}, unit="round", device="cpu")
    assert Study.read(study.document()) == study
    assert Study.read(study.document()).declaration().digest == study.declaration().digest
    with pytest.raises(BadData, match="declares no study"):
        Study.read("{}")


@pytest.mark.parametrize(
    "change",
    [
        {"seeds": (3, 6)},
        {"samples": 21},
        {"early": 14},
        {"evaluation": 1},
        {"unit": "round"},
        {"snapshots": 2},
        {"options": {"WGAN": {"clip": 0.2}}},
        {"settings": Settings(iterations=300, slope=0.1)},
        {"task": 2},
    ],
)
def test_whatever_decides_the_numbers_is_declared(change: dict[str, Any]) -> None:
    assert small().declaration().digest != small(**change).declaration().digest


def test_every_gan_is_described_with_what_the_paper_leaves_unsaid() -> None:
    told = preset("smoke").described()
    assert "clip 0.1," in str(told["GAN WGAN"])
    assert "schedule constant" in str(told["GAN Instance Noise"])
    assert told["training: betas"] == "0.9, 0.999"
    assert told["unit"] == "decision"
    assert {f"GAN {name}" for name in GANS} <= set(told)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"seeds": ()}, "seeds = ; name each once, at least one"),
        ({"orders": ("sim", "sim")}, "orders = sim, sim; name each once"),
        ({"kept": 21}, "kept = 21 points of 20 samples; take at most all"),
        ({"early": 0}, "early = 0; give a whole number, at least 2"),
        ({"snapshots": 301}, "301 snapshots of 300 iterations; give fewer"),
        ({"task": 3}, "task = 3 members do not divide the 8 that train alike"),
        ({"unit": "epoch"}, "no unit is called 'epoch'; units: decision, round"),
        ({"table": "table3"}, "no table is called 'table3'; tables: table1, table2"),
        ({"options": {"SN-GAN": {}}}, "options of SN-GAN, which the study does not train"),
    ],
)
def test_designs_that_cannot_be_are_one_sentence(change: dict[str, Any], why: str) -> None:
    with pytest.raises(SymganError, match=why):
        small(**change)


def test_data_of_different_shapes_do_not_stand_in_one_study() -> None:
    with pytest.raises(BadData, match="data sets of different shapes cannot stand in one study"):
        small(datasets=("ring", "digits")).shape()


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (lambda: with_settings(Settings(), ["beta=1"]), "no setting is called 'beta'; settings: "),
        (lambda: with_settings(Settings(), ["batch"]), "cannot read 'batch'; write NAME=VALUE"),
        (lambda: with_settings(Settings(), ["batch=x"]), "batch = 'x' is not a whole number"),
        (lambda: with_settings(Settings(), ["rate=-1"]), "rate = -1.0; give a positive number"),
        (lambda: with_settings(Settings(), ["reuse=maybe"]), "reuse = 'maybe'; write yes or no"),
        (lambda: gan_options(["clip=1"]), "cannot read 'clip=1'; write GAN:OPTION=VALUE"),
        (lambda: gan_options(["wgam:clip=1"]), "unknown GAN 'wgam'; choose one of: "),
        (lambda: checked("gans", ["x"]), "unknown GAN 'x'; choose one of: "),
        (lambda: checked("orders", ["alt"]), "unknown order 'alt'; choose one of: sim"),
        (lambda: checked("datasets", ["x"]), "no data set of points is called 'x'; "),
        (lambda: preset("huge"), "no preset is called 'huge'; presets: smoke, quick, full"),
        (
            lambda: small(options={"WGAN": {"clap": 1.0}}).described(),
            "unknown option 'clap' of 'WGAN'; choose one of: loss, noise",
        ),
    ],
)
def test_unknown_names_list_the_known(read: Any, why: str) -> None:
    with pytest.raises(SymganError, match=why):
        read()


def test_settings_are_read_in_their_own_kinds() -> None:
    found = with_settings(
        Settings(), ["hidden=8,8", "betas=0.5,0.9", "reuse=no", "rate=1e-3", "dtype=float64"]
    )
    assert (found.hidden, found.betas, found.reuse, found.rate, found.dtype) == (
        (8, 8),
        (0.5, 0.9),
        False,
        1e-3,
        "float64",
    )
    assert gan_options(["sn gan:spectral=no", "wgan:clip=none"]) == {
        "SN-GAN": {"spectral": False},
        "WGAN": {"clip": None},
    }
    with pytest.raises(UnknownName, match="no setting is called 'gan'"):
        with_settings(Settings(), ["gan=1"])

"""Members of an ensemble against the same configurations alone, and what happens on the way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from symgan.empirical import gans, orders
from symgan.empirical.ensemble import ensemble as module
from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.errors import BadData, UnknownName

SMALL = Settings(latent=3, hidden=(6, 5), batch=64, iterations=200, rate=1e-2)
"""Batches of whole vector registers: what is left over PyTorch rounds by other functions."""
DATA = ("ring", "line")


def grid(gan: str, seeds: int = 2) -> list[Member]:
    return [Member(gan, d, o, s) for d in DATA for o in orders.NAMES for s in range(seeds)]


def same_weights(a: Ensemble, i: int, b: Ensemble, j: int) -> bool:
    pairs = zip(a.weights(i), b.weights(j), strict=True)
    return all(torch.equal(x, y) for p, q in pairs for x, y in zip(p, q, strict=True))


@pytest.mark.parametrize(
    ("gan", "engine"),
    [*((gan, "machine") for gan in gans.STUDY), ("unsat-bce", "torch"), ("wgan-gp", "torch")],
)
def test_members_are_what_they_are_alone(gan: str, engine: str) -> None:
    """Bit for bit, across a border of blocks; another member is something else."""
    members = grid(gan)
    together = Ensemble(members, SMALL, "cpu", engine=engine)
    together.run(70)
    for i in (0, 3, 7, 14):
        alone = Ensemble([members[i]], SMALL, "cpu", engine=engine)
        alone.run(70)
        assert same_weights(together, i, alone, 0)
        assert not same_weights(together, (i + 1) % len(members), alone, 0)


@pytest.mark.parametrize("gan", ["unsat-bce", "wgan-gp"])
def test_with_other_batches_members_differ_by_roundings(gan: str) -> None:
    """Ten steps of single precision: some hundred roundings, which another seed exceeds by far."""
    members, odd = grid(gan), replace(SMALL, batch=17)
    together, alone = Ensemble(members, odd, "cpu"), Ensemble([members[3]], odd, "cpu")
    for one in (together, alone):
        one.run(10)
    points = together.samples(40, 0)
    assert (points[3] - alone.samples(40, 0)[0]).abs().max() < 1e-4
    assert (points[2] - alone.samples(40, 0)[0]).abs().max() > 1e-2


@pytest.mark.parametrize("gan", ["unsat-bce", "reg-js-gan", "sn-gan", "piecewise-gp"])
def test_both_engines_agree_up_to_roundings(gan: str) -> None:
    """In double precision they part by less than a rate that is off by 1e-9 would part them."""
    members, double = grid(gan), replace(SMALL, dtype="float64", batch=33)
    machine, plain, other = (
        Ensemble(members, replace(double, **change), "cpu", engine=engine)
        for engine, change in (
            ("machine", {}),
            ("torch", {}),
            ("torch", {"rate": SMALL.rate * (1 + 1e-9)}),
        )
    )
    assert (machine.engine, plain.engine) == ("machine", "torch")
    for one in (machine, plain, other):
        one.run(10)
    a, b, c = (one.samples(40, 0) for one in (machine, plain, other))
    assert (a - b).abs().max() < 1e-12 < (c - b).abs().max()


def test_threads_change_no_bit() -> None:
    """Pieces of work have scratch of their own; PyTorch's number of threads is put back."""
    members, wide = grid("unsat-bce", seeds=4), replace(SMALL, hidden=(16, 16, 16), batch=128)
    before = torch.get_num_threads()
    found = []
    for threads in (1, 3):
        torch.set_num_threads(threads)
        ensemble = Ensemble(members, wide, "cpu", engine="machine")
        ensemble.run(12)
        found.append((ensemble, torch.get_num_threads()))
    torch.set_num_threads(before)
    (one, _), (three, left) = found
    assert left == 3
    assert all(same_weights(one, i, three, i) for i in range(len(members)))


def test_a_checkpoint_goes_on_with_its_engine(tmp_path: Path) -> None:
    members, path = grid("wgan")[:2], tmp_path / "run.pt"
    Ensemble(members, SMALL, "cpu", engine="torch").save(path)
    assert Ensemble.load(path, "cpu").engine == "torch"
    document = torch.load(path, weights_only=True)
    del document["engine"]  # as files were before there was a choice
    torch.save(document, path)
    assert Ensemble.load(path, "cpu").engine == "torch"
    Ensemble(members, SMALL, "cpu").save(path)
    assert Ensemble.load(path, "cpu").engine == "machine"


def test_stacks_of_one_order_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    members = grid("unsat-bce")
    mixed = Ensemble(members, SMALL, "cpu")
    monkeypatch.setattr(module, "ENOUGH", 2)
    sorted_by_order = Ensemble(members, SMALL, "cpu")
    assert len(sorted_by_order._stacks) == 4 > len(mixed._stacks)
    for one in (mixed, sorted_by_order):
        one.run(20)
    assert all(same_weights(mixed, i, sorted_by_order, i) for i in range(len(members)))
    assert torch.equal(mixed.updates, sorted_by_order.updates)
    assert torch.equal(mixed.samples(4, 1), sorted_by_order.samples(4, 1))


def test_equal_seeds_start_alike_and_draw_alike() -> None:
    """Over orders everything, over data sets weights and latent draws; other seeds, nothing."""
    members = grid("wgan")
    ensemble = Ensemble(members, SMALL, "cpu")
    (_, draws), *rest = ensemble._stacks
    assert not rest
    drawn = draws.at(5)
    for i, a in enumerate(members):
        for j, b in enumerate(members):
            assert same_weights(ensemble, i, ensemble, j) == (a.seed == b.seed)
            assert torch.equal(drawn.latent[i], drawn.latent[j]) == (a.seed == b.seed)
            alike = (a.seed, a.data) == (b.seed, b.data)
            assert torch.equal(drawn.real[i], drawn.real[j]) == alike


def test_how_often_players_move() -> None:
    members = grid("unsat-bce", seeds=1)
    ensemble = Ensemble(members, SMALL, "cpu")
    ensemble.run(90)
    moved = {m.order: tuple(row.tolist()) for m, row in zip(members, ensemble.updates, strict=True)}
    assert (moved["sim"], moved["alt1"], moved["alt5"]) == ((90, 90), (45, 45), (15, 75))
    assert sum(moved["dynamic"]) == 90
    assert min(moved["dynamic"]) > 0


@pytest.mark.parametrize("gan", ["wgan-gp", "sn-gan", "instance-noise"])
def test_a_run_that_resumes_has_the_same_bits(gan: str, tmp_path: Path) -> None:
    members, path = grid(gan), tmp_path / "deep" / "run.pt"
    whole = Ensemble(members, SMALL, "cpu")
    whole.run(100)
    part = Ensemble(members, SMALL, "cpu")
    part.run(37)
    part.save(path)
    again = Ensemble.load(path, "cpu")
    assert (again.iteration, again.members, again.settings) == (37, whole.members, SMALL)
    again.run(100)
    assert all(same_weights(whole, i, again, i) for i in range(len(members)))
    assert torch.equal(whole.updates, again.updates)
    assert list(path.parent.iterdir()) == [path]


def test_a_checkpoint_of_a_machine_that_stacks_otherwise(tmp_path: Path) -> None:
    members, path = grid("unsat-bce"), tmp_path / "run.pt"
    here = Ensemble(members, SMALL, "cpu")
    there = Ensemble(members, SMALL, "cpu", stacks=[[3, 1], [0, 2, *range(4, 16)]])
    for one in (here, there):
        one.run(20)
    there.save(path)
    again = Ensemble.load(path, "cpu")
    for one in (here, again):
        one.run(40)
    assert all(same_weights(here, i, again, i) for i in range(len(members)))


def test_double_precision_is_the_check_of_single_precision() -> None:
    """They part by roundings, which grow; a wrong rate would part them by far more."""
    members = [Member("reg-js-gan", "ring", o, 0) for o in ("sim", "alt1")]
    single, double, other = (
        Ensemble(members, replace(SMALL, **change), "cpu")
        for change in ({}, {"dtype": "float64"}, {"dtype": "float64", "rate": 1.001e-2})
    )
    for one in (single, double, other):
        one.run(20)
    a, b, c = (one.samples(50, 0).double() for one in (single, double, other))
    assert (a - b).abs().max() < 1e-4 < (c - b).abs().max()


def test_a_member_that_diverges_is_marked_and_the_others_run_on() -> None:
    """An infinite weight makes outputs that are no numbers."""
    members = grid("wgan", seeds=1)
    broken, healthy = Ensemble(members, SMALL, "cpu"), Ensemble(members, SMALL, "cpu")
    broken.run(10)
    broken._stacks[0][0].generator.flat[2, 0] = float("inf")
    broken.run(40)
    healthy.run(40)
    assert broken.diverged.tolist() == [-1, -1, 10, -1, -1, -1, -1, -1]
    before = broken.weights(2)
    broken.run(60)
    pairs = zip(before, broken.weights(2), strict=True)
    assert all(torch.equal(x, y) for p, q in pairs for x, y in zip(p, q, strict=True))
    assert broken.updates[2].sum() < healthy.updates[2].sum()
    broken_rest = [i for i in range(len(members)) if i != 2]
    healthy.run(60)
    assert all(same_weights(broken, i, healthy, i) for i in broken_rest)


def test_watching_every_block_and_stopping() -> None:
    seen = []
    ensemble = Ensemble(grid("wgan", 1), SMALL, "cpu")
    ensemble.run(130, watch=lambda e: seen.append(e.iteration))
    assert seen == [64, 128, 130]

    def stop(_: Ensemble) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble.run(300, watch=stop)
    assert ensemble.iteration == 192


@pytest.mark.parametrize(
    ("members", "options", "error", "sentence"),
    [
        ([], {}, BadData, "an ensemble without members"),
        (
            [Member("wgan", "ring", "sim", 0)] * 2,
            {},
            BadData,
            "wgan / ring / sim / seed 0 is there",
        ),
        (
            [Member("wgan", "ring", "sim", 0), Member("sn-gan", "ring", "sim", 0)],
            {},
            BadData,
            "one ensemble a GAN",
        ),
        (
            [Member("wgan", "ring", "sim", 0), Member("wgan", "digits", "sim", 0)],
            {},
            BadData,
            "different shapes",
        ),
        ([Member("gan", "ring", "sim", 0)], {}, UnknownName, "unknown GAN 'gan'; choose one of"),
        ([Member("wgan", "rings", "sim", 0)], {}, UnknownName, "rings.*choose one of: .*ring"),
        ([Member("wgan", "ring", "alt", 0)], {}, UnknownName, "unknown order 'alt'"),
        ([Member("wgan", "ring", "sim", 0)], {"gan": {"clips": 1}}, UnknownName, "option 'clips'"),
    ],
)
def test_bad_ensembles(
    members: list[Member], options: dict, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        Ensemble(members, replace(SMALL, **options), "cpu")


def test_an_unknown_engine() -> None:
    with pytest.raises(BadData, match="engine = 'gpu'; choose one of: auto, torch, machine"):
        Ensemble(grid("wgan")[:1], SMALL, "cpu", engine="gpu")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batch": 0}, "batch = 0; give a whole number, at least 1"),
        ({"hidden": ()}, "at least one hidden layer"),
        ({"dtype": "float16"}, "float16.*choose one of: float32, float64"),
        ({"rate": float("nan")}, "rate = nan; give a positive number"),
        ({"slope": -0.1}, "slope = -0.1"),
    ],
)
def test_bad_settings(options: dict, sentence: str) -> None:
    with pytest.raises(BadData, match=sentence):
        Settings(**options)


def test_bad_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    with pytest.raises(BadData, match="no checkpoint at"):
        Ensemble.load(path)
    ensemble = Ensemble(grid("wgan", 1)[:2], SMALL, "cpu")
    ensemble.save(path)
    whole = path.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(BadData, match="no checkpoint of an ensemble, or a damaged one"):
            Ensemble.load(path)
    torch.save({"format": "symgan ensemble 0"}, path)
    with pytest.raises(BadData, match="another version"):
        Ensemble.load(path)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadData, match=r"cannot be written.*the last one stands"):
        ensemble.save(tmp_path / "file" / "run.pt")


def test_settings_are_read_again() -> None:
    settings = replace(SMALL, gan={"clip": 0.1}, betas=(0.5, 0.9))
    assert Settings.read(settings.document()) == settings
    with pytest.raises(BadData, match="unknown setting 'rates'"):
        Settings.read('{"rates": 1}')
    with pytest.raises(BadData, match="holds no settings"):
        Settings.read("nonsense")

"""GANs trained as one ensemble, against the same members trained one after another.

    python -m benchmarks.ensembles [--json FILE]

The yardstick is what a user would otherwise write: two `torch.nn.Sequential`, losses by autograd,
`torch.optim.Adam(fused=True)`, one member after another, with as many threads as are fastest for
it. An iteration is one update of each player on batches of 128; networks are those of the
experiments in two dimensions (five layers of 16). Then the share of Dynamic-GDA's decision in a
step, and memory.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from benchmarks.machine import describe
from symgan.empirical import data
from symgan.empirical.data.streams import BLOCK
from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Member, Settings

SIZES = (1, 8, 32, 128, 512)
SETTINGS = Settings()
REPEATS = 5
DATA = ("ring", "circle", "spiral", "line")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path)
    file = parser.parse_args().json
    found: dict[str, Any] = {"machine": describe(""), "torch": torch.__version__}
    eager, measured = alone(), {}
    for size in SIZES:
        measured[size] = {"rate": rate(size, together(size, "sim")), "peak MiB": peak()}
    for threads, speed in alone().items():  # once more: the yardstick is the best of both
        eager[threads] = max(eager[threads], speed)
    threads = max(eager, key=lambda n: eager[n])
    found["eager"] = {"threads": threads, "rate": eager[threads]}
    found["ensemble"] = measured
    print(f"eager torch, fused Adam, {threads} threads: {eager[threads]:.0f} iterations/s")
    for size, speed in measured.items():
        ratio = speed["rate"] / eager[threads]
        print(f"{size:4d} members: {speed['rate']:7.0f} iterations/s, {ratio:5.1f}x")
    found["decision"] = decision()
    print(f"deciding: {found['decision']:.0%} of a step")
    if file is not None:
        file.write_text(json.dumps(found, indent=1))


def alone() -> dict[int, float]:
    """Iterations a second of one member in eager torch, by threads."""
    return {n: rate(1, plain(n)) for n in (1, torch.get_num_threads())}


def rate(members: int, run: Callable[[int], None]) -> float:
    """Iterations of members a second, the best of some runs.

    Ensembles draw `BLOCK` iterations at once: a run of so many contains its share of drawing.
    """
    run(2)
    return members * BLOCK / min(_seconds(run, BLOCK) for _ in range(REPEATS))


def _seconds(run: Callable[[int], None], count: int) -> float:
    first = perf_counter()
    run(count)
    return perf_counter() - first


def plain(threads: int) -> Callable[[int], None]:
    """One GAN as it is usually written."""
    torch.manual_seed(0)

    def network(*widths: int) -> nn.Sequential:
        layers: list[nn.Module] = []
        for a, b in pairwise(widths):
            layers += [nn.Linear(a, b), nn.LeakyReLU(SETTINGS.slope)]
        return nn.Sequential(*layers[:-1])

    s = SETTINGS
    G, D = network(s.latent, *s.hidden, 2), network(2, *s.hidden, 1)
    players = [torch.optim.Adam(n.parameters(), lr=s.rate, fused=True) for n in (G, D)]
    real = data.batches(data.named("ring"), s.batch, seed=0)

    def run(count: int) -> None:
        torch.set_num_threads(threads)
        for k in range(count):
            x, z = real.at(k % 64), torch.randn(s.batch, s.latent)
            fake = G(z)
            players[1].zero_grad()
            loss = functional.softplus(-D(x)).mean() + functional.softplus(D(fake.detach())).mean()
            loss.backward()
            players[1].step()
            players[0].zero_grad()
            functional.softplus(-D(fake)).mean().backward()
            players[0].step()

    return run


def together(size: int, order: str, gan: str = "unsat-bce") -> Callable[[int], None]:
    """An ensemble of this many members, on all data sets."""
    members = [Member(gan, DATA[i % 4], order, i // 4) for i in range(size)]
    ensemble = Ensemble(members, SETTINGS, "cpu")

    def run(count: int) -> None:
        ensemble.run(ensemble.iteration + count)

    return run


def decision(size: int = 128) -> float:
    """What Dynamic-GDA's decisions add to the step of a member, one player moving.

    Against an order that moves the players in turn, in which as many of either move.
    """
    dynamic, fixed = (rate(size, together(size, order)) for order in ("dynamic", "alt1"))
    return fixed / dynamic - 1


def peak() -> float:
    """The largest memory of the process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

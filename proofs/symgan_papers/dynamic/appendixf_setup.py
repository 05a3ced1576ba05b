r"""Appendix F, beside sections 5 and 6: the stated settings, and where they part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan.data import exact, table
from symgan_papers.dynamic import recount
from symgan_papers.dynamic.tables import rational


def setting(name: str, datasets: str, place: str) -> Rational:
    """One number of the setup, as a place of the paper states it for some datasets."""
    (text,) = (
        row["value"]
        for row in table("dynamic_settings").rows
        if (row["name"], row["datasets"], row["place"]) == (name, datasets, place)
    )
    return rational(exact(text))


def consistent(name: str, value: str) -> Examination:
    """Every place that states a setting states the same value."""
    rows = [row for row in table("dynamic_settings").rows if row["name"] == name]
    keys = [(row["datasets"], row["place"]) for row in rows]
    symbols = {key: Symbol(f"{key[0]}, {key[1]}", real=True) for key in keys}
    return Examination(
        sp.And(*(eq(s, Rational(value)) for s in symbols.values()), evaluate=False),
        {s: setting(name, *key) for key, s in symbols.items()},
        _reread({s: (name, *key) for key, s in symbols.items()}),
    )


def _reread(where: Mapping[Expr, tuple[str, str, str]]) -> Any:
    def measure(key: tuple[str, str, str]) -> Callable[..., Any]:
        return lambda place: recount.setting(*key)

    return by_numbers({s: measure(key) for s, key in where.items()}, kind=recount.KIND)


def _thresholds(datasets: str) -> tuple[dict[Symbol, Rational], Any]:
    """c_1 and c_2 that appendix F states, by both routes."""
    names = {name: Symbol(name, real=True) for name in ("c1", "c2")}
    values = {s: setting(name, datasets, "appendix F") for name, s in names.items()}
    return values, _reread({s: (name, datasets, "appendix F") for name, s in names.items()})


def _stated(datasets: str, c1: str, c2: str, right: tuple[str, str] | None = None) -> Examination:
    values, second = _thresholds(datasets)

    def both(first: str, other: str) -> Expr:
        one, two = values
        return sp.And(eq(one, Rational(first)), eq(two, Rational(other)), evaluate=False)

    amendment = both(*right) if right else None
    return Examination(both(c1, c2), values, second, amendment=amendment)


@claim(
    "dynamic.appendix-f.thresholds.images",
    source="section 5 and appendix F",
    says="on the image datasets Dynamic-GDA runs with c_1 = 1.2 and c_2 = 0.8, as section 5 says",
    expect=Verdict.PROVED,
)
def thresholds_images() -> Examination:
    return _stated("image", "1.2", "0.8")


@claim(
    "dynamic.appendix-f.thresholds.two-dimensional",
    source="section 5 and appendix F",
    says="on the 2D datasets Dynamic-GDA runs with c_1 = 1.2 and c_2 = 0.8, as section 5 says",
    expect=Verdict.REFUTED,
    repair="appendix F states c_1 = 1.1 and c_2 = 0.75 for the 2D datasets: section 5 should say "
    "which thresholds worked best where",
)
def thresholds_2d() -> Examination:
    return _stated("2D", "1.2", "0.8", ("1.1", "0.75"))


@claim(
    "dynamic.appendix-f.thresholds.around-one",
    source="section 4.3, with appendix F",
    says="the discriminator threshold is larger than 1 and the generator threshold smaller, in "
    "both settings of appendix F",
    expect=Verdict.PROVED,
)
def thresholds_around_one() -> Examination:
    names = [(c, d) for d in ("image", "2D") for c in ("c1", "c2")]
    symbols = {key: Symbol(f"{key[0]}_{key[1]}", real=True) for key in names}
    parts = [s > 1 if c == "c1" else s < 1 for (c, _), s in symbols.items()]
    return Examination(
        sp.And(*parts, evaluate=False),
        {s: setting(c, d, "appendix F") for (c, d), s in symbols.items()},
        _reread({s: (c, d, "appendix F") for (c, d), s in symbols.items()}),
    )


@claim(
    "dynamic.appendix-f.thresholds.best",
    source="section 5",
    says="c_1 = 1.2 and c_2 = 0.8 work best in practice",
    expect=Verdict.INFORMAL,
    reason="no comparison of thresholds is shown; appendix F uses others on the 2D datasets",
)
def thresholds_best() -> None: ...


@claim(
    "dynamic.appendix-f.setup",
    source="appendix F",
    says="RTX 4090 and PyTorch; Adam for bounded and RMSProp for unbounded discriminators; "
    "batches of 128; latent spaces of 100 and 10 dimensions; regularization is turned off for "
    "the decision",
    expect=Verdict.INFORMAL,
    reason="settings of experiments whose code is not published with the paper",
)
def setup() -> None: ...

"""Auditing the corpus and the random variants, all of them or today's share."""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sympy import Rational

from symgan.audit import Audit
from symgan.audit.load import load
from symgan.audit.torch_optimizers import audit_optimizer, audit_step
from symgan.games.quadratic import bilinear, quadratic
from tests.audit.corpus.optimizer_table import Case
from tests.audit.variants import Variant

CORPUS = Path(__file__).parent / "corpus"
FULL = bool(os.environ.get("SYMGAN_FULL"))
DAY = int(os.environ.get("SYMGAN_SEED", datetime.now(UTC).toordinal()))

T = TypeVar("T")


def today(items: Sequence[T], share: int) -> list[T]:
    """One in so many of the items, others every day; all of them with SYMGAN_FULL=1."""
    return list(items) if FULL else [x for i, x in enumerate(items) if i % share == DAY % share]


def audited(case: Case, folder: str) -> Audit:
    """The audit of a piece of the corpus."""
    code = load(f"{CORPUS / folder / case.file}:{case.name}")
    return _audit(case.of)(code, bilinear(), case.rule, eta=Rational(1, 10), options=case.options)


def audited_variant(variant: Variant, seed: int) -> Audit:
    """The audit of a random implementation, on one of two games."""
    module = types.ModuleType(f"variant_{seed}_{variant.faulty}")
    exec(compile(variant.source, module.__name__, "exec"), module.__dict__)
    code = getattr(module, variant.name)
    games = (bilinear(), quadratic(Rational(1, 2), 1, Rational(1, 3)))
    eta = Rational(variant.eta.numerator, variant.eta.denominator)
    return _audit(variant.of)(code, games[seed % 2], variant.rule, eta=eta, options=variant.options)


def _audit(of: str) -> Callable[..., Audit]:
    return audit_optimizer if of == "optimizer" else audit_step


def said(audit: Audit) -> str:
    """All that an audit says in words."""
    name = audit.recognized.name if audit.recognized else ""
    return "; ".join([name, *audit.findings])


def brief(audit: Audit) -> dict[str, Any]:
    """What a failing test shows."""
    return {"verdict": audit.verdict, "at": audit.counterexample, "says": said(audit)}

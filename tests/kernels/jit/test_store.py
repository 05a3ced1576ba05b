"""Machine code on disk: found again, made anew where damaged, left alone where others may write."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symgan.cache import Cache
from symgan.kernels.jit import backend
from symgan.kernels.jit.backend import JitEngine
from symgan.kernels.jit.store import Store, fingerprint
from symgan.kernels.jit.target import host
from tests.kernels.jit.engines import body

x, y = sp.symbols("x y", real=True)
BODY = body((sp.exp(x) + y,), (x, y))
ONE = [np.zeros(3), np.ones(3)]


def engine(folder: Path) -> JitEngine:
    """The body with its code kept in a folder."""
    return JitEngine(BODY, np.dtype(float), host(), Store(Cache(folder)))


def test_code_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = engine(tmp_path / "kept").values(ONE, 3, 1).tolist()

    def refuse(*given: Any, **named: Any) -> Any:
        raise AssertionError(f"made anew: {given}, {named}")

    monkeypatch.setattr(backend, "generate", refuse)
    assert engine(tmp_path / "kept").values(ONE, 3, 1).tolist() == wanted == [[2.0] * 3]
    with pytest.raises(AssertionError, match="made anew"):
        engine(tmp_path / "other").values(ONE, 3, 1)


def test_damaged_code_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    engine(folder).values(ONE, 3, 1)
    files = sorted(folder.iterdir())
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[:-5] + b"wrong")
    damaged = [file.read_bytes() for file in files]
    assert engine(folder).values(ONE, 3, 1).tolist() == [[2.0] * 3]
    assert all(f.read_bytes() != b for f, b in zip(files, damaged, strict=True))


def test_a_folder_open_to_others_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    folder.chmod(0o777)
    with caplog.at_level(logging.WARNING, logger="symgan"):
        assert engine(folder).values(ONE, 3, 1).tolist() == [[2.0] * 3]
    assert "compiled kernels are not kept" in caplog.text
    assert not list(folder.iterdir())


def test_a_fingerprint_tells_structure_apart_and_nothing_else() -> None:
    first = fingerprint(BODY)
    assert fingerprint(body((sp.exp(y) + x,), (y, x))) == first
    others = [
        body((sp.exp(y) + x,), (x, y)),
        body((sp.exp(x) - y,), (x, y)),
        body((sp.exp(x) + y,), (x,), (y,)),
        body((sp.exp(x) + y, y), (x, y)),
    ]
    assert len({first, *map(fingerprint, others)}) == 5

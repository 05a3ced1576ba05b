"""The JSON file that tables and plots are made from: written whole after each case.

{"schema": "symgan-benchmarks/1", "mode": "full" | "quick", "machine": {...},
 "cases": {name: {"title", "seconds", "rows": [Row, ...], ...}}}
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

SCHEMA = "symgan-benchmarks/1"
_KEYS = {"schema": str, "mode": str, "machine": dict, "cases": dict}


class BadResults(Exception):
    """A file that does not hold results of this schema."""


def new(mode: str, machine: dict[str, Any]) -> dict[str, Any]:
    """Results without a case."""
    return {"schema": SCHEMA, "mode": mode, "machine": machine, "cases": {}}


def load(path: Path) -> dict[str, Any]:
    """Read results.

    Raises:
        BadResults: there are none, or they are of another schema.
    """
    try:
        found = json.loads(path.read_text())
    except OSError as error:
        raise BadResults(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise BadResults(f"{path} is not JSON; measure anew") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise BadResults(f"{path} is not of the schema {SCHEMA}; measure anew")
    for key, kind in _KEYS.items():
        if not isinstance(found.get(key), kind):
            raise BadResults(f"{path} has no usable {key!r}; measure anew")
    return found


def save(path: Path, results: dict[str, Any]) -> None:
    """Write results, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(finite(results), indent=1, allow_nan=False) + "\n"
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def finite(value: Any) -> Any:
    """Plain data without infinities and NaN, which JSON does not have; they become text."""
    if isinstance(value, dict):
        return {key: finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value

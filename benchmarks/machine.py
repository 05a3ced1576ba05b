"""What a run was measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

LIBRARIES = (
    "symgan", "sympy", "numpy", "scipy", "mpmath", "llvmlite", "numba", "jax", "symengine",
    "heyoka", "torch",
)  # fmt: skip
_VECTOR = re.compile(r"^(sse4_2|avx|avx2|fma|avx512.*|avx_vnni|neon|asimd|sve2?)$")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load() -> float | None:
    """The load average of the last minute, which others share."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def describe(compiler: str) -> dict[str, Any]:
    """The processor, its vector instructions, the load, compilers and versions.

    Args:
        compiler: the line that says how the yardstick was compiled.
    """
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    flags = _field(info, "flags") or _field(info, "Features")
    return {
        "cpu": _field(info, "model name") or platform.processor() or platform.machine(),
        "family": f"{_field(info, 'cpu family')}/{_field(info, 'model')}",
        "cores": cores(),
        "vector instructions": [flag for flag in flags.split() if _VECTOR.match(flag)],
        "load at start": load(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "C": compiler,
        "versions": {name: _version(name) for name in LIBRARIES},
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _field(info: str, name: str) -> str:
    found = re.search(rf"^{name}\s*:\s*(.*)$", info, re.MULTILINE)
    return found.group(1).strip() if found else ""


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def commit() -> str:
    """The commit that was measured, with "+" where files differ from it."""
    root = Path(__file__).resolve().parent.parent
    try:
        command = ["git", "describe", "--always", "--dirty=+"]
        run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return run.stdout.strip() or "unknown"

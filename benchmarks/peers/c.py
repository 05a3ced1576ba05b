"""The hand-written C of benchmarks/c, compiled for this machine."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SOURCES = Path(__file__).resolve().parent.parent / "c"
FLAGS = ("-O3", "-march=native", "-std=gnu11", "-ffp-contract=off", "-shared", "-fPIC", "-pthread")
FAST = (*FLAGS, "-ffast-math", "-mprefer-vector-width=512")
"""For loops that the compiler vectorizes with its own vector mathematics (libmvec)."""

Columns = NDArray[np.float64]


class NoCompiler(Exception):
    """The yardstick cannot be compiled."""


def compiler() -> str:
    """The C compiler.

    Raises:
        NoCompiler: there is none.
    """
    name = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if not name:
        raise NoCompiler("no C compiler on the PATH; install gcc, or name one in CC")
    return name


def described() -> str:
    """The compiler, its flags and what -march=native stands for, in one line."""
    try:
        name = compiler()
    except NoCompiler as error:
        return str(error)
    version = _said([name, "--version"]).splitlines()[:1]
    options = _said([name, "-march=native", "-Q", "--help=target"]).splitlines()
    native = [line.split()[1] for line in options if line.split()[:1] == ["-march="]]
    flags = " ".join(FLAGS[:4])
    return f"{''.join(version)}; {flags}; native = {''.join(native) or 'unknown'}"


def _said(command: list[str]) -> str:
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return run.stdout


@cache
def library(source: str, *definitions: str, flags: tuple[str, ...] = FLAGS) -> ctypes.CDLL:
    """Compile a source of benchmarks/c and load it.

    Raises:
        NoCompiler: there is no compiler, or it refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "yardstick.so"
        defined = [f"-D{d}" for d in definitions]
        command = [compiler(), *flags, *defined, str(SOURCES / source), "-o", str(made), "-lm"]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if run.returncode:
            raise NoCompiler(f"{source} does not compile here: {_complaint(run.stderr)}")
        return ctypes.CDLL(str(made))


def _complaint(text: str) -> str:
    """The first error among what the compiler says, without where it stands."""
    lines = text.strip().splitlines() or ["it does not say why"]
    found = (line.partition("error:")[2] for line in lines if "error:" in line)
    return next(found, lines[0]).strip()[:300]


def instructions() -> str:
    """The widest vectors that the yardstick was compiled for."""
    lines = _said([compiler(), "-march=native", "-dM", "-E", "-x", "c", os.devnull])
    for macro, name in (("__AVX512F__", "AVX-512"), ("__AVX2__", "AVX2"), ("__AVX__", "AVX")):
        if macro in lines:
            return name
    return "NEON" if "__ARM_NEON" in lines else "SSE2"


def dirac(kind: str, columns: Columns, steps: int, eta: float, threads: int, *how: str) -> None:
    """Steps of the Dirac oracle, in place.

    Args:
        kind: wasserstein or bce.
        columns: theta and psi, contiguous, array (2, n).
        how: EXP_TABLE for the exponential with a table.
    """
    function: Any = library("dirac.c", *how)[f"dirac_{kind}"]
    step = ctypes.c_double(eta)
    count, steps_ = ctypes.c_long(columns.shape[1]), ctypes.c_long(steps)
    function(_pointer(columns[0]), _pointer(columns[1]), count, steps_, step, threads)


def mixture(columns: Columns, steps: int, eta: float, threads: int, *how: str) -> None:
    """First-order steps of the mixture GAN, in place: mu1, mu2, l1, l2, r1, r2, array (6, n)."""
    function = library("mixture.c", *how).mixture_first_order
    count, step = ctypes.c_long(columns.shape[1]), ctypes.c_double(eta)
    function(_pointer(columns), count, ctypes.c_long(steps), step, threads)


def _pointer(array: Columns) -> ctypes.c_void_p:
    if not (array.flags.c_contiguous and array.dtype == np.float64):
        raise ValueError("the yardstick takes contiguous columns of float64")
    return array.ctypes.data_as(ctypes.c_void_p)

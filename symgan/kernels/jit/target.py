"""The machine that code is made for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import ModuleType

from symgan.errors import MissingExtra


@dataclass(frozen=True)
class Target:
    """A processor.

    Attributes:
        triple: LLVM's name of the platform.
        cpu: LLVM's name of the processor.
        features: what it can do, as LLVM writes it.
        bits: of a vector register.
        registers: how many vector registers there are.
        fused: whether a multiplication and an addition can be one instruction.
    """

    triple: str
    cpu: str
    features: str
    bits: int
    registers: int
    fused: bool


def llvm() -> ModuleType:
    """The binding of llvmlite.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import llvmlite.binding as binding
    except ImportError as error:
        raise MissingExtra("llvmlite", "jit", "the JIT backend") from error
    return binding


@cache
def host() -> Target:
    """This machine.

    Raises:
        MissingExtra: llvmlite is not installed.
    """
    binding = llvm()
    features = binding.get_host_cpu_features()
    triple = binding.get_process_triple()
    arm = triple.startswith(("aarch64", "arm64"))
    has = {name for name, there in features.items() if there}
    if {"avx512f", "avx512dq", "avx512vl", "avx512bw"} <= has:
        bits, registers = 512, 32
    elif "avx2" in has:
        bits, registers = 256, 16
    else:
        bits, registers = 128, 32 if arm else 16
    return Target(
        triple,
        binding.get_host_cpu_name(),
        features.flatten(),
        bits,
        registers,
        arm or "fma" in has,
    )

"""LLVM text to machine code in memory: compiled once, kept on disk, loaded in milliseconds."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Any

from symgan.kernels.jit.loops import ENTRY
from symgan.kernels.jit.target import Target, llvm

Entry = Any
"""A C function (table, begin, end); the interpreter is let go while it runs."""


@dataclass(frozen=True)
class Loaded:
    """Machine code that is ready to be called.

    Attributes:
        call: the function.
        holder: keeps the code in memory.
    """

    call: Entry
    holder: Any


@cache
def initialize() -> None:
    """Ready LLVM for this machine, once a process."""
    binding = llvm()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()


def machine(target: Target) -> Any:
    """LLVM's code generator for a processor."""
    initialize()
    binding = llvm()
    found = binding.Target.from_triple(target.triple)
    return found.create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc="pic", codemodel="jitdefault"
    )


def assembled(text: str, target: Target) -> bytes:
    """The object file of a function."""
    generator, module = _parsed(text, target)
    return generator.emit_object(module)


def assembly(text: str, target: Target) -> str:
    """The function in the processor's own language."""
    generator, module = _parsed(text, target)
    return generator.emit_assembly(module)


def _parsed(text: str, target: Target) -> tuple[Any, Any]:
    generator = machine(target)
    module = llvm().parse_assembly(text)
    module.verify()
    module.triple = target.triple
    module.data_layout = str(generator.target_data)
    return generator, module


def loaded(data: bytes, target: Target) -> Loaded:
    """The function of an object file."""
    initialize()
    binding = llvm()
    library = binding.create_lljit_compiler(machine(target))
    builder = binding.JITLibraryBuilder().add_object_img(data).export_symbol(ENTRY)
    tracker = builder.link(library, "symgan")
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
    return Loaded(kind(tracker[ENTRY]), (library, tracker))

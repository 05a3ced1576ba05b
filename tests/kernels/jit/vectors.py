"""Vector code written through `Lanes`, run on arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.jit.lanes import FLOAT, INTEGER, Lanes, Value

Write = Callable[..., Sequence[Value]]


class Vectors:
    """A function of columns.

    Args:
        write: (lanes, values) -> the outputs.
        inputs: what the columns are, "float" or "integer".
        count: how many outputs there are.
        width: lanes; results must not depend on it.
    """

    def __init__(
        self, write: Write, inputs: Sequence[str], count: int, dtype: Any, width: int = 16
    ) -> None:
        import llvmlite.binding as llvm

        self.dtype, self.width, self.count = np.dtype(dtype), width, count
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        features = llvm.get_host_cpu_features().flatten()
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=features, opt=2
        )
        module = llvm.parse_assembly(self._text(write, inputs))
        module.verify()
        options = llvm.create_pipeline_tuning_options(speed_level=1)
        builder = llvm.create_pass_builder(machine, options)
        builder.getModulePassManager().run(module, builder)
        self._engine = llvm.create_mcjit_compiler(module, machine)
        self._engine.finalize_object()
        pointers = [ctypes.c_void_p] * (len(inputs) + count)
        made = ctypes.CFUNCTYPE(None, *pointers, ctypes.c_int64)
        self._function = made(self._engine.get_function_address("run"))

    def __call__(self, *columns: NDArray[Any]) -> list[NDArray[Any]]:
        """The outputs; columns have one shape (n,)."""
        size = columns[0].size
        padding = -size % self.width
        ready = [np.ascontiguousarray(np.pad(c, (0, padding), mode="edge")) for c in columns]
        found = [np.empty(size + padding, self.dtype) for _ in range(self.count)]
        self._function(*(a.ctypes.data for a in (*ready, *found)), size + padding)
        return [values[:size] for values in found]

    def _text(self, write: Write, inputs: Sequence[str]) -> str:
        lanes = Lanes(self.dtype, self.width)
        loads: list[str] = []
        names = {FLOAT: lanes.element, INTEGER: f"i{lanes.bits_of_float}"}
        for i, kind in enumerate(inputs):
            loads.append(f"  %at{i} = getelementptr {names[kind]}, ptr %in{i}, i64 %i")
            loads.append(f"  %x{i} = load {lanes.types[kind]}, ptr %at{i}, align 4")
        outputs = write(lanes, *(lanes.argument(f"x{i}", k) for i, k in enumerate(inputs)))
        stores: list[str] = []
        for i, value in enumerate(outputs):
            kind = lanes.types[value.kind]
            stores.append(f"  %to{i} = getelementptr {names[value.kind]}, ptr %out{i}, i64 %i")
            stores.append(f"  store {kind} {value.text}, ptr %to{i}, align 4")
        pointers = [f"ptr %in{i}" for i in range(len(inputs))]
        pointers += [f"ptr %out{i}" for i in range(len(outputs))]
        return "\n".join(
            [
                *lanes.declared.values(),
                f"define void @run({', '.join(pointers)}, i64 %n) {{",
                "entry:\n  br label %loop",
                "loop:\n  %i = phi i64 [0, %entry], [%next, %loop]",
                *loads,
                *lanes.lines,
                *stores,
                f"  %next = add i64 %i, {self.width}",
                "  %more = icmp slt i64 %next, %n",
                "  br i1 %more, label %loop, label %done",
                "done:\n  ret void\n}",
            ]
        )

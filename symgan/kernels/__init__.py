"""Numeric kernels from exact expressions, and the high-precision reference they are held to."""

from symgan.kernels.closed_form import ClosedFormKernel
from symgan.kernels.compiler import compile
from symgan.kernels.errors import KernelError
from symgan.kernels.flows import FlowKernel
from symgan.kernels.kernel import ExpressionKernel, Kernel
from symgan.kernels.maps import MapKernel
from symgan.kernels.measure import Worst, error_against_reference
from symgan.kernels.reference import Reference, Solution, reference

__all__ = [
    "ClosedFormKernel",
    "ExpressionKernel",
    "FlowKernel",
    "Kernel",
    "KernelError",
    "MapKernel",
    "Reference",
    "Solution",
    "Worst",
    "compile",
    "error_against_reference",
    "reference",
]

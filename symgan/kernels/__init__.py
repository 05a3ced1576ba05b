"""Numeric kernels from exact expressions, and the high-precision reference they are held to."""

from symgan.kernels.budget import backward_error
from symgan.kernels.closed_form import ClosedFormKernel
from symgan.kernels.compiler import compile
from symgan.kernels.enclosure import Enclosure, enclose
from symgan.kernels.errors import KernelError
from symgan.kernels.flows import FlowKernel
from symgan.kernels.growth import growth
from symgan.kernels.integrate import solve
from symgan.kernels.integrate_error import trajectory_error
from symgan.kernels.jumps import JumpKernel, compile_jumps
from symgan.kernels.kernel import ExpressionKernel, Kernel
from symgan.kernels.maps import MapKernel
from symgan.kernels.measure import Worst, error_against_reference
from symgan.kernels.noise import Seeded
from symgan.kernels.reductions import (
    EntryTime,
    ExitTime,
    MaxNorm,
    MinNorm,
    Overflow,
    Reduced,
    SignChanges,
)
from symgan.kernels.reference import Reference, Solution, reference
from symgan.kernels.settled import settled_orbit
from symgan.kernels.trajectories import Event, Hits, Trajectories

__all__ = [
    "ClosedFormKernel",
    "Enclosure",
    "EntryTime",
    "Event",
    "ExitTime",
    "ExpressionKernel",
    "FlowKernel",
    "Hits",
    "JumpKernel",
    "Kernel",
    "KernelError",
    "MapKernel",
    "MaxNorm",
    "MinNorm",
    "Overflow",
    "Reduced",
    "Reference",
    "Seeded",
    "SignChanges",
    "Solution",
    "Trajectories",
    "Worst",
    "backward_error",
    "compile",
    "compile_jumps",
    "enclose",
    "error_against_reference",
    "growth",
    "reference",
    "settled_orbit",
    "solve",
    "trajectory_error",
]

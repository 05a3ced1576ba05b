"""PyTorch, where it is installed, and the device that a name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symgan.errors import BadData, MissingExtra

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cpu", "cuda")


def require_torch() -> Any:
    """The module ``torch``.

    Raises:
        MissingExtra: PyTorch is not installed.

    >>> require_torch().__name__
    'torch'
    """
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("PyTorch", "torch", "training networks") from error
    return torch


def device(name: str = "auto") -> torch.device:
    """The device of a name: ``auto`` is CUDA where there is one, the processor otherwise.

    Args:
        name: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.

    Raises:
        BadData: an unknown name, or CUDA on a machine without it.
        MissingExtra: PyTorch is not installed.

    >>> device("cpu")
    device(type='cpu')
    """
    torch = require_torch()
    kind, _, number = name.partition(":")
    if kind not in DEVICES or (number and not (kind == "cuda" and number.isdigit())):
        raise BadData(f"device = {name!r}; choose one of: {', '.join(DEVICES)}, cuda:N")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if kind == "cuda" and int(number or 0) >= count:
        raise BadData(f"device = {name!r}, but PyTorch sees {count} CUDA devices; use cpu or auto")
    return torch.device(name if kind != "auto" else "cuda" if count else "cpu")

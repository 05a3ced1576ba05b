"""docs/KERNELS.md states the bounds that the code states."""

from __future__ import annotations

import re

from symgan.kernels.jit.functions import FUNCTIONS
from tests.engineering.sources import ROOT

PAGE = (ROOT / "docs" / "KERNELS.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\S+) \| ([\d.]+) \| ([\d.]+) \|$", re.M)


def test_the_bounds_are_those_of_the_functions() -> None:
    shown = {name: (float(double), float(single)) for name, double, single in ROW.findall(PAGE)}
    stated = {function.__name__: (e.ulp, e.ulp32) for function, e in FUNCTIONS.items()}
    stated["x**y"] = stated.pop("Pow")
    assert shown == stated

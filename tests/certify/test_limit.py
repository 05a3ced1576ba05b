"""The limit on processor time."""

from __future__ import annotations

import importlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symgan.certify.limit import limited
from symgan.errors import Undecided


def spin() -> None:
    """Compute for ever, taking one interruption for an answer."""
    try:
        while True:
            pass
    except Undecided:
        while True:
            pass


def test_what_looks_at_no_budget_is_ended() -> None:
    with pytest.raises(Undecided, match="the loop needs more"), limited(0.2, "the loop"):
        spin()


def test_what_is_quick_is_left_alone() -> None:
    with limited(30, "nothing"):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with limited(30, "nothing"):
        assert signal.getsignal(signal.SIGPROF) is not before
    assert signal.getsignal(signal.SIGPROF) is before


def test_other_threads_are_not_interrupted() -> None:
    found: list[int] = []

    def work() -> None:
        with limited(0.01, "a sum"):
            found.append(sum(range(10**6)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [499999500000]


def spin_for(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def then_spin(first: Callable[[], object]) -> None:
    """Something that the limit interrupts, and more time than it has."""
    first()
    spin_for(9)


def test_a_destructor_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it raised would be printed, and lost."""
    lost: list[object] = []
    finished: list[int] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)

    class Slow:
        def __del__(self) -> None:
            spin_for(0.15)
            finished.append(1)

    with pytest.raises(Undecided, match="destructors"), limited(0.05, "destructors"):
        then_spin(Slow)
    assert finished == [1]
    assert not lost


@pytest.mark.parametrize(
    ("module", "waits"), [("z3.z3core", True), ("ctypes", True), ("z3_like", False)]
)
def test_foreign_code_is_left_first(module: str, waits: bool) -> None:
    """An exception there would come out as another one, or not at all."""
    space: dict[str, Any] = {"__name__": module, "spin_for": spin_for, "left": []}
    exec("def call():\n    spin_for(0.15)\n    left.append(1)", space)
    with pytest.raises(Undecided), limited(0.05, "a call"):
        then_spin(space["call"])
    assert bool(space["left"]) is waits


def test_a_module_is_imported_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_module.py").write_text(
        "import time\nend = time.process_time() + 0.15\n"
        "while time.process_time() < end: pass\ndone = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_module", raising=False)
    with pytest.raises(Undecided), limited(0.05, "an import"):
        then_spin(lambda: importlib.import_module("slow_module"))
    assert sys.modules["slow_module"].done
    monkeypatch.delitem(sys.modules, "slow_module")


def test_an_inner_limit_keeps_the_outer_one() -> None:
    def inner() -> None:
        with limited(30, "the inner sum"):
            sum(range(1000))

    with pytest.raises(Undecided, match="outer"), limited(0.1, "the outer loop"):
        then_spin(inner)

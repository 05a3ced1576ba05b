r"""Decisions by solvers: z3, and where it is asked for, cvc5 in a process of its own.

A bare ``unsat`` trusts the program that answers it; two programs that share no code are better
evidence, and no proof either. cvc5 runs where it can be ended: the command ``cvc5`` on the PATH,
or its Python package in a fresh interpreter.

Source: de Moura and Bjorner 2008 (z3); Barbosa et al. 2022 (cvc5).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from symgan.certify.smt import BUDGET_MS, decide_smt
from symgan.certify.witness import Decision
from symgan.errors import MissingExtra, Undecided

START_SECONDS = 20.0
"""For a process to load its libraries, on top of the budget."""
_PROGRAM = """\
import sys, cvc5
solver = cvc5.Solver(cvc5.TermManager())
solver.setOption("tlimit", sys.argv[1])
parser = cvc5.InputParser(solver)
parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.stdin.read(), "statement")
symbols = parser.getSymbolManager()
while not (command := parser.nextCommand()).isNull():
    print(command.invoke(solver, symbols), end="")
"""


def decide_by_solvers(
    statement: Boolean,
    given: Boolean = sp.true,
    *,
    budget_ms: int = BUDGET_MS,
    cvc5: bool = False,
) -> Decision:
    r"""A decision of kind ``decided:z3``, or ``decided:z3+cvc5`` where both solvers agree.

    Args:
        statement: as for `symgan.certify.smt.decide_smt`.
        given: what may be assumed.
        budget_ms: time limit of each solver in milliseconds.
        cvc5: ask the second solver too; if it gives no answer, the first stands alone.

    Raises:
        MissingExtra: z3, or cvc5 where it is asked for, is not installed.
        Undecided: the two solvers contradict each other, or the statement cannot be written down.

    >>> x = sp.Symbol("x", real=True)
    >>> decide_by_solvers(x**2 + 1 > x).kind
    'decided:z3'
    """
    if cvc5:
        _command(budget_ms)  # refuse before any work is done
    found = decide_smt(statement, given, budget_ms)
    if found.holds is None:
        return Decision(None, "undecided", "z3 found no answer that settles the statement")
    answer = "unsat" if found.holds else "sat"
    data: dict[str, Any] = {"kind": "smtlib", "text": found.smtlib, "answer": answer}
    said = "no model of the opposite" if found.holds else "a model of the opposite"
    if cvc5:
        other = ask_cvc5(found.smtlib, budget_ms)
        if {answer, other} == {"sat", "unsat"}:
            raise Undecided(f"z3 answers {answer} and cvc5 {other} to {statement}")
        if other == answer:
            text = f"z3 and cvc5 find {said}"
            return Decision(found.holds, "decided:z3+cvc5", text, certificate=data)
        said = f"{said}; cvc5 gives no answer within its budget"
    return Decision(found.holds, "decided:z3", f"z3 finds {said}", certificate=data)


def ask_cvc5(smtlib: str, budget_ms: int = BUDGET_MS) -> str:
    """What cvc5 answers to SMT-LIB 2 text: ``sat``, ``unsat`` or ``unknown``.

    The process is ended at the budget.

    Raises:
        MissingExtra: cvc5 is not installed.
    """
    text = smtlib if "(set-logic" in smtlib else f"(set-logic QF_NRA)\n{smtlib}"
    try:
        done = subprocess.run(
            _command(budget_ms),
            input=text,
            capture_output=True,
            text=True,
            timeout=budget_ms / 1000 + START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "unknown"
    answers = [line for line in done.stdout.splitlines() if line in ("sat", "unsat", "unknown")]
    return answers[-1] if answers else "unknown"


def _command(budget_ms: int) -> list[str]:
    """How to run cvc5.

    Raises:
        MissingExtra: there is neither the command nor the package.
    """
    if program := shutil.which("cvc5"):
        return [program, "--lang=smt2", f"--tlimit={budget_ms}"]
    if find_spec("cvc5") is not None:
        return [sys.executable, "-P", "-c", _PROGRAM, str(budget_ms)]
    raise MissingExtra("cvc5", "cvc5", "a decision by a second solver")

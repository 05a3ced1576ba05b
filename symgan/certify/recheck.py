r"""A second program that checks again what certificates say, and shares nothing with the first.

It reads formulas with Python's grammar (`symgan.certify.formula`) and computes with FLINT's
polynomials and balls and with z3; neither SymPy nor the certifier's own generators, signs
and identities take part. What a certificate does not hold enough data for is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from symgan.certify.ball import load_flint
from symgan.certify.formula import evaluate, rational, read, single_relation
from symgan.certify.recheck_box import check_box, check_root
from symgan.certify.recheck_conditions import check_conditions
from symgan.certify.recheck_cone import check_cone
from symgan.certify.recheck_identity import check_identity
from symgan.certify.recheck_sign import check_sign
from symgan.certify.recheck_steps import check_steps
from symgan.certify.smt import BUDGET_MS, load_z3
from symgan.errors import BadData, SymganError, Undecided

BITS = 512


def recheck(certificate: Mapping[str, Any]) -> bool:
    """Whether a certificate proves what it says.

    Args:
        certificate: the plain data of a piece of evidence: of kind ``identity``, ``sign``,
            ``witness`` or ``smtlib``, or the ``parts`` of a conjunction.

    Raises:
        BadData: the certificate cannot be read, or lacks an entry.
        Undecided: it holds no data that could be checked, or the check ran out of budget.

    >>> identity = {"kind": "identity", "form": "g0**2 - x", "generators": {"g0": "sqrt(x)"},
    ...             "relations": {"g0": {"power": 2, "equals": "x"}}}
    >>> recheck(identity), recheck(identity | {"form": "g0**2 + x"})
    (True, False)
    """
    try:
        return _check(certificate)
    except SymganError:
        raise
    except KeyError as missing:
        kind = certificate.get("kind")
        raise BadData(f"the {kind} certificate lacks its entry {missing}") from None
    except _MALFORMED as error:
        raise BadData(f"the certificate is malformed: {error or type(error).__name__}") from None


_MALFORMED = (TypeError, AttributeError, ValueError, IndexError, ArithmeticError, RecursionError)
"""What data of the wrong shape lead to: a text where a list belongs, and the like."""


def _check(certificate: Mapping[str, Any]) -> bool:
    if "parts" in certificate:
        if not certificate["parts"]:
            raise BadData("the certificate holds no parts; it proves nothing")
        found = [_check(part) for part in certificate["parts"]]  # none is left unread
        return all(found)
    kind = certificate.get("kind")
    check = _CHECKS.get(str(kind))
    if check is None:
        raise Undecided(f"a certificate of kind {kind!r} holds nothing that could be checked")
    return check(certificate)


def can_recheck(certificate: Mapping[str, Any]) -> bool:
    """Whether a certificate is of a kind that holds data to check, in all its parts.

    >>> can_recheck({"kind": "sign"}), can_recheck({"kind": "vacuous"}), can_recheck({})
    (True, False, False)
    """
    if "parts" in certificate:
        return bool(certificate["parts"]) and all(map(can_recheck, certificate["parts"]))
    return str(certificate.get("kind")) in _CHECKS


def leaves(data: Any) -> Iterator[Mapping[str, Any]]:
    """The certificates of a kind that can be checked, at any depth of plain data.

    >>> [c["kind"] for c in leaves({"stable": {"parts": [{"kind": "sign"}]}, "kind": "range"})]
    ['sign']
    """
    if isinstance(data, Mapping):
        if str(data.get("kind")) in _CHECKS:
            yield data
            return
        data = list(data.values())
    if isinstance(data, list | tuple):
        for part in data:
            yield from leaves(part)


def check_smtlib(certificate: Mapping[str, Any]) -> bool:
    """Whether a fresh solver gives the recorded answer.

    Raises:
        Undecided: no answer was recorded, or the solver found none.
    """
    z3, wanted = load_z3(), certificate.get("answer")
    if wanted is None:
        raise Undecided("the first solver gave no answer that a second run could confirm")
    context = z3.Context()
    solver = z3.Tactic("qfnra-nlsat", ctx=context).solver()
    solver.set("timeout", BUDGET_MS)
    try:
        solver.add(*z3.parse_smt2_string(certificate["text"], ctx=context))
    except z3.Z3Exception as error:
        raise BadData(f"the SMT-LIB text cannot be read: {error}") from None
    found = str(solver.check())
    if found == "unknown":
        raise Undecided("the second solver run found no answer within its budget")
    return found == wanted


def check_witness(certificate: Mapping[str, Any]) -> bool:
    """Whether the point satisfies what is given, and the relation fails there.

    Raises:
        Undecided: the certificate records no relation, or a ball is too wide.
    """
    if "difference" not in certificate:
        raise Undecided("the witness refutes a statement without a relation that could be checked")
    balls = Balls(certificate["point"])
    zero = ast.Constant(0)
    failing = (read(certificate["difference"]), certificate["relation"], zero)
    return balls.satisfies(read(certificate["given"])) and not balls.holds(*failing)


def check_any_sign(certificate: Mapping[str, Any]) -> bool:
    """Whether a difference has the signs that are claimed; a constant's is that of its ball."""
    if certificate["assumptions"] or certificate["given"] != "True":
        return check_sign(certificate)
    return Balls({}).sign(read(certificate["difference"])) in certificate["signs"]


class Balls:
    """Numbers at a point: exact rationals where they stay so, balls beyond."""

    def __init__(self, point: Mapping[str, str]) -> None:
        self.flint = load_flint()
        self.point = {name: read(value) for name, value in point.items()}

    def satisfies(self, node: ast.expr) -> bool:
        """The truth of a Boolean made of relations.

        Raises:
            Undecided: it is made of something else, or a relation is not decided.
        """
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return node.value
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
            sides = self.satisfies(node.left), self.satisfies(node.right)
            return all(sides) if isinstance(node.op, ast.BitAnd) else any(sides)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
            return not self.satisfies(node.operand)
        relation = single_relation(node)
        if relation is None:
            raise Undecided(f"the premise {ast.unparse(node)} is not made of relations")
        return self.holds(*relation)

    def sign(self, node: ast.expr) -> int:
        """The sign of a real number.

        Raises:
            Undecided: the ball holds zero, or the number is not known to be real.
        """
        with self.flint.ctx.workprec(BITS):
            return _sign(evaluate(node, self), needs_order=True)

    def holds(self, left: ast.expr, relation: str, right: ast.expr) -> bool:
        """The truth of a relation.

        Raises:
            Undecided: a ball is too wide, or a side of an inequality is not real.
        """
        with self.flint.ctx.workprec(BITS):
            difference = evaluate(ast.BinOp(left, ast.Sub(), right), self)
            sign = _sign(difference, needs_order=relation not in ("==", "!="))
        return sign in _TRUE[relation]

    def number(self, value: int) -> Any:
        """An integer."""
        return self.flint.fmpq(value)

    def name(self, name: str) -> Any:
        """The point's value, or a constant."""
        acb = self.flint.acb
        constants: dict[str, Callable[[], Any]] = {
            "I": lambda: acb(0, 1),
            "pi": acb.pi,
            "E": lambda: acb(1).exp(),
        }
        if name in self.point:
            return evaluate(self.point[name], self)
        if name not in constants:
            raise Undecided(f"the witness gives no value to {name}")
        return constants[name]()

    def divide(self, one: Any, other: Any) -> Any:
        """A quotient.

        Raises:
            Undecided: the divisor is zero.
        """
        if isinstance(other, self.flint.fmpq) and other == 0:
            raise Undecided("the relation is not defined at the witness")
        return one / other

    def power(self, base: ast.expr, exponent: ast.expr) -> Any:
        """The principal power."""
        value, power = self._ball(evaluate(base, self)), rational(exponent)
        if power == Fraction(1, 2):
            return value.sqrt()
        return (self._ball(evaluate(exponent, self)) * value.log()).exp()

    def call(self, function: str, arguments: list[ast.expr]) -> Any:
        """A function's value.

        Raises:
            Undecided: a function that this program does not know.
        """
        values = [evaluate(argument, self) for argument in arguments]
        if function == "atan2":
            y, x = (self._real(value) for value in values)
            return self.flint.acb(self.flint.arb.atan2(y, x))
        if function == "Abs":
            (value,) = values
            return abs(value) if isinstance(value, self.flint.fmpq) else self.flint.acb(abs(value))
        if function not in _UNARY or len(values) != 1:
            raise Undecided(f"no ball arithmetic for the function {function}")
        return getattr(self._ball(values[0]), function)()

    def _real(self, value: Any) -> Any:
        ball = self._ball(value)
        if not ball.imag == 0:
            raise Undecided("an argument is not known to be real at the witness")
        return ball.real

    def _ball(self, value: Any) -> Any:
        if isinstance(value, self.flint.fmpq):
            return self.flint.acb(self.flint.arb(value))
        return value


_UNARY = frozenset(
    {"exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "erf"}
)
_TRUE = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0), "==": (0,), "!=": (-1, 1)}


def _sign(value: Any, needs_order: bool) -> int:
    """The sign of a rational or of a ball; for a complex number, nonzero counts as 1."""
    if not hasattr(value, "imag"):
        return (value > 0) - (value < 0)
    if not value.is_finite():
        raise Undecided("the relation is not defined at the witness, or its ball is too wide")
    if needs_order and not value.imag == 0:
        raise Undecided("the difference is not known to be real at the witness")
    if value == 0:
        return 0
    if value.contains(0):
        raise Undecided("the ball of the difference holds zero")
    return -1 if bool(value.real < 0) else 1


_CHECKS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "identity": check_identity,
    "witness": check_witness,
    "smtlib": check_smtlib,
    "sign": check_any_sign,
    "certificate": check_cone,
    "enclosed:arb": check_box,
    "root": check_root,
    "step-bound": check_steps,
    "step-conditions": check_conditions,
}

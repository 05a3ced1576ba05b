r"""Certificates of polynomial inequalities that a second program can expand again.

To prove a statement, each case of its negation is refuted (`symgan.certify.refute`); the
multipliers are returned as plain data. For :math:`p \ge 0` a refutation of :math:`-p > 0` may
be :math:`p = \sum_i c_i \Pi_i`, or :math:`p\, q = \ldots` with a positive factor q.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.cases import Constraint, System, read_system
from symgan.certify.certificate import SIGNED, plain_names, renamed
from symgan.certify.cone import Deadline, Refutation
from symgan.certify.free import free_functions, free_names
from symgan.certify.identity import points_of
from symgan.certify.refute import DEEP, Solved, Tree, refute
from symgan.certify.smt import load_z3
from symgan.certify.witness import are_defined
from symgan.errors import MissingExtra, Undecided

BUDGET_MS = 2000
QUICK_MS, QUICK_PRODUCTS = 2000, 300
"""What a search on the way to a decision may take: most multipliers that exist are found in some
ten milliseconds. The products end it; the time is ten times what the longest known search takes,
so that a collection of garbage in a large process does not turn a decision."""

Premise = Boolean | Iterable[Boolean]


def prove(
    statement: Boolean,
    given: Premise = sp.true,
    *,
    degree: int | None = None,
    budget_ms: int = BUDGET_MS,
    most: int = DEEP,
) -> Mapping[str, Any] | None:
    r"""A certificate that a statement holds for all real values of its symbols, or None.

    None says nothing: a statement without a certificate may still be true. Where a side is not
    defined the statement is not false; where nothing satisfies what is given, all is true.

    Args:
        statement: And, Or, Not, Implies of relations between polynomials, quotients, Abs,
            Max and Min with rational coefficients, over real symbols.
        given: what may be assumed.
        degree: bound on the degree of products; two above the statement's own by default.
        budget_ms: time limit in milliseconds.
        most: bound on the number of products of a linear program.

    Raises:
        Undecided: the statement is not of this form.
        MissingExtra: z3 is not installed.

    >>> theta, psi, eta = sp.symbols("theta psi eta", real=True)
    >>> V = theta**2 - eta*sp.Abs(theta*psi) + psi**2
    >>> off = sp.Or(sp.Ne(theta, 0), sp.Ne(psi, 0))
    >>> prove(V > 0, [eta > 0, eta < 2, off])["kind"]
    'certificate'
    >>> prove(V > 0, [eta > 0, eta <= 2, off], budget_ms=200) is None
    True
    """
    load_z3()
    premise = given if isinstance(given, Boolean) else sp.And(*given, evaluate=False)
    system, deadline = read_system(statement, premise), Deadline(budget_ms)
    trees: list[Tree] = []
    for case in system.cases:
        found = refute(case, deadline, degree, most)
        if found is None:
            return None
        trees.append(found)
    return _Writer(system).data(statement, premise, trees)


def prove_nonnegative(
    p: Expr,
    given: Premise = sp.true,
    *,
    strict: bool = False,
    degree: int | None = None,
    budget_ms: int = BUDGET_MS,
) -> Mapping[str, Any] | None:
    r"""A certificate of :math:`p \ge 0`, or :math:`p > 0`, under what is given; or None.

    Args:
        p: polynomial, or as in `prove`.
        given: what may be assumed.
        strict: prove :math:`p > 0`.
        degree: bound on the degree of products.
        budget_ms: time limit in milliseconds.

    >>> x, y = sp.symbols("x y", real=True)
    >>> prove_nonnegative(x**2 - x*y + y**2)["cases"][0]["tree"]["terms"][0]["coefficient"]
    '1/2'
    """
    relation = sp.StrictGreaterThan if strict else sp.GreaterThan
    statement = relation(p, 0, evaluate=False)
    return prove(statement, given, degree=degree, budget_ms=budget_ms)


def multipliers(statement: Relational, given: Boolean) -> Mapping[str, Any] | None:
    """A certificate where a small search finds one, and some point where both sides are defined.

    Args:
        statement: a relation; free functions in it are named.
        given: what may be assumed.
    """
    names = free_names(statement, given)
    plain, premise = free_functions(statement, names), free_functions(given, names)
    points = points_of(sp.Tuple(*statement.args), given)
    if not any(are_defined(sides.args, point) for point, sides in points):
        return None  # there may be nothing to speak of
    try:
        return prove(plain, premise, budget_ms=QUICK_MS, most=QUICK_PRODUCTS)
    except (Undecided, MissingExtra):  # not algebraic, or no solver to search with
        return None


class _Writer:
    """Certificates as text, over identifiers."""

    def __init__(self, system: System) -> None:
        self.system = system
        generators = system.generators
        self.plain: dict[Symbol, Symbol] = plain_names(
            set(system.symbols) | set(generators), generators
        )

    def data(self, statement: Boolean, given: Boolean, trees: Iterable[Tree]) -> dict[str, Any]:
        system, plain = self.system, self.plain
        return {
            "kind": "certificate",
            "statement": self.text(statement),
            "given": self.text(given),
            "assumptions": {
                str(plain[s]): [fact for fact in SIGNED if getattr(s, f"is_{fact}")]
                for s in system.symbols
            },
            "generators": {str(plain[g]): self.text(e) for g, e in system.generators.items()},
            "cases": [
                {"constraints": [self.constraint(c) for c in case], "tree": self.tree(tree)}
                for case, tree in zip(system.cases, trees, strict=True)
            ],
            **renamed(plain, system.generators),
        }

    def text(self, formula: Any) -> str:
        return str(self._plain(formula))

    def _plain(self, node: Any) -> Any:
        """The same formula in plain names; connectives must not evaluate themselves away."""
        if isinstance(node, sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent | Relational):
            return node.func(*(self._plain(a) for a in node.args), evaluate=False)
        return node.xreplace(self.plain)

    def constraint(self, constraint: Constraint) -> dict[str, str]:
        return {"polynomial": self.text(constraint.polynomial), "relation": constraint.relation}

    def tree(self, tree: Tree) -> dict[str, Any]:
        if isinstance(tree, Refutation):
            return {
                "terms": [
                    {
                        "coefficient": str(t.coefficient),
                        "factors": list(t.factors),
                        "squares": [self.text(q) for q in t.squares],
                    }
                    for t in tree.terms
                ],
                "multipliers": [
                    {"equation": j, "polynomial": self.text(m)} for j, m in tree.multipliers
                ],
            }
        if isinstance(tree, Solved):
            value = {"solve": self.text(tree.symbol), "value": self.text(tree.value)}
            return {**value, "equation": tree.of, "then": self.tree(tree.then)}
        return {
            "split": [self.constraint(c) for c in tree.added],
            "equation": tree.of,
            "branches": [self.tree(branch) for branch in tree.branches],
        }

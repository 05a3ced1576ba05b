"""Arithmetic on what has been read: numbers, expressions, matrices; each operation is checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix
from sympy.logic.boolalg import Boolean
from sympy.matrices.exceptions import NonInvertibleMatrixError

from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.limits import exponent_fault
from symgan.parse.latex.tokens import Token


def is_condition(value: Any) -> bool:
    """Whether a value is a statement; to SymPy symbols are Booleans too."""
    return isinstance(value, Boolean) and not isinstance(value, Expr)


def is_scalar(value: Any) -> bool:
    """Whether a value is a number; to SymPy matrices are expressions too."""
    return isinstance(value, Expr) and not isinstance(value, ImmutableMatrix)


def arithmetic(c: Cursor, value: Any, token: Token) -> Any:
    """The value, if one can calculate with it."""
    if isinstance(value, Expr):
        return value
    kind = "a condition" if is_condition(value) else "a list"
    raise c.fail(f"{kind} stands here, where an expression is wanted", token)


def scalar(c: Cursor, value: Any, token: Token) -> Expr:
    """The value, if it is a number."""
    if is_scalar(arithmetic(c, value, token)):
        return value
    raise c.fail("a matrix stands here, where a number is wanted", token)


def total(c: Cursor, terms: Sequence[tuple[Any, Token]]) -> Any:
    """The sum of terms, each with the token where it starts."""
    if all(is_scalar(value) for value, _ in terms):
        return c.checked(sp.Add(*(value for value, _ in terms)), terms[0][1])
    found = terms[0][0]
    for value, token in terms[1:]:
        if is_scalar(found) or is_scalar(value):
            raise c.fail("a matrix and a number cannot be added; write the identity", token)
        if found.shape != value.shape:
            shapes = f"{found.shape} and {value.shape}"
            raise c.fail(f"matrices of shapes {shapes} cannot be added", token)
        found = found + value
    return found


def product(c: Cursor, factors: Sequence[tuple[Any, Token]]) -> Any:
    """The product of factors, each with the token where it starts."""
    if all(is_scalar(value) for value, _ in factors):
        return c.checked(sp.Mul(*(value for value, _ in factors)), factors[0][1])
    found = factors[0][0]
    for value, token in factors[1:]:
        found = _times(c, found, value, token)
    return found


def _times(c: Cursor, left: Any, right: Any, token: Token) -> Any:
    if is_scalar(left) or is_scalar(right):
        return left * right
    if left.shape[1] != right.shape[0]:
        shapes = f"{left.shape} and {right.shape}"
        raise c.fail(f"matrices of shapes {shapes} cannot be multiplied", token)
    found = left * right
    return found[0, 0] if found.shape == (1, 1) else found


def divide(c: Cursor, above: Any, below: Any, token: Token) -> Any:
    """A quotient by a number."""
    if not is_scalar(below):
        raise c.fail("one cannot divide by a matrix; write its inverse with ^{-1}", token)
    if below.is_zero:
        raise c.fail("this divides by zero", token)
    if is_scalar(above):
        return c.checked(above / below, token)
    return above / below


def power(c: Cursor, base: Any, exponent: Any, token: Token) -> Any:
    """A power; of a matrix an integer one."""
    exponent = scalar(c, exponent, token)
    if reason := exponent_fault(exponent):
        raise c.fail(reason, token)
    if is_scalar(base):
        if base.is_zero and exponent.is_negative:
            raise c.fail("this divides by zero", token)
        return c.checked(base**exponent, token)
    if base.shape[0] != base.shape[1] or not exponent.is_Integer:
        raise c.fail("only a square matrix has powers, and only integer ones are read", token)
    if abs(exponent) > 4:
        raise c.fail("powers of matrices beyond 4 are refused; write the product", token)
    try:
        return base**exponent if exponent >= 0 else inverse(base) ** (-exponent)
    except NonInvertibleMatrixError:
        raise c.fail("this matrix has no inverse", token) from None


def real_root(c: Cursor, radicand: Any, index: Any, token: Token) -> Any:
    """The real root: an odd one keeps the sign, which the principal power does not."""
    if index.is_even or index == 1 or radicand.is_nonnegative:
        return power(c, radicand, 1 / index, token)
    if radicand.is_nonpositive:
        return -power(c, -radicand, 1 / index, token)
    return sp.sign(radicand) * power(c, sp.Abs(radicand), 1 / index, token)


def inverse(matrix: ImmutableMatrix) -> ImmutableMatrix:
    """The inverse by the adjugate, which holds no other division than by the determinant."""
    determinant = matrix.det(method="berkowitz")
    if sp.expand(determinant).is_zero:
        raise NonInvertibleMatrixError
    return ImmutableMatrix(matrix.adjugate() / determinant)

r"""Steps of optimizers with running moments as one loop over each member's entries.

With gradients g, means m (Adam), squares s and numbers a, r of the member's own,

.. math:: m \gets \beta_1 m + (1 - \beta_1) g, \quad s \gets \beta_2 s + (1 - \beta_2) g^2, \quad
    x \gets x + \frac{a\,m}{\sqrt s / r + \epsilon}.

Without means (RMSProp) g stands for m. Roots and quotients are rounded correctly.
"""

from __future__ import annotations

from functools import cache

from symgan.kernels.jit.engine import Loaded, assembled, loaded
from symgan.kernels.jit.loop_writer import Writer
from symgan.kernels.jit.loops import ENTRY
from symgan.kernels.jit.store import key, user_store
from symgan.kernels.jit.target import Target, host

FIELDS = (
    *("members", "entries", "x", "x_apart", "square", "square_apart", "mean", "mean_apart"),
    *("gradient", "gradient_apart", "scale", "root", "constants"),
)
"""The table's numbers. Rows lie ``apart`` bytes: gradients by place in the list, the others by
member. ``scale`` holds a and ``root`` r, one a place; ``constants`` are beta_1, 1 - beta_1, beta_2,
1 - beta_2 and eps."""


@cache
def moments(dtype: str, *, means: bool) -> Loaded:
    """The function (table, first, last) for float32 or float64, over places in a list of members.

    Raises:
        MissingExtra: llvmlite is not installed.
    """
    target, store = host(), user_store()
    name = key("moments", target, dtype, means)
    data = store.find(name)
    if data is None:
        data = assembled(text(dtype, target, means=means), target)
        store.keep(name, data)
    return loaded(data, target)


def text(dtype: str, target: Target, *, means: bool) -> str:
    """The function in LLVM's language."""
    scalar, size = ("float", 32) if dtype == "float32" else ("double", 64)
    write = Writer(scalar, target.bits // size, target)
    v = write.vector
    write.declared.append(f"declare {v} @llvm.sqrt.{write.suffix}({v})")
    given = {}
    for j, name in enumerate(FIELDS):
        at = write.op(f"getelementptr i64, ptr %table, i64 {j}")
        given[name] = write.op(f"load i64, ptr {at}")
    pointer = {
        name: write.op(f"inttoptr i64 {given[name]} to ptr")
        for name in ("members", "scale", "root", "constants")
    }
    constants = [write.every(write.element(pointer["constants"], str(i))) for i in range(5)]
    place = write.opened("%first", "%last", 1).index
    at = write.op(f"getelementptr i64, ptr {pointer['members']}, i64 {place}")
    member = write.op(f"load i64, ptr {at}")
    rows = {
        name: _row(write, given, name, place if name == "gradient" else member)
        for name in ("x", "square", "mean", "gradient")
    }
    own = [write.every(write.element(pointer[name], place)) for name in ("scale", "root")]
    entries = given["entries"]
    here = write.opened("0", entries, write.lanes).index
    _step(write, rows, here, None, constants, own, means=means)
    rest, _ = write.closed()
    here = write.opened(rest, _once(write, rest, entries), 1).index
    lanes = write.lanes_below(write.op(f"sub i64 {entries}, {here}"))
    _step(write, rows, here, lanes, constants, own, means=means)
    write.closed()
    write.closed()
    body = write.function(ENTRY, ["ptr %table", "i64 %first", "i64 %last"])
    return "\n".join([*write.declared, body])


def _row(write: Writer, given: dict[str, str], name: str, number: str) -> str:
    away = write.op(f"mul i64 {number}, {given[f'{name}_apart']}")
    return write.op(f"inttoptr i64 {write.op(f'add i64 {given[name]}, {away}')} to ptr")


def _once(write: Writer, begin: str, end: str) -> str:
    """The end of a loop with one round if anything is left, else none."""
    some = write.op(f"icmp slt i64 {begin}, {end}")
    after = write.op(f"add i64 {begin}, 1")
    return write.op(f"select i1 {some}, i64 {after}, i64 {begin}")


def _step(
    write: Writer,
    rows: dict[str, str],
    here: str,
    lanes: str | None,
    constants: list[str],
    own: list[str],
    *,
    means: bool,
) -> None:
    """One vector of entries."""
    v, (beta1, rest1, beta2, rest2, eps), (scale, root) = write.vector, constants, own
    at = {name: write.element(row, here) for name, row in rows.items()}
    g, s = write.load(at["gradient"], lanes), write.load(at["square"], lanes)
    along = g
    if means:
        m = write.load(at["mean"], lanes)
        along = write.fma(m, beta1, write.op(f"fmul {v} {rest1}, {g}"))
        write.store(along, at["mean"], lanes)
    kept = write.op(f"fmul {v} {beta2}, {s}")
    s = write.fma(write.op(f"fmul {v} {rest2}, {g}"), g, kept)
    write.store(s, at["square"], lanes)
    below = write.op(f"call {v} @llvm.sqrt.{write.suffix}({v} {s})")
    below = write.op(f"fadd {v} {write.op(f'fdiv {v} {below}, {root}')}, {eps}")
    change = write.op(f"fdiv {v} {write.op(f'fmul {v} {along}, {scale}')}, {below}")
    x = write.op(f"fadd {v} {write.load(at['x'], lanes)}, {change}")
    write.store(x, at["x"], lanes)

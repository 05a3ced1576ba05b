r"""Dynamic-GDA's decision as machine code: two sorts, a distance, four comparisons.

It is algorithm 2 as `symgan.empirical.orders.decide` has it, a member after the other. Numbers are
sorted by rank: :math:`r_i = \#\{j : x_j < x_i\} + \#\{j < i : x_j = x_i\}` takes :math:`n^2`
comparisons, of which a vector makes as many at once as it has lanes, and no branches; what is no
number stands last, as everywhere (a network can overflow on real data alone). The mean of
:math:`|x_{(i)} - y_{(i)}|` is summed in lanes, whose totals are added by halves.
"""

from __future__ import annotations

from functools import cache

from symgan.kernels.jit.engine import Loaded, assembled, loaded
from symgan.kernels.jit.loop_writer import Writer
from symgan.kernels.jit.loops import ENTRY
from symgan.kernels.jit.store import key, user_store
from symgan.kernels.jit.target import Target, host

FIELDS = (
    *("members", "n", "real", "fake", "sorted", "ranks", "kept", "kept_apart"),
    *("last", "divergence", "c1", "c2", "looks", "late", "reuse"),
)
"""The table's numbers. Projections lie at ``real`` and ``fake``, rows that may be read for a vector
beyond their n numbers; ``sorted`` and ``ranks`` (whole numbers of 32 bits) are scratch as long.
By member's number: ``kept``, sorted projections of real data, ``kept_apart`` bytes from one to the
next; whole numbers of 64 bits ``last``, who moved and then who moves (0 nobody, 1 the generator, 2
the discriminator), ``looks``, whether the next decision reads new real projections, and ``late``,
whether the discriminator moves though this one did not; ``divergence``, c1 and c2. ``reuse`` is 1
where projections of real data are kept after a step of the generator."""
GENERATOR, DISCRIMINATOR = 1, 2


@cache
def decisions(dtype: str) -> Loaded:
    """The function (table, first, last) for float32 or float64, over places in a list of members.

    Raises:
        MissingExtra: llvmlite is not installed.
    """
    target, store = host(), user_store()
    name = key("decisions", target, dtype)
    data = store.find(name)
    if data is None:
        data = assembled(text(dtype, target), target)
        store.keep(name, data)
    return loaded(data, target)


def text(dtype: str, target: Target) -> str:
    """The functions in LLVM's language."""
    scalar, size = ("float", 32) if dtype == "float32" else ("double", 64)
    write = Writer(scalar, target.bits // size, target)
    write.declared.append(f"declare {write.vector} @llvm.fabs.{write.suffix}({write.vector})")
    parts = [_sort(write), _distance(write), _decide(write)]
    return "\n".join([*write.declared, *parts])


def _sort(write: Writer) -> str:
    """Ranks, a vector of numbers at a time, and every number to its place."""
    past = write.op(f"add i64 %n, {write.lanes - 1}")
    here = write.opened("0", past, write.lanes).index
    x = write.load(write.element("%x", here), None)
    end = write.op(f"add i64 {here}, {write.lanes}")
    inside = write.op(f"icmp slt i64 {end}, %n")
    end = write.op(f"select i1 {inside}, i64 {end}, i64 %n")
    count = f"<{write.lanes} x i32>"
    found = _counted(write, x, "0", here, "zeroinitializer", "ole")
    found = _counted(write, x, here, end, found, "olt", equal_after=here)
    found = _counted(write, x, end, "%n", found, "olt")
    at = write.op(f"getelementptr i32, ptr %ranks, i64 {here}")
    write.do(f"store {count} {found}, ptr {at}, align 4")
    write.closed()
    loop = write.opened("0", "%n", 1, [("i64", "%n")])
    here, (free,) = loop.index, loop.carried
    rank = write.op(f"load i32, ptr {write.op(f'getelementptr i32, ptr %ranks, i64 {here}')}")
    place = write.op(f"sext i32 {rank} to i64")
    value = write.op(f"load {write.scalar}, ptr {write.element('%x', here)}")
    lost = write.op(f"fcmp uno {write.scalar} {value}, {value}")
    before = write.op(f"sub i64 {free}, 1")  # what is no number has no rank: from the end on
    place = write.op(f"select i1 {lost}, i64 {before}, i64 {place}")
    write.do(f"store {write.scalar} {value}, ptr {write.element('%out', place)}")
    write.closed([write.op(f"select i1 {lost}, i64 {before}, i64 {free}")])
    return write.function("sort", ["ptr %x", "ptr %out", "ptr %ranks", "i64 %n"])


def _counted(
    write: Writer,
    x: str,
    begin: str,
    end: str,
    start: str,
    relation: str,
    equal_after: str | None = None,
) -> str:
    """How many numbers of a range stand in a relation to those of a vector; with the place of the
    vector's first, equal ones count where they come before."""
    lanes, count = write.lanes, f"<{write.lanes} x i32>"
    loop = write.opened(begin, end, 1, [(count, start)])
    other = write.every(write.element("%x", loop.index))
    before = write.op(f"fcmp {relation} {write.vector} {other}, {x}")
    if equal_after is not None:
        within = write.op(f"sub i64 {loop.index}, {equal_after}")
        own = write.op(f"trunc i64 {within} to i32")
        one = write.op(f"insertelement {count} poison, i32 {own}, i64 0")
        all_ = write.op(
            f"shufflevector {count} {one}, {count} poison, <{lanes} x i32> zeroinitializer"
        )
        numbers = ", ".join(f"i32 {i}" for i in range(lanes))
        earlier = write.op(f"icmp slt {count} {all_}, <{numbers}>")
        equal = write.op(f"fcmp oeq {write.vector} {other}, {x}")
        tied = write.op(f"and {write.bits} {equal}, {earlier}")
        before = write.op(f"or {write.bits} {before}, {tied}")
    ones = write.op(f"sext {write.bits} {before} to {count}")
    _, (found,) = write.closed([write.op(f"sub {count} {loop.carried[0]}, {ones}")])
    return found


def _distance(write: Writer) -> str:
    """The mean of the differences' magnitudes."""
    loop = write.opened("0", "%n", write.lanes, [(write.vector, "zeroinitializer")])
    at, (total,) = write.closed([_added(write, loop.index, loop.carried[0], None)])
    rest = write.op(f"sub i64 %n, {at}")
    total = write.total(_added(write, at, total, write.lanes_below(rest)))
    count = write.op(f"sitofp i64 %n to {write.scalar}")
    write.do(f"%mean = fdiv {write.scalar} {total}, {count}")
    return write.function("distance", ["ptr %a", "ptr %b", "i64 %n"], f"{write.scalar} %mean")


def _added(write: Writer, at: str, total: str, lanes: str | None) -> str:
    a, b = (write.load(write.element(name, at), lanes) for name in ("%a", "%b"))
    apart = write.op(f"fsub {write.vector} {a}, {b}")
    size = write.op(f"call {write.vector} @llvm.fabs.{write.suffix}({write.vector} {apart})")
    return write.op(f"fadd {write.vector} {total}, {size}")


def _decide(write: Writer) -> str:
    """For each place, who moves."""
    given = {}
    for j, name in enumerate(FIELDS):
        at = write.op(f"getelementptr i64, ptr %table, i64 {j}")
        given[name] = write.op(f"load i64, ptr {at}")
    n = given["n"]
    pointer = {
        name: write.op(f"inttoptr i64 {given[name]} to ptr")
        for name in FIELDS
        if name not in ("n", "kept_apart", "reuse")
    }
    place = write.opened("%first", "%last", 1)
    at = write.op(f"getelementptr i64, ptr {pointer['members']}, i64 {place.index}")
    member = write.op(f"load i64, ptr {at}")
    whole = {
        name: write.op(f"getelementptr i64, ptr {pointer[name]}, i64 {member}")
        for name in ("last", "looks", "late")
    }
    own = {name: write.element(pointer[name], member) for name in ("divergence", "c1", "c2")}
    away = write.op(f"mul i64 {member}, {given['kept_apart']}")
    kept = write.op(f"getelementptr i8, ptr {pointer['kept']}, i64 {away}")
    last = write.op(f"load i64, ptr {whole['last']}")
    after = write.op(f"icmp eq i64 {last}, {GENERATOR}")
    reuse = write.op(f"icmp ne i64 {given['reuse']}, 0")
    old = write.op(f"and i1 {after}, {reuse}")
    name = f"k{place.name}"
    write.do(f"br i1 {old}, label %{name}.old, label %{name}.new")
    write.label(f"{name}.new")
    write.do(f"call void @sort(ptr {pointer['real']}, ptr {kept}, ptr {pointer['ranks']}, i64 {n})")
    write.do(f"br label %{name}.old")
    write.label(f"{name}.old")
    fake = pointer["sorted"]
    write.do(f"call void @sort(ptr {pointer['fake']}, ptr {fake}, ptr {pointer['ranks']}, i64 {n})")
    w = write.op(f"call {write.scalar} @distance(ptr {kept}, ptr {fake}, i64 {n})")
    generator = _generator_moves(write, own, w, (kept, fake), n, (last, after))
    who = write.op(f"select i1 {generator}, i64 {GENERATOR}, i64 {DISCRIMINATOR}")
    write.do(f"store i64 {who}, ptr {whole['last']}")
    write.do(f"store {write.scalar} {w}, ptr {own['divergence']}")
    other = write.op(f"xor i1 {generator}, true")
    late = write.op(f"and i1 {other}, {old}")
    keeps = write.op(f"and i1 {generator}, {reuse}")
    looks = write.op(f"xor i1 {keeps}, true")
    for flag, where in ((late, "late"), (looks, "looks")):
        write.do(f"store i64 {write.op(f'zext i1 {flag} to i64')}, ptr {whole[where]}")
    write.closed()
    return write.function(ENTRY, ["ptr %table", "i64 %first", "i64 %last"])


def _generator_moves(
    write: Writer,
    own: dict[str, str],
    w: str,
    rows: tuple[str, str],
    n: str,
    last: tuple[str, str],
) -> str:
    """The conditions of algorithm 2; a ratio that is no number fails both comparisons."""
    s, (real, fake), (before, after) = write.scalar, rows, last
    c1, c2, old = (write.op(f"load {s}, ptr {own[name]}") for name in ("c1", "c2", "divergence"))
    ratio = write.op(f"fdiv {s} {w}, {old}")
    end = write.op(f"sub i64 {n}, 1")
    low_real, low_fake, top_real, top_fake = (
        write.op(f"load {s}, ptr {write.element(row, place)}")
        for place in ("0", end)
        for row in (real, fake)
    )
    above = write.op(f"fcmp olt {s} {top_real}, {low_fake}")
    below = write.op(f"fcmp olt {s} {top_fake}, {low_real}")
    shrunk = write.op(f"fcmp olt {s} {ratio}, {c2}")
    grown = write.op(f"fcmp ogt {s} {ratio}, {c1}")
    not_grown = write.op(f"xor i1 {grown}, true")
    goes_on = write.op(f"select i1 {after}, i1 {shrunk}, i1 {not_grown}")
    not_above = write.op(f"xor i1 {above}, true")
    may = write.op(f"and i1 {not_above}, {goes_on}")
    may = write.op(f"or i1 {below}, {may}")
    moved = write.op(f"icmp ne i64 {before}, 0")
    return write.op(f"and i1 {may}, {moved}")

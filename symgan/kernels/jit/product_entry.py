"""The list of what is done for each member (`products`): one instruction after the other."""

from __future__ import annotations

from symgan.kernels.jit.loop_writer import Writer
from symgan.kernels.jit.loops import ENTRY

ALONG, ACROSS, ADDED, FINITE, CALL = range(5)
"""Instructions: a product with a batch, one summed over it, the same added to what is there, a
look whether numbers are finite, and a call of another function."""
FIELDS = (
    *("kind", "outputs", "inputs", "batch", "A", "A_member", "A_place", "A_row", "A_column"),
    *("bias", "bias_member", "bias_place", "bias_row", "H", "H_member", "H_place"),
    *("out", "out_member", "out_place", "out_row", "mask", "mask_member", "mask_place", "slope"),
    *("guard", "guard_member", "who"),
)
"""The numbers of an instruction, in order. Addresses and strides count bytes but for those of rows
and columns, which count elements; ``member`` strides multiply the member's number, ``place``
strides its place in the list. For `ACROSS` A is D, with rows along the batch. ``slope`` is the
address of s; ``mask`` is 0 where a value is its own.

Where ``guard`` is the address of whole numbers of 64 bits, an instruction is left out for members
whose number has none of the bits of ``who``.

`FINITE` looks at ``batch`` numbers at H; where one is not finite, it writes 1 to the whole number
of 64 bits at ``out`` and nothing more is done for the member. `CALL` calls the function at
``A`` with the table at H and, for the place p, the range from p ``outputs`` on of ``inputs``."""


def entry(write: Writer) -> str:
    """For each member, each instruction."""
    members = write.op("load ptr, ptr %table")
    count = write.op(f"load i64, ptr {write.op('getelementptr i64, ptr %table, i64 1')}")
    first = write.op("getelementptr i64, ptr %table, i64 2")
    place = write.opened("%first", "%last", 1).index
    member = write.op(f"load i64, ptr {write.op(f'getelementptr i64, ptr {members}, i64 {place}')}")
    each = write.opened("0", count, 1)
    start = write.op(f"mul i64 {each.index}, {len(FIELDS)}")
    own = write.op(f"getelementptr i64, ptr {first}, i64 {start}")
    given = {}
    for j, name in enumerate(FIELDS):
        address = write.op(f"getelementptr i64, ptr {own}, i64 {j}")
        given[name] = write.op(f"load i64, ptr {address}")
    at = {
        name: _address(write, given, name, member, place)
        for name in ("A", "H", "out", "bias", "mask")
    }
    name = f"d{each.name}"
    guarded = write.op(f"icmp ne i64 {given['guard']}, 0")
    write.do(f"br i1 {guarded}, label %{name}.guarded, label %{name}.open")
    write.label(f"{name}.guarded")
    away = write.op(f"mul i64 {member}, {given['guard_member']}")
    address = write.op(f"add i64 {given['guard']}, {away}")
    bits = write.op(f"load i64, ptr {write.op(f'inttoptr i64 {address} to ptr')}")
    met = write.op(f"icmp ne i64 {write.op(f'and i64 {bits}, ' + given['who'])}, 0")
    write.do(f"br i1 {met}, label %{name}.open, label %{name}.done")
    write.label(f"{name}.open")
    cases = " ".join(
        f"i64 {kind}, label %{name}.{label}"
        for kind, label in (
            (ACROSS, "across.0"),
            (ADDED, "across.1"),
            (FINITE, "finite"),
            (CALL, "call"),
        )
    )
    write.do(f"switch i64 {given['kind']}, label %{name}.along [ {cases} ]")
    _along(write, name, given, at)
    for added in (False, True):
        write.label(f"{name}.across.{added:d}")
        write.do(
            f"call void @across.{added:d}(ptr {at['A']}, ptr {at['H']}, ptr {at['out']}, "
            f"i64 {given['out_row']}, i64 {given['outputs']}, i64 {given['inputs']}, "
            f"i64 {given['batch']})"
        )
        write.do(f"br label %{name}.done")
    _call(write, name, given, at, place)
    _finite(write, name, given, at)
    write.label(f"{name}.done")
    write.closed()
    write.do(f"br label %{name}.next")
    write.label(f"{name}.lost")
    write.do(f"store i64 1, ptr {at['out']}")
    write.do(f"br label %{name}.next")
    write.label(f"{name}.next")
    write.closed()
    return write.function(ENTRY, ["ptr %table", "i64 %first", "i64 %last"])


def _along(write: Writer, name: str, given: dict[str, str], at: dict[str, str]) -> None:
    write.label(f"{name}.along")
    slope = write.op(f"inttoptr i64 {given['slope']} to ptr")
    bare = write.op(f"icmp eq i64 {given['mask']}, 0")
    write.do(f"br i1 {bare}, label %{name}.bare, label %{name}.masked")
    for masked in (False, True):
        write.label(f"{name}.{'masked' if masked else 'bare'}")
        write.do(
            f"call void @along.{masked:d}(ptr {at['A']}, i64 {given['A_row']}, "
            f"i64 {given['A_column']}, ptr {at['bias']}, i64 {given['bias_row']}, "
            f"ptr {at['H']}, ptr {at['out']}, ptr {at['mask']}, i64 {given['outputs']}, "
            f"i64 {given['inputs']}, i64 {given['batch']}, ptr {slope})"
        )
        write.do(f"br label %{name}.done")


def _call(write: Writer, name: str, given: dict[str, str], at: dict[str, str], place: str) -> None:
    write.label(f"{name}.call")
    begin = write.op(f"mul i64 {place}, {given['outputs']}")
    end = write.op(f"add i64 {begin}, {given['inputs']}")
    write.do(f"call void {at['A']}(ptr {at['H']}, i64 {begin}, i64 {end})")
    write.do(f"br label %{name}.done")


def _finite(write: Writer, name: str, given: dict[str, str], at: dict[str, str]) -> None:
    write.label(f"{name}.finite")
    found = write.op(f"call i1 @finite(ptr {at['H']}, i64 {given['batch']})")
    write.do(f"br i1 {found}, label %{name}.done, label %{name}.lost")


def _address(write: Writer, given: dict[str, str], name: str, member: str, place: str) -> str:
    by_member = write.op(f"mul i64 {member}, {given[f'{name}_member']}")
    by_place = write.op(f"mul i64 {place}, {given[f'{name}_place']}")
    base = write.op(f"add i64 {given[name]}, {by_member}")
    return write.op(f"inttoptr i64 {write.op(f'add i64 {base}, {by_place}')} to ptr")

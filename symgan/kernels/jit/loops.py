r"""The loops around the code of expressions, as LLVM text.

Every function takes a table of addresses and numbers of 64 bits, and the range of groups that it
works on; a group is as many neighboring trajectories as a vector has lanes. An *evaluation* loads
its arguments, computes and stores. An *orbit* keeps a group's state in registers over all steps,

    for each group: load x; for each snapshot: for each step: x = F(x, k, noise); store x

so that memory is touched once a snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence

from symgan.kernels.jit.functions.philox import normals
from symgan.kernels.jit.lanes import FLOAT, INTEGER
from symgan.kernels.jit.levels import (
    CLOCK,
    ONCE,
    STATE,
    TRAJECTORY,
    WIDTH,
    Level,
    Operand,
    Outward,
    Writers,
)

ENTRY = "symgan_kernel"


class Loop:
    """Writes one function.

    Args:
        writers: the code of the expressions goes here, between loads and stores.
        bits: of the machine's vectors, asked for explicitly.
    """

    def __init__(self, writers: Writers, bits: int) -> None:
        self.writers, self.bits = writers, bits
        self.element = writers.at[STATE].element
        self.size = writers.at[STATE].dtype.itemsize
        self.vector = writers.at[STATE].types[FLOAT]

    def load(self, position: int, level: Level) -> Operand:
        """An argument of an evaluation, or a parameter: entry `position` is its address."""
        name = f"arg{position}"
        pointer = self._entry(position, f"{name}.p")
        lanes = self.writers.at[level]
        if level == ONCE:
            lanes.line(f"%{name} = load <1 x {self.element}>, ptr {pointer}, align {self.size}")
        else:
            lanes.line(f"%{name}.a = getelementptr {self.element}, ptr {pointer}, i64 %offset")
            lanes.line(f"%{name} = load {self.vector}, ptr %{name}.a, align {self.size}")
        return Operand(level, lanes.argument(name))

    def noise(self, position: int, stride: int) -> Operand:
        """A draw: its address, and the table's entry with the elements from step to step."""
        name, lanes = f"arg{position}", self.writers.at[STATE]
        pointer = self._entry(position, f"{name}.p")
        step = self._number(stride)
        lanes.line(f"%{name}.s = mul i64 %step, {step}")
        lanes.line(f"%{name}.o = add i64 %{name}.s, %offset")
        lanes.line(f"%{name}.a = getelementptr {self.element}, ptr {pointer}, i64 %{name}.o")
        lanes.line(f"%{name} = load {self.vector}, ptr %{name}.a, align {self.size}")
        return Operand(STATE, lanes.argument(name))

    def seeded(self, position: int, settings: int, count: int) -> list[Operand]:
        """Draws by counter.

        Args:
            position: of the address of the streams in the table.
            settings: of the address of three numbers: the words of the seed, the first step.
            count: how many draws a step.
        """
        word, name = self.writers.at[STATE].types[INTEGER], f"arg{position}"
        pointer, ahead = self._entry(position, f"{name}.p"), self.writers.at[TRAJECTORY]
        ahead.line(f"%{name}.a = getelementptr i64, ptr {pointer}, i64 %offset")
        ahead.line(f"%{name} = load {word}, ptr %{name}.a, align 8")
        once, numbers = self.writers.at[ONCE], self._entry(settings, "settings")
        for i in range(3):
            once.line(f"%settings.{i}.a = getelementptr i64, ptr {numbers}, i64 {i}")
            once.line(f"%settings.{i} = load <1 x i64>, ptr %settings.{i}.a, align 8")
        clock = self.writers.at[CLOCK]
        clock.line("%draw.k = insertelement <1 x i64> poison, i64 %step, i32 0")
        clock.line("%draw.step = add <1 x i64> %draw.k, %settings.2")
        low, high = (Operand(ONCE, once.argument(f"settings.{i}", INTEGER)) for i in range(2))
        stream = Operand(TRAJECTORY, ahead.argument(name, INTEGER))
        step = Operand(CLOCK, clock.argument("draw.step", INTEGER))
        return normals(Outward(self.writers), (low, high), stream, step, count)

    def index(self, start: int) -> Operand:
        """The number of the step, from the table's entry on, as a float."""
        lanes, first = self.writers.at[CLOCK], self._number(start)
        lanes.line(f"%index.i = add i64 %step, {first}")
        lanes.line(f"%index.f = sitofp i64 %index.i to {self.element}")
        lanes.line(
            f"%index = insertelement <1 x {self.element}> poison, {self.element} %index.f, i32 0"
        )
        return Operand(CLOCK, lanes.argument("index"))

    def time(self, position: int) -> Operand:
        """A number for each snapshot: entry `position` is the address of the first."""
        lanes, name = self.writers.at[CLOCK], f"arg{position}"
        pointer = self._entry(position, f"{name}.times")
        lanes.line(f"%{name}.at = getelementptr {self.element}, ptr {pointer}, i64 %snapshot")
        lanes.line(f"%{name}.now = load <1 x {self.element}>, ptr %{name}.at, align {self.size}")
        return Operand(CLOCK, lanes.argument(f"{name}.now"))

    def state(self, count: int) -> list[Operand]:
        """The state at the beginning of a step."""
        return [Operand(STATE, self.writers.at[STATE].argument(f"x{i}")) for i in range(count)]

    def evaluation(self, results: Sequence[Operand], first: int) -> str:
        """The function that stores results at the table's entries from `first` on."""
        values = self._lifted(results, TRAJECTORY)
        stores = [self._store(first + i, value, "%offset") for i, value in enumerate(values)]
        body = [*self.writers.at[TRAJECTORY].lines, *(line for pair in stores for line in pair)]
        return self._function(body, "group.loop")

    def orbit(self, results: Sequence[Operand], first: int) -> str:
        """The function that iterates.

        Table: from `first` on the addresses of the initial columns, of the columns of the first
        snapshot, then the number of snapshots, of steps between them, and the elements from one
        snapshot to the next.
        """
        count, values = len(results), self._lifted(results, STATE)
        starts, stores = first, first + count
        snapshots, every, stride = (self._number(first + 2 * count + i) for i in range(3))
        body = [*self.writers.at[TRAJECTORY].lines]
        for i in range(count):
            body += self._initial(starts + i, i)
        body += ["  br label %snapshot.loop", "snapshot.loop:"]
        body += ["  %snapshot = phi i64 [ 0, %group.loop ], [ %snapshot.next, %snapshot.done ]"]
        body += [
            f"  %y{i} = phi {self.vector} [ %x{i}.0, %group.loop ], [ {value}, %snapshot.done ]"
            for i, value in enumerate(values)
        ]
        body += ["  %step.first = mul i64 %snapshot, " + every]
        body += ["  br label %step.loop", "step.loop:"]
        body += ["  %within = phi i64 [ 0, %snapshot.loop ], [ %within.next, %step.loop ]"]
        body += [
            f"  %x{i} = phi {self.vector} [ %y{i}, %snapshot.loop ], [ {value}, %step.loop ]"
            for i, value in enumerate(values)
        ]
        body += ["  %step = add i64 %step.first, %within"]
        body += [*self.writers.at[CLOCK].lines, *self.writers.at[STATE].lines]
        body += ["  %within.next = add i64 %within, 1"]
        body += [f"  %within.end = icmp eq i64 %within.next, {every}"]
        body += ["  br i1 %within.end, label %snapshot.done, label %step.loop", "snapshot.done:"]
        body += [f"  %moved = mul i64 %snapshot, {stride}", "  %place = add i64 %moved, %offset"]
        for i, value in enumerate(values):
            body += self._store(stores + i, value, "%place")
        body += ["  %snapshot.next = add i64 %snapshot, 1"]
        body += [f"  %snapshot.end = icmp eq i64 %snapshot.next, {snapshots}"]
        body += ["  br i1 %snapshot.end, label %group.done, label %snapshot.loop", "group.done:"]
        return self._function(body, "group.done")

    def _function(self, body: Sequence[str], latch: str) -> str:
        vectors = f'"prefer-vector-width"="{self.bits}" "min-legal-vector-width"="{self.bits}"'
        head = [
            f"define void @{ENTRY}(ptr noalias %table, i64 %begin, i64 %end) nounwind {vectors} {{",
            "entry:",
            *self.writers.at[ONCE].lines,
            "  %none = icmp sge i64 %begin, %end",
            "  br i1 %none, label %leave, label %group.loop",
            "group.loop:",
            f"  %group = phi i64 [ %begin, %entry ], [ %group.next, %{latch} ]",
            f"  %offset = mul i64 %group, {WIDTH}",
        ]
        tail = [
            "  %group.next = add i64 %group, 1",
            "  %group.end = icmp eq i64 %group.next, %end",
            "  br i1 %group.end, label %leave, label %group.loop",
            "leave:",
            "  ret void",
            "}",
        ]
        ahead = [_with(vectors, text) for text in self.writers.declarations()]
        return "\n".join([*ahead, "", *head, *body, *tail, ""])

    def _lifted(self, results: Sequence[Operand], level: Level) -> list[str]:
        return [self.writers.lifted(operand, level).text for operand in results]

    def _initial(self, position: int, i: int) -> list[str]:
        pointer = self._entry(position, f"x{i}.p")
        return [
            f"  %x{i}.a = getelementptr {self.element}, ptr {pointer}, i64 %offset",
            f"  %x{i}.0 = load {self.vector}, ptr %x{i}.a, align {self.size}",
        ]

    def _store(self, position: int, value: str, offset: str) -> list[str]:
        pointer, name = self._entry(position, f"out{position}.p"), f"%out{position}.a"
        return [
            f"  {name} = getelementptr {self.element}, ptr {pointer}, i64 {offset}",
            f"  store {self.vector} {value}, ptr {name}, align {self.size}",
        ]

    def _entry(self, position: int, name: str) -> str:
        """An address of the table, read once."""
        lanes = self.writers.at[ONCE]
        lanes.line(f"%{name}.e = getelementptr i64, ptr %table, i64 {position}")
        lanes.line(f"%{name} = load ptr, ptr %{name}.e, align 8")
        return f"%{name}"

    def _number(self, position: int) -> str:
        """A number of the table, read once."""
        lanes, name = self.writers.at[ONCE], f"table{position}"
        line = f"%{name} = load i64, ptr %{name}.e, align 8"
        if f"  {line}" not in lanes.lines:
            lanes.line(f"%{name}.e = getelementptr i64, ptr %table, i64 {position}")
            lanes.line(line)
        return f"%{name}"


def _with(attributes: str, text: str) -> str:
    """A definition under the attributes of its caller: what passes vectors must agree on them.

    >>> print(_with('"a"="b"', "define void @f() nounwind {\\n}"))
    define void @f() nounwind "a"="b" {
    }
    """
    if not text.startswith("define"):
        return text
    head, _, body = text.partition(" {\n")
    return f"{head} {attributes} {{\n{body}"

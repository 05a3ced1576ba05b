"""The Markdown page, from the JSON alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.targets import MEANING, TARGETS, Target, verdict


def page(
    results: Mapping[str, Any], text: str = "", others: Sequence[Mapping[str, Any]] = ()
) -> str:
    """The whole page.

    Args:
        results: what `store.load` reads.
        text: what a person wrote about the figures, put at the end.
        others: runs on other machines, of which the page gives the verdicts.
    """
    parts = [_head(results), _targets([results, *others])]
    parts += [_case(case) for case in results["cases"].values()]
    return "\n\n".join([*parts, text]).rstrip() + "\n"


def _head(results: Mapping[str, Any]) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    size = "full size" if results["mode"] == "full" else "REDUCED size (--quick)"
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench` from the JSON of one run, and verdicts from those of others; "
            "nothing here is typed in",
            "but the last section.",
            "All contenders of a case take turns in the same run. *clock* is the median by the "
            "clock, *cpu* the",
            "median processor time over all cores, with the spread from the fastest to the slowest "
            "repetition; where a",
            "contender was timed on a part of the work, *timed on* says which, and times are "
            "scaled. *ratio* is cpu time",
            "over that of the first line that starts with C (or the first line). An answer that "
            "deviates is not timed.",
            "",
            f"- {machine['cpu']} (family/model {machine['family']}), {machine['cores']} cores, "
            f"{machine['system']}",
            f"- vector instructions: {' '.join(machine['vector instructions'])}; "
            f"C uses {machine.get('C instructions', 'unknown')}",
            f"- C: {machine['C']}",
            f"- Python {machine['python']}; {versions}",
            f"- {results['mode']} run, {size}, {machine['date']}, commit {machine['commit']}, load "
            f"at start {machine['load at start']}",
        ]
    )


def _targets(runs: Sequence[Mapping[str, Any]]) -> str:
    """Every run's verdicts side by side; the page's own comes first."""
    names = " | ".join(f"{run['machine'].get('C instructions', '')} | " for run in runs)
    lines = ["## Targets", ""]
    lines += [_other(run) for run in runs[1:]]
    lines += [""] if runs[1:] else []
    lines += [f"| case | what | target | {names}|", "|---|---|---|" + "---|---|" * len(runs)]
    for target in TARGETS:
        wanted = MEANING[target.kind].format(target.bound)
        cells = " | ".join(_verdict(target, run) for run in runs)
        lines.append(f"| {target.case} | {target.what} | {wanted} | {cells} |")
    return "\n".join([*lines, *_busy(runs[0])])


def _verdict(target: Target, run: Mapping[str, Any]) -> str:
    figure, found = verdict(target, run)
    unit = " s" if target.kind == "seconds" else "x"
    shown = "" if figure is None else f"{figure:.3g}{unit} ({target.clock})"
    return f"{shown} | {found}"


def _other(run: Mapping[str, Any]) -> str:
    machine = run["machine"]
    return (
        f"The column {machine['C instructions']} is of an earlier run on another machine: "
        f"{machine['cpu']} (family/model {machine['family']}), {machine['date']}, commit "
        f"{machine['commit']}."
    )


def _busy(results: Mapping[str, Any]) -> Iterable[str]:
    """A warning where other work took the cores."""
    loads = [x for case in results["cases"].values() for x in case.get("load", ()) if x]
    most, cores = max(loads, default=0.0), results["machine"]["cores"]
    if most > cores + 1:
        yield ""
        yield (
            f"**The machine was busy with other work (load up to {most:g} on {cores} cores): times "
            "by the clock, and verdicts from them (wall), mean little; those from processor time "
            "(cpu) are disturbed less. Measure again on a quiet machine.**"
        )


def _case(case: Mapping[str, Any]) -> str:
    loads = case.get("load", ["?", "?"])
    lines = [f"## {case['title']}", ""]
    if case.get("rows"):
        lines += [
            "| who | threads | clock | cpu | spread | ratio | timed on | deviation | |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---|",
            *_rows(case["rows"], case["unit"]),
        ]
    for curve in case.get("curves", ()):
        lines += ["", *_curve(curve)]
    if case.get("agreement") is not None:
        lines += ["", f"Both answers agree to {case['agreement']:.1f} digits."]
    lines += ["", f"Measured in {case['seconds']:.0f} s; load {loads[0]} before, {loads[1]} after."]
    return "\n".join(lines)


def _rows(rows: Iterable[Mapping[str, Any]], unit: str) -> Iterable[str]:
    rows = list(rows)
    base = _base(rows)
    for row in rows:
        name, note = row["name"], row["note"].replace("|", "/")
        if row["status"] != "ok":
            off = "" if row["deviation"] is None else _short(row["deviation"])
            yield f"| {name} | | | | | | | {off} | {row['status']}: {note} |"
            continue
        wall, cpu = median(row["wall"]), median(row["cpu"])
        ratio = f"{cpu / base:.3g}" if base else ""
        part = "all" if row["size"] == row["full"] else f"{row['size']:,}/{row['full']:,} {unit}"
        off = "" if row["deviation"] is None else _short(row["deviation"])
        spread = f"{seconds(min(row['cpu']))}-{seconds(max(row['cpu']))}"
        threads = row["threads"] or "own"
        yield (
            f"| {name} | {threads} | {seconds(wall)} | {seconds(cpu)} | {spread} | {ratio} | "
            f"{part} | {off} | {note} |"
        )


def _base(rows: list[Mapping[str, Any]]) -> float | None:
    timed = [row for row in rows if row["status"] == "ok" and row["cpu"]]
    first = [row for row in timed if row["name"].startswith("C")] or timed
    return median(first[0]["cpu"]) if first else None


def _curve(curve: Mapping[str, Any]) -> Iterable[str]:
    names = list(curve["lines"])
    yield f"{curve['what']}, in {curve['unit']}:"
    yield ""
    yield "| " + " | ".join([curve["axis"], *names]) + " |"
    yield "|---:" * (1 + len(names)) + "|"
    for i, x in enumerate(curve["x"]):
        values = [curve["lines"][name][i] for name in names]
        shown = ["" if v is None else f"{v:.3g}" for v in values]
        yield "| " + " | ".join([f"{x:,}", *shown]) + " |"


def seconds(value: float) -> str:
    """A time with three digits and its unit.

    >>> seconds(0.00123), seconds(12.3456), seconds(0.4)
    ('1.23 ms', '12.3 s', '400 ms')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            digits = f"{value / size:.3g}"
            return f"{float(digits):,.0f} {unit}" if "e" in digits else f"{digits} {unit}"
    return f"{value / 1e-9:.3g} ns"


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1e}"

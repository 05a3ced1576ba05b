"""Run the benchmarks: python -m benchmarks.run [--quick] [--resume] [--only CASE ...] [--report].

Results are written after each case; an interrupted run keeps them, and --resume measures the rest.
There is one file for each instruction set that has been measured. The page and the figure are made
from the JSON alone (--report makes only them): the newest run, and the verdicts of the others.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import store
from benchmarks.machine import describe, load
from benchmarks.measuring import FULL, QUICK, Budget
from benchmarks.plot import draw
from benchmarks.report import page
from benchmarks.targets import TARGETS, verdict

HERE = Path(__file__).resolve().parent
STORED = HERE / "results"
PAGE, FIGURE = HERE.parent / "docs" / "BENCHMARKS.md", HERE.parent / "docs" / "benchmarks.svg"
FINDINGS = HERE / "FINDINGS.md"
"""What a person wrote about the figures; the end of the page."""
INTERRUPTED, BAD_DATA = 130, 5
Case = Callable[[Budget, bool], dict[str, Any]]


def cases() -> dict[str, Case]:
    """All cases by name; their modules load SymPy, so not before they are needed."""
    from benchmarks.cases import closed_forms, dirac, flows, jumps, latency, mixture, scaling

    return {
        "dirac-wasserstein": lambda b, q: dirac.run("wasserstein", b, q),
        "dirac-bce": lambda b, q: dirac.run("bce", b, q),
        "dirac-jumps": jumps.run,
        "mixture": mixture.run,
        "closed-form": lambda b, q: closed_forms.run(False, b, q),
        "closed-form-jacobian": lambda b, q: closed_forms.run(True, b, q),
        "flow-linear": lambda b, q: flows.run("linear", b, q),
        "flow-nonlinear": lambda b, q: flows.run("nonlinear", b, q),
        "flow-50-digits": flows.run_reference,
        "latency": latency.run,
        "scaling": scaling.run,
    }


def measure(
    results: dict[str, Any],
    path: Path,
    chosen: dict[str, Case],
    budget: Budget,
    say: Callable[[str], None] = print,
) -> None:
    """Run the cases that the results lack, and write the file after each.

    Args:
        results: of `store.new` or `store.load`; changed in place.
        path: the JSON file.
        chosen: name -> case.
        budget: how long to measure.
        say: takes a line of progress.
    """
    for number, (name, case) in enumerate(chosen.items(), start=1):
        if name in results["cases"]:
            say(f"[{number}/{len(chosen)}] {name}: kept")
            continue
        say(f"[{number}/{len(chosen)}] {name} ...")
        before, first = load(), time.perf_counter()
        found = case(budget, results["mode"] == "quick")
        seconds = round(time.perf_counter() - first, 1)
        results["cases"][name] = {**found, "seconds": seconds, "load": [before, load()]}
        results["cases"] = ordered(results["cases"], chosen)
        store.save(path, results)
        say(f"    {seconds:.0f} s")


def ordered(measured: dict[str, Any], chosen: dict[str, Case]) -> dict[str, Any]:
    """The cases in the order of the list, whenever they were measured; others after them."""
    names = [*(name for name in chosen if name in measured), *measured]
    return {name: measured[name] for name in dict.fromkeys(names)}


def own_file(asked: argparse.Namespace) -> Path:
    """Where results are kept: by instruction set, since verdicts of one say little of another.

    Raises:
        BadResults: a page without a measurement is asked for, and nothing has been measured.
    """
    if asked.json:
        return asked.json
    if asked.quick:
        return STORED / "quick.json"
    if asked.report:
        return newest(stored())
    from benchmarks.peers import c

    return STORED / f"{c.instructions().lower()}.json"


def stored(folder: Path = STORED) -> dict[Path, dict[str, Any]]:
    """The full runs that are kept."""
    found = {path: store.load(path) for path in sorted(folder.glob("*.json"))}
    return {path: results for path, results in found.items() if results["mode"] == "full"}


def newest(runs: dict[Path, dict[str, Any]]) -> Path:
    """The file of the last run.

    Raises:
        BadResults: there is none.
    """
    if not runs:
        raise store.BadResults(f"nothing has been measured yet: no results in {STORED}")
    return max(runs, key=lambda path: runs[path]["machine"]["date"])


def publish(
    results: dict[str, Any], page_path: Path, figure: Path, others: Sequence[dict[str, Any]] = ()
) -> None:
    """The page and the figure."""
    draw(results, figure)
    text = FINDINGS.read_text() if FINDINGS.exists() else ""
    image = f"![Processor time relative to C, and scaling]({figure.name})"
    page_path.parent.mkdir(parents=True, exist_ok=True)
    page_path.write_text(page(results, f"{image}\n\n{text}", others))


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, under two minutes")
    parser.add_argument("--resume", action="store_true", help="keep the cases that are measured")
    parser.add_argument("--report", action="store_true", help="make page and figure, measure not")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="these cases alone")
    parser.add_argument("--json", type=Path, help="the file of results")
    parser.add_argument("--page", type=Path, help=f"the page, {PAGE.name} unless --quick")
    return parser.parse_args(arguments)


def begin(asked: argparse.Namespace, path: Path) -> dict[str, Any]:
    """The results to go on with.

    Raises:
        BadResults: those to be resumed are not of this schema, or of the other size.
    """
    mode = "quick" if asked.quick else "full"
    if asked.report or (asked.resume and path.exists()):
        found = store.load(path)
        if found["mode"] != mode and not asked.report:
            raise store.BadResults(f"{path} holds a {found['mode']} run; measure anew")
        return found
    from benchmarks.peers import c

    return store.new(mode, {**describe(c.described()), "C instructions": c.instructions()})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked and make the page."""
    asked = options(arguments)
    page_path = asked.page or (STORED / "quick.md" if asked.quick else PAGE)
    figure = FIGURE if page_path == PAGE else page_path.with_suffix(".svg")
    try:
        path = own_file(asked)
        results = begin(asked, path)
        if not asked.report:
            every = cases()
            unknown = set(asked.only or ()) - set(every)
            if unknown:
                print(f"no case {', '.join(sorted(unknown))}; there are: {', '.join(every)}")
                return 2
            chosen = {name: every[name] for name in asked.only or every}
            warnings.simplefilter("ignore", RuntimeWarning)  # peers overflow in unused branches
            measure(results, path, chosen, QUICK if asked.quick else FULL)
        others = stored() if page_path == PAGE else {}
        publish(results, page_path, figure, [run for at, run in others.items() if at != path])
    except store.BadResults as error:
        print(error)
        return BAD_DATA
    except KeyboardInterrupt:
        print(f"\ninterrupted; finished cases are in {path}, and --resume measures the rest")
        return INTERRUPTED
    for target in TARGETS:
        value, found = verdict(target, results)
        shown = "" if value is None else f"{value:.3g}"
        print(f"{target.case:<22}{target.what:<28}{shown:>10}  {found}")
    print(f"page: {page_path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

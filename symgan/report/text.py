"""A ledger in the terminal, through rich. User text is never read as markup."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from symgan.claims.model import Entry, Fate, Ledger, Mutant
from symgan.report import view

WIDE = 100
"""From this many columns on, source and routes have columns of their own."""

_COLORS = {
    "PROVED": "green",
    "CONDITIONAL": "yellow",
    "REFUTED": "red",
    "CHECKED": "cyan",
    "ILL_POSED": "magenta",
    "INFORMAL": "bright_black",
    "ERROR": "bold red",
}
_FATE_COLORS = {
    Fate.REJECTED: "green",
    Fate.EQUIVALENT: "cyan",
    Fate.IMPLIED: "cyan",
    Fate.SURVIVED: "bold red",
}


def table(ledger: Ledger, *, width: int = 80) -> Table:
    """The ledger as a table: claim, source, verdict, what to know, routes, seconds.

    Args:
        ledger: the entries.
        width: columns of the terminal; from `WIDE` on, source and routes stand apart.

    >>> table(Ledger(())).row_count
    0
    """
    wide = width >= WIDE
    grid = Table(box=None, pad_edge=False, header_style="bold", expand=False, width=width)
    longest = max((len(entry.claim.id) for entry in ledger.entries), default=5)
    room = min(longest, 36) if wide else min(max(longest, 24), 28)  # sources stand below ids
    grid.add_column("claim", width=max(room, len("claim")))
    if wide:
        grid.add_column("source", overflow="fold", ratio=3)
    grid.add_column("verdict", min_width=11, no_wrap=False)
    grid.add_column("note", overflow="fold", ratio=8 if wide else 6)
    if wide:
        grid.add_column("routes", min_width=6)
    cached = any(entry.cached for entry in ledger.entries)
    grid.add_column("s", justify="right", min_width=6 if cached else 5, no_wrap=True)
    for entry in ledger.entries:
        name = Text(_folded(entry.claim.id, room))
        if not wide:
            name.append(f"\n{entry.claim.source}", style="dim")
        extra = [Text(entry.claim.source, style="dim")] if wide else []
        tail = [Text(view.routes(entry))] if wide else []
        seconds = Text("cached" if entry.cached else f"{entry.seconds:.2f}", style="dim")
        grid.add_row(name, *extra, _verdict(entry), Text(view.note(entry)), *tail, seconds)
    return grid


def mutation_table(ledger: Ledger) -> Table:
    """Mutants a claim: made and their fates; survivors are named with their change.

    >>> mutation_table(Ledger(())).row_count
    0
    """
    grid = Table(box=None, pad_edge=False, header_style="bold")
    grid.add_column("claim", overflow="fold")
    grid.add_column("made", justify="right")
    for fate in Fate:
        grid.add_column(fate.value, justify="right")
    for claim_id in dict.fromkeys(mutant.claim_id for mutant in ledger.mutants):
        mine = [mutant for mutant in ledger.mutants if mutant.claim_id == claim_id]
        grid.add_row(Text(claim_id), str(len(mine)), *(_number(mine, fate) for fate in Fate))
        for mutant in mine:
            if mutant.fate is Fate.SURVIVED:
                change = f"  {mutant.operator}: {mutant.statement}"
                grid.add_row(Text(change, style=_FATE_COLORS[Fate.SURVIVED]))
    if ledger.mutants:
        everything = list(ledger.mutants)
        grid.add_section()
        numbers = (_number(everything, fate) for fate in Fate)
        grid.add_row(Text("all", style="bold"), str(len(everything)), *numbers)
    return grid


LEGEND = "routes that decided: E, exact derivation; S, the independent second route"
"""What the letters in the column of routes mean."""


def summary_line(ledger: Ledger) -> Text:
    """Counts by verdict, surprises and mutants, on one line.

    >>> str(summary_line(Ledger(())))
    '0 claims'
    """
    line = Text(view.summary(ledger))
    if ledger.mutants and not ledger.survivors:
        line.append(", none survived")
    if ledger.entries and not ledger.surprises:
        line.append(" · all verdicts as expected")
    if kept := sum(entry.cached for entry in ledger.entries):
        line.append(f" · {kept} from the cache")
    for status, color in _COLORS.items():
        line.highlight_regex(rf"\b\d+ {status}\b", color)
    line.highlight_regex(r"\d+ not as expected|\b[1-9]\d* survived", "bold red")
    return line


def _folded(identifier: str, width: int) -> str:
    """An id on lines of a width, broken after a dot or a hyphen where there is one."""
    if len(identifier) <= width:
        return identifier
    head = identifier[:width]
    cut = max(head.rfind("."), head.rfind("-")) + 1 or width
    return f"{identifier[:cut]}\n{_folded(identifier[cut:], width)}"


def _verdict(entry: Entry) -> Text:
    status = view.status(entry)
    text = Text(status, style=_COLORS[status])
    if entry.outcome:
        text.append(f"\n{entry.outcome}", style="default")
    if not entry.as_expected:
        text.append(f"\n! {view.expectation(entry)}", style="bold red")
    return text


def _number(mutants: list[Mutant], fate: Fate) -> Text:
    number = sum(mutant.fate is fate for mutant in mutants)
    return Text(str(number), style=_FATE_COLORS[fate] if number else "dim")

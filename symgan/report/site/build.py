"""The pages of a site as (name, bytes); nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from jinja2 import Environment

from symgan.claims.model import Entry, Mutant
from symgan.claims.registry import FILE_PREFIX
from symgan.report import view
from symgan.report.html import environment, style, unconverted
from symgan.report.json import certificates, dumps, to_json
from symgan.report.pictures import Picture
from symgan.report.sheets import Sheet
from symgan.report.site import names
from symgan.report.site.files import checkable_files, figure_file, picture_files
from symgan.report.site.markdown import html
from symgan.report.site.model import MEANINGS, Paper, Site, papers, related
from symgan.report.source import CONTROL

FEW = 5
"""So many faults stand on the front page for a paper without findings of its own."""
FRONT = "index.html"
ATLAS = "atlas.html"
STYLE = "style.css"

DOCUMENTS = {
    "report.pdf": "the ledger as one document",
    "report.tex": "its LaTeX source",
    "report.log": "why that source did not compile",
}

Contents = Iterator[tuple[str, bytes]]
Crumbs = Sequence[tuple[str, str]]


def pages(site: Site) -> Contents:
    """(name in the folder, content) of every file, the front page last.

    Raises:
        BadData: a certificate holds something that is not plain data.

    >>> from symgan.claims import Ledger
    >>> [name for name, _ in pages(Site(Ledger(())))]
    ['style.css', 'ledger.json', 'index.html']
    """
    templates = environment()
    shown = papers(site)
    checked = {e.claim.id: tuple(checkable_files(e)) for e in site.ledger.entries}
    yield STYLE, style("page.css", "shared.css", "site.css").encode()
    yield "ledger.json", dumps(to_json(site.ledger)).encode()
    render = partial(_render, templates, site)
    for paper in shown:
        yield from _claims(site, paper, checked, render)
        yield from _paper(paper, render)
    for sheet in site.sheets:
        yield from _sheet(site, sheet, render)
    if site.atlas:
        yield from _atlas(site, render)
    yield from site.files.items()
    yield FRONT, _front(site, shown, sum(map(len, checked.values())), render)


Render = Callable[..., bytes]


def _render(
    templates: Environment, site: Site, template: str, place: str, crumbs: Crumbs, **found: Any
) -> bytes:
    """One page; ``to`` in its template makes links from where it stands."""
    from symgan import __version__

    text = templates.get_template(template).render(
        site=site,
        crumbs=crumbs,
        to=lambda target: names.link(target, place),
        version=__version__,
        claim_page=names.claim_page,
        paper_page=names.paper_page,
        sheet_page=names.sheet_page,
        figure_file=figure_file,
        label=_label,
        **found,
    )
    return CONTROL.sub("\ufffd", text).encode("utf-8", "replace")


def _front(site: Site, shown: Sequence[Paper], checked: int, render: Render) -> bytes:
    return render(
        "site_front.html.j2",
        FRONT,
        (),
        papers=shown,
        few=FEW,
        meanings={s: m for s, m in MEANINGS.items() if s in view.counts(site.ledger)},
        survivors=list(dict.fromkeys(m.claim_id for m in site.ledger.survivors)),
        certificates=checked,
        documents=DOCUMENTS,
        unconverted=unconverted(site.ledger),
        formulas=sum(len(view.formulas(entry)) for entry in site.ledger.entries),
    )


def _paper(paper: Paper, render: Render) -> Contents:
    place = names.paper_page(paper.name)
    for figure in paper.figures:
        yield from picture_files("papers", paper.name, figure)
    crumbs = (("report", FRONT), (paper.name, ""))
    formats = partial(_formats, place)
    yield place, render("site_paper.html.j2", place, crumbs, paper=paper, formats=formats)


def _formats(place: str, figure: Picture, kind: str, owner: str) -> dict[str, str]:
    """Format -> link, of the files that a picture has beside its SVG."""
    return {
        suffix.upper(): names.link(figure_file(kind, owner, figure, suffix), place)
        for suffix in ("svg", *figure.files)
    }


def _claims(
    site: Site,
    paper: Paper,
    checked: Mapping[str, tuple[tuple[str, str, bytes], ...]],
    render: Render,
) -> Contents:
    changed: dict[str, list[Mutant]] = {}
    for mutant in site.ledger.mutants:
        changed.setdefault(mutant.claim_id, []).append(mutant)
    near = related(paper.entries)
    entries = paper.entries
    around = zip((None, *entries), entries, (*entries[1:], None), strict=False)
    for number, (before, entry, after) in enumerate(around, 1):
        identifier = entry.claim.id
        evidence = certificates(entry)
        file = f"evidence/{names.stem(identifier)}.json" if evidence is not None else ""
        if evidence is not None:
            yield file, dumps(evidence).encode()
        yield from ((name, data) for name, _, data in checked[identifier])
        place = names.claim_page(identifier)
        home = names.paper_page(paper.name)
        crumbs = (("report", FRONT), (paper.name, home), (_label(entry), ""))
        yield (
            place,
            render(
                "site_claim.html.j2",
                place,
                crumbs,
                entry=entry,
                meaning=_meaning(entry),
                before=before,
                after=after,
                number=number,
                total=len(paper.entries),
                mutants=changed.get(identifier, ()),
                rechecked=[(name, kind) for name, kind, _ in checked[identifier]],
                evidence=file,
                origin=_origin(entry),
                related=near.get(identifier, ()),
            ),
        )


def _label(entry: Entry) -> str:
    """The id without its paper."""
    return entry.claim.id.removeprefix(f"{entry.claim.paper}.")


def _origin(entry: Entry) -> tuple[str, str]:
    """Where the claim's code stands, and the command that examines it."""
    module, _, name = entry.claim.origin.partition(":")
    if not module.startswith(FILE_PREFIX):
        return entry.claim.origin, f"symgan verify {entry.claim.id}"
    file = f"{module.removeprefix(FILE_PREFIX).rpartition('_')[0]}.py"
    return f"{file}:{name}", f"symgan verify {file}"


def _meaning(entry: Entry) -> str:
    text = MEANINGS[view.status(entry)]
    return f"{text} Outcome: {entry.outcome}." if entry.outcome else text


def _sheet(site: Site, sheet: Sheet, render: Render) -> Contents:
    place = names.sheet_page(sheet.name)
    found = []
    for figure in site.figures.get(sheet.paper, ()):
        if figure.name in sheet.shows:
            found.append(("papers", sheet.paper, figure))
    for figure in sheet.figures:
        yield from picture_files("pages", sheet.name, figure)
        found.append(("pages", sheet.name, figure))
    figures = [
        (figure, figure_file(kind, owner, figure, "svg"), _formats(place, figure, kind, owner))
        for kind, owner, figure in found
    ]
    crumbs = [("report", FRONT), (sheet.title, "")]
    if sheet.paper in {entry.claim.paper for entry in site.ledger.entries}:
        crumbs.insert(1, (sheet.paper, names.paper_page(sheet.paper)))
    body = html(sheet.markdown)
    yield (
        place,
        render("site_sheet.html.j2", place, crumbs, sheet=sheet, figures=figures, body=body),
    )


def _atlas(site: Site, render: Render) -> Contents:
    from symgan.atlas import Verdict
    from symgan.report.atlas import by_game, tally
    from symgan.report.atlas_page import page

    groups = by_game(site.atlas)
    listed = []
    shown = [v for v in Verdict if any(cell.verdict is v for cell in site.atlas)]
    for game, cells in groups:
        place = names.atlas_page(game)
        crumbs = (("report", names.link(FRONT, place)), ("atlas", names.link(ATLAS, place)))
        yield place, page(tuple(cells), title=game, crumbs=crumbs).encode()
        listed.append((game, place, [sum(c.verdict is v for c in cells) for v in shown]))
    yield (
        ATLAS,
        render(
            "site_atlas.html.j2",
            ATLAS,
            (("report", FRONT), ("atlas", "")),
            tally=tally(site.atlas),
            names=[v.value for v in shown],
            games=listed,
        ),
    )

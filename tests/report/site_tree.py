"""Reading a written site: pages as elements, links to where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"meta", "br", "hr", "img", "input", "link", "wbr"}


class Page(HTMLParser):
    """Elements with their attributes, the text, and whether tags open and close in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, name: str) -> Iterator[str]:
        """The values of an attribute, of all elements that have it."""
        return (attrs[name] for _, attrs in self.elements if name in attrs)

    @property
    def text(self) -> str:
        """The words, with single spaces."""
        return " ".join("".join(self.words).split())


@dataclass(frozen=True)
class Link:
    """A link of a written site.

    Attributes:
        page: the file that it stands in.
        value: as it is written.
        target: the file that it leads to.
        fragment: the id that it leads to, or empty.
    """

    page: Path
    value: str
    target: Path
    fragment: str


def site_pages(folder: Path) -> dict[Path, Page]:
    """All pages of a folder."""
    return {path: Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}


def links(pages: dict[Path, Page]) -> Iterator[Link]:
    """Every ``href`` and ``src`` of the pages, data URIs apart."""
    for path, page in pages.items():
        for name in ("href", "src"):
            for value in page.values(name):
                parts = urlsplit(value)
                assert not parts.scheme, f"{path}: {value} leaves the folder"
                assert not parts.netloc, f"{path}: {value} leaves the folder"
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                yield Link(path, value, target, unquote(parts.fragment))


def broken(folder: Path) -> list[str]:
    """Links that lead nowhere: to no file of the folder, or to no id of the page."""
    pages = site_pages(folder)
    found = []
    for link in links(pages):
        inside = link.target.is_relative_to(folder.resolve()) and link.target.is_file()
        ids = set(pages[link.target].values("id")) if link.target in pages else set()
        if not inside or (link.fragment and link.fragment not in ids):
            found.append(f"{link.page.relative_to(folder)}: {link.value}")
    return found

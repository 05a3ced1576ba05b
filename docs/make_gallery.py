"""Write the pictures of gallery.md: run the code on that page, and save each `figure`.

Run it from anywhere: python docs/make_gallery.py
"""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("gallery.md")
PICTURE = re.compile(r"!\[[^\]]+\]\((figures/[\w-]+\.svg)\)")


@dataclass(frozen=True)
class Block:
    """A block of code on the page.

    Attributes:
        source: its statements.
        picture: the file that stands above it; empty for the block of imports.
    """

    source: str
    picture: str


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page, each with the picture that stands between it and the one before."""
    before = 0
    for match in re.finditer(r"^```python\n(.*?)^```", text, re.M | re.S):
        named = PICTURE.findall(text[before : match.start()])
        examples = doctest.DocTestParser().get_examples(match[1])
        yield Block("".join(example.source for example in examples), named[-1] if named else "")
        before = match.end()


def figures(
    text: str, wanted: Callable[[Block], bool] = lambda block: True
) -> Iterator[tuple[str, Any]]:
    """Run the blocks of a page in order; gives (file, figure) of those with a picture."""
    names: dict[str, Any] = {}
    for block in blocks(text):
        if block.picture and not wanted(block):
            continue
        exec(compile(block.source, block.picture or "imports", "exec"), names)
        if block.picture:
            yield block.picture, names.pop("figure")


def main(folder: Path) -> None:
    """Write all pictures under a folder."""
    from symgan.report.figures import save

    for name, figure in figures(PAGE.read_text(encoding="utf-8")):
        save(figure, folder / name)
        print(folder / name)


if __name__ == "__main__":
    main(PAGE.parent)

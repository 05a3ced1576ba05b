"""Examples without the blank last line that doctest asks for before a closing fence."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Look at each page once it is read."""
    app.connect("doctree-read", trim)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def trim(app: Sphinx, document: nodes.document) -> None:
    """Take blank lines off the ends of code blocks."""
    for block in document.findall(nodes.literal_block):
        text = block.astext().rstrip()
        if block.rawsource == block.astext():  # what is highlighted is the raw text
            block.rawsource = text
        block.children = [nodes.Text(text)]

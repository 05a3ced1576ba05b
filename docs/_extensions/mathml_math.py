"""Formulas as MathML in the page: no script, no font and no network are needed to read them.

A formula that cannot be converted fails the build: it would be shown as TeX otherwise.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from symgan.report.mathml import MathMLError, mathml

logger = logging.getLogger(__name__)
JOINED = "&#8288;"  # a word joiner: no line breaks between a formula and its comma


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer under the name ``mathml``."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def inline(translator: Any, node: nodes.math) -> None:
    """A formula in a sentence."""
    translator.body.append(_converted(node, display=False) + JOINED)
    raise nodes.SkipNode


def block(translator: Any, node: nodes.math_block) -> None:
    """A formula in a line of its own, one after another where a blank line parts them."""
    parts = [part for part in node.astext().split("\n\n") if part.strip()]
    for part in parts:
        source = _aligned(part.strip())
        translator.body.append('<div class="math-display">')
        translator.body.append(_converted(node, display=True, source=source))
        translator.body.append("</div>\n")
    raise nodes.SkipNode


def _aligned(source: str) -> str:
    bare = r"\\" in source and not source.startswith(r"\begin") and not _nested(source)
    return rf"\begin{{aligned}}{source}\end{{aligned}}" if bare else source


def _nested(source: str) -> bool:
    """Whether all line breaks stand inside environments."""
    depth = 0
    for piece in source.replace(r"\begin", "\0B").replace(r"\end", "\0E").split("\0"):
        depth += {"B": 1, "E": -1}.get(piece[:1], 0)
        if depth == 0 and r"\\" in piece:
            return False
    return True


def _converted(node: nodes.Node, *, display: bool, source: str | None = None) -> str:
    text = node.astext() if source is None else source
    try:
        return mathml(text, display=display)
    except MathMLError as error:
        logger.warning("no MathML for %r: %s", text, error, location=node, type="mathml")
        return f"<code>{nodes.unescape(text)}</code>"

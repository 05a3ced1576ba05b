r"""The Markdown that symgan writes, as HTML: headings, paragraphs, lists, tables, code, emphasis.

Not all of Markdown. What is not listed here, raw HTML above all, is shown as the text that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"[-*]\s+(.*)")
_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_SPAN = re.compile(
    r"(?P<fence>`+)(?P<code>.+?)(?P=fence)(?!`)|(?<!\w)\*\*(?P<strong>\S.*?)\*\*(?!\w)"
    r"|(?<![\w*])\*(?P<em>[^\s*][^*]*)\*(?![\w*])"
    r"|\[(?P<text>[^\]]*)\]\([^)\s]*\)|\\(?P<escaped>[^\w\s])"
)
_NUMBER = re.compile(r"[-+~<>≤≥]?\s*[\d.,:%eE/ +-]+")


def html(markdown: str, *, top: int = 2) -> Markup:
    r"""HTML of a Markdown text.

    Args:
        markdown: the text.
        top: the level of its first-level headings on the page.

    >>> print(html("# A\n\nb *c* `d`"))
    <h2>A</h2>
    <p>b <em>c</em> <code>d</code></p>
    """
    blocks = re.split(r"\n\s*\n", markdown.strip("\n"))
    return Markup("\n").join(part for block in _fenced(blocks) for part in _block(block, top))


def _fenced(blocks: list[str]) -> Iterator[str]:
    """Blocks, with those that a code fence spans put together again."""
    held: list[str] = []
    for block in blocks:
        held.append(block)
        joined = "\n\n".join(held)
        if len(re.findall(r"(?m)^```", joined)) % 2 == 0:
            yield joined
            held = []
    if held:
        yield "\n\n".join(held)


def _block(block: str, top: int) -> Iterator[Markup]:
    lines = block.splitlines()
    if not lines:
        return
    if lines[0].startswith("```"):
        body = "\n".join(lines[1:-1] if lines[-1].startswith("```") else lines[1:])
        yield Markup('<pre class="scroll" tabindex="0"><code>{}</code></pre>').format(body)
        return
    heading = _HEADING.fullmatch(lines[0])
    if heading:
        level = min(top + len(heading[1]) - 1, 6)
        yield Markup("<h{0}>{1}</h{0}>").format(level, inline(heading[2]))
        yield from _block("\n".join(lines[1:]), top)
    elif len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1]):
        yield _table(lines)
    elif _ITEM.fullmatch(lines[0]):
        yield _list(lines)
    else:
        yield Markup("<p>{}</p>").format(inline(" ".join(line.strip() for line in lines)))


def _list(lines: list[str]) -> Markup:
    items: list[str] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item:
            items.append(item[1])
        else:
            items[-1] += f" {line.strip()}"
    inside = Markup("").join(Markup("<li>{}</li>").format(inline(item)) for item in items)
    return Markup("<ul>{}</ul>").format(inside)


def _table(lines: list[str]) -> Markup:
    head, rows = _cells(lines[0]), [_cells(line) for line in lines[2:]]
    right = [_numeric([row[i] for row in rows if i < len(row)]) for i in range(len(head))]
    top = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_side(r), inline(cell))
        for cell, r in zip(head, right, strict=True)
    )
    body = Markup("\n").join(_row(row, right) for row in rows)
    return Markup(
        '<div class="scroll" tabindex="0">\n<table class="grid">\n<thead><tr>{}</tr></thead>\n'
        "<tbody>\n{}\n</tbody>\n</table>\n</div>"
    ).format(top, body)


def _row(cells: list[str], right: list[bool]) -> Markup:
    sides = [*right, *[False] * len(cells)]
    first = Markup('<th scope="row">{}</th>').format(inline(cells[0])) if cells else Markup()
    rest = (
        Markup("<td{}>{}</td>").format(_side(r), inline(cell))
        for cell, r in zip(cells[1:], sides[1:], strict=False)
    )
    return Markup("<tr>{}{}</tr>").format(first, Markup("").join(rest))


def _side(right: bool) -> Markup:
    return Markup(' class="number"' if right else "")


def _numeric(cells: list[str]) -> bool:
    """Whether all cells that hold something hold a number."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_NUMBER.fullmatch(cell) for cell in filled)


def _cells(line: str) -> list[str]:
    """The cells of a line; a bar behind a backslash belongs to its cell."""
    inside = line.strip().removeprefix("|")
    inside = inside[:-1] if inside.endswith("|") and not inside.endswith(r"\|") else inside
    return [cell.strip().replace(r"\|", "|") for cell in _BAR.split(inside)]


def inline(text: str) -> Markup:
    """Spans of one paragraph; a link becomes its text, for where it led is not in the folder.

    >>> print(inline("**a** < [b](c.md)"))
    <strong>a</strong> &lt; b
    """
    out, position = Markup(), 0
    for match in _SPAN.finditer(text):
        out += escape(text[position : match.start()])
        out += _span(match)
        position = match.end()
    return out + escape(text[position:])


def _span(match: re.Match[str]) -> Markup:
    found = match.groupdict()
    if found["code"] is not None:
        return Markup("<code>{}</code>").format(found["code"].strip())
    if found["strong"] is not None:
        return Markup("<strong>{}</strong>").format(inline(found["strong"]))
    if found["em"] is not None:
        return Markup("<em>{}</em>").format(inline(found["em"]))
    if found["text"] is not None:
        return inline(found["text"])
    return escape(found["escaped"])

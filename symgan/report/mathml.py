r"""Printed LaTeX to MathML, through latex2mathml, trusting none of its output.

latex2mathml converts what it knows and passes on the rest: an unknown command becomes
an identifier with a backslash, an incomplete fraction a fraction with one child, the
content of ``\text{}`` raw markup. Here its element tree is checked against the
elements and child counts of MathML Core, mended where browsers need it, and serialized
with escapes. What does not pass is not shown as if it had.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

from symgan.report.source import fault

_CHILDREN = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3,
    "munderover": 3, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0,
}  # fmt: skip
_ROWS = frozenset(
    {"math", "mrow", "mtable", "mtr", "mtd", "msqrt", "mstyle", "mpadded", "mphantom", "menclose"}
)
_ATTRIBUTES = frozenset({
    "display", "stretchy", "fence", "form", "accent", "movablelimits", "width", "height",
    "depth", "lspace", "rspace", "voffset", "minsize", "maxsize", "linethickness",
    "columnalign", "columnspacing", "rowspacing", "displaystyle", "scriptlevel", "mathvariant",
    "notation",
})  # fmt: skip
_LIMITS = frozenset({"lim", "max", "min", "sup", "inf", "lim sup", "lim inf"})
_BRACES = {"⏟": "underbrace", "⏞": "overbrace"}
_SIGNS = frozenset("+-−±∓")
_CLOSING = frozenset(")]}|‖⟩!′")
_OPERATOR_NAME = re.compile(r"\\operatorname\*?\s*\{([^{}]*)\}")
_ROW_SPACE = re.compile(r"\\\\\s*\[[^\]]*\]")
_TEXT_ESCAPES = re.compile(r"\\([%_&#${}])")
# What latex2mathml does not know, said in words that it does.
_REWRITES = (
    (r"\begin{aligned}", r"\begin{split}"),
    (r"\end{aligned}", r"\end{split}"),
    (r"\begin{gathered}", r"\begin{array}{c}"),
    (r"\end{gathered}", r"\end{array}"),
)
_VARIANTS = {"script": "SCRIPT", "double-struck": "DOUBLE-STRUCK", "fraktur": "FRAKTUR"}


class MathMLError(ValueError):
    """A formula that cannot be shown as MathML; the message says why."""


@lru_cache(maxsize=16384)  # a report shows a formula on several pages, and as LaTeX
def mathml(latex: str, *, display: bool = True) -> str:
    r"""MathML of a formula, safe to put into a page as it is.

    Args:
        latex: the formula, without dollar signs.
        display: in a line of its own, or inside a sentence.

    Raises:
        MathMLError: the formula is malformed, or holds what MathML or the converter
            cannot express.

    >>> mathml("x^2", display=False)
    '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    """
    from latex2mathml.converter import convert_to_element

    wrong = fault(latex)
    if wrong:
        raise MathMLError(wrong)
    source = _known(latex)
    try:
        tree = convert_to_element(source, display="block" if display else "inline")
    except Exception as error:  # a third-party parser, on any input
        raise MathMLError(str(error) or type(error).__name__) from error
    _mend(tree, display)
    return tostring(tree, encoding="unicode", short_empty_elements=False)


def _known(latex: str) -> str:
    for old, new in _REWRITES:
        latex = latex.replace(old, new)
    latex = _ROW_SPACE.sub(r"\\\\", latex)
    latex = re.sub(r"\\arg(?![A-Za-z])", r"\\operatorname{arg}", latex)
    return _OPERATOR_NAME.sub(_upright, latex)


def _upright(match: re.Match[str]) -> str:
    name = re.sub(r"\\[,;:! ]", " ", match[1])
    return rf"\operatorname{{{name}}}" if name.isalpha() else rf"\text{{{name}}}"


def _mend(element: Element, display: bool) -> None:
    """Check one element, mend it for browsers, and go on with its children."""
    _operator(element, display)
    wanted = _CHILDREN.get(element.tag)
    if wanted is None and element.tag not in _ROWS:
        raise MathMLError(f"<{element.tag}> is not MathML Core")
    if wanted is not None and len(element) != wanted:
        raise MathMLError(f"<{element.tag}> with {len(element)} parts instead of {wanted}")
    if element.get("linebreak"):
        raise MathMLError("a line break outside a table")
    if element.get("width") == "negativethinmathspace":
        element.set("width", "-0.167em")
    if element.text:
        element.text = _content(element)
    for attribute in [name for name in element.attrib if name not in _ATTRIBUTES]:
        del element.attrib[attribute]
    base = element[0] if len(element) else None
    if display and element.tag == "msub" and base is not None and _is_limit(base):
        element.tag = "munder"
    for child in element:
        _mend(child, display)
    if element.tag in ("munder", "mover"):
        _brace(element)
    if element.tag in _ROWS:
        _sign(element)
        _bars(element)
        _space(element)


def _operator(element: Element, display: bool) -> None:
    r"""``\mathop{...}``: an operator made of other elements, with its limits below it."""
    if element.tag in ("msub", "msup", "msubsup") and len(element) and _is_made(element[0]):
        limits = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
        element.tag = limits[element.tag] if display else element.tag
    if _is_made(element):
        element.tag = "mrow"


def _is_made(element: Element) -> bool:
    return element.tag == "mo" and len(element) == 1


def _is_limit(base: Element) -> bool:
    return html.unescape(base.text or "").replace("\u2006", " ") in _LIMITS


def _content(element: Element) -> str:
    """The text of a token: unescaped, without leftovers of LaTeX."""
    text = html.unescape(element.text or "")
    if element.tag == "mtext":
        text = _TEXT_ESCAPES.sub(r"\1", text)
    text = text.removeprefix("\\") if text in (r"\{", r"\}") else text
    if "\\" in text:
        raise MathMLError(f"{text} is not known")
    if element.tag != "mtext" and "&" in text:
        raise MathMLError("an & outside a table")
    # latex2mathml takes some operators for identifiers, and names for operators.
    if element.tag == "mi" and len(text) == 1 and unicodedata.category(text) in ("Sm", "So", "Po"):
        element.tag = "mo"
    if element.tag == "mo" and text.isalpha() and len(text) > 1 and text not in _LIMITS:
        element.tag = "mi"
    return _styled(text, element)


def _brace(element: Element) -> None:
    """A brace below or above as a row with a class, for the style sheet to draw.

    Chromium stretches the brace to a wrong width where the row holds an integral.
    """
    name = _BRACES.get(element[1].text or "")
    if name:
        element.tag = "mrow"
        element.set("class", name)
        element.remove(element[1])


def _sign(row: Element) -> None:
    """Mark signs that open an expression: browsers take only the first child for one."""
    for before, sign in zip(row, list(row)[1:], strict=False):
        after_operator = before.tag == "mo" and (before.text or "") not in _CLOSING
        if sign.tag == "mo" and sign.text in _SIGNS and after_operator:
            sign.set("form", "prefix")


def _bars(row: Element) -> None:
    """Mark the bars of an absolute value as its fences: alone they are set as relations."""
    bars = [child for child in row if child.tag == "mo" and child.text == "|"]
    for index, bar in enumerate(bars if len(bars) % 2 == 0 else []):
        bar.set("form", "postfix" if index % 2 else "prefix")


def _space(row: Element) -> None:
    """Put a thin space around function names, as TeX does: MathML puts none."""
    for index in range(len(row) - 1, 0, -1):
        before, after = row[index - 1], row[index]
        named = _is_name(before) and not _opens(after)
        if (named or _is_name(after)) and not _is_operator(before) and not _is_operator(after):
            row.insert(index, Element("mspace", width="0.167em"))


def _is_name(element: Element) -> bool:
    """A function name of several letters, possibly with a power."""
    base = element[0] if element.tag in ("msup", "msub", "msubsup") else element
    return base.tag == "mi" and len(base.text or "") > 1


def _is_operator(element: Element) -> bool:
    return element.tag in ("mo", "mspace", "mtext")


def _opens(element: Element) -> bool:
    first = next((e for e in element.iter() if e.tag not in ("mrow", "mstyle", "mtable")), element)
    return first.tag == "mo" and (first.text or "") in "([{|‖"


def _styled(text: str, element: Element) -> str:
    """Letters of a style browsers do not know by attribute, as the letters themselves."""
    style = _VARIANTS.get(element.get("mathvariant", ""))
    if style is None or len(text) != 1 or not text.isascii() or not text.isalpha():
        return text
    del element.attrib["mathvariant"]
    case = "CAPITAL" if text.isupper() else "SMALL"
    for prefix in (f"MATHEMATICAL {style} {case} {text.upper()}", f"{style} {case} {text.upper()}"):
        try:
            return unicodedata.lookup(prefix)
        except KeyError:
            continue
    return text

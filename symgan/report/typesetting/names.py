r"""Names: what stands below the line."""

from __future__ import annotations


def subscript(*texts: str) -> str:
    r"""What stands below the line: a letter bare, words upright.

    >>> print(subscript("r"), subscript("12"), subscript("next"), subscript("1", "old"))
    r {12} {\text{next}} {1,\text{old}}
    """
    if len(texts) == 1 and len(texts[0]) == 1:
        return texts[0]
    return f"{{{','.join(map(_below, texts))}}}"


def _below(text: str) -> str:
    word = len(text) > 1 and text.isalpha() and text.islower()
    return rf"\text{{{text}}}" if word else text

r"""Prose for LaTeX: plain text in, text that compiles and says the same out.

Prose is plain text. Nothing in it is markup: a backslash prints as a backslash. Greek
letters and mathematical signs are set with the commands pdfLaTeX has for them.
"""

from __future__ import annotations

import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "-": "{-}",  # no ligature: two hyphens stay two hyphens
    "\u00a0": "~",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "…": r"\ldots{}",
}

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi",
    "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi",
    "Omega",
)  # fmt: skip

_MATH = {
    "ϕ": r"\phi", "φ": r"\varphi", "ϵ": r"\epsilon", "ε": r"\varepsilon", "ℓ": r"\ell",
    "−": "-", "±": r"\pm", "∓": r"\mp", "×": r"\times", "·": r"\cdot", "⋅": r"\cdot",
    "÷": r"\div", "∗": r"\ast", "∘": r"\circ", "√": r"\surd", "∞": r"\infty", "∂": r"\partial",
    "∇": r"\nabla", "∫": r"\int", "∑": r"\sum", "∏": r"\prod", "≤": r"\le", "≥": r"\ge",
    "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto", "≪": r"\ll",
    "≫": r"\gg", "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "↦": r"\mapsto",
    "⇒": r"\Rightarrow", "⇐": r"\Leftarrow", "⇔": r"\Leftrightarrow", "⟹": r"\Longrightarrow",
    "⟺": r"\Longleftrightarrow", "∈": r"\in", "∉": r"\notin", "∅": r"\emptyset", "⊂": r"\subset",
    "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "∀": r"\forall", "∃": r"\exists",
    "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee", "⊥": r"\perp", "∥": r"\parallel",
    "ℝ": r"\mathbb{R}", "ℂ": r"\mathbb{C}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}",
    "ℚ": r"\mathbb{Q}", "ℒ": r"\mathcal{L}", "′": "{}'", "″": "{}''", "°": r"{}^{\circ}",
    "⟨": r"\langle", "⟩": r"\rangle", "¹": "{}^{1}", "½": r"\tfrac12", "¼": r"\tfrac14",
    "✓": r"\checkmark",
}  # fmt: skip
_MATH |= {f: rf"{{}}^{{{d}}}" for f, d in zip("⁰²³⁴⁵⁶⁷⁸⁹⁻⁺", "023456789-+", strict=True)}
_MATH |= {f: rf"{{}}_{{{d}}}" for f, d in zip("₀₁₂₃₄₅₆₇₈₉₋₊", "0123456789-+", strict=True)}
_ACCENTS = {"\u0307": r"\dot", "\u0308": r"\ddot", "\u0302": r"\hat", "\u0304": r"\bar"}


def _greek(name: str) -> str:
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    spelled = {"lambda": "LAMDA"}.get(name.lower(), name.upper())
    return unicodedata.lookup(f"GREEK {case} LETTER {spelled}")


_MATH = {_greek(name): rf"\{name}" for name in _GREEK} | _MATH


def escape(text: str) -> str:
    r"""Plain text as LaTeX text.

    A character that neither LaTeX's T1 fonts nor the tables here hold is named by its
    code point, so that nothing disappears.

    >>> print(escape("θ̇ < 50% & a_b"))
    \ensuremath{\dot{\theta}} \textless{} 50\% \& a\_b
    """
    out: list[str] = []
    for character in _characters(text):
        accent = _ACCENTS.get(character)
        if accent and out:
            out[-1] = rf"\ensuremath{{{accent}{{{_bare(out[-1])}}}}}"
        else:
            out.append(_text(character))
    return "".join(out)


def _characters(text: str) -> str:
    """Composed characters where LaTeX's fonts have them, else letters and accents apart."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        c if c.isascii() or c in _MATH or _in_t1(c) else unicodedata.normalize("NFD", c)
        for c in composed
    )


def in_formula(latex: str) -> str:
    r"""A formula with every non-ASCII character spelled as a LaTeX command.

    >>> print(in_formula("α ≤ 1"))
    \alpha  \le  1
    """
    return "".join(c if c.isascii() else f"{_MATH.get(c) or _unknown(c)} " for c in latex)


def _text(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in _MATH:
        return rf"\ensuremath{{{_MATH[character]}}}"
    if character.isspace():
        return " "
    return character if _in_t1(character) else _unknown(character)


def _in_t1(character: str) -> bool:
    """ASCII and the letters of Latin-1 and Latin Extended-A that pdfLaTeX knows."""
    code = ord(character)
    return 0x20 <= code < 0x7F or (0xC0 <= code <= 0x17F and character not in "ĦħĸĿŀŉŦŧ")


def _unknown(character: str) -> str:
    return rf"\text{{[U+{ord(character):04X}]}}"


def _bare(text: str) -> str:
    start = r"\ensuremath{"
    return text[len(start) : -1] if text.startswith(start) else text

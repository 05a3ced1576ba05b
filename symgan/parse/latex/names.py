r"""Names: a letter with accents, fonts, primes, indices and marks, and its one spelling.

The spelling is SymPy's name for the symbol: accents and fonts behind the letter, the lower index
behind ``_``, a mark such as ``*`` behind ``^``. Only marks belong to a name; any other exponent is
a power, unless the name with that exponent is declared.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from symgan.parse import ParseError
from symgan.parse.latex.cursor import Cursor, spelled

GREEK = frozenset({
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta",
    "vartheta", "iota", "kappa", "varkappa", "lambda", "mu", "nu", "xi", "pi", "varpi",
    "rho", "varrho", "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi",
    "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi",
    "Psi", "Omega", "ell", "hbar",
})  # fmt: skip
ACCENTS = {
    "dot": "dot", "ddot": "ddot", "dddot": "dddot", "hat": "hat", "widehat": "hat", "bar": "bar",
    "overline": "bar", "tilde": "tilde", "widetilde": "tilde", "vec": "vec", "check": "check",
    "breve": "breve", "acute": "acute", "grave": "grave",
}  # fmt: skip
FONTS = {
    "mathcal": "cal", "mathscr": "scr", "mathfrak": "frak", "mathbf": "bold", "boldsymbol": "bold",
    "bm": "bold", "bf": "bold", "mathbb": "bb",
}  # fmt: skip
_MARKS = {"*": "*", "ast": "*", "star": "*", "+": "+", "-": "-", "dagger": "dagger"}


@dataclass(frozen=True)
class Name:
    """A name as it was read.

    Attributes:
        spelling: its whole spelling.
        primes: how many primes it has.
        bare: its spelling without primes.
        words: whether it is several letters side by side.
    """

    spelling: str
    primes: int
    bare: str
    words: bool = False


NO_NAMES: Container[str] = frozenset()
"""Where a variable is declared no name is known: letters stand for themselves."""


def starts_name(c: Cursor) -> bool:
    """Whether a name can start at the next token."""
    token = c.token
    if token.kind == "{":  # {x}' and {x}_k are names, as SymPy prints them
        return c.place < c.end and c.tokens[c.closing[c.place] + 1].kind in ("'", "_")
    if token.kind == "command":
        return token.text in GREEK or token.text in ACCENTS or token.text in FONTS
    return token.kind in ("letter", "word")


def whole_name(text: str) -> str:
    r"""The spelling of a text that is one name and nothing else; else empty.

    >>> whole_name(r"\dot\theta_k"), whole_name(r"\theta^*"), whole_name("2x")
    ('thetadot_k', 'theta^*', '')
    """
    from symgan.parse.latex.vocabulary import Vocabulary

    try:
        cursor = Cursor(text, Vocabulary(), "name", lambda c: None)
        if not starts_name(cursor):
            return ""
        name = read_name(cursor, NO_NAMES, declaring=True)
    except ParseError:
        return ""
    return name.spelling if cursor.token.kind == "stop" else ""


def read_name(c: Cursor, known: Container[str], *, declaring: bool = False) -> Name:
    """The name that starts here.

    Args:
        c: the place; a name starts there.
        known: the names that exist: several letters are one name only if it is among them.
        declaring: whether a name is being declared, so that several letters are one name and
            any exponent belongs to it.
    """
    length = _run(c)
    if length > 1:
        place, token = c.place, c.token
        letters = "".join(c.take().text for _ in range(length))
        name = _decorated(c, letters, known, declaring, words=True)
        if declaring or name.spelling in known or name.bare in known:
            _refuse_both(c, letters, known, token)
            return name
        c.place = place
    return _decorated(c, _base(c), known, declaring)


def _run(c: Cursor) -> int:
    """How many letters stand side by side without a space."""
    count = 0
    while c.ahead(count).kind == "letter" and (
        count == 0 or c.ahead(count).start == c.ahead(count - 1).stop
    ):
        count += 1
    return count


def _refuse_both(c: Cursor, letters: str, known: Container[str], token: Any) -> None:
    if len(letters) > 1 and all(letter in known for letter in letters):
        product = " ".join(letters)
        raise c.fail(
            f"{letters} is the name {letters} or the product {product}; write "
            rf"\mathrm{{{letters}}} or {product}",
            token,
        )


def _base(c: Cursor) -> str:
    """A letter with its accents and fonts."""
    if c.at("{"):
        return c.group(_base)
    token = c.take()
    if token.kind in ("letter", "word") or token.text in GREEK:
        return token.text
    mark = ACCENTS.get(token.text) or FONTS.get(token.text, "")
    if not mark:
        raise c.fail(f"a letter is wanted here, not {c.shown(token)}", token)
    if c.at("{"):
        return c.group(_marked) + mark
    with c.nested(token):
        return _base(c) + mark


def _marked(c: Cursor) -> str:
    """What carries an accent: one letter, with its index perhaps."""
    length = _run(c)
    letters = "".join(c.take().text for _ in range(length)) if length else _base(c)
    return letters


def _decorated(
    c: Cursor, base: str, known: Container[str], declaring: bool, *, words: bool = False
) -> Name:
    """The name with its primes, index and mark, in whatever order they stand."""
    lower, upper, primes = "", "", 0
    while True:
        if c.at("'"):
            c.take()
            primes += 1
        elif c.at("_"):
            if lower:
                raise c.fail("two lower indices in a row; use braces")
            c.take()
            lower = f"_{script(c)}"
        elif c.at("^") and not upper:
            found = _mark(c, declaring, known, f"{base}{'prime' * primes}{lower}")
            if not found:
                break
            if set(found) == {"'"}:
                primes += len(found)
            else:
                upper = f"^{found}"
        else:
            break
    tail = f"{lower}{upper}"
    return Name(f"{base}{'prime' * primes}{tail}", primes, f"{base}{tail}", words)


def script(c: Cursor) -> str:
    """The text of an index: one token or a group, without spaces and backslashes."""
    token = c.token
    if token.kind == "{":
        stop = c.closing[c.place]
        inner = [t.text for t in c.tokens[c.place + 1 : stop] if t.kind not in ("{", "}")]
        if not inner:
            raise c.fail("the index is empty")
        c.place = stop + 1
        return "".join(inner).replace(" ", "")
    if token.kind in ("stop", "close", "}", "^", "_"):
        raise c.fail("an index is missing here")
    _single(c)
    return c.take().text


def _single(c: Cursor) -> None:
    """Refuse a number of several digits as a script without braces: LaTeX takes the first."""
    token = c.token
    if token.kind == "number" and len(token.text) > 1:
        first, rest = token.text[0], token.text[1:]
        reason = f"LaTeX raises or lowers only the {first} of {token.text}; write {{{token.text}}}"
        raise c.fail(f"{reason}, or {{{first}}} {rest}", token)


def _mark(c: Cursor, declaring: bool, known: Container[str], spelling: str) -> str:
    """The exponent, if it belongs to the name; it is then read."""
    place, after = c.place, c.ahead(1)
    stop = c.closing[place + 1] + 1 if after.kind == "{" else place + 2
    inner = [t for t in c.tokens[place + 1 : stop] if t.kind not in ("{", "}")]
    texts = spelled(inner)
    if not texts or after.kind == "stop":
        return ""
    if set(texts) == {"prime"}:
        found = "'" * len(texts)
    elif len(texts) == 1 and texts[0] in _MARKS:
        found = _MARKS[texts[0]]
    elif len(inner) == 1 and inner[0].kind in ("word", "text") and texts[0] != "T":
        found = texts[0].replace(" ", "")
    elif texts[0] == "(" and texts[-1] == ")" and len(texts) > 2:
        found = "".join(texts)
        if not declaring and f"{spelling}^{found}" not in known:
            return ""
    else:
        found = "".join(texts)
        if not declaring:
            if f"{spelling}^{found}" not in known:
                return ""
            if spelling in known:
                raise c.fail(
                    f"{c.source(place - 1, stop)} is a name or a power, for both are declared; "
                    "leave one declaration out",
                    after,
                )
    c.place = stop
    return found

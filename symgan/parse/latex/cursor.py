r"""A place in the tokens, what names mean there, and how deep it is nested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sympy import Basic, Integer

from symgan.parse import ParseError
from symgan.parse.latex.brackets import paired
from symgan.parse.latex.displays import unfolded
from symgan.parse.latex.limits import MAX_DEPTH, fault
from symgan.parse.latex.tokens import Token, tokenize

if TYPE_CHECKING:
    from symgan.parse.latex.vocabulary import Vocabulary

Reader = Callable[["Cursor"], Any]


class Cursor:
    """Reads tokens one by one; bounded above where only a part is to be read."""

    def __init__(self, text: str, vocabulary: Vocabulary, what: str, inside: Reader) -> None:
        self.text, self.vocabulary, self.what = text, vocabulary, what
        tokens, self.closing = paired(unfolded(tokenize(text, what)), what, text)
        self.tokens = list(tokens)
        self.inside = inside  # reads whatever stands between brackets
        self.place, self.end, self.depth = 0, len(tokens) - 1, 0
        self.bound: dict[str, Basic] = {}  # names of variables of integrals, sums and limits
        self.shortened: dict[int, int] = {}  # groups whose last tokens are a differential

    @property
    def token(self) -> Token:
        """The next token; of kind ``stop`` at the end of what is read."""
        return self.ahead(0)

    def ahead(self, count: int) -> Token:
        """The token that many places ahead."""
        place = self.place + count
        if place < self.end:
            return self.tokens[place]
        last = self.tokens[self.end]
        return Token("stop", "", last.start, last.start)

    def take(self) -> Token:
        """The next token, which is thereby read."""
        token = self.token
        if token.kind != "stop":
            self.place += 1
        return token

    def at(self, kind: str, *texts: str) -> bool:
        """Whether the next token is of a kind, and says one of the texts where some are given."""
        token = self.token
        return token.kind == kind and (not texts or token.text in texts)

    def skip(self, kind: str, *texts: str) -> bool:
        """Read the next token if it is the one described."""
        if self.at(kind, *texts):
            self.place += 1
            return True
        return False

    def expect(self, kind: str, wanted: str) -> Token:
        """Read the next token, which must be of a kind."""
        if self.token.kind != kind:
            raise self.fail(f"{wanted} is wanted here, not {self.shown()}")
        return self.take()

    def shown(self, token: Token | None = None) -> str:
        """A token as errors call it."""
        token = token or self.token
        if token.kind == "stop":
            return (
                "the end" if self.end == len(self.tokens) - 1 else self.shown(self.tokens[self.end])
            )
        return self.text[token.start : token.stop].strip()

    def fail(self, reason: str, token: Token | None = None) -> ParseError:
        """An error that points at a token, the next one unless given."""
        return ParseError(self.what, reason, self.text, (token or self.token).start)

    def checked(self, value: Any, token: Token) -> Any:
        """The value, unless it is undefined, not real or of a size that is refused."""
        if reason := fault(value):
            raise self.fail(reason, token)
        return value

    def source(self, start: int, stop: int) -> str:
        """The text of the tokens from one place to another."""
        if start >= stop:
            return ""
        return self.text[self.tokens[start].start : self.tokens[stop - 1].stop]

    def group(self, read: Reader) -> Any:
        """What a reader makes of the group that opens here; it must read all of it."""
        opener, closing = self.token, self.closing[self.place]
        stop = self.shortened.get(self.place, closing)
        self.place += 1
        value = Integer(1) if self.place == stop < closing else self.part(stop, read, opener)
        self.place = closing + 1
        return value

    def script(self, read: Reader) -> Any:
        """What a reader makes of an index or exponent: a group, or one token."""
        if self.at("{"):
            return self.group(read)
        return self.part(self.place + 1, read, self.token)

    def part(self, stop: int, read: Reader, opener: Token) -> Any:
        """What a reader makes of the tokens before a place; it must read all of them."""
        with self.nested(opener):
            end, self.end = self.end, stop
            try:
                value = read(self)
                if self.token.kind != "stop":
                    raise self.unexpected()
            finally:
                self.end = end
        return value

    @contextmanager
    def nested(self, token: Token) -> Iterator[None]:
        """One level deeper while the body runs."""
        if self.depth >= MAX_DEPTH:
            raise self.fail(f"it is nested more than {MAX_DEPTH} deep", token)
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def unexpected(self) -> ParseError:
        """The error for a token that continues nothing."""
        shown = self.shown()
        return self.fail(UNREADABLE.get(self.token.text, f"{shown} is unexpected here"))

    @contextmanager
    def binding(self, name: str, symbol: Basic) -> Iterator[None]:
        """A name that means a bound variable while the body runs."""
        before = dict(self.bound)
        self.bound[name] = symbol
        try:
            yield
        finally:
            self.bound = before

    def spelled(self, start: int, stop: int) -> Sequence[str]:
        """The tokens of a part by what they say, for comparing texts but for spacing."""
        return spelled(self.tokens[start:stop])


def spelled(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Tokens by what they say; braces apart, so that ``x_1`` and ``x_{1}`` are alike."""
    return tuple(t.text for t in tokens if t.kind not in ("{", "}", "stop"))


_TWO = "stands for two formulas; write each by itself"
UNREADABLE = {
    "pm": rf"\pm {_TWO}",
    "mp": rf"\mp {_TWO}",
    "to": r"an arrow is no relation; write the limit as \lim_{t \to ...}",
    "rightarrow": r"an arrow is no relation; write the limit as \lim_{t \to ...}",
    "longrightarrow": r"an arrow is no relation; write the limit as \lim_{t \to ...}",
    "leftarrow": "an assignment is no relation; write = with a new name for what is assigned",
    "mapsto": "an arrow is no relation",
    "approx": r"what is approximately equal cannot be decided; write |a - b| \le c",
    "sim": r"\sim has several meanings; write the relation with = or \le",
    "simeq": r"what is approximately equal cannot be decided; write |a - b| \le c",
    "propto": "a proportionality hides a factor; write = with the factor",
    "equiv": r"\equiv is an identity or a congruence; write = for the identity",
    "ll": r"\ll has no exact meaning; write < with the factor",
    "gg": r"\gg has no exact meaning; write > with the factor",
    "lesssim": r"\lesssim hides a constant; write \le with the constant",
    "gtrsim": r"\gtrsim hides a constant; write \ge with the constant",
    "succ": "an order of matrices cannot be read; write the minors or the eigenvalues",
    "prec": "an order of matrices cannot be read; write the minors or the eigenvalues",
    "succeq": "an order of matrices cannot be read; write the minors or the eigenvalues",
    "preceq": "an order of matrices cannot be read; write the minors or the eigenvalues",
    "triangleq": "a definition is no assertion; declare the name with its value instead",
    "coloneqq": "a definition is no assertion; declare the name with its value instead",
    "ldots": "an abridged formula cannot be read; write it out",
    "dots": "an abridged formula cannot be read; write it out",
    "cdots": "an abridged formula cannot be read; write it out",
    "vdots": "an abridged formula cannot be read; write it out",
    "ddots": "an abridged formula cannot be read; write it out",
    "forall": "every formula is read for all values of its symbols; leave the quantifier out",
    "exists": "an existence cannot be stated here; state it of a given value",
    "nabla": r"a gradient cannot be read; write the partial derivatives, or declare \nabla L",
    "infty": r"\infty may stand only as the end of a limit, an integral or a sum",
    "!": "a factorial cannot be read; declare it as a value",
    "mid": r"\mid (such that) cannot be read; write the condition with \text{if}",
    "circ": r"a composition cannot be read; write f(g(x))",
    "otimes": "a tensor product cannot be read; write the entries",
    "cup": "sets cannot be read; write the conditions",
    "cap": "sets cannot be read; write the conditions",
    "subset": "sets cannot be read; write the conditions",
    "notin": r"\notin cannot be read; write the inequalities",
    ":": "a colon has several meanings; write = for an equation, / for a quotient",
    "row": r"a line break stands only in an environment such as aligned",
}
"""Commands that papers print and that say no one formula, each with a remedy."""

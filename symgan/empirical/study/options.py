"""What is typed to a study's settings, and the settings of its GANs as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, get_origin, get_type_hints

from symgan.empirical.ensemble.settings import Settings
from symgan.errors import BadData, UnknownName

if TYPE_CHECKING:
    from symgan.empirical.study.design import Study

_WORDS = {"true": True, "yes": True, "false": False, "no": False, "none": None}


def describe_gans(study: Study) -> dict[str, str]:
    """Everything that decides what each GAN of a study is, as text.

    Raises:
        UnknownName: an unknown GAN or option.
        BadData: an option out of range.
    """
    return {name: _described(_resolved(name, study)) for name in study.gans}


def with_settings(settings: Settings, texts: Iterable[str]) -> Settings:
    """Settings changed by texts ``NAME=VALUE``; several numbers are separated by commas.

    Raises:
        UnknownName: no setting of this name.
        BadData: a text or value that cannot be read, or one out of range.

    >>> with_settings(Settings(), ["betas=0.5,0.9", "batch=64"]).betas
    (0.5, 0.9)
    """
    hints = get_type_hints(Settings)
    known = [f.name for f in fields(Settings) if get_origin(hints[f.name]) is not _MAPPING]
    given: dict[str, Any] = {}
    for name, text in map(_pair, texts):
        if name not in known:
            raise UnknownName(f"no setting is called {name!r}; settings: {', '.join(known)}")
        given[name] = _read(name, text, getattr(Settings(), name))
    return replace(settings, **given)


def gan_options(texts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Options of GANs from texts ``GAN:NAME=VALUE``.

    Raises:
        UnknownName: no GAN of this name.
        BadData: a text that is not of this form.

    >>> gan_options(["wgan:clip=0.05"])
    {'WGAN': {'clip': 0.05}}
    """
    from symgan.empirical import gans

    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, colon, rest = text.partition(":")
        if not colon:
            raise BadData(f"cannot read {text!r}; write GAN:OPTION=VALUE, such as wgan:clip=0.05")
        option, value = _pair(rest)
        found.setdefault(gans.named(name).name, {})[option] = _value(value)
    return found


def checked(side: str, names: Sequence[str]) -> tuple[str, ...]:
    """The full names of a side of the grid.

    Args:
        side: gans, datasets or orders.
        names: as typed.

    Raises:
        UnknownName: one that does not exist; the sentence lists the known ones.

    >>> checked("gans", ["wgan-gp", "SN-GAN"])
    ('WGAN+GP', 'SN-GAN')
    """
    from symgan.empirical import data, gans, orders

    if side == "gans":
        return tuple(gans.named(name).name for name in names)
    if side == "orders":
        for name in names:
            orders.named(name)
        return tuple(names)
    known = [name for name, entry in data.catalog().items() if entry.kind == "plane"]
    for name in names:
        if name not in known:
            raise UnknownName(f"no data set of points is called {name!r}; {', '.join(known)} are")
    return tuple(names)


def _resolved(name: str, study: Study) -> Any:
    from symgan.empirical import gans

    return gans.adjusted(gans.named(name), {**study.settings.gan, **study.options.get(name, {})})


def _described(gan: Any) -> str:
    own = {f.name: getattr(gan, f.name) for f in fields(gan) if f.name != "name"}
    return ", ".join(f"{name} {_text(value)}" for name, value in own.items())


def _text(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        if hasattr(value, "generator"):  # a loss: its name says what it is
            return str(getattr(value, "name"))  # noqa: B009 - Any to the type checker
        return "(" + _described(value) + ")"
    return str(value)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise BadData(f"cannot read {text!r}; write NAME=VALUE")
    return name.strip(), value.strip()


def _read(name: str, text: str, default: Any) -> Any:
    """A value of the kind that the default has."""
    if isinstance(default, tuple):
        return tuple(_number(name, part, default[0]) for part in text.split(","))
    if isinstance(default, bool):
        if not isinstance(_WORDS.get(text.lower()), bool):
            raise BadData(f"{name} = {text!r}; write yes or no")
        return _WORDS[text.lower()]
    return text if isinstance(default, str) else _number(name, text, default)


def _number(name: str, text: str, like: Any) -> int | float:
    try:
        return type(like)(text)
    except ValueError as error:
        kind = "a whole number" if isinstance(like, int) else "a number"
        raise BadData(f"{name} = {text!r} is not {kind}") from error


def _value(text: str) -> Any:
    """A number, a truth value, none, or a word."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        return float(text)
    except ValueError:
        return text


_MAPPING = get_origin(Mapping[str, Any])

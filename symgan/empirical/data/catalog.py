"""The data sets by name: one mark a data set, no list to keep by hand."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import symgan.catalog as ground
from symgan.empirical.data.source import Source
from symgan.errors import BadData, UnknownName

B = TypeVar("B", bound=Callable[..., Any])


@dataclass(frozen=True)
class Entry:
    """What a data set says about itself.

    Attributes:
        name: that it is asked for by.
        summary: one line.
        kind: ``plane`` (a law that is sampled afresh) or ``images`` (a finite set).
        folder: whether it is read from a local folder.
        options: the names of its options.
    """

    name: str
    summary: str
    kind: str
    folder: bool
    options: tuple[str, ...]


def dataset(name: str, *, kind: str) -> Callable[[B], B]:
    """Mark a class or function whose call with keywords returns a source."""

    def mark(builder: B) -> B:
        summary = (inspect.getdoc(builder) or "").splitlines()[0].rstrip(".")
        options = tuple(inspect.signature(builder).parameters)
        entry = Entry(name, summary, kind, "folder" in options, options)
        setattr(builder, ground._MARK, entry)
        return builder

    return mark


def catalog() -> Mapping[str, Entry]:
    """Every data set by name.

    >>> sorted(name for name, entry in catalog().items() if entry.kind == "plane")
    ['circle', 'line', 'ring', 'ring-variance', 'spiral']
    """
    builders = _builders()
    return MappingProxyType({name: ground.mark_of(build) for name, build in builders.items()})


def named(name: str, **options: Any) -> Source:
    """A data set by name.

    Args:
        name: one of `catalog`.
        options: those of the data set; images from disk need ``folder``.

    Raises:
        UnknownName: an unknown data set or option; the sentence lists the known ones.
        BadData: an option that is out of its range, a folder that is missing, or one whose files
            are absent, incomplete or of another format.
        MissingExtra: a library that reads the data set is not installed.

    >>> named("ring", spread=0.02).deviation
    0.02
    >>> named("torus")
    Traceback (most recent call last):
        ...
    symgan.errors.UnknownName: unknown data set 'torus'; choose one of: celeba, cifar10, circle,
    digits, line, mnist, ring, ring-variance, spiral
    """
    builders = _builders()
    if name not in builders:
        known = ", ".join(sorted(builders))
        raise UnknownName(f"unknown data set {name!r}; choose one of: {known}")
    entry: Entry = ground.mark_of(builders[name])
    for option in options:
        if option not in entry.options:
            known = ", ".join(entry.options)
            raise UnknownName(f"{name} has no option {option!r}; choose one of: {known}")
    if entry.folder and options.get("folder") is None:
        raise BadData(f"{name} is read from a local folder and never downloaded; give its folder")
    return builders[name](**options)


def _builders() -> dict[str, Callable[..., Any]]:
    import symgan.empirical.data as package  # which imports this module

    return ground.marked(package, Entry)

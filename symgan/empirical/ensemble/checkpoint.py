"""Checkpoints of ensembles: one file, written whole or not at all."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from symgan.empirical.ensemble.settings import Member, Settings
from symgan.errors import BadData

FORMAT = "symgan ensemble 1"


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds.

    Attributes:
        members: the configurations.
        settings: everything else that decides the numbers.
        iteration: how many were done.
        engine: who computes the passes.
        parts: the members of each stack, by number.
        stacks: the state of each stack of members.
    """

    members: tuple[Member, ...]
    settings: Settings
    iteration: int
    engine: str
    parts: Sequence[Sequence[int]]
    stacks: Sequence[dict[str, Any]]


def write(path: Path, found: Checkpoint) -> None:
    """Write a checkpoint beside its place, then move it there: a reader sees the old or the new.

    Raises:
        BadData: the file cannot be written.
    """
    document = {
        "format": FORMAT,
        "members": [list(astuple(m)) for m in found.members],
        "settings": found.settings.document(),
        "iteration": found.iteration,
        "engine": found.engine,
        "parts": [list(part) for part in found.parts],
        "stacks": list(found.stacks),
    }
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            torch.save(document, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise BadData(
            f"the checkpoint {path} cannot be written ({error}); the last one stands"
        ) from error


def read(path: Path) -> Checkpoint:
    """The checkpoint in a file; nothing in it is executed.

    Raises:
        BadData: no checkpoint there, a damaged one, or one of another version.
    """
    if not path.is_file():
        raise BadData(f"no checkpoint at {path}; give a file that a run has written")
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
        if found["format"] != FORMAT:
            raise BadData(f"{path} is a checkpoint of another version ({found['format']})")
        return Checkpoint(
            tuple(Member(*entry) for entry in found["members"]),
            Settings.read(found["settings"]),
            int(found["iteration"]),
            found.get("engine", "torch"),  # files of the time when there was one engine
            tuple(tuple(part) for part in found["parts"]),
            tuple(found["stacks"]),
        )
    except (
        *(KeyError, TypeError, ValueError, EOFError, OSError, RuntimeError),
        *(UnpicklingError, zipfile.BadZipFile),
    ) as error:
        if isinstance(error, BadData):
            raise
        raise BadData(f"{path} is no checkpoint of an ensemble, or a damaged one") from error

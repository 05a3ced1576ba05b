"""The environment builder: refusals in one sentence, and a stamp that sees every change."""

from __future__ import annotations

import builtins
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.engineering.sources import ROOT


@pytest.fixture
def environment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("environment", ROOT / ".ci" / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_old_python_is_refused(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"needs Python 99\.0 or newer.*make PYTHON="):
        environment.check_python()


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_missing_venv_is_named(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **fields: Any) -> Any:
        if name == missing:
            raise ImportError(f"no {name}", name=name)
        return real(name, *args, **fields)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SystemExit, match=rf"module {missing} is missing.*apt install python3-venv"):
        environment.check_python()


def test_stamp_sees_every_ingredient(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in environment.INGREDIENTS:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    stamps = [environment.stamp_of("test"), environment.stamp_of("proofs")]
    for name in environment.INGREDIENTS:
        (tmp_path / name).write_bytes(b"changed\n")
        stamps.append(environment.stamp_of("test"))
    monkeypatch.setattr(sys, "version", "another")
    stamps.append(environment.stamp_of("test"))
    assert len(set(stamps)) == len(stamps)


def test_built_once_and_again_after_a_change(
    environment: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands: list[tuple[Any, ...]] = []

    def note(*command: Any) -> None:
        commands.append(command)
        (tmp_path / "env").mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "run", note)
    monkeypatch.setattr(sys, "argv", ["environment.py", str(tmp_path / "env"), "test"])
    environment.main()
    assert [command[2] for command in commands] == ["venv", "pip"]
    assert commands[1][-4:] == ("-c", "constraints.txt", "-e", ".[test]")
    environment.main()
    assert len(commands) == 2
    assert "up to date" in capsys.readouterr().out
    monkeypatch.setattr(environment, "stamp_of", lambda extras: "changed")
    environment.main()
    assert len(commands) == 4


def test_every_dependency_is_pinned() -> None:
    """Names in pyproject.toml all have an exact version in constraints.txt."""
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    named = {re.split(r"[\[<>=!~; ]", entry)[0].lower() for group in groups for entry in group}
    pins = re.findall(r"^([\w.-]+)==\S+$", (ROOT / "constraints.txt").read_text(), re.M)
    assert named - {"symgan"} <= {pin.lower() for pin in pins}
    assert "torch==2.13.0" in (ROOT / "constraints.txt").read_text()

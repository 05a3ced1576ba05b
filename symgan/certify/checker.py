r"""Checking certificate files in a process of its own: no hang, no traceback, one sentence each.

The process is ended when a file takes longer than its budget, or more memory than it may.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from symgan.certify.files import read_certificate
from symgan.errors import BadData, SymganError, Undecided

BUDGET_SECONDS = 60.0
START_SECONDS = 60.0
"""For the process to load the libraries, on a slow disk."""
MEMORY = 4 << 30
WRONG = 1
_SHOWN = 160


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        code: 0 valid, 1 it does not prove what it says, 3 a missing extra, 4 undecided within the
            budget, 5 unreadable or altered.
        text: one sentence.
    """

    path: Path
    code: int
    text: str


def check_files(paths: Sequence[Path], budget_seconds: float = BUDGET_SECONDS) -> Iterator[Outcome]:
    """Check each file again, without the code that found what it holds.

    Args:
        paths: certificate files.
        budget_seconds: time limit for each.

    Yields:
        One outcome a file, in order.
    """
    worker: Worker | None = None
    try:
        for path in paths:
            worker = worker or Worker()
            outcome = worker.check(path, budget_seconds)
            if outcome is None:  # it took too long, or its process died
                reason = worker.end()
                worker = None
                outcome = Outcome(path, Undecided.exit_code, f"undecided: {reason}")
            yield outcome
    finally:
        if worker is not None:
            worker.end()


class Worker:
    """A process that answers paths with outcomes, a line of JSON each."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "symgan.certify.checker"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self.answers: Queue[str | None] = Queue()
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()
        self.is_late = False
        self.is_ready = self._answer(START_SECONDS) is not None

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.answers.put(line)
        self.answers.put(None)  # the process has ended

    def _answer(self, seconds: float) -> str | None:
        try:
            return self.answers.get(timeout=seconds)
        except Empty:
            self.is_late = True
            return None

    def check(self, path: Path, seconds: float) -> Outcome | None:
        """The outcome, or None where there is none in time."""
        if not self.is_ready:
            return None
        try:
            print(json.dumps(str(path)), file=self.process.stdin, flush=True)
        except OSError:  # the process has ended
            return None
        line = self._answer(seconds)
        if line is None:
            return None
        code, text = json.loads(line)
        return Outcome(path, code, text)

    def end(self) -> str:
        """End the process; says why it gave no answer."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not read any more
                    stream.close()
        if self.is_late:
            return "no answer within its budget"
        return "its check broke off, perhaps for want of memory"


def serve() -> None:
    """Answer paths from standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    _limit_memory()
    from symgan.certify import recheck  # noqa: F401  (loads what the checks need)

    print("ready", flush=True)
    for line in sys.stdin:
        outcome = check_file(Path(json.loads(line)))
        print(json.dumps([outcome.code, outcome.text]), flush=True)


def _limit_memory() -> None:
    if sys.platform.startswith("linux"):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def check_file(path: Path) -> Outcome:
    """Check one file in this process, without a limit on time."""
    from symgan.certify.recheck import recheck

    try:
        certificate = read_certificate(path)
        is_valid = recheck(certificate)
    except MemoryError:
        return Outcome(path, Undecided.exit_code, "undecided: its check ran out of memory")
    except BadData as error:
        return Outcome(path, BadData.exit_code, f"refused: {error}")
    except SymganError as error:
        return Outcome(path, error.exit_code, f"undecided: {error}")
    said = claim_text(certificate)
    if is_valid:
        return Outcome(path, 0, f"valid: {said}")
    return Outcome(path, WRONG, f"does not prove what it says: {said}")


def claim_text(certificate: Mapping[str, Any]) -> str:
    """What a certificate says it proves, in words.

    >>> claim_text({"kind": "certificate", "statement": "x**2 >= 0", "given": "True"})
    'x**2 >= 0'
    """
    if "parts" in certificate:
        return _shortened("; ".join(claim_text(part) for part in certificate["parts"]))
    kind, under = certificate.get("kind"), str(certificate.get("given", "True"))
    said = _SAID.get(str(kind), str(kind)).format_map(_Fields(certificate))
    return _shortened(said if under == "True" else f"{said}, given {under}")


_SAID = {
    "certificate": "{statement}",
    "identity": "{form} vanishes",
    "sign": "the sign of {difference} is among {signs}",
    "witness": "{difference} {relation} 0 fails at {point}",
    "enclosed:arb": "{positive} > 0 on {domain}",
    "root": "{function} has one root in {interval}, within {enclosure}",
    "smtlib": "a solver answers {answer}",
}


class _Fields(dict[str, Any]):
    def __init__(self, certificate: Mapping[str, Any]) -> None:
        super().__init__(certificate)

    def __missing__(self, key: str) -> str:
        return f"({key})"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."


if __name__ == "__main__":
    serve()

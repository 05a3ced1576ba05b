"""An audit in a process of its own: code that hangs or ends the process is told, not suffered."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symgan.errors import BadData, SymganError, Undecided

PATIENCE = 10
"""Seconds by the clock to one of the processor, as everywhere in symgan; sleeping code ends too."""
GRACE = 5
"""Seconds after which a process that ignores its limit is ended."""


def audit_file(target: str, question: Mapping[str, Any], *, limit: float) -> Any:
    """Audit what ``FILE.py:NAME`` names, in a process with a limit of time.

    Args:
        target: the file, which is imported and so run, and the name in it.
        question: the arguments of `symgan.audit.audit` but for the subject.
        limit: seconds of processor time.

    Raises:
        Undecided: the limit was reached.
        SymganError: as `symgan.audit.audit`; the code ended the process.
    """
    with tempfile.TemporaryDirectory(prefix="symgan-audit-") as folder:
        request, reply = Path(folder, "request"), Path(folder, "reply")
        request.write_bytes(pickle.dumps((target, dict(question), limit)))
        command = [sys.executable, "-m", "symgan.audit.child", str(request), str(reply)]
        process = subprocess.Popen(command)
        try:
            code = process.wait(timeout=PATIENCE * limit)
        except subprocess.TimeoutExpired:
            raise _too_long(target, limit) from None
        finally:
            process.kill()  # nothing happens where it has ended
            process.wait()
        if not reply.is_file():
            if code in (-getattr(signal, "SIGXCPU", 0), -signal.SIGKILL):
                raise _too_long(target, limit)
            raise BadData(f"{target} ended the process with code {code} before it answered")
        kind, *found = pickle.loads(reply.read_bytes())
    if kind == "error":
        raise _rebuilt(*found)
    return found[0]


def _too_long(target: str, limit: float) -> Undecided:
    return Undecided(f"{target} was not done after {limit:g} s; end its loops, or raise --limit")


def _rebuilt(text: str, exit_code: int) -> SymganError:
    error = SymganError(text)
    error.exit_code = exit_code
    return error


def main(request: str, reply: str) -> None:
    """Answer a request file with a reply file; what the code prints goes to standard error."""
    target, question, limit = pickle.loads(Path(request).read_bytes())
    os.dup2(2, 1)
    _limit_time(limit)
    from symgan.audit.load import load
    from symgan.audit.run import audit

    try:
        answer: tuple[Any, ...] = ("audit", audit(load(target), title=_short(target), **question))
    except SymganError as error:
        answer = ("error", str(error), error.exit_code)
    except KeyboardInterrupt:
        os._exit(130)
    aside = Path(reply + ".part")
    aside.write_bytes(pickle.dumps(answer))
    aside.replace(reply)
    sys.stdout.flush()
    os._exit(0)  # threads of the code do not keep the process


def _limit_time(seconds: float) -> None:
    """End this process after so many seconds of processor time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the clock alone limits
        return
    whole = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + GRACE))


def _short(target: str) -> str:
    path, _, name = target.rpartition(":")
    return f"{Path(path).name}:{name}"


if __name__ == "__main__":
    main(*sys.argv[1:])

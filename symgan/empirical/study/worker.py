"""A task in a process of its own: ``python -m symgan.empirical.study.worker``.

What it is to do comes as one line of JSON on its standard input, which then stays open: when it
closes, the parent has ended, and so does this process, wherever it is. Results go to a file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import IO

from symgan.errors import SymganError

RESULTS, FAILED = "results.npz", "failed.json"


def main() -> int:
    """Train one task; 0 if it is done, 1 if it wrote why it is not."""
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with, args=(sys.stdin,), daemon=True).start()
    home = Path(order["home"])
    from symgan.empirical.study import training
    from symgan.empirical.study.design import Study
    from symgan.empirical.study.run import build, single_thread

    single_thread()
    task = training.Task(
        Study.read(order["text"]), order["start"], order["stop"], order["interval"]
    )
    folder = task.folder(home)
    try:
        found = training.train(task, home, build())
        training.write_arrays(folder / RESULTS, **found)
    except SymganError as error:
        told = {"message": str(error), "code": error.exit_code}
        training.write(folder / FAILED, json.dumps(told).encode())
        return 1
    return 0


def _end_with(parent: IO[str]) -> None:
    """Wait for the parent's end; files are written whole, so that any moment is good to stop."""
    parent.read()
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main())

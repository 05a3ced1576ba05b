"""Build a virtual environment with pip, once for each state of its ingredients.

Usage: python .ci/environment.py FOLDER EXTRAS     (EXTRAS as in pip: proofs,plot)

A stamp inside the folder records pyproject.toml, constraints.txt, the Python that built
it and where the checkout stands; while they are unchanged nothing is done. No annotations
and no new syntax here: an old Python must get as far as the sentence that refuses it.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INGREDIENTS = ("pyproject.toml", "constraints.txt")
OLDEST = (3, 11)


def check_python():
    """Refuse a Python that is too old or cannot build environments, in one sentence."""
    version = sys.version_info[:2]
    if version < OLDEST:
        sys.exit(
            f"symgan needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and {sys.executable} is "
            f"{version[0]}.{version[1]}; name another: make PYTHON=/path/to/python3 ..."
        )
    try:
        import ensurepip  # noqa: F401 - Debian ships these two apart from Python
        import venv  # noqa: F401
    except ImportError as missing:
        sys.exit(
            f"Python's module {missing.name} is missing, and no virtual environment can be built "
            "without it; install it (Debian and Ubuntu: apt install python3-venv)"
        )


def stamp_of(extras):
    """What the environment depends on, as one hash."""
    digest = hashlib.sha256()
    for part in (extras, sys.version, sys.base_prefix, str(ROOT)):
        digest.update(part.encode() + b"\0")
    for name in INGREDIENTS:
        digest.update((ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()


def run(*command):
    """Run a command in the checkout; its failure is ours."""
    status = subprocess.call([str(part) for part in command], cwd=str(ROOT))
    if status:
        sys.exit(f"failed with status {status}: {' '.join(map(str, command))}")


def build(folder, extras):
    """Build the environment from nothing and stamp it last."""
    print(f"building {folder} with [{extras}] ...", flush=True)
    base = getattr(sys, "_base_executable", sys.executable)  # not the one that is being replaced
    run(base, "-m", "venv", "--clear", folder)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "-c", "constraints.txt", "-e", f".[{extras}]")
    (folder / "symgan-stamp").write_text(stamp_of(extras))


def main():
    """Build the environment unless its stamp says that it is up to date."""
    if len(sys.argv) != 3:
        sys.exit("usage: python .ci/environment.py FOLDER EXTRAS")
    check_python()
    folder, extras = (ROOT / sys.argv[1]), sys.argv[2]
    stamp = folder / "symgan-stamp"
    if stamp.is_file() and stamp.read_text() == stamp_of(extras):
        print(f"{folder} is up to date", flush=True)
        return
    build(folder, extras)


if __name__ == "__main__":
    main()

"""Write each notebook anew from its text: the same cells, without outputs.

The texts are what is edited. Run it from anywhere: python notebooks/pair.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat

HERE = Path(__file__).parent
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def texts() -> list[Path]:
    """The texts of all notebooks."""
    return sorted(HERE.glob("*.md"))


def notebook(text: Path) -> Any:
    """The notebook of a text; equal texts give equal bytes."""
    found = jupytext.read(text)
    found.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    found.nbformat, found.nbformat_minor = 4, 5
    for i, cell in enumerate(found.cells):
        cell["id"] = f"{text.stem}-{i}"
        cell["metadata"] = {}
    return found


def paired(text: Path) -> str:
    """The notebook of a text as it stands in its file."""
    return nbformat.writes(notebook(text)) + "\n"


def main() -> None:
    """Write all of them."""
    for text in texts():
        text.with_suffix(".ipynb").write_text(paired(text), encoding="utf-8")


if __name__ == "__main__":
    main()

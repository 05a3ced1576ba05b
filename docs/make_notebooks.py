"""Run the notebooks and write them as pages: text, code, what it gave, pictures.

``make docs`` does so before Sphinx reads the pages: python docs/make_notebooks.py [NAME ...]
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

import nbclient

HERE = Path(__file__).parent
PAGES = HERE / "notebooks"
sys.path.insert(0, str(HERE.parent / "notebooks"))

from pair import notebook, texts  # noqa: E402 - the folder is no package

FORMATS = "%config InlineBackend.figure_formats = ['svg']\n"
SECONDS = 300


def executed(text: Path) -> Any:
    """A notebook with its outputs; pictures are vectors."""
    found = notebook(text)
    for cell in found.cells:
        cell.source = cell.source.replace("%matplotlib inline\n", "%matplotlib inline\n" + FORMATS)
    client = nbclient.NotebookClient(found, timeout=SECONDS, kernel_name="python3")
    client.execute()
    return found


def page(text: Path, folder: Path) -> str:
    """A notebook as a page; its pictures are written beside it."""
    parts = []
    for number, cell in enumerate(executed(text).cells):
        if cell.cell_type != "code":
            parts.append(cell.source)
            continue
        code = "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))
        parts.append(f"```python\n{code}\n```")
        for output in cell.outputs:
            parts.append(_shown(output, folder, f"{text.stem}-{number}"))
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown(output: Any, folder: Path, name: str) -> str:
    """An output: a picture, a formula or text."""
    if output.output_type == "error":
        raise SystemExit(f"{name}: {output.ename}: {output.evalue}")
    if output.output_type == "stream":
        return f"```text\n{output.text.rstrip()}\n```"
    data = output.get("data", {})
    if "image/svg+xml" in data:
        (folder / f"{name}.svg").write_text(data["image/svg+xml"], encoding="utf-8")
        return f"![The figure of the code above]({name}.svg)"
    if "image/png" in data:
        (folder / f"{name}.png").write_bytes(base64.b64decode(data["image/png"]))
        return f"![The figure of the code above]({name}.png)"
    if "text/latex" in data:
        return (
            "$$\n" + data["text/latex"].strip().strip("$").removeprefix(r"\displaystyle ") + "\n$$"
        )
    return f"```text\n{data['text/plain']}\n```" if "text/plain" in data else ""


def main(names: list[str]) -> None:
    """Write the pages of some notebooks, or of all."""
    for text in texts():
        if not names or text.stem in names:
            print(f"running {text.name}", flush=True)
            (PAGES / text.name).write_text(page(text, PAGES), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

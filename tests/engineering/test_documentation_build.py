"""The documentation as Sphinx builds it: in the full lane whole, else its own extensions alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.engineering.sources import ROOT

DOCS = ROOT / "docs"
FULL = bool(os.environ.get("SYMGAN_FULL"))


def built(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """A build in which every warning, every name that leads nowhere included, is an error."""
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", source, out]
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def small(folder: Path, page: str) -> Path:
    """A documentation of one page, with the configuration of the real one."""
    folder.mkdir()
    (folder / "conf.py").write_text((DOCS / "conf.py").read_text(encoding="utf-8"))
    for name in ("_extensions", "_static"):
        (folder / name).symlink_to(DOCS / name)
    (folder / "index.md").write_text(page)
    return folder


GOOD = """# Page

A formula $\\|x\\|^2$, and one with lines:

$$
a &= b \\\\
c &= d
$$

```{api} symgan.certify.ball
```

```{api} symgan.errors
```

```{help} steps
```

```{catalog} optimizers
```
"""


def test_a_page_has_formulas_without_scripts_entries_and_help(tmp_path: Path) -> None:
    source = small(tmp_path / "docs", GOOD)
    done = built(source, tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<math") >= 2
    assert re.findall(r'(?:src|<link[^>]*href)="https?:[^"]*', page) == []  # nothing is fetched
    assert 'id="symgan.errors.MissingExtra"' in page
    assert "optimistic-adam" in page
    assert "symgan steps bilinear" in page


WRONG = {
    "$\\notacommand{x}$": "no MathML",
    "[gone](gone.md)": "gone.md",
    "{func}`symgan.no_such_function`": "no_such_function",
    "```{help} no-such-command\n```": "no command no-such-command",
    "```{api} symgan.no_such_module\n```": "no_such_module",
}
"""What a page may get wrong -> what the build says of it."""


def test_what_is_wrong_fails_the_build(tmp_path: Path) -> None:
    done = built(small(tmp_path / "docs", "# Page\n\n" + "\n\n".join(WRONG)), tmp_path / "out")
    assert done.returncode != 0
    assert [said for said in WRONG.values() if said not in done.stderr] == []
    assert len(re.findall("WARNING|ERROR", done.stderr)) == len(WRONG)


if FULL:

    def test_the_whole_documentation_builds_without_a_warning(tmp_path: Path) -> None:
        subprocess.run([sys.executable, DOCS / "make_notebooks.py"], check=True)
        done = built(DOCS, tmp_path / "out")
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "out" / "results" / "ledger.html").stat().st_size > 500_000

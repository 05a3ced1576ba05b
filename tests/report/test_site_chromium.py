"""The site in a browser: pages fit a phone and a desk, filters filter, formulas and styles show.

The pages have no scripts. A page of this test holds one frame for each page and width, measures
them all and leaves what it found in its own title.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from symgan.atlas import Selection, atlas
from symgan.claims.model import Ledger
from symgan.report.pictures import Picture
from symgan.report.sheets import Sheet
from symgan.report.site import write_site
from tests.report.test_chromium import chromium

pytestmark = pytest.mark.external("chromium")

PHONE, DESK = 360, 1400
WIDE = "| " + " | ".join(f"column {i}" for i in range(30)) + " |"
TABLE = f"{WIDE}\n{'| --- ' * 30}|\n{WIDE}"
MEASURE = """
const jobs = JOBS;
const found = [];
for (const [name, source, width] of jobs) {
  const frame = document.createElement("iframe");
  frame.style = `border:0;width:${width}px;height:900px`;
  frame.addEventListener("load", () => {
    const page = frame.contentDocument, all = s => [...page.querySelectorAll(s)];
    const shown = s => all(s).filter(e => e.getClientRects().length).length;
    const reach = s => Math.max(0, ...all(s).map(e => e.getBoundingClientRect().right));
    const one = {
      name, width, needed: page.documentElement.scrollWidth,
      boxes: reach(".formula, .scroll, .frame"),
      formulas: all("math").length,
      empty: all("math").filter(e => !e.getBoundingClientRect().width).length,
      images: [...page.images].map(image => image.naturalWidth),
      styled: page.styleSheets.length && page.styleSheets[0].cssRules.length,
      rows: shown("tr.claim-row"),
      background: page.defaultView.getComputedStyle(page.body).backgroundColor,
    };
    page.getElementById("show-wrong")?.click();
    one.wrong = shown("tr.claim-row");
    page.getElementById("show-REFUTED")?.click();
    one.refuted = shown("tr.claim-row");
    page.querySelector(".skip")?.focus();
    one.skip = page.querySelector(".skip")?.getBoundingClientRect().left;
    found.push(one);
    if (found.length == jobs.length) document.title = JSON.stringify(found);
  });
  frame.srcdoc = source;  // links inside are relative to this page, which lies beside theirs
  document.body.append(frame);
}
"""


def measured(
    folder: Path, pages: list[str], widths: list[int], *flags: str
) -> list[dict[str, Any]]:
    """What a browser makes of pages of one subfolder."""
    place = (folder / pages[0]).parent
    assert all((folder / page).parent == place for page in pages)
    jobs = [[page, (folder / page).read_text("utf-8"), w] for page in pages for w in widths]
    script = MEASURE.replace("JOBS", json.dumps(jobs).replace("<", "\\u003c"))
    wrapper = place / "measuring.html"
    wrapper.write_text(f"<!doctype html><title></title><body><script>{script}</script>", "utf-8")
    profile = folder.parent / "profile"
    profile.mkdir(exist_ok=True)
    flags = ("--allow-file-access-from-files", *flags)
    dom = chromium(profile, *flags, "--virtual-time-budget=5000", "--dump-dom", wrapper.as_uri())
    wrapper.unlink()
    title = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert title is not None
    return json.loads(html.unescape(title[1]))


@pytest.fixture(scope="module")
def cells() -> Any:
    return atlas(Selection("bilinear", regularizer="none", rule="extragradient"))


@pytest.fixture
def folder(ledger: Ledger, square: Picture, cells: Any, tmp_path: Path) -> Path:
    write_site(
        ledger,
        tmp_path / "site",
        figures={"annealed": (square,)},
        sheets=[Sheet("wide", "Wide", TABLE, figures=(square,))],
        atlas=cells,
    )
    return tmp_path / "site"


def test_pages_fit_and_filters_filter(folder: Path, ledger: Ledger) -> None:
    for sub in ("", "papers", "claims", "pages", "atlas"):
        pages = [str(p.relative_to(folder)) for p in sorted((folder / sub).glob("*.html"))]
        for found in measured(folder, pages, [PHONE, DESK]):
            assert found["needed"] <= found["width"], found
            assert found["boxes"] <= found["width"], found
            assert found["empty"] == 0, found
            assert found["styled"] > 20, found
            assert all(natural > 0 for natural in found["images"]), found
            if sub == "papers":
                own = [e for e in ledger.entries if e.claim.paper in found["name"]]
                refuted = sum(entry.verdict == "REFUTED" for entry in own)
                assert found["rows"] == len(own)
                assert found["refuted"] == refuted
                assert refuted <= found["wrong"] <= len(own)
            if sub in ("papers", "claims", "pages"):
                assert found["skip"] >= 0, found  # the link to the content shows when focused


def test_the_measure_sees_what_does_not_fit(folder: Path) -> None:
    page = folder / "pages" / "wide.html"
    source = page.read_text("utf-8")
    page.write_text(source.replace('class="scroll"', 'class="lost"'), "utf-8")
    (found,) = measured(folder, ["pages/wide.html"], [PHONE])
    assert found["needed"] > PHONE


def test_dark_and_light_have_backgrounds_of_their_own(folder: Path) -> None:
    shades = []
    for scheme in (0, 1):
        flag = f"--blink-settings=preferredColorScheme={scheme}"
        (found,) = measured(folder, ["papers/annealed.html"], [DESK], flag)
        shades.append(sum(map(int, re.findall(r"\d+", found["background"]))))
    assert shades[0] < 3 * 64 < 3 * 192 < shades[1]

"""The page in a browser: it shows, it fits wide and narrow, and its filter filters.

The page itself has no scripts. A wrapper of this test loads it in a frame of a given
width, measures it and leaves what it found in its own title.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from symgan.claims.model import Ledger
from symgan.report.html import page
from symgan.report.pictures import Picture
from tests.skips import TOOLS

pytestmark = pytest.mark.external("chromium")

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync"
)
WIDE, NARROW, HEIGHT = 1280, 390, 2400

MEASURE = """
const frame = document.querySelector("iframe");
frame.addEventListener("load", () => {
  const page = frame.contentDocument;
  const shown = selector => [...page.querySelectorAll(selector)]
    .filter(e => e.getClientRects().length).length;
  const found = {
    width: frame.clientWidth,
    needed: page.documentElement.scrollWidth,
    formulas: page.querySelectorAll("math").length,
    empty: [...page.querySelectorAll("math")].filter(e => !e.getBoundingClientRect().width).length,
    images: [...page.images].map(image => image.naturalWidth),
    background: page.defaultView.getComputedStyle(page.body).backgroundColor,
    all: shown("section.claim"),
  };
  page.getElementById("show-REFUTED")?.click();
  found.refuted = shown("section.claim");
  found.rows = shown("tr.claim-row");
  document.title = JSON.stringify(found);
});
frame.srcdoc = SOURCE;
"""


def chromium(folder: Path, *arguments: str) -> str:
    program = next(path for name in TOOLS["chromium"] if (path := shutil.which(name)))
    command = [program, *FLAGS.split(), f"--user-data-dir={folder / 'profile'}", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return run.stdout


def measured(source: str, width: int, folder: Path, *flags: str) -> dict[str, Any]:
    script = MEASURE.replace("SOURCE", json.dumps(source).replace("<", "\\u003c"))
    frame = f'<iframe style="border:0;width:{width}px;height:{HEIGHT}px"></iframe>'
    wrapper = folder / "wrapper.html"
    wrapper.write_text(f"<!doctype html><title></title>{frame}<script>{script}</script>", "utf-8")
    dom = chromium(folder, *flags, "--virtual-time-budget=5000", "--dump-dom", wrapper.as_uri())
    title = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert title is not None
    return json.loads(html.unescape(title[1]))


def screenshot(source: str, width: int, folder: Path) -> np.ndarray:
    """Pixels of the page, framed where it is narrower than the browser's smallest window."""
    (folder / "page.html").write_text(source, "utf-8")
    frame = f'<iframe src="page.html" style="border:0;width:{width}px;height:{HEIGHT}px"></iframe>'
    body = f'<!doctype html><body style="margin:0">{frame}'
    (folder / "frame.html").write_text(body, "utf-8")
    picture = folder / "shot.png"
    size = f"--window-size={max(width, 600)},{HEIGHT}"
    chromium(folder, f"--screenshot={picture}", size, (folder / "frame.html").as_uri())
    return (imread(picture)[:, :width, :3] * 255).astype(np.uint8)


def inked(pixels: np.ndarray) -> float:
    """Share of 40-pixel bands in which something other than the background shows."""
    bands = np.array_split(pixels, HEIGHT // 40)
    return float(np.mean([np.ptp(band.reshape(-1, 3), axis=0).max() > 64 for band in bands]))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["ledger", "harmless"])
def test_the_page_fits_and_its_filter_filters(
    width: int, name: str, request: pytest.FixtureRequest, square: Picture, tmp_path: Path
) -> None:
    ledger: Ledger = request.getfixturevalue(name)
    found = measured(page(ledger, [square]), width, tmp_path)
    assert found["width"] == width
    assert found["needed"] <= width
    assert found["formulas"] > 10
    assert found["empty"] == 0
    assert all(natural > 0 for natural in found["images"])
    refuted = sum(entry.verdict == "REFUTED" for entry in ledger.entries)
    assert found["all"] == len(ledger.entries)
    assert found["refuted"] == found["rows"] == refuted


def test_the_measure_sees_what_does_not_fit(harmless: Ledger, tmp_path: Path) -> None:
    wide = '<div style="width:2000px">x</div></body>'
    found = measured(page(harmless).replace("</body>", wide), NARROW, tmp_path)
    assert found["needed"] > NARROW


def test_dark_and_light_have_backgrounds_of_their_own(harmless: Ledger, tmp_path: Path) -> None:
    dark = "--blink-settings=preferredColorScheme=0"
    light = "--blink-settings=preferredColorScheme=1"
    shades = [
        sum(map(int, re.findall(r"\d+", measured(page(harmless), WIDE, tmp_path, f)["background"])))
        for f in (dark, light)
    ]
    assert shades[0] < 3 * 64 < 3 * 192 < shades[1]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_screenshot_is_not_blank(
    width: int, ledger: Ledger, square: Picture, tmp_path: Path
) -> None:
    pixels = screenshot(page(ledger, [square]), width, tmp_path)
    assert pixels.shape == (HEIGHT, width, 3)
    assert inked(pixels) > 0.8  # gaps between paragraphs are narrower than a band


def test_an_empty_page_counts_as_blank(tmp_path: Path) -> None:
    assert inked(screenshot("<!doctype html><p></p>", WIDE, tmp_path)) == 0

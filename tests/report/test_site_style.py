"""The style sheets: every pair of colors that meet can be read, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from symgan.report.html import style

NEEDED = 4.5
"""WCAG 2.2, 1.4.3 (AA), for text of ordinary size."""
SHEETS = ("page.css", "shared.css", "site.css", "atlas.css")
TEXT = ("ink", "soft", "link", "good", "bad", "part", "plain")
GROUNDS = ("paper", "card", "well")
BADGES = ("good", "bad", "part", "plain")
PAIRS = [
    *((text, ground) for text in TEXT for ground in GROUNDS),
    *((kind, f"{kind}-back") for kind in BADGES),
]


def palettes() -> dict[str, dict[str, str]]:
    """Scheme -> variable -> color; the dark one replaces what it names."""
    css = style("page.css")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    read = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    return {"light": read[0], "dark": read[0] | read[1]}


def luminance(color: str) -> float:
    """Relative luminance of an sRGB color (WCAG 2.2)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_known_pairs(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)  # the source has 2 decimals


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[text], palette[ground]) >= NEEDED


def test_all_colors_of_text_are_among_those_tested() -> None:
    used = set()
    for name in SHEETS:
        used |= set(re.findall(r"(?<![-\w])color: var\(--([\w-]+)\)", style(name)))
    assert used == set(TEXT)


def test_all_grounds_are_among_those_tested() -> None:
    used = set()
    for name in SHEETS:
        used |= set(re.findall(r"background: var\(--([\w-]+)\)", style(name)))
    assert used == {*GROUNDS, *(f"{kind}-back" for kind in BADGES)}


def test_no_color_stands_outside_the_palette_but_for_paper_and_drawings() -> None:
    for name in SHEETS:
        outside = re.sub(r":root \{.*?\}", "", style(name), flags=re.S)
        assert set(re.findall(r"#[0-9a-f]{3,6}\b", outside)) <= {"#fff", "#000", "#999"}


def test_verdicts_differ_in_words_and_not_only_in_color() -> None:
    palette = palettes()["light"]
    assert len({palette[f"{kind}-back"] for kind in BADGES}) == len(BADGES)
    template = style("claim.html.j2")
    assert "{{ view.status(entry) }}</span>" in template.replace(
        '{{ " · " ~ entry.outcome if entry.outcome }}', ""
    )

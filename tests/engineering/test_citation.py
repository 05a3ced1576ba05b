"""CITATION.cff is valid, and says of the project what pyproject.toml says."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import yaml

from tests.engineering.sources import ROOT

REQUIRED = {"cff-version", "message", "title", "authors"}
"""What version 1.2.0 of the Citation File Format requires."""
KNOWN = REQUIRED | {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords"),
    *("license", "license-url", "preferred-citation", "references", "repository"),
    *("repository-artifact", "repository-code", "type", "url", "version"),
}
"""All keys that it allows."""


def violations(citation: Any, project: dict[str, Any]) -> list[str]:
    """What is missing, unknown, or differs from the project's own data."""
    if not isinstance(citation, dict):
        return ["not a mapping"]
    found = [f"missing {key}" for key in sorted(REQUIRED - set(citation))]
    found += [f"unknown {key}" for key in sorted(set(citation) - KNOWN)]
    found += [f"{key} is no text" for key in ("version", "title", "cff-version")
              if not isinstance(citation.get(key), str)]  # fmt: skip
    expected = {"version": project["version"], "license": project["license"]}
    found += [f"{key} differs" for key, value in expected.items() if citation.get(key) != value]
    if not str(citation.get("title", "")).startswith(project["name"]):
        found.append("title differs")
    people = citation.get("authors") or [{}]
    found += ["an author without a name" for a in people if not set(a) & {"name", "family-names"}]
    return found


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_citation_is_valid_and_up_to_date() -> None:
    assert violations(CITATION, PROJECT) == []
    assert CITATION["cff-version"] == "1.2.0"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "0.0.9"}, "version differs"),
        ({"version": 0.1}, "version is no text"),
        ({"licence": "MIT"}, "unknown licence"),
        ({"authors": [{"orcid": "none"}]}, "an author without a name"),
        ({"license": "GPL-3.0"}, "license differs"),
    ],
)
def test_wrong_citations_are_seen(change: dict[str, Any], said: str) -> None:
    assert said in violations({**CITATION, **change}, PROJECT)

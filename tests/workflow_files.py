"""The workflows and actions of this repository, and those that its pages tell people to copy."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
ACTIONS = ROOT / ".github" / "actions"
PAGE = ROOT / "docs" / "review-action.md"
OURS = sorted([*WORKFLOWS.glob("*.yml"), *ACTIONS.glob("*/action.yml")])

_BLOCK = re.compile(
    r"^```yaml\n# (?P<name>\.github/\S+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)

Yaml = dict[str, Any]


@cache
def read(path: Path) -> Yaml:
    """Parse a file."""
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Yaml:
    """Parse YAML as GitHub does: `on` is a word, not true."""
    return YAML(typ="safe").load(text)  # pyright: ignore[reportUnknownMemberType]


def workflow(name: str) -> Yaml:
    """Parse a workflow of this repository."""
    return read(WORKFLOWS / name)


def from_page() -> dict[str, str]:
    """Read the workflows that the page shows, by the name that each has in its first line."""
    text = PAGE.read_text(encoding="utf-8")
    return {found["name"]: found["text"] for found in _BLOCK.finditer(text)}


def steps(document: Yaml) -> list[Yaml]:
    """List every step of a workflow or of an action."""
    if "runs" in document:
        return document["runs"]["steps"]
    return [step for job in document["jobs"].values() for step in job.get("steps", [])]


def step(document: Yaml, name: str) -> Yaml:
    """Find the step of this name."""
    [found] = [step for step in steps(document) if step.get("name") == name]
    return found

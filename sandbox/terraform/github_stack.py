"""
Stacks of GitHub's side, which the sandbox skips: it is AWS alone.

Source: https://registry.terraform.io/providers/integrations/github/latest/docs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from sandbox.terraform.built_in import BUILT_IN_SOURCE, BUILT_IN_TYPES, COMMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GITHUB = "integrations/github"
_SOURCES = {
    GITHUB,
    f"registry.terraform.io/{GITHUB}",
    f"registry.opentofu.org/{GITHUB}",
}


def is_github(document: Mapping[str, object]) -> bool:
    """
    Return whether GitHub's provider has all that a stack makes, reads and configures.

    A name is no evidence: a stack with anything of AWS in it is checked and deployed like others.
    """
    required = dict(_required(document))
    ours = {name for name, source in required.items() if source in _SOURCES}
    return (
        bool(ours)
        and set(required.values()) <= {*_SOURCES, BUILT_IN_SOURCE}
        and set(_labels(document.get("provider"))) <= ours
        and all(map(_is_of_github, _types(document)))
    )


def skipped_line(names: Iterable[str]) -> str:
    """
    Return what is said of the stacks that are skipped.
    """
    return (
        f"Skipped: {', '.join(names)}, GitHub's side (provider {GITHUB}). The sandbox is AWS "
        "alone, and nothing of it is made or compared here."
    )


def _required(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for block in objects(document.get("terraform")):
        for required in objects(block.get("required_providers")):
            for name in set(required) - {COMMENT}:
                yield name, (as_text(as_object(required[name]).get("source")) or "").lower()


def _labels(value: object) -> Iterator[str]:
    for block in objects(value):
        yield from set(block) - {COMMENT}


def _types(document: Mapping[str, object]) -> Iterator[str]:
    for mode in ("resource", "data"):
        yield from _labels(document.get(mode))


def _is_of_github(kind: str) -> bool:
    return kind.startswith("github_") or kind in BUILT_IN_TYPES

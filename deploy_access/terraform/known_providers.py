"""
The providers whose sources are known: AWS's, GitHub's, and the one that Terraform has by itself.

A name is no evidence of a provider: a stack may call any source `aws`.

Source: https://developer.hashicorp.com/terraform/language/providers/requirements
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.block_comments import without_comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AWS = "aws"
BUILT_IN_SOURCE = "terraform.io/builtin/terraform"
BUILT_IN_TYPES = frozenset({"terraform_data", "terraform_remote_state"})
GITHUB = "integrations/github"


def _at_registries(source: str) -> Iterator[str]:
    """List the ways to write a source of the public registries of Terraform and OpenTofu."""
    yield source
    yield from (f"{host}/{source}" for host in ("registry.terraform.io", "registry.opentofu.org"))


# `aws` is short for a source of HashiCorp's.
AWS_SOURCES = frozenset({AWS, *_at_registries("hashicorp/aws")})
_GITHUB_SOURCES = frozenset(_at_registries(GITHUB))


def is_github(document: Mapping[str, object]) -> bool:
    """
    Return whether GitHub's provider has all that a stack makes, reads and configures.

    A name is no evidence: a stack with anything of AWS in it is checked and deployed like others.
    """
    required = dict(_required(document))
    ours = {name for name, source in required.items() if source in _GITHUB_SOURCES}
    return (
        bool(ours)
        and set(required.values()) <= {*_GITHUB_SOURCES, BUILT_IN_SOURCE}
        and set(_labels(document.get("provider"))) <= ours
        and all(map(_is_of_github, _types(document)))
    )


def _required(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for block in objects(document.get("terraform")):
        for required in objects(block.get("required_providers")):
            for name, requirement in without_comment(required).items():
                yield name, (as_text(as_object(requirement).get("source")) or "").lower()


def _labels(value: object) -> Iterator[str]:
    for block in objects(value):
        yield from without_comment(block)


def _types(document: Mapping[str, object]) -> Iterator[str]:
    for mode in ("resource", "data"):
        yield from _labels(document.get(mode))


def _is_of_github(kind: str) -> bool:
    return kind.startswith("github_") or kind in BUILT_IN_TYPES

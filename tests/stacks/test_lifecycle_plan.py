"""The rules by which images of a repository go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, WEB, write
from synthesized import synth_file

from deploy_access.errors import InvalidEnvironments

if TYPE_CHECKING:
    from pathlib import Path

ANY = 'lifecycle = [{ images = { status = "any" }, count_type = "imageCountMoreThan", count = 30 }]'
ACCEPTED = 'accept = { expires-tagged = "thirty is enough" }'


def rules(tmp_path: Path, ecr: str) -> list[dict[str, object]]:
    """Synthesize the lifecycle policy."""
    text = HEAD + WEB + DEV + f"[services.web.environments.dev.ecr]\n{ecr}\n"
    made = synth_file(write(tmp_path, text), tmp_path / "cdktf.out")["web-dev"].content["resource"]
    return [
        rule
        for policy in made.get("aws_ecr_lifecycle_policy", {}).values()
        for rule in json.loads(policy["policy"])["rules"]
    ]


@pytest.mark.parametrize(
    ("ecr", "selections"),
    [
        ("", [("untagged", 14)]),
        ("lifecycle = []", []),
        (f"{ANY}\n{ACCEPTED}", [("any", 30)]),
    ],
)
def test_rules(tmp_path: Path, ecr: str, selections: list[tuple[str, int]]) -> None:
    """Left out, untagged images go after two weeks; an empty list keeps all."""
    found = [rule["selection"] for rule in rules(tmp_path, ecr)]

    assert [(one["tagStatus"], one["countNumber"]) for one in found] == selections  # type: ignore[index]


def test_what_may_be_deployed_is_not_deleted_unasked(tmp_path: Path) -> None:
    """The construct refuses it, in the words of the audit."""
    text = HEAD + WEB + DEV + f"[services.web.environments.dev.ecr]\n{ANY}\n"

    with pytest.raises(InvalidEnvironments, match="expires-tagged"):
        synth_file(write(tmp_path, text), tmp_path / "cdktf.out")

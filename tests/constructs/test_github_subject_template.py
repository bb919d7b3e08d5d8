"""The template of `sub` on GitHub is the one that the trust policies are written by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from judges.github_provider import faults
from synth import synth

from constructs_lib import GithubRepo
from constructs_lib.github import GithubProvider, GithubSubjectTemplate
from deploy_access.errors import DuplicateResource

if TYPE_CHECKING:
    from cdktf import TerraformStack

KEYS = ("repo", "context", "job_workflow_ref")


@pytest.mark.parametrize(
    ("repo", "expected"),
    [
        (
            GithubRepo("acme/web", include_claim_keys=KEYS),
            {"repository": "web", "use_default": False, "include_claim_keys": list(KEYS)},
        ),
        (GithubRepo("acme/web"), {"repository": "web", "use_default": True}),
    ],
    ids=["own", "default"],
)
def test_template(stack: TerraformStack, repo: GithubRepo, expected: dict[str, object]) -> None:
    """Keys of its own are set; without them GitHub's default comes back."""
    GithubProvider(stack, "GithubProvider", owner="acme")
    GithubSubjectTemplate(stack, "Template", repo=repo)

    found = synth(stack)
    assert found["Template/Resource"].arguments == expected
    assert faults(found.config) == []


def test_twice(stack: TerraformStack) -> None:
    """A repository has one template."""
    GithubProvider(stack, "GithubProvider")
    GithubSubjectTemplate(stack, "Template", repo=GithubRepo("acme/web"))

    with pytest.raises(DuplicateResource):
        GithubSubjectTemplate(stack, "Again", repo=GithubRepo("acme/Web"))

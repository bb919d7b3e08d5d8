"""What subjects say of names and numbers."""

from __future__ import annotations

import pytest

from deploy_access.github.naming import (
    Naming,
    naming_in,
    naming_of,
    namings_of,
    namings_of_repository,
)
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.subject import Subject

WEB = Naming(owner="acme", owner_id=1, name="web", repo_id=2)
BY_NAME = Naming(owner="acme", name="web")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("repo:acme@1/web@2:ref:refs/heads/main", WEB),
        ("repo:acme@1/web@2:*", WEB),
        ("repo:acme@1/web@2", WEB),
        ("repo:acme/web:environment:prod", BY_NAME),
        ("repo:acme@1/*:pull_request", Naming(owner="acme", owner_id=1)),
        ("repo:acme@1/web*", Naming(owner="acme", owner_id=1)),
        ("repo:acme@1/*@2:*", Naming(owner="acme", owner_id=1)),
        ("repo:acme/web.js_-2:*", Naming(owner="acme", name="web.js_-2")),
        ("repository_owner:acme:repository_owner_id:1", Naming(owner="acme", owner_id=1)),
        ("repository:acme/web:repository_id:2", Naming(owner="acme", name="web", repo_id=2)),
        (
            "repo:acme/web:environment:prod:repository_owner_id:1:repository_id:2",
            Naming(owner="acme", owner_id=1, name="web", repo_id=2),
        ),
        ("repository_owner:acme:environment:prod", Naming(owner="acme")),
        ("repository_id:2:environment:prod", None),
        ("repo:*", None),
        ("repo:acme*/web:*", None),
        ("repo:acme@*/web@*:environment:prod", None),
        ("repo:acme@1/we b@2:*", None),
        ("repo:${var.owner}/web:*", None),
        ("project_path:acme/web:ref_type:branch:ref:main", None),
        ("", None),
    ],
)
def test_a_value(value: str, expected: Naming | None) -> None:
    """Names and numbers are read where they are whole, and nothing is guessed."""
    assert naming_in(value) == expected


def test_claims_together() -> None:
    """Conditions beside each other say of one token what a `sub` says."""
    claims = {"repository": "acme/web", "repository_id": "2", "repository_owner_id": "1"}

    assert naming_of(claims) == WEB


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (GithubRepo("acme/web", owner_id=1, repo_id=2).branch("main"), [WEB]),
        (
            GithubRepo("acme/web", owner_id=1, repo_id=2, subject_format="both").any_ref(),
            [WEB, BY_NAME],
        ),
        (GithubOwner("acme", owner_id=1).pull_request(), [Naming(owner="acme", owner_id=1)]),
        (Subject.custom("repo:acme@1/web@2:environment:prod"), [WEB]),
        (Subject.custom_pattern("org/*"), []),
    ],
)
def test_a_subject(subject: Subject, expected: list[Naming]) -> None:
    """Each form of a subject is read."""
    assert [*namings_of(subject)] == expected


def test_a_repository_in_the_legacy_form() -> None:
    """Its numbers are said, also where no subject holds them."""
    repository = GithubRepo("acme/web", owner_id=1, repo_id=2, subject_format="legacy")

    assert [*namings_of_repository(repository)] == [WEB, BY_NAME]

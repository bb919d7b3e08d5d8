"""One parser of a `sub`: repository, ids, the first context, and the claims that follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from strategies import ENVIRONMENTS, repositories

from deploy_access.github.segment import encode
from deploy_access.github.subject_claim import (
    SubjectClaim,
    has_loose_workflow,
    names_owner,
    names_repository,
    parse_subject,
    segments,
)

if TYPE_CHECKING:
    from deploy_access.github.repository import GithubRepo

CALLED = "acme/ci/.github/workflows/deploy.yml@refs/heads/main"


@pytest.mark.parametrize(
    ("rest", "context", "value", "claims"),
    [
        pytest.param(":environment:prod", "environment", "prod", (), id="environment"),
        pytest.param(":environment:a%3Ab", "environment", "a:b", (), id="an encoded colon"),
        pytest.param(":ref:refs/heads/a/b", "branch", "a/b", (), id="branch"),
        pytest.param(":ref:refs/heads/a%3Ab", "branch", "a%3Ab", (), id="no environment"),
        pytest.param(":ref:refs/tags/v*", "tag", "v*", (), id="tag"),
        pytest.param(":pull_request", "pull_request", "", (), id="pull request"),
        pytest.param(
            ":environment:prod:ref:refs/heads/main:actor:me",
            "environment",
            "prod",
            (("ref", "refs/heads/main"), ("actor", "me")),
            id="further claims",
        ),
        pytest.param(
            f":pull_request:job_workflow_ref:{CALLED}",
            "pull_request",
            "",
            (("job_workflow_ref", CALLED),),
            id="a pull request and a claim",
        ),
        pytest.param(
            ":ref:refs/heads/main:pull_request:actor:me",
            "branch",
            "main",
            (("pull_request", ""), ("actor", "me")),
            id="a claim without a text",
        ),
        pytest.param(":*:actor:me", "any", "", (("actor", "me"),), id="any context"),
        pytest.param("", "none", "", (), id="no context"),
        pytest.param(":ref:main", "bad", "", (), id="a short ref"),
        pytest.param(":pull_requests", "custom", "", (), id="no pull request"),
        pytest.param(
            f":job_workflow_ref:{CALLED}:environment:prod",
            "custom",
            "",
            (("environment", "prod"),),
            id="another template",
        ),
    ],
)
@pytest.mark.parametrize("repository", ["acme/web", "acme@1/web@2"])
def test_the_context(
    repository: str, rest: str, context: str, value: str, claims: tuple[tuple[str, str], ...]
) -> None:
    """What follows the repository is read alike in the legacy and in the immutable form."""
    found = parse_subject(f"repo:{repository}{rest}")

    assert found is not None
    assert (found.context, found.value, found.claims) == (context, value, claims)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("repo:acme@1/web@2", ("acme", "web", "1", "2"), id="immutable"),
        pytest.param("repo:acme/web", ("acme", "web", None, None), id="legacy"),
        pytest.param("repo:acme*", ("acme*", "*", None, None), id="all that begins so"),
        pytest.param("repo:acme", None, id="no repository"),
        pytest.param("repository_owner:acme", None, id="another template"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_repository(text: str, expected: tuple[str | None, ...] | None) -> None:
    """Owner, name and ids are read; what does not begin with a repository is nothing."""
    found = parse_subject(text)

    assert expected == (found and (found.owner, found.name, found.owner_id, found.repo_id))


@given(repo=repositories(), environment=ENVIRONMENTS)
def test_what_is_written_is_read(repo: GithubRepo, environment: str) -> None:
    """Each form of a subject that is written gives back what it was made of."""
    for text in repo.environment(environment).exact:
        found = parse_subject(text)
        ids = (str(repo.owner_id), str(repo.repo_id)) if "@" in text.split(":")[1] else (None, None)
        assert found
        assert found == SubjectClaim(
            owner=repo.owner,
            name=repo.name,
            owner_id=ids[0],
            repo_id=ids[1],
            context="environment",
            context_text=f"environment:{encode(environment)}",
        )
        assert (found.value, found.claims) == (environment, ())


def test_claims_up_to_a_wildcard() -> None:
    """A wildcard may stand for several claims, so nothing is read behind one."""
    assert list(segments("environment:prod:ref:refs/*:actor:me")) == [
        ("environment", "prod"),
        ("ref", "refs/*"),
    ]


@pytest.mark.parametrize(
    ("value", "repository", "owner"),
    [
        pytest.param("repo:acme/web:environment:prod", True, True, id="repository"),
        pytest.param("environment:prod:repo:acme/web", True, True, id="behind the context"),
        pytest.param("environment:*:repo:acme/web*", False, True, id="a pattern of names"),
        pytest.param("repo:ac*/web", False, False, id="a pattern of owners"),
        pytest.param("repository_id:4", True, False, id="an id"),
        pytest.param("repository_id:4*", False, False, id="a pattern of ids"),
        pytest.param("repository_owner:acme", False, True, id="an owner"),
        pytest.param("job_workflow_ref:acme/*", False, True, id="workflows of an owner"),
        pytest.param(f"workflow_ref:{CALLED}", True, False, id="a workflow"),
        pytest.param("workflow_ref:acme/web", False, False, id="no file"),
        pytest.param("environment:prod", False, False, id="neither"),
    ],
)
def test_whose_it_is(value: str, *, repository: bool, owner: bool) -> None:
    """One repository, or one owner, is named by a whole text and never by a pattern."""
    assert (names_repository(value), names_owner(value)) == (repository, owner)


def test_loose_workflows() -> None:
    """A called workflow is loose when a wildcard stands in its file or its ref."""
    assert has_loose_workflow("repo:a/b:environment:p:job_workflow_ref:a/ci/f.yml@*")
    assert not has_loose_workflow(f"repo:a/b:environment:*:job_workflow_ref:{CALLED}")

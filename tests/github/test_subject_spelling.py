"""What is meant by a value of `sub` that GitHub never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from strategies import narrow_subjects

from deploy_access.github.subject_fault import find_fault
from deploy_access.github.subject_spelling import respell

if TYPE_CHECKING:
    from deploy_access.github.subject import Subject

WEB = "repo:acme/web:"
PROD, MAIN, PULL_REQUEST = (
    f"{WEB}environment:prod",
    f"{WEB}ref:refs/heads/main",
    f"{WEB}pull_request",
)
V1 = f"{WEB}ref:refs/tags/v1"
CONTEXTS: dict[str, list[str]] = {
    "env:prod": [PROD],
    "envs:prod": [PROD],
    "environments:prod": [PROD],
    "Environment:prod": [PROD],
    "environment=prod": [PROD],
    "environment/prod": [PROD],
    "env:prod:job_workflow_ref:acme/ci/d.yml@v1": [f"{PROD}:job_workflow_ref:acme/ci/d.yml@v1"],
    "environment:a:b": [f"{WEB}environment:a%3Ab"],
    "env:prod-*": [f"{PROD}-*"],
    "branch:main": [MAIN],
    "head:main": [MAIN],
    "refs/heads/main": [MAIN],
    "heads/main": [MAIN],
    "ref:heads/main": [MAIN],
    "ref/heads/main": [MAIN],
    "REF:refs/heads/main": [MAIN],
    "ref:refs/heads/main/": [MAIN],
    "tag:v1": [V1],
    "tags/v1": [V1],
    "refs/tags/v1": [V1],
    "ref:refs/tag/v1": [V1],
    "ref:v1": [f"{WEB}ref:refs/heads/v1", V1],
    "main": [MAIN, f"{WEB}environment:main"],
    "prod": [f"{WEB}ref:refs/heads/prod", PROD],
    "pr": [PULL_REQUEST],
    "pull-request": [PULL_REQUEST],
    "Pull_Request": [PULL_REQUEST],
    "pull_requests": [PULL_REQUEST],
    "ref:refs/pull/7/merge": [PULL_REQUEST],
    "refs/pull/*": [PULL_REQUEST],
    # It cannot be told what is meant.
    "pull_request_target": [],
    "": [],
}
REPOSITORIES = (
    *("acme/web", "Repo:acme/web", "repos:acme/web", "repo/acme/web", "repo: acme/web"),
    *("repo::acme/web", "repo:/acme/web", "repo:acme/web/", "repo:acme/web.git", " repo:acme/web"),
    *("https://github.com/acme/web", "repo:https://github.com/acme/web.git", "github.com/acme/web"),
    *("repo:github.com/acme/web", "repo:git@github.com:acme/web.git", '"repo:acme/web'),
)


@pytest.mark.parametrize("context", CONTEXTS)
def test_contexts(context: str) -> None:
    """What follows the repository is written in full."""
    assert list(respell(f"{WEB}{context}")) == CONTEXTS[context]


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_repositories(repository: str) -> None:
    """The repository is written as its owner and its name."""
    assert respell(f"{repository}:pull_request") == (PULL_REQUEST,)


@pytest.mark.parametrize("repository", ["acme@1/web@2", "acme/*", "*/*"])
def test_what_stays(repository: str) -> None:
    """Ids and wildcards stay as they are."""
    assert respell(f"repo:{repository}:env:prod") == (f"repo:{repository}:environment:prod",)


@pytest.mark.parametrize(
    "value",
    ["project_path:acme/web:ref_type:branch:ref:main", "repo:acme:ref:refs/heads/main", "x", ""],
)
def test_what_nobody_can_tell(value: str) -> None:
    """A value of another issuer, or without a repository, has no other spelling."""
    assert respell(value) == ()


@given(narrow_subjects())
def test_what_is_proposed_is_right(subject: Subject) -> None:
    """Whatever is proposed has no fault; a misspelt value is proposed as it was."""
    for value in subject.exact:
        misspelt = value.replace(":environment:", ":env:").replace(":ref:refs/", ":")
        proposed = respell(misspelt)

        assert [find_fault(one) for one in proposed] == [None] * len(proposed)
        if misspelt != value:
            assert value in proposed

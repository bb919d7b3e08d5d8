"""Owners, and the values of `sub` that the subjects of all their repositories hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.github.subject import Subject

OF_ANY_REPOSITORY: dict[str, Callable[[GithubOwner], Subject]] = {
    "ref:refs/heads/main": lambda owner: owner.branch("main"),
    "ref:refs/tags/v1": lambda owner: owner.tag("v1"),
    "environment:a%3Ab": lambda owner: owner.environment("a:b"),
    "pull_request": lambda owner: owner.pull_request(),
    "ref:refs/heads/*": lambda owner: owner.any_branch(),
    "ref:refs/tags/*": lambda owner: owner.any_tag(),
    "environment:*": lambda owner: owner.any_environment(),
}


@pytest.mark.parametrize("context", OF_ANY_REPOSITORY)
@pytest.mark.parametrize(
    ("owner", "prefix"),
    [(GithubOwner("acme"), "repo:acme/*"), (GithubOwner("acme", owner_id="1"), "repo:acme@1/*")],
    ids=["legacy", "immutable"],
)
def test_each_kind_in_each_form(owner: GithubOwner, prefix: str, context: str) -> None:
    """A kind of run in any repository is a pattern with the context written out."""
    subject = OF_ANY_REPOSITORY[context](owner)

    assert (subject.exact, subject.patterns) == ((), (f"{prefix}:{context}",))
    assert (subject.repository, len(subject.warnings)) == ("acme/*", int("@" not in prefix))


@pytest.mark.parametrize("name", ["release/*", "refs/heads/main", "", None])
def test_a_wrong_branch_is_refused(name: Any) -> None:
    """The names are checked as those of one repository are."""
    with pytest.raises(InvalidValue):
        GithubOwner("acme").branch(name)


@pytest.mark.parametrize("name", [None, 7, "acme/web"])
def test_a_wrong_repository_is_refused(name: Any) -> None:
    """What is no name does not become one by being put behind the owner's."""
    with pytest.raises(InvalidValue):
        GithubOwner("acme").repo(name)


@pytest.mark.parametrize("name", [None, 7, ["acme"]])
def test_no_text_as_owner(name: Any) -> None:
    """A name that is no text is refused as all other mistakes are."""
    with pytest.raises(InvalidValue):
        GithubOwner(name)


def test_a_wrong_owner_is_refused() -> None:
    """All that is wrong is said at once."""
    with pytest.raises(InvalidValue) as caught:
        GithubOwner("acme/web", owner_id=-1)

    assert [problem.given for problem in caught.value.problems] == ["acme/web", -1]


@pytest.mark.parametrize(
    ("owner", "value"),
    [
        pytest.param(GithubOwner("acme"), "repo:acme/*", id="legacy"),
        pytest.param(GithubOwner("acme", owner_id=1), "repo:acme@1/*", id="immutable"),
    ],
)
def test_any_repo_of_an_owner(owner: GithubOwner, value: str) -> None:
    """The whole organization is one pattern, and only `any_repo` makes it."""
    subject = owner.any_repo()

    assert (subject.exact, subject.patterns, subject.repository) == ((), (value,), "acme/*")


def test_any_repo_without_an_id_warns() -> None:
    """The legacy pattern does not match repositories that have the immutable form."""
    assert len(GithubOwner("acme").any_repo().warnings) == 1


@pytest.mark.parametrize(
    ("owner", "repo_id", "expected"),
    [
        (GithubOwner("acme", owner_id=1), 2, GithubRepo("acme/web", owner_id=1, repo_id=2)),
        (GithubOwner("acme", owner_id=1), None, GithubRepo("acme/web")),
        (GithubOwner("acme"), None, GithubRepo("acme/web")),
    ],
    ids=["ids", "no repository id", "no ids"],
)
def test_an_owner_names_its_repositories(
    owner: GithubOwner, repo_id: int | None, expected: GithubRepo
) -> None:
    """A repository made from its owner is the one made from its full name."""
    assert owner.repo("web", repo_id=repo_id) == expected


def test_the_command_of_a_warning() -> None:
    """The command names a repository of the owner; GitHub's API takes no `*`."""
    (warning,) = GithubOwner("acme").any_repo().warnings

    assert "`gh api repos/acme/REPO/actions/oidc/customization/sub --jq" in warning

"""GitHub Enterprise Server has no ids in `sub`; of ghe.com that is not known."""

from __future__ import annotations

import pytest

from deploy_access.github.enterprise_server import check_server, warnings_of
from deploy_access.github.issuer import Issuer
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.subject import Subject

SERVER = Issuer.ghes("github.acme.example")
OTHERS = [Issuer.github(), Issuer.github("acme"), Issuer.ghe("acme"), Issuer("https://gitlab.com")]
WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
BOTH = GithubRepo("acme/web", owner_id=1, repo_id=2, subject_format="both")
KEPT = GithubRepo("acme/web", owner_id=1, repo_id=2, subject_format="legacy")
BY_ID = GithubRepo(
    "acme/web", owner_id=1, repo_id=2, include_claim_keys=("repository_id", "context")
)
IMMUTABLE = "repo:acme@1/web@2:ref:refs/heads/main"


@pytest.mark.parametrize(
    ("subject", "given"),
    [
        pytest.param(WEB.branch("main"), [IMMUTABLE], id="immutable"),
        pytest.param(BOTH.branch("main"), [IMMUTABLE], id="both forms"),
        pytest.param(
            GithubOwner("acme", owner_id=1).pull_request(),
            ["repo:acme@1/*:pull_request"],
            id="owner",
        ),
        pytest.param(Subject.custom(IMMUTABLE), [IMMUTABLE], id="custom"),
        pytest.param(
            Subject.custom_pattern("repo:acme@*/web@*:environment:prod"),
            ["repo:acme@*/web@*:environment:prod"],
            id="open ids",
        ),
    ],
)
def test_ids_are_of_github_com(subject: Subject, given: list[str]) -> None:
    """A subject that no token of a server carries is refused there alone."""
    (problem,) = check_server([subject], SERVER)

    assert problem.given == given
    assert "`owner_id`" in problem.fix
    assert [p for issuer in OTHERS for p in check_server([subject], issuer)] == []


@pytest.mark.parametrize(
    "subject",
    [
        GithubRepo("acme/web").branch("main"),
        KEPT.branch("main"),
        BY_ID.environment("prod"),
        GithubOwner("acme").pull_request(),
        GithubRepo("acme/web").environment("a@b"),
    ],
)
def test_what_a_server_writes(subject: Subject) -> None:
    """Names alone, ids in a template of their own, and an `@` elsewhere are no such ids."""
    assert [*check_server([subject], SERVER)] == []


def test_all_subjects_at_once() -> None:
    """One problem names each value."""
    (problem,) = check_server([WEB.branch("main"), KEPT.tag("v1"), WEB.tag("v1")], SERVER)

    assert problem.given == [IMMUTABLE, "repo:acme@1/web@2:ref:refs/tags/v1"]


def test_no_warning_asks_for_ids_there() -> None:
    """The legacy form is the only one of a server, and a guess on github.com."""
    subject = GithubRepo("acme/web").environment("a b")

    assert [*warnings_of(subject, Issuer.github())] == [*subject.warnings]
    assert [*warnings_of(subject, SERVER)] == [subject.warnings[1]]


@pytest.mark.parametrize(
    ("issuer", "number"),
    [(Issuer.ghe("acme"), 1), (Issuer.github(), 0), (Issuer.github("acme"), 0)],
)
def test_ids_at_ghe_com(issuer: Issuer, number: int) -> None:
    """Ids are taken there, with a warning that they may never match."""
    found = [*warnings_of(WEB.branch("main"), issuer)]

    assert len(found) == number
    assert all("ghe.com" in one for one in found)

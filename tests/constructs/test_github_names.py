"""Roles of an app that contradict each other about GitHub, or their issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from synth import new_stack, synth  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

from constructs_lib import GithubDeployRole, GithubOwner, GithubRepo, Issuer, OidcProvider, Subject
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdktf import TerraformStack

    from deploy_access.github.subject import Subject as AnySubject

WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
SERVER = Issuer.ghes("github.acme.example")


def roles(
    app: App, *subjects: list[AnySubject], issuers: tuple[Issuer, ...] = ()
) -> TerraformStack:
    """Make a role for each list of subjects, each in a stack of its own: a, b, c..."""
    stacks: list[TerraformStack] = []
    for number, each in enumerate(subjects):
        stacks.append(new_stack(app, chr(ord("a") + number)))
        GithubDeployRole(
            stacks[-1],
            "Deploy",
            name=f"deploy-{number}",
            oidc_provider=OidcProvider.from_account(
                stacks[-1], "Github", issuer=issuers[number] if issuers else None
            ),
            subjects=each,
            accept={"org-wide": "it only reads", "pull-request-write": "it only reads"},
        )
    return stacks[0]


CONTRADICTING = [
    pytest.param(
        GithubRepo("acme/web", owner_id=1, repo_id=3).branch("main"),
        "[b/Deploy] Repository 'acme/web' has two ids. Got [\"role 'a/Deploy': 2\", "
        "\"role 'b/Deploy': 3\"].",
        id="one repository, two ids",
    ),
    pytest.param(
        GithubRepo("acme/api", owner_id=1, repo_id=2).branch("main"),
        "[b/Deploy] Two repositories have the id 2. ",
        id="two repositories, one id",
    ),
    pytest.param(
        GithubRepo("acme/api", owner_id=5, repo_id=6).branch("main"),
        "[b/Deploy] Owner 'acme' has two ids. ",
        id="one owner, two ids",
    ),
    pytest.param(
        GithubOwner("other", owner_id=1).branch("main"),
        "[b/Deploy] Two owners have the id 1. ",
        id="two owners, one id",
    ),
    pytest.param(
        GithubRepo("Acme/api").branch("main"),
        "[b/Deploy] Owner 'acme' is written in two letter cases. ",
        id="letter case",
    ),
    pytest.param(
        Subject.custom("repo:acme@1/web@3:environment:prod"),
        "[b/Deploy] Repository 'acme/web' has two ids. ",
        id="custom",
    ),
]


@pytest.mark.parametrize(("subject", "message"), CONTRADICTING)
def test_roles_that_contradict_each_other(app: App, subject: AnySubject, message: str) -> None:
    """Synthesis refuses what cannot be true of one GitHub, and names both roles."""
    stack = roles(app, [WEB.environment("prod")], [subject])

    with pytest.raises(RuntimeError, match="Validation failed") as caught:
        synth(stack)

    assert message in str(caught.value)


def test_it_is_told_once(app: App) -> None:
    """A third role that agrees with one of the two has no message of its own."""
    other = GithubRepo("acme/web", owner_id=1, repo_id=3)
    stack = roles(app, [WEB.tag("v1")], [other.tag("v1")], [other.tag("v2")], [WEB.tag("v2")])

    with pytest.raises(RuntimeError) as caught:
        synth(stack)

    assert str(caught.value).count("has two ids") == 1


@pytest.mark.parametrize(
    "subjects",
    [
        pytest.param([[WEB.tag("v1")], [WEB.tag("v2")], [GithubRepo("acme/web").tag("v1")]],
                     id="one repository"),
        pytest.param([[WEB.tag("v1")], [GithubRepo("acme/api", owner_id=1, repo_id=3).tag("v1")]],
                     id="two repositories"),
        pytest.param(
            [
                [Subject.custom("repo:acme@1/old@2:environment:prod")],
                [Subject.custom("repo:acme@1/old@2:environment:prod"), WEB.environment("prod")],
                [WEB.environment("prod")],
            ],
            id="a rename that one role knows",
        ),
    ],
)  # fmt: skip
def test_roles_that_do_not(app: App, subjects: list[list[AnySubject]]) -> None:
    """What is true together is synthesized."""
    assert synth(roles(app, *subjects)).paths("aws_iam_role") == ["Deploy/Resource"]


def test_each_server_has_its_own(app: App) -> None:
    """A name on a server says nothing of the same name on github.com."""
    subjects = [[WEB.tag("v1")], [GithubRepo("Acme/Web").tag("v1")]]

    assert synth(roles(app, *subjects, issuers=(Issuer.github(), SERVER)))


def test_apps_have_their_own(app: App, folders: Iterator[Path]) -> None:
    """The roles of one app say nothing about those of the next."""
    apps = [app, App(outdir=str(next(folders)))]

    for repo_id, each in enumerate(apps, 2):
        assert synth(roles(each, [GithubRepo("acme/web", owner_id=1, repo_id=repo_id).tag("v1")]))


def test_ids_on_a_server(app: App) -> None:
    """A role refuses what no token of its issuer carries."""
    with pytest.raises(InvalidValue) as caught:
        roles(app, [WEB.environment("prod")], issuers=(SERVER,))

    assert [(p.what, p.given) for p in caught.value.problems] == [
        (
            "GitHub Enterprise Server writes no ids into `sub`.",
            ["repo:acme@1/web@2:environment:prod"],
        )
    ]


@pytest.mark.parametrize(
    ("issuer", "repository", "expected"),
    [
        (Issuer.github(), GithubRepo("acme/web"), "is taken to have the legacy form"),
        (Issuer.ghe("acme"), GithubRepo("acme/web"), "is taken to have the legacy form"),
        (Issuer.ghe("acme"), WEB, "ghe.com has immutable subjects"),
        (Issuer.github(), WEB, None),
        (SERVER, GithubRepo("acme/web"), None),
    ],
)
def test_warnings(app: App, issuer: Issuer, repository: GithubRepo, expected: str | None) -> None:
    """A warning asks for ids where tokens may carry them, and doubts them at ghe.com."""
    found = synth(roles(app, [repository.branch("main")], issuers=(issuer,))).warnings

    assert [path for path, _ in found] == (["a/Deploy"] if expected else [])
    assert all((expected or "") in message for _, message in found)

"""GitHub Enterprise Server has no immutable subjects; of ghe.com GitHub does not say."""

from __future__ import annotations

import json

import pytest
from explain_cases import (
    AUDIENCE,
    HOST,
    MAIN,
    PROVIDER,
    Json,
    conditioned,
    estate_of,
    explain,
    policy,
    role_answer,
    run_of,
    statement,
    trusting,
)

from deploy_access.explain.decide import explain_run
from deploy_access.github.flags import Wanted, check_issuer, describe_run
from deploy_access.github.run import Run, is_data_residency, is_server

SERVER = "git.acme.com/_services/token"
GHE = "token.actions.acme.ghe.com"
SUBJECTS = (
    MAIN,
    "repo:acme/web:environment:prod",
    "repo:acme/web:pull_request",
    "repo:acme/web:ref:refs/tags/v1.2.3",
    "repo:acme/web:ref:refs/heads/gh-readonly-queue/main/pr-4-0123",
)
VALUES = (
    "repo:acme@1/web@2:ref:refs/heads/main",
    "repo:acme@1/web@2:environment:prod",
    "repo:acme@1/web@2:environment:*",
    "repo:acme@*/web@*:ref:refs/heads/main",
    "repo:acme@1/*:pull_request",
)


def described(host: str, owner_id: int | None = None, repo_id: int | None = None) -> Run:
    """Describe a run on main at another issuer."""
    return describe_run(
        Wanted(
            repo="acme/web",
            branch="main",
            issuer=f"https://{host}",
            owner_id=owner_id,
            repo_id=repo_id,
        )
    )


def on(host: str, trust: Json) -> Json:
    """Write the policy for another issuer."""
    text = json.dumps(trust).replace(HOST, host)
    content: Json = json.loads(text)
    return content


@pytest.mark.parametrize("wanted", VALUES)
@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("operator", ["StringEquals", "StringLike"])
@pytest.mark.parametrize("described", [True, False])
def test_no_ids_on_a_server(subject: str, wanted: str, operator: str, *, described: bool) -> None:
    """Ids in a policy are the cause, and no advice asks for them or proposes them."""
    run = run_of(subject, provider=SERVER, described=described)
    finding = explain(run, on(SERVER, trusting(wanted, operator=operator)))

    causes = {finding.cause.id, *finding.besides}
    assert finding.answer == "denied"
    assert "ids-on-server" in causes or operator == "StringEquals"
    assert not any("immutable" in cause for cause in causes)
    texts = " ".join(change.text for change in finding.cause.changes)
    assert "immutable" not in texts
    assert "owner-id" not in texts
    assert finding.cause.changes
    for change in finding.cause.changes:
        assert "@" not in str(change.forms)


def test_the_value_is_written_without_ids() -> None:
    """What the policy means is kept: the environment is trusted, in the form of the server."""
    trust = on(SERVER, trusting("repo:acme@1/web@2:environment:prod"))

    first, last = explain(run_of(provider=SERVER), trust).cause.changes

    meant = {"StringEquals": {f"{HOST}:sub": "repo:acme/web:environment:prod"}}
    assert first.policy == on(SERVER, conditioned(meant))
    assert ("YAML", "environment: prod") in first.forms
    assert last.text.startswith("Or only if whoever may push to 'main' may deploy: ")


def test_a_described_run() -> None:
    """Only the form without ids is tried, and no note asks for them."""
    run = described(SERVER)

    assert (run.ids_unknown, run.notes) == (False, ())


def test_a_template() -> None:
    """The same holds for a template of the repository's own."""
    wanted = Wanted(
        repo="acme/web", branch="main", issuer=f"https://{SERVER}", claim_keys=("repo", "context")
    )

    assert describe_run(wanted).notes == ()


@pytest.mark.parametrize(("owner_id", "repo_id"), [(1, 2), (1, None), (None, 2)])
def test_ids_are_refused(owner_id: int | None, repo_id: int | None) -> None:
    """Ids with the issuer of a server are refused, with what to do for a condition on an id."""
    wanted = Wanted(
        repo="acme/web",
        branch="main",
        issuer=f"https://{SERVER}",
        owner_id=owner_id,
        repo_id=repo_id,
    )

    (problem,) = check_issuer(wanted)
    assert problem.what == "GitHub Enterprise Server has no immutable subjects."
    assert "`--claim repository_id=VALUE`" in problem.fix


def test_ids_elsewhere_are_taken() -> None:
    """Ids with another issuer, and none with a server's, are right."""
    server, github = f"https://{SERVER}", f"https://{HOST}"
    taken = [
        Wanted(repo="acme/web", branch="main", issuer=server),
        Wanted(repo="acme/web", branch="main", issuer=github, owner_id=1, repo_id=2),
        Wanted(repo="acme/web", branch="main", issuer=f"https://{GHE}", owner_id=1, repo_id=2),
    ]

    assert [list(check_issuer(one)) for one in taken] == [[], [], []]


def test_a_condition_on_an_id() -> None:
    """A server has the claims of the ids, which are not in `sub`."""
    wanted = {**AUDIENCE, f"{HOST}:sub": MAIN, f"{HOST}:repository_id": "2"}
    trust = on(SERVER, conditioned({"StringEquals": wanted}))
    run = describe_run(
        Wanted(
            repo="acme/web",
            branch="main",
            issuer=f"https://{SERVER}",
            claim=("repository_id=2",),
        )
    )

    assert explain(run, trust).answer == "allowed"


def test_ghe_is_open() -> None:
    """At ghe.com both forms are tried, ids are taken, and a note says that it is open."""
    without, with_ids = described(GHE), described(GHE, 1, 2)

    assert without.ids_unknown
    assert with_ids.subject == "repo:acme@1/web@2:ref:refs/heads/main"
    assert all("does not say" in run.notes[0] for run in (without, with_ids))
    assert not any("does not say" in note for note in described(HOST).notes)


def test_a_switch_at_ghe() -> None:
    """To switch to immutable subjects is advised with that doubt."""
    trust = on(GHE, trusting("repo:acme@1/web@2:ref:refs/heads/main"))
    finding = explain(run_of(provider=GHE), trust)

    assert finding.cause.id == "immutable-subject-in-policy"
    assert any("f repositories at ghe.com can: " in one.text for one in finding.cause.changes)


def test_where_the_form_is_told() -> None:
    """What GitHub writes is told by the beginning of `sub`, not by a flag of the settings."""
    command = "`gh api repos/acme/web/actions/oidc/customization/sub --jq .sub_claim_prefix`"
    finding = explain(run_of(), trusting("repo:acme@1/web@2:ref:refs/heads/main"))

    assert any(command in one.text for one in finding.cause.changes)
    assert command in described(HOST).notes[0]
    assert "use_immutable_subject" not in str(finding)


def test_an_event_of_a_server() -> None:
    """Flags that describe the run of an event name its issuer."""
    trust = on(SERVER, conditioned({"StringEquals": {f"{HOST}:sub": MAIN, f"{HOST}:actor": "a"}}))
    arn = PROVIDER.replace(HOST, SERVER)
    run = run_of(provider=SERVER, provider_arn=arn)

    (change,) = explain_run(run, estate_of(role_answer(trust))).findings[0].cause.changes

    assert (
        f"`--issuer https://{SERVER} --repo acme/web --branch main --claim actor=VALUE`"
        in change.text
    )


@pytest.mark.parametrize(
    ("provider", "server", "residency"),
    [
        (SERVER, True, False),
        (GHE, False, True),
        (f"{GHE}/acme", False, True),
        (HOST, False, False),
        (f"{HOST}/acme", False, False),
        ("acme.ghe.com/_services/token", True, False),
        ("gitlab.com", False, False),
        ("no issuer", False, False),
    ],
)
def test_issuers(provider: str, *, server: bool, residency: bool) -> None:
    """A server is known by the path of its issuer, ghe.com by its host."""
    assert (is_server(provider), is_data_residency(provider)) == (server, residency)


def test_a_live_value_beside() -> None:
    """Another value of the same list that has no ids stays, and the one with ids goes."""
    tag = "repo:acme/web:ref:refs/heads/release"
    trust = on(SERVER, trusting("repo:acme@1/web@2:ref:refs/heads/main", tag))

    (change,) = [one for one in explain(run_of(provider=SERVER), trust).cause.changes if one.policy]

    assert change.policy == on(SERVER, trusting(tag, MAIN))


def test_statement_of_a_server() -> None:
    """The run on a server gets in by its own form."""
    trust = on(SERVER, policy(statement()))

    assert explain(run_of(provider=SERVER), trust).answer == "allowed"


@pytest.mark.parametrize("issuer", ["https://gitlab.com", "https://oidc.circleci.com/org/1"])
def test_flags_describe_no_run_of_another_platform(issuer: str) -> None:
    """A `sub` of GitHub's is not made up for another platform: its token is asked for."""
    (problem,) = check_issuer(Wanted(repo="acme/web", branch="main", issuer=issuer))

    assert (problem.given, problem.fix) == (
        issuer,
        "Give the run as a token of that platform: `--token FILE`.",
    )

"""Every cause there is comes of some run and some policy."""

from __future__ import annotations

import json

import pytest
from explain_cases import (
    ACCOUNT,
    AUDIENCE,
    HOST,
    MAIN,
    PROVIDER,
    ROLE,
    Json,
    conditioned,
    estate_of,
    explain,
    explain_all,
    policy,
    role_answer,
    run_of,
    statement,
    trusting,
)

from deploy_access.explain.causes import CAUSES
from deploy_access.explain.decide import explain_run

IDS = "repo:acme@1/web@2"
SUBJECTS: dict[str, tuple[str, str]] = {
    "bad-ref": (MAIN, "repo:acme/web:ref:main"),
    "branch-not-tag": (MAIN, "repo:acme/web:ref:refs/tags/v1"),
    "custom-template": (f"{MAIN}:job_workflow_ref:acme/x/.github/workflows/d.yml@v1", MAIN),
    "environment-encoding": ("repo:acme/web:environment:eu%3A1", "repo:acme/web:environment:eu:1"),
    "environment-in-policy": (MAIN, "repo:acme/web:environment:prod"),
    "environment-on-job": ("repo:acme/web:environment:prod", MAIN),
    "immutable-subject-in-policy": (MAIN, f"{IDS}:ref:refs/heads/main"),
    "legacy-subject-in-policy": (f"{IDS}:ref:refs/heads/main", MAIN),
    "letter-case": (MAIN, "repo:Acme/web:ref:refs/heads/main"),
    "not-a-subject": (MAIN, "acme/web:ref:refs/heads/main"),
    "other-branch": (MAIN, "repo:acme/web:ref:refs/heads/release"),
    "other-environment": ("repo:acme/web:environment:prod", "repo:acme/web:environment:stg"),
    "other-ids": (f"{IDS}:pull_request", "repo:acme@1/web@3:pull_request"),
    "other-owner": (MAIN, "repo:other/web:ref:refs/heads/main"),
    "other-repository": (MAIN, "repo:acme/api:ref:refs/heads/main"),
    "other-tag": ("repo:acme/web:ref:refs/tags/v2", "repo:acme/web:ref:refs/tags/v1"),
    "pull-request": ("repo:acme/web:pull_request", MAIN),
    "pull-request-in-policy": (MAIN, "repo:acme/web:pull_request"),
    "renamed-repository": (f"{IDS}:pull_request", "repo:other@9/old@2:pull_request"),
    "tag-not-branch": ("repo:acme/web:ref:refs/tags/v1", MAIN),
    "wildcard-under-equals": (MAIN, "repo:acme/web:*"),
}
NEGATED = {"StringNotEquals": {f"{HOST}:sub": MAIN}}
OTHER_HOST = "oidc.eks.eu-west-1.amazonaws.com/id/A"
POLICIES: dict[str, Json] = {
    "allowed": policy(statement()),
    "audience": conditioned({"StringEquals": {f"{HOST}:aud": "https://github.com/acme"}}),
    "claim": conditioned({"StringEquals": {f"{HOST}:ref": "refs/heads/x", f"{HOST}:sub": MAIN}}),
    "condition": conditioned(NEGATED),
    "explicit-deny": policy(statement(), statement(Effect="Deny", Sid="Keep", Condition={})),
    "key-prefix": conditioned({"StringEquals": {"actions.githubusercontent.com:sub": MAIN}}),
    "no-statement": policy(
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    ),
    "other-provider": policy(
        statement(Principal={"Federated": PROVIDER.replace(HOST, OTHER_HOST)})
    ),
    "other-provider-account": policy(
        statement(Principal={"Federated": PROVIDER.replace(ACCOUNT, "444455556666")})
    ),
    "principal": policy(statement(Principal={"Federated": HOST})),
    "resource-element": policy(statement(Resource="arn:aws:s3:::x")),
    "undecided": trusting("repo:${var.repo}:ref:refs/heads/main"),
    "unknown-key": conditioned({"StringEquals": {f"{HOST}:iss": f"https://{HOST}"}}),
    "unknown-operator": conditioned({"StringSame": {f"{HOST}:sub": MAIN}}),
    "unreadable-policy": {"Version": "2012-10-17"},
    "wrong-action": policy(statement(Action="sts:AssumeRole")),
}
# Told by tests of their own, below and in the tests of the forms of `sub`.
ELSEWHERE = {
    "claim-missing",
    "ids-on-server",
    "immutable-subject-only",
    "legacy-subject-only",
    "no-trust-policy",
    "other-account",
    "other-subject",
    "outside-policy",
    "role-not-found",
    "two-contexts",
}


@pytest.mark.parametrize(("cause", "values"), SUBJECTS.items(), ids=SUBJECTS)
def test_of_a_subject(cause: str, values: tuple[str, str]) -> None:
    """A `sub` that is not what the policy wants has this one cause, and a change that mends it."""
    held, wanted = values

    finding = explain(run_of(held), trusting(wanted))

    assert (finding.answer, finding.cause.id) == ("denied", cause)
    assert finding.besides == ()
    assert finding.cause.changes


@pytest.mark.parametrize(("cause", "trust"), POLICIES.items(), ids=POLICIES)
def test_of_a_policy(cause: str, trust: Json) -> None:
    """A policy that lets nobody in has this cause."""
    assert explain(run_of(), trust).cause.id == cause


def test_every_cause_is_tested() -> None:
    """No cause is without a case."""
    assert {*SUBJECTS, *POLICIES, *ELSEWHERE} == set(CAUSES)


@pytest.mark.parametrize("key", ["repository_owner", "workflow_ref", "event_name", "iss"])
def test_keys_that_aws_does_not_have(key: str) -> None:
    """A claim that AWS has no key for is told from one whose value differs."""
    trust = conditioned({"StringEquals": {**AUDIENCE, f"{HOST}:sub": MAIN, f"{HOST}:{key}": "x"}})

    finding = explain(run_of(), trust)

    assert (finding.cause.id, finding.answer) == ("unknown-key", "denied")


@pytest.mark.parametrize(
    "value",
    ["ref:main", "refs/heads/main", "branch:main", "heads/main", "tags/v1", "main", "env:prod"],
)
def test_wrong_spellings_of_a_ref(value: str) -> None:
    """Whatever people write for a branch, the cause is the ref."""
    assert explain(run_of(), trusting(f"repo:acme/web:{value}")).cause.id == "bad-ref"


def test_a_claim_that_the_token_does_not_have() -> None:
    """A job without an environment does not meet a condition on it."""
    trust = conditioned({"StringEquals": {f"{HOST}:sub": MAIN, f"{HOST}:environment": "prod"}})

    assert explain(run_of(complete=True), trust).cause.id == "claim-missing"


def test_a_subject_of_another_issuer() -> None:
    """Subjects that are not GitHub's are compared all the same."""
    arn = PROVIDER.replace(HOST, OTHER_HOST)
    trust = policy(
        statement(
            Principal={"Federated": arn},
            Condition={"StringEquals": {f"{OTHER_HOST}:sub": "system:serviceaccount:a:b"}},
        )
    )
    run = run_of("system:serviceaccount:a:c", provider=OTHER_HOST, provider_arn=arn)

    assert explain(run, trust).cause.id == "other-subject"


def test_the_legacy_form_only() -> None:
    """Without ids, a policy of legacy subjects lets in legacy subjects only."""
    finding = explain(run_of(ids_unknown=True), trusting(MAIN))

    assert (finding.answer, finding.cause.id) == ("allowed", "legacy-subject-only")


def test_the_immutable_form_only() -> None:
    """Without ids, those in the policy are taken to be right."""
    finding = explain(run_of(ids_unknown=True), trusting(f"{IDS}:ref:refs/heads/main"))

    assert (finding.answer, finding.cause.id) == ("allowed", "immutable-subject-only")
    assert finding.subject == f"{IDS}:ref:refs/heads/main"


def test_both_forms() -> None:
    """A policy with both forms lets the run in whichever it has."""
    finding = explain(run_of(ids_unknown=True), trusting(MAIN, f"{IDS}:ref:refs/heads/main"))

    assert (finding.answer, finding.cause.id) == ("allowed", "allowed")


@pytest.mark.parametrize("pattern", ["repo:acme/*", "repo:acme/web*", "repo:acme/web:*"])
def test_legacy_patterns(pattern: str) -> None:
    """A pattern over names does not match the immutable form either."""
    finding = explain(run_of(f"{IDS}:pull_request"), trusting(pattern, operator="StringLike"))

    assert finding.answer == ("allowed" if finding.cause.id == "allowed" else "denied")
    assert finding.cause.id in {"legacy-subject-in-policy", "allowed"}


def test_what_comes_besides() -> None:
    """Of several causes the likely one is told, and the others are named."""
    finding = explain(run_of(f"{IDS}:ref:refs/heads/main"), trusting("repo:Acme/web:pull_request"))

    assert finding.cause.id == "legacy-subject-in-policy"
    assert finding.besides == ("pull-request-in-policy", "letter-case")


def test_the_nearest_value() -> None:
    """Of several values the one is shown that comes nearest."""
    finding = explain(
        run_of(),
        trusting("repo:acme/api:ref:refs/heads/main", "repo:acme/web:ref:refs/heads/dev"),
    )

    assert finding.cause.id == "other-branch"


def test_the_nearest_statement() -> None:
    """Of several statements the one is shown that comes nearest."""
    trust = policy(
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"},
        *trusting("repo:acme/web:environment:prod")["Statement"],
        *trusting("repo:acme/web:ref:refs/heads/dev")["Statement"],
    )

    finding = explain(run_of(), trust)

    assert (finding.statement, finding.cause.id) == (3, "other-branch")


def test_a_role_of_another_name() -> None:
    """A role that was not read is told by the nearest that was."""
    run = run_of(role_arn=ROLE.replace("deploy", "depoly"), error="AccessDenied")

    explanation = explain_all(run, role_answer(policy(statement())))

    finding = explanation.findings[0]
    assert (finding.answer, finding.cause.id) == ("denied", "role-not-found")
    assert ROLE in finding.cause.changes[0].text
    assert not explanation.is_allowed


def test_a_role_whose_name_terraform_fills_in() -> None:
    """A role that may be the one that was asked for makes the answer unknown."""
    answer = role_answer(
        policy(statement()), name="web-${var.stage}", Arn="${aws_iam_role.Web.arn}"
    )

    finding = explain_all(run_of(role_arn=ROLE), answer).findings[0]

    assert (finding.answer, finding.cause.id) == ("unknown", "role-not-found")
    assert "`web-${var.stage}`" in finding.notes[0]


def test_a_role_that_is_made_elsewhere() -> None:
    """A role whose trust policy was not read is told as such, when it is asked for."""
    answer = {"RoleName": "web-deploy", "PolicyName": "x", "PolicyDocument": policy()}

    explanation = explain_run(run_of(), estate_of(answer), "web-deploy")

    assert [one.cause.id for one in explanation.findings] == ["no-trust-policy"]


def test_roles_that_are_made_elsewhere() -> None:
    """A role whose trust policy was not read is named in a note."""
    answer = {"RoleName": "web-deploy", "PolicyName": "x", "PolicyDocument": policy()}

    explanation = explain_run(run_of(), estate_of(answer))

    assert explanation.findings == ()
    assert "'web-deploy'" in explanation.notes[-1]


def test_a_role_of_another_account() -> None:
    """A role of that name in another account is told as such."""
    run = run_of(role_arn=ROLE.replace(ACCOUNT, "444455556666"))

    finding = explain_all(run, role_answer(policy(statement()))).findings[0]

    assert (finding.answer, finding.cause.id) == ("denied", "other-account")


def test_a_run_that_aws_let_in() -> None:
    """Where AWS allowed and the policy does not, the policy is another one."""
    finding = explain(run_of(role_arn=ROLE), trusting("repo:acme/web:pull_request"))

    assert finding.notes == (
        "AWS let this run in: the policy that it had is not the one that was read.",
    )


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"StringLike": {f"{HOST}:sub": "${local.subject}"}}, "what Terraform puts into"),
        ({"StringEquals": {f"{HOST}:actor": "a"}}, f"what the run has as '{HOST}:actor'"),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "what the run has as 'aws:SourceIp'"),
    ],
    ids=["reference", "claim", "key of the request"],
)
def test_what_is_not_known(condition: Json, text: str) -> None:
    """What decides and is not known is named."""
    finding = explain(run_of(), conditioned(condition))

    assert (finding.answer, finding.cause.id) == ("unknown", "undecided")
    assert text in finding.cause.text


def test_a_reference_to_the_provider() -> None:
    """Terraform's reference to the provider of the same estate is that provider."""
    trust = policy(statement(Principal={"Federated": "${aws_iam_openid_connect_provider.G.arn}"}))
    content = {
        "provider": {"aws": {"region": "eu-central-1"}},
        "resource": {
            "aws_iam_openid_connect_provider": {
                "G": {"url": f"https://{HOST}", "client_id_list": ["sts.amazonaws.com"]}
            },
            "aws_iam_role": {"R": {"name": "web", "assume_role_policy": json.dumps(trust)}},
        },
    }

    finding = explain_all(run_of(), content).findings[0]

    assert (finding.answer, finding.cause.id) == ("allowed", "allowed")


def test_the_beta_issuer() -> None:
    """The issuer of 2021 is told as the one that is gone."""
    old = PROVIDER.replace("token.", "vstoken.", 1)

    finding = explain(run_of(), policy(statement(Principal={"Federated": old})))

    assert finding.cause.id == "other-provider"
    assert f"'{old.partition('/')[2]}, of which no token is any more'" in finding.cause.text


def test_what_is_wrong_with_the_document() -> None:
    """Mistakes in the policy that did not keep it from being read are in the notes."""
    finding = explain(run_of(), policy(statement(Effekt="Allow")))

    assert finding.notes == (
        "In the policy, Statement.0.Effekt: IAM has no element 'Effekt' here.",
    )

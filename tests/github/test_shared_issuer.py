"""What IAM refuses in a trust policy for an issuer that many organizations share."""

from __future__ import annotations

from typing import Any

import pytest

from deploy_access.github.shared_issuer import untested_claims
from deploy_access.iam.documents import read_policy

HOST = "token.actions.githubusercontent.com"
ACTION = "sts:AssumeRoleWithWebIdentity"


def arn(issuer: str) -> str:
    """Name the provider of an issuer."""
    return f"arn:aws:iam::111122223333:oidc-provider/{issuer}"


def untested(principal: Any, condition: Any = None, **more: Any) -> list[tuple[str, ...]]:
    """List the keys that IAM misses in a trust policy."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": principal},
        "Action": ACTION,
        "Condition": condition or {},
        **more,
    }
    policy = read_policy({"Version": "2012-10-17", "Statement": statement}).policy
    return [found.keys for found in untested_claims(policy)]


GITHUB = (f"{HOST}:sub", f"{HOST}:job_workflow_ref")


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}},
        {"StringEquals": {f"{HOST}:repository": "acme/web", f"{HOST}:ref": "refs/heads/main"}},
        {"StringLike": {f"{HOST}:sub": "*"}},
        {"StringLike": {f"{HOST}:sub": ["*", "**"]}},
        {"StringNotEquals": {f"{HOST}:sub": "repo:acme/web:pull_request"}},
        {"Null": {f"{HOST}:sub": "false"}},
        {"StringEquals": {f"{HOST}/acme:sub": "repo:acme/web:ref:refs/heads/main"}},
        {"StringEquals": {"gitlab.com:sub": "project_path:acme/web:ref_type:branch:ref:main"}},
    ],
)
def test_refused(condition: Any) -> None:
    """IAM misses the claim that says whose the token is."""
    assert untested(arn(HOST), condition) == [GITHUB]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {f"{HOST}:sub": "repo:acme/web:ref:refs/heads/main"}},
        {"StringLike": {f"{HOST}:sub": "repo:*"}},
        {"StringLike": {f"{HOST}:SUB": "repo:*/*"}},
        {"StringLike": {f"{HOST}:sub": ["repo:acme/x", "*"]}},
        {"StringEqualsIgnoreCase": {f"{HOST}:sub": "repo:acme/web:pull_request"}},
        {"StringLike": {f"{HOST}:job_workflow_ref": "acme/ci/.github/workflows/*"}},
        {"ForAnyValue:StringLike": {f"{HOST}:sub": "repo:acme/*"}},
        {"StringEquals": {f"{HOST}:sub": "${var.subject}"}},
    ],
)
def test_taken(condition: Any) -> None:
    """IAM takes what tests the claim, as far as reports say; a list with one `*` in it too."""
    assert untested(arn(HOST), condition) == []


@pytest.mark.parametrize(
    ("issuer", "keys"),
    [
        ("gitlab.com", ("gitlab.com:sub",)),
        ("app.terraform.io", ("app.terraform.io:sub",)),
        ("oidc.vercel.com", ("oidc.vercel.com:aud",)),
        ("api.pulumi.com/oidc", ("api.pulumi.com/oidc:aud",)),
        ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", ("sts:RoleSessionName",)),
        (f"vs{HOST}", (f"vs{HOST}:sub",)),
        (HOST.upper(), GITHUB),
        (f"{HOST}/acme", None),
        ("token.actions.acme.ghe.com", None),
        ("ghes.example.com/_services/token", None),
        ("gitlab.example.com", None),
        ("oidc.vercel.com/acme", None),
        ("api.pulumi.com", None),
        ("oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF", None),
        ("api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc", None),
        ("oidc.circleci.com/org/1b2c", None),
    ],
)
def test_issuers(issuer: str, keys: tuple[str, ...] | None) -> None:
    """Only the issuers of AWS's page are shared; one with its customer in its URL is not."""
    assert untested(arn(issuer)) == ([keys] if keys else [])


def test_cognito() -> None:
    """Cognito is known to IAM by its name, and its pool is the audience."""
    cognito = "cognito-identity.amazonaws.com"

    assert untested(cognito) == [(f"{cognito}:aud",)]
    assert untested(cognito, {"StringEquals": {f"{cognito}:aud": "eu-central-1:x"}}) == []


@pytest.mark.parametrize(
    "more",
    [
        {"Effect": "Deny"},
        {"Action": "sts:AssumeRole"},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/gitlab.com"}},
        {"Principal": "*"},
    ],
)
def test_other_statements(more: Any) -> None:
    """What lets in no token of such an issuer, or names none, is left alone."""
    assert untested(arn(HOST), **more) == []


def test_each_provider() -> None:
    """Each provider of a statement is looked at by itself."""
    both = [arn(HOST), arn("gitlab.com")]

    assert untested(both, {"StringEquals": {f"{HOST}:sub": "repo:acme/web:pull_request"}}) == [
        ("gitlab.com:sub",)
    ]


def test_the_words_of_iam() -> None:
    """A refusal is said as IAM says it."""
    policy = read_policy(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Federated": arn(HOST)},
                "Action": ACTION,
            },
        }
    ).policy

    (refusal,) = map(str, untested_claims(policy))
    assert refusal == (
        f"Trust policy with trusted principal {arn(HOST)} must evaluate, using StringEquals, "
        f"StringLike or StringEqualsIgnoreCase, {HOST}:sub or {HOST}:job_workflow_ref which is "
        "not scoped to all."
    )

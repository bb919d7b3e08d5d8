"""Who may assume a role, as entries; what has no key is never written wider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from answers_of_aws import ACCOUNT, GITHUB, policy, provider_arn, trust

from deploy_access.adopt.trust import read_trust
from deploy_access.iam.documents import read_policy

if TYPE_CHECKING:
    from deploy_access.adopt.trust import Trust

PROD = "repo:acme@1/web@2:environment:prod"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/break-glass"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"


def read(document: Any) -> Trust | None:
    """Read a trust policy."""
    return read_trust(read_policy(json.dumps(document)).policy)


def with_claim(operator: str, key: str, value: Any) -> Any:
    """Write a trust policy with one more condition."""
    document = trust(PROD, operator="StringEquals")
    document["Statement"][0]["Condition"].setdefault(operator, {})[key] = value
    return document


def beside(principal: Any, **more: Any) -> Any:
    """Write a trust policy that lets somebody else in too."""
    document = trust(PROD, operator="StringEquals")
    other = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    document["Statement"].append(other)
    return document


@pytest.mark.parametrize(
    ("subject", "key", "value"),
    [
        ("repo:acme/web:ref:refs/heads/main", "branch", "main"),
        ("repo:acme/web:ref:refs/heads/release/*", "branch_pattern", "release/*"),
        ("repo:acme/web:ref:refs/heads/*", "any_branch", True),
        ("repo:acme/web:ref:refs/tags/v1", "tag", "v1"),
        ("repo:acme/web:ref:refs/tags/v*", "tag_pattern", "v*"),
        ("repo:acme/web:ref:*", "any_ref", True),
        ("repo:acme/web:environment:prod%3Aeu", "environment", "prod:eu"),
        ("repo:acme/web:environment:*", "any_environment", True),
        ("repo:acme/web:pull_request", "pull_request", True),
        ("repo:acme/web:*", "anything", True),
        ("repo:acme/*", "any_repository", True),
        (PROD, "environment", "prod"),
    ],
)
def test_a_subject_is_an_entry(subject: str, key: str, value: str | bool) -> None:
    """Each kind of run has its key."""
    found = read(trust(subject))
    assert found is not None
    (line,) = found.lines

    assert (line.key, line.value, line.text) == (key, value, subject)
    assert found.reasons == []


@pytest.mark.parametrize(
    "subject",
    ["repo:acme*", "repo:acme/web*", "repo:acme/*:ref:refs/heads/main", "*"],
)
def test_a_subject_without_a_key_is_named(subject: str) -> None:
    """It is not written wider or narrower: whoever uses it is told to be locked out."""
    found = read(trust(subject, PROD))

    assert found is not None
    assert [line.text for line in found.lines] == [PROD]
    assert subject in found.lost[0]


@pytest.mark.parametrize(
    ("subject", "operator"),
    [
        pytest.param("repo:acme/web:ref:main", "StringLike", id="no ref"),
        pytest.param("repo:acme/web:*", "StringEquals", id="a wildcard as a letter"),
    ],
)
def test_what_no_token_carries_is_left_out(subject: str, operator: str) -> None:
    """Beside others it takes nothing away."""
    document = trust(PROD, operator="StringEquals")
    document["Statement"] += trust(subject, operator=operator)["Statement"]
    found = read(document)

    assert found is not None
    assert [line.text for line in found.lines] == [PROD]
    assert subject in found.never[0]
    assert (found.lost, found.reasons) == ([], [])


def test_alone_it_is_written_as_it_is_meant() -> None:
    """A role has to trust something; its further claims stay."""
    document = trust("repo:acme/web:ref:main", operator="StringEquals")
    document["Statement"][0]["Condition"]["StringEquals"][f"{GITHUB}:actor"] = "alice"
    found = read(document)
    assert found is not None
    (line,) = found.lines

    assert (line.key, line.value) == ("branch", "main")
    assert line.instead_of == "repo:acme/web:ref:main"
    assert line.requiring == {"actor": ("alice",)}


@pytest.mark.parametrize(
    ("document", "exact", "patterns"),
    [
        (with_claim("StringEquals", f"{GITHUB}:ref", "refs/heads/main"), ["ref"], []),
        (with_claim("StringLike", f"{GITHUB}:ref", "refs/heads/main"), ["ref"], []),
        (with_claim("StringLike", f"{GITHUB}:ref", "refs/heads/v*"), [], ["ref"]),
    ],
)
def test_claims_are_kept(document: Any, exact: list[str], patterns: list[str]) -> None:
    """A condition on a claim that AWS has a key for is an entry of `requiring`."""
    found = read(document)
    assert found is not None
    (line,) = found.lines

    assert ([*line.requiring], [*line.requiring_pattern]) == (exact, patterns)
    assert found.reasons == []


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        pytest.param(
            with_claim("IpAddress", "aws:SourceIp", "10.0.0.0/8"), "`aws:SourceIp`", id="network"
        ),
        pytest.param(
            with_claim("StringEqualsIfExists", f"{GITHUB}:ref", "refs/heads/main"),
            "`StringEqualsIfExists`",
            id="another operator",
        ),
        pytest.param(
            with_claim("StringLike", f"{GITHUB}:ref", "*main"), "the claim ref", id="an open claim"
        ),
        pytest.param(beside({"Service": "ec2.amazonaws.com"}), "`ec2.amazonaws.com`", id="service"),
        pytest.param(beside({"AWS": ALICE}), f"`{ALICE}`", id="a user without MFA"),
        pytest.param(
            beside({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), ":root`", id="a whole account"
        ),
        pytest.param(
            beside({"AWS": BREAK_GLASS}, Condition={"Bool": {"aws:SecureTransport": "true"}}),
            "break-glass`",
            id="people by a condition of no key",
        ),
        pytest.param(beside({"AWS": BREAK_GLASS}, Effect="Deny"), "denies", id="a denial"),
        pytest.param(
            beside(
                {"Federated": provider_arn("gitlab.com")},
                Action="sts:AssumeRoleWithWebIdentity",
                Condition={"StringEquals": {"gitlab.com:sub": "project_path:a/b:ref_type:branch"}},
            ),
            "`gitlab.com`",
            id="another issuer",
        ),
        pytest.param(
            policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": provider_arn()},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
                }
            ),
            "no `sub`",
            id="no subject",
        ),
    ],
)
def test_what_has_no_key_is_a_reason(document: Any, reason: str) -> None:
    """A role with it is not taken over: dropped, it would let in more, or lock out people."""
    found = read(document)

    assert found is not None
    assert len(found.reasons) == 1
    assert reason in found.reasons[0]


@pytest.mark.parametrize(
    ("document", "roles", "users"),
    [
        (beside({"AWS": BREAK_GLASS}), {BREAK_GLASS: ()}, []),
        (
            beside(
                {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                Condition={
                    "ArnEquals": {"aws:PrincipalArn": BREAK_GLASS},
                    "StringEquals": {"sts:SourceIdentity": ["alice", "bob"]},
                },
            ),
            {BREAK_GLASS: ("alice", "bob")},
            [],
        ),
        (
            beside({"AWS": ALICE}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            {},
            [ALICE],
        ),
    ],
)
def test_people_are_kept(document: Any, roles: dict[str, Any], users: list[str]) -> None:
    """Roles and users that a key can name go on to assume the role."""
    found = read(document)

    assert found is not None
    assert (found.roles, found.users, found.reasons) == (roles, users, [])


@pytest.mark.parametrize(
    "document",
    [
        policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ),
        trust("project_path:acme/web:*", host="gitlab.com"),
    ],
)
def test_a_foreign_role_is_none_of_ours(document: Any) -> None:
    """No token of GitHub reaches it."""
    assert read(document) is None

"""Every reader of a trust policy names the same subjects, and lets the same runs in."""

from __future__ import annotations

import json

import pytest
from access_pairs import Reading
from raw_estate import read_raw_estate
from trust_policies import ACCOUNT, HOST, Json, provider

from deploy_access.access_diff.access import compare_access
from deploy_access.audit.estate_audit import audit_estate
from deploy_access.explain.decide import explain_role
from deploy_access.github.run import Run
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.trusted_subject import trusted_subjects
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.trust import WebIdentity, evaluate_trust
from deploy_access.terraform.estate import Estate
from deploy_access.workflow.trusted import read_trusted
from sandbox.verify.role_trust import read_trust

PROD = "repo:acme/web:environment:prod"
STAGING = "repo:acme/web:environment:staging"
TAGS = "repo:acme/web:ref:refs/tags/v*"
ANY = [("anything but", "*")]
TOKENS = (PROD, STAGING, "repo:acme/web:ref:refs/tags/v1", "repo:acme/web:ref:refs/heads/main")


def allow(**subjects: str | list[str]) -> Json:
    """Write a statement that lets tokens in, by the operator that `sub` is compared with."""
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider()},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
            **{operator: {f"{HOST}:sub": value} for operator, value in subjects.items()},
        },
    }


def for_any_value(operator: str, value: str) -> Json:
    """Write such a statement with a set operator."""
    return allow(**{f"ForAnyValue:{operator}": value})


POLICIES = [
    pytest.param([allow(stringequals=PROD)], [("exact", PROD)], id="exact"),
    pytest.param([allow(StringEqualsIgnoreCase=PROD)], [("exact", PROD)], id="any letter case"),
    pytest.param(
        [allow(STRINGEQUALS=[PROD, STAGING])], [("exact", PROD), ("exact", STAGING)], id="two"
    ),
    pytest.param([allow(StringLike=TAGS)], [("pattern", TAGS)], id="pattern"),
    pytest.param([allow(stringlike=TAGS)], [("pattern", TAGS)], id="lower case"),
    pytest.param([for_any_value("StringLike", TAGS)], [("pattern", TAGS)], id="any value"),
    pytest.param([for_any_value("StringEquals", PROD)], [("exact", PROD)], id="any exact value"),
    pytest.param([allow(StringLikeIfExists=TAGS)], [("pattern", TAGS)], id="if it exists"),
    pytest.param(
        [allow(StringLike=TAGS), allow(stringequals=PROD)],
        [("pattern", TAGS), ("exact", PROD)],
        id="two statements",
    ),
    pytest.param(
        [allow(stringequals=PROD) | {"Action": "sts:*"}], [("exact", PROD)], id="every action"
    ),
    pytest.param([allow(stringequals=PROD) | {"Action": "sts:AssumeRole"}], [], id="other action"),
    pytest.param([allow(StringNotEquals=PROD)], ANY, id="negated"),
    pytest.param([allow(StringNotLike=TAGS)], ANY, id="negated pattern"),
    pytest.param([allow()], ANY, id="no sub"),
]


@pytest.mark.parametrize(("statements", "expected"), POLICIES)
def test_all_name_the_same(statements: list[Json], expected: list[tuple[str, str]]) -> None:
    """The workflow, the sandbox, the audit and the review name the subjects of the policy."""
    policy: Json = {"Version": "2012-10-17", "Statement": statements}
    estate = Reading(trust=policy).estate()
    (role,) = estate.roles

    subjects = list(trusted_subjects(read_policy(policy).policy))
    assert [(one.kind, one.value) for one in subjects] == expected
    assert _of_sandbox(policy) == expected
    assert _of_audit(policy) == {value for _, value in expected}
    assert _of_review(estate) == {(kind != "exact", value) for kind, value in expected}
    if expected:
        assert _of_workflow(estate) == _taken_apart(expected)
    assert read_trusted(role.trust) or not expected


def _of_sandbox(policy: Json) -> list[tuple[str, str]]:
    rows = [(one.match, one.subject) for one in read_trust(ACCOUNT, "deploy", policy)]
    return [row if row[0] in {"exact", "pattern"} else ANY[0] for row in rows]


def _of_audit(policy: Json) -> set[str]:
    """Take each subject from the note that it has no ids, and `*` from the error on no `sub`."""
    role = {"RoleName": "deploy", "Arn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "Path": "/"}
    answer = {"Role": role | {"AssumeRolePolicyDocument": policy}}
    found = audit_estate(read_raw_estate(json.dumps(answer).encode(), "role.json")).findings
    named = {one.finding.evidence for one in found if one.finding.rule == "legacy-name"}
    return named | {"*" for one in found if one.finding.rule == "no-sub"}


def _of_review(estate: Estate) -> set[tuple[bool, str]]:
    changes = compare_access(Estate(), estate)
    return {(row.is_pattern, row.subject) for change in changes for row in change.trust.gained}


def _of_workflow(estate: Estate) -> set[tuple[str, str, bool]]:
    trusted = read_trusted(estate.roles[0].trust)
    return {
        (one.kind, "" if one.kind == "anything but" else one.value, one.is_pattern)
        for one in trusted
    }


def _taken_apart(expected: list[tuple[str, str]]) -> set[tuple[str, str, bool]]:
    found: set[tuple[str, str, bool]] = set()
    for kind, value in expected:
        parts = parse_subject(value)
        found.add((parts.context, parts.value, kind == "pattern") if parts else (kind, "", False))
    return found


@pytest.mark.parametrize(("statements", "expected"), POLICIES)
@pytest.mark.parametrize("sub", TOKENS)
def test_all_let_the_same_in(
    statements: list[Json], expected: list[tuple[str, str]], sub: str
) -> None:
    """The evaluator and `explain` let a run in exactly when a subject covers it."""
    policy = read_policy({"Version": "2012-10-17", "Statement": statements}).policy
    claims = {"sub": sub, "aud": "sts.amazonaws.com"}
    token = WebIdentity(provider_arn=provider(), condition_key_prefix=HOST, claims=claims)
    estate = Reading(trust={"Version": "2012-10-17", "Statement": statements}).estate()
    run = Run(name="run", subject=sub, audience="sts.amazonaws.com")

    is_covered = any(subject.covers(token) for subject in trusted_subjects(policy))
    assert (evaluate_trust(policy, token).verdict is Verdict.ALLOWED) == is_covered
    assert (explain_role(run, estate.roles[0], estate).answer == "allowed") == is_covered
    assert is_covered <= bool(expected)

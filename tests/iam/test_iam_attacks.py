"""
The known ways to trust too much or nobody, decided by ours and by iam-simulate.

Each row is a policy that somebody wrote, the token of an attacker or of the intended run, and
what IAM makes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from judged_cases import (
    ACCOUNT,
    OTHER_ACCOUNT,
    PREFIX,
    PROVIDER,
    SESSION,
    Case,
    ask_simulator,
    decide,
    show,
    trust_case,
)

from deploy_access.iam.decision import Verdict

if TYPE_CHECKING:
    from judged_cases import Document

OPEN, SHUT = Verdict.ALLOWED, Verdict.DENIED_IMPLICITLY
PROD = "repo:acme/web:environment:prod"
MAIN = "repo:acme/web:ref:refs/heads/main"
IMMUTABLE = "repo:acme@12/web@34:environment:prod"
AUD = {f"{PREFIX}:aud": "sts.amazonaws.com"}
TASK_ROLE = f"arn:aws:iam::{ACCOUNT}:role/admin"


def trust(
    conditions: Document,
    sub: str,
    *,
    action: Any = "sts:AssumeRoleWithWebIdentity",
    principal: Any = None,
    **claims: str,
) -> Case:
    """Ask whether a token with this `sub` may assume the role."""
    statement = {
        "Effect": "Allow",
        "Principal": principal or {"Federated": PROVIDER},
        "Action": action,
        "Condition": conditions,
    }
    context: dict[str, str | list[str]] = {f"{PREFIX}:sub": sub, **AUD}
    context |= {f"{PREFIX}:{claim}": value for claim, value in claims.items()}
    return trust_case({"Version": "2012-10-17", "Statement": [statement]}, context)


def subject(operator: str, value: str | list[str], sub: str) -> Case:
    """Ask with a condition on `sub`, and the right one on `aud`."""
    conditions = {"StringEquals": dict[str, Any](AUD)}
    conditions.setdefault(operator, {})[f"{PREFIX}:sub"] = value
    return trust(conditions, sub)


def claim(operator: str, key: str, value: str, **claims: str) -> Case:
    """Ask with a condition on another claim."""
    return trust({operator: {f"{PREFIX}:{key}": value}}, PROD, **claims)


def permission(statement: Document, action: str, resource: str, **context: str) -> Case:
    """Ask whether the role may do something."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
    keys: dict[str, str | list[str]] = {key.replace("_", ":"): v for key, v in context.items()}
    return Case(
        principal=SESSION, action=action, resource=resource, context=keys, identity=[policy]
    )


def either(weak: Document) -> Case:
    """Ask with a right statement and a weak one beside it."""
    trusted = {"Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity"}
    right = {**trusted, "Effect": "Allow", "Condition": {"StringEquals": {f"{PREFIX}:sub": PROD}}}
    statements = [right, {**trusted, "Effect": "Allow", "Condition": weak}]
    context: dict[str, str | list[str]] = {f"{PREFIX}:sub": "repo:evil/x:pull_request", **AUD}
    return trust_case({"Version": "2012-10-17", "Statement": statements}, context)


ROWS = {
    "no-sub": (trust({"StringEquals": AUD}, "repo:evil/x:pull_request"), OPEN),
    "dup-key": (trust({"StringEquals": AUD}, "repo:evil/x:ref:refs/heads/main"), OPEN),
    "star-sub *": (subject("StringLike", "*", "repo:evil/x:pull_request"), OPEN),
    "star-sub repo:*": (subject("StringLike", "repo:*", "repo:evil/x:pull_request"), OPEN),
    "star-sub repo:*/*": (subject("StringLike", "repo:*/*", "repo:evil/x:pull_request"), OPEN),
    "prefix-no-slash": (subject("StringLike", "repo:acme*", "repo:acme-evil/x:pull_request"), OPEN),
    "repo-prefix": (subject("StringLike", "repo:acme/web*", "repo:acme/web-evil:x"), OPEN),
    "repo-prefix, immutable": (subject("StringLike", "repo:acme/web*", IMMUTABLE), SHUT),
    "org-wide": (subject("StringLike", "repo:acme/*", "repo:acme/any:pull_request"), OPEN),
    "repo-wide": (subject("StringLike", "repo:acme/web:*", "repo:acme/web:pull_request"), OPEN),
    "id-wildcard": (
        subject("StringLike", "repo:acme@*/web@*:environment:prod", IMMUTABLE.replace("12", "99")),
        OPEN,
    ),
    "id-wildcard, names": (
        subject(
            "StringLike", "repo:acme*/web*:environment:prod", "repo:acme-x/web-x:environment:prod"
        ),
        OPEN,
    ),
    "branch-glob": (
        subject("StringLike", "repo:acme/web:ref:refs/heads/*", f"{MAIN}/../evil"),
        OPEN,
    ),
    "branch-glob, prefix": (subject("StringLike", f"{MAIN}*", f"{MAIN}-evil"), OPEN),
    "pull_request": (
        subject("StringEquals", "repo:acme/web:pull_request", "repo:acme/web:pull_request"),
        OPEN,
    ),
    "pr-target": (subject("StringEquals", MAIN, MAIN), OPEN),
    "env-unprotected": (subject("StringEquals", PROD, PROD), OPEN),
    "ForAllValues, key missing": (
        claim("ForAllValues:StringEquals", "environment", "prod"),
        OPEN,
    ),
    "ForAllValues, key misspelt": (
        claim("ForAllValues:StringLike", "subject", "repo:acme/web:*"),
        OPEN,
    ),
    "IfExists": (claim("StringLikeIfExists", "environment", "prod"), OPEN),
    "bad-ref main": (subject("StringEquals", "repo:acme/web:ref:main", MAIN), SHUT),
    "bad-ref heads": (subject("StringEquals", "repo:acme/web:refs/heads/main", MAIN), SHUT),
    "bad-env": (
        subject("StringEquals", f"{PROD}:eu", "repo:acme/web:environment:prod%3Aeu"),
        SHUT,
    ),
    "case": (subject("StringEquals", "repo:Acme/Web:environment:prod", PROD), SHUT),
    "starEquals": (subject("StringEquals", "repo:acme/web:*", PROD), SHUT),
    "wrong-key iss": (claim("StringEquals", "iss", f"https://{PREFIX}"), SHUT),
    "wrong-key owner": (claim("StringEquals", "repository_owner", "acme"), SHUT),
    "wrong-key host": (
        trust({"StringLike": {"actions.githubusercontent.com:sub": "repo:acme/web:*"}}, PROD),
        SHUT,
    ),
    "aud wrong": (trust({"StringEquals": {f"{PREFIX}:aud": "https://x"}}, PROD), SHUT),
    "or-ed statements": (either({"StringLike": {f"{PREFIX}:sub": "repo:*"}}), OPEN),
    "or-ed values": (subject("StringLike", [PROD, "repo:evil/*"], "repo:evil/x:y"), OPEN),
    "legacy name reuse": (subject("StringEquals", PROD, IMMUTABLE), SHUT),
    "custom template not matched": (subject("StringLike", "repo:*", "repository_owner:acme"), SHUT),
    "custom template, owner": (
        subject("StringEquals", "repository_owner:acme", "repository_owner:acme"),
        OPEN,
    ),
    "user-controllable claims": (claim("StringEquals", "actor", "me", actor="me"), OPEN),
    "job_workflow_ref loose": (
        claim(
            "StringLike",
            "job_workflow_ref",
            "acme/web/.github/workflows/*@*",
            job_workflow_ref="acme/web/.github/workflows/evil.yml@refs/heads/evil",
        ),
        OPEN,
    ),
    "action AssumeRole": (trust({"StringEquals": AUD}, PROD, action="sts:AssumeRole"), SHUT),
    "action sts:*": (trust({"StringEquals": AUD}, PROD, action="sts:*"), OPEN),
    "principal host": (trust({"StringEquals": AUD}, PROD, principal={"Federated": PREFIX}), SHUT),
    "principal account": (
        trust(
            {"StringEquals": AUD},
            PROD,
            principal={"Federated": PROVIDER.replace(ACCOUNT, OTHER_ACCOUNT)},
        ),
        SHUT,
    ),
    "principal AWS *": (trust({}, PROD, principal={"AWS": "*", "Federated": PREFIX}), OPEN),
    "chained admin": (
        permission({"Action": "iam:*", "Resource": "*"}, "iam:AttachRolePolicy", TASK_ROLE),
        OPEN,
    ),
    "PassRole *": (
        permission({"Action": "iam:PassRole", "Resource": "*"}, "iam:PassRole", TASK_ROLE),
        OPEN,
    ),
    "PassRole to one service": (
        permission(
            {
                "Action": "iam:PassRole",
                "Resource": TASK_ROLE,
                "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            },
            "iam:PassRole",
            TASK_ROLE,
            iam_PassedToService="ec2.amazonaws.com",
        ),
        SHUT,
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_the_policy_lets_in(name: str) -> None:
    """Each known mistake ends as it does in IAM."""
    case, verdict = ROWS[name]

    assert decide(case).verdict is verdict


def test_iam_simulate_says_the_same() -> None:
    """The same rows, decided by a program that is not ours."""
    theirs = ask_simulator([case for case, _ in ROWS.values()])
    disagreements = [
        f"{name}: {show(case, verdict, their)}"
        for (name, (case, verdict)), their in zip(ROWS.items(), theirs, strict=True)
        if their is not verdict
    ]

    assert disagreements == []

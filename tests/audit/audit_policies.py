"""Policies by hand, and the rules that fire on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from raw_estate import read_raw_estate

from deploy_access.audit.estate_audit import audit_estate

if TYPE_CHECKING:
    from deploy_access.audit.report_model import Audit

Json = dict[str, Any]
ACCOUNT = "111122223333"
HOST = "token.actions.githubusercontent.com"
ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
SUB = "repo:acme@1/web@2:ref:refs/heads/main"
AUD = "sts.amazonaws.com"
ACTION = "sts:AssumeRoleWithWebIdentity"
PULL_REQUEST = "repo:acme@1/web@2:pull_request"


def conditions(**changed: Any) -> Json:
    """Ask for one subject and one audience, or for what is *changed*; None leaves it out."""
    wanted = {"sub": SUB, "aud": AUD, **changed}
    return {f"{HOST}:{name}": value for name, value in wanted.items() if value is not None}


def trust(statement: Json | None = None, /, **operators: Json) -> Json:
    """Make a good trust policy, or one with other conditions, or with parts of *statement*."""
    good = {
        "Effect": "Allow",
        "Principal": {"Federated": ARN},
        "Action": ACTION,
        "Condition": operators or {"StringEquals": conditions()},
    }
    return {"Version": "2012-10-17", "Statement": [{**good, **(statement or {})}]}


def allow(action: Any, resource: Any = "*", **condition: Json) -> Json:
    """Make a policy that allows *action*."""
    statement: Json = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


def estate(
    resources: Json | None = None,
    /,
    *,
    trusting: Any = None,
    allowing: Any = None,
    attached: tuple[str, ...] = (),
    accept: Json | None = None,
    accepting: Json | None = None,
) -> Audit:
    """Audit a role, with what else is in *resources*; *accepting* is for everything."""
    role: Json = {
        "name": "web",
        "assume_role_policy": text(trusting if trusting is not None else trust()),
        "managed_policy_arns": list(attached),
    }
    if accept is not None:
        role["//"] = {"deploy_access": {"accept": accept}}
    if allowing is not None:
        role["inline_policy"] = [{"name": "deploy", "policy": text(allowing)}]
    given = resources or {}
    document = {
        "provider": {"aws": {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}},
        "resource": given | {"aws_iam_role": {"Web": role} | given.get("aws_iam_role", {})},
    }
    return audit_estate(read_raw_estate(json.dumps(document).encode(), "web.tf.json"), accepting)


def text(policy: Any) -> str:
    """Write a policy as text, where it is not one already."""
    return policy if isinstance(policy, str) else json.dumps(policy)


def rules(audit: Audit) -> list[str]:
    """Name the rules of all findings, sorted."""
    return sorted(placed.finding.rule for placed in audit.findings)

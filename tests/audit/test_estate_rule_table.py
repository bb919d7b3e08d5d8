"""The rules about what a role says beside another resource, each by examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from audit_policies import AUD, HOST, SUB, Json, conditions, estate, text, trust
from rule_rows import Row, names, wrong

if TYPE_CHECKING:
    from deploy_access.audit.report_model import Audit


def beside(subject: str) -> Json:
    """Write a second role, which trusts a subject."""
    policy = trust(StringEquals=conditions(sub=subject))
    return {"aws_iam_role": {"Api": {"name": "api", "assume_role_policy": text(policy)}}}


def provider(*audiences: str, host: str = HOST) -> Json:
    """Write an OIDC provider."""
    one = {"url": f"https://{host}", "client_id_list": [*audiences]}
    return {"aws_iam_openid_connect_provider": {"Idp": one}}


DEV = SUB.replace("main", "dev")
TABLE: dict[str, Row] = {
    "contradicting-ids": Row(
        beside(DEV.replace("web@2", "web@3")),
        beside(DEV),
        (
            beside(SUB.replace("web@2", "api@3")),
            beside(SUB.replace("acme@1/web@2", "other@8/web@9")),
            beside(SUB.replace("acme@1/web@2", "acme/api")),
        ),
    ),
    "letter-case": Row(
        beside(DEV.replace("acme", "Acme")),
        beside(DEV),
        (
            beside(SUB.replace("acme@1/web@2", "Acme-Labs@8/web@9")),
            beside(SUB.replace("main", "Main")),
            beside(SUB.replace("ref:refs/heads/main", "environment:Prod")),
        ),
    ),
    "wrong-aud": Row(
        provider("acme"),
        provider(AUD),
        (
            provider("acme", AUD),
            provider("${var.audience}"),
            provider("acme", host="gitlab.com"),
        ),
    ),
}


def audited(resources: Json) -> Audit:
    """Audit a role that trusts SUB, with other resources."""
    return estate(resources)


@pytest.mark.parametrize("rule", TABLE)
def test_before(rule: str) -> None:
    """The rule finds the resources that contradict the role."""
    assert rule in names(audited(TABLE[rule].before))


@pytest.mark.parametrize("rule", TABLE)
def test_after(rule: str) -> None:
    """The resources that are mended are clean."""
    assert wrong(rule, audited(TABLE[rule].after)) == set()


@pytest.mark.parametrize("near", range(3))
@pytest.mark.parametrize("rule", TABLE)
def test_near(rule: str, near: int) -> None:
    """Resources that look alike are clean."""
    assert wrong(rule, audited(TABLE[rule].near[near])) == set()

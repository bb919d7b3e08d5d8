"""Names that share the id of one repository."""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_trust_cases import sub

from deploy_access.audit.former_name_rules import check_former_names
from deploy_access.github.oidc_trust import oidc_statements
from deploy_access.iam.documents import read_policy

WEB, OLD = "repo:acme@1/web@2", "repo:acme@1/old@2"

CASES: dict[str, tuple[list[str], list[str]]] = {
    "two names": ([f"{WEB}:pull_request", f"{OLD}:environment:prod"], ["acme/web, acme/old"]),
    "once a repository": (
        [f"{WEB}:pull_request", f"{OLD}:pull_request", f"{OLD}:ref:refs/heads/main"],
        ["acme/web, acme/old"],
    ),
    "two owners": (
        [f"{WEB}:pull_request", "repo:other@1/web@2:pull_request"],
        ["acme/web, other/web"],
    ),
    "another owner": (
        [f"{WEB}:pull_request", "repo:other@9/web@2:pull_request"],
        ["acme/web, other/web"],
    ),
    "two spellings": ([f"{WEB}:pull_request", "repo:Acme@1/Web@2:pull_request"], []),
    "two repositories": ([f"{WEB}:pull_request", "repo:acme@1/old@3:pull_request"], []),
    "without ids": (["repo:acme/web:pull_request", "repo:acme/old:pull_request"], []),
    "any ids": (["repo:acme@*/web@*:pull_request", "repo:acme@*/old@*:pull_request"], []),
}


@pytest.mark.parametrize("case", CASES)
def test_former_names(case: str) -> None:
    """The ids say that it is one repository; the case of letters makes no other name."""
    values, evidence = CASES[case]
    document: Any = sub(values, "StringEquals")

    policy = read_policy(json.dumps(document)).policy

    found = [f for one in oidc_statements(policy) for f in check_former_names(one)]

    assert [one.finding.evidence for one in found] == evidence

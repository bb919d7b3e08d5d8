"""
The rules about subjects, each by examples: a policy before, the same after, three that look alike.

The rules about the rest of a trust policy are in `test_trust_rule_table.py`.
"""

from __future__ import annotations

from typing import Any

import pytest
from audit_policies import HOST, PULL_REQUEST, SUB, allow, conditions, estate, trust
from audit_trust_cases import key, sub
from rule_rows import Row

WEB = "repo:acme@1/web@2"
WORKFLOW = "acme/ci/.github/workflows/deploy.yml@refs/heads/main"
PIN = f"job_workflow_ref:{WORKFLOW}"
# What is clean is so with everything that a role may be given: the first policy may write.
PUSH = allow("ecr:PutImage", "arn:aws:ecr:eu-central-1:111122223333:repository/web")
READ = allow("ecr:BatchGetImage", "arn:aws:ecr:eu-central-1:111122223333:repository/web")


def exact(value: Any, **claims: Any) -> Any:
    """Compare `sub` as it is."""
    return sub(value, "StringEquals", **claims)


MAIN, TAGS = exact(SUB), sub(f"{WEB}:ref:refs/tags/v*")
PINNED = exact(f"{WEB}:{PIN}")
TABLE: dict[str, Row] = {
    "any-environment": Row(
        sub(f"{WEB}:environment:*"),
        MAIN,
        (
            exact("repository_id:2:environment:all:ref:refs/heads/main"),
            exact(f"{WEB}:ref:refs/heads/environment:{PIN}"),
            exact(f"repository_id:2:{PIN}"),
        ),
    ),
    "any-tag": Row(
        sub(f"{WEB}:ref:refs/tags/*"),
        TAGS,
        (
            exact(f"{WEB}:ref:refs/tags/tags"),
            sub(f"{WEB}:ref:refs/tags/release/*"),
            sub("repository_id:2:ref:refs/heads/tags:*"),
        ),
    ),
    "bad-environment": Row(
        exact(f"{WEB}:environment:prod:eu:ref:refs/heads/main"),
        MAIN,
        (
            exact(f"{WEB}:{PIN}"),
            sub("repository_id:2:ref:refs/heads/main:*"),
            exact(f"{WEB}:ref:refs/heads/environment"),
        ),
    ),
    "bad-ref": Row(
        exact(f"{WEB}:main"),
        MAIN,
        (
            exact("repo:acme@1/web@2:ref:refs/heads/main.git"),
            exact("repo:github@1/com.git-tools@2:ref:refs/heads/https"),
            exact(f"{WEB}:ref:refs/heads/pull_request_target"),
        ),
    ),
    "branch-glob": Row(
        sub(f"{WEB}:ref:refs/heads/release*"),
        exact(f"{WEB}:ref:refs/heads/release"),
        (
            TAGS,
            sub("repository_id:2:ref:refs/heads/release:*"),
            sub(f"{WEB}:{PIN}:ref:refs/tags/v*"),
        ),
    ),
    "custom-template": Row(
        exact(f"{WEB}:environment:prod:ref:refs/heads/main"),
        MAIN,
        (
            exact("repository_id:2:environment:prod:ref:refs/heads/main"),
            exact(f"{WEB}:ref:refs/heads/main:{PIN}"),
            exact(f"{WEB}:ref:refs/heads/environment"),
        ),
    ),
    "env-unprotected": Row(
        exact(f"{WEB}:environment:prod"),
        MAIN,
        (
            exact("repository_id:2:environment:prod:ref:refs/heads/main"),
            exact(f"{WEB}:ref:refs/heads/environment"),
            PINNED,
        ),
    ),
    "environment-glob": Row(
        sub(f"{WEB}:environment:prod-*"),
        MAIN,
        (
            sub(f"{WEB}:ref:refs/tags/prod-*"),
            sub("repository_id:2:environment:prod:ref:refs/heads/main:*"),
            exact(f"{WEB}:ref:refs/heads/prod-"),
        ),
    ),
    "former-name": Row(
        exact([SUB, SUB.replace("web@2", "old@2")]),
        MAIN,
        (
            exact([SUB, SUB.replace("web@2", "api@3")]),
            exact([SUB, SUB.replace("acme@1/web@2", "other@8/web@9")]),
            exact([SUB, SUB.replace("main", "old")]),
        ),
    ),
    "id-wildcard": Row(
        sub("repo:acme@*/web@*:ref:refs/heads/main"),
        MAIN,
        (
            sub(f"{WEB}:ref:refs/tags/v@*"),
            exact([SUB, SUB.replace("web@2", "api@3")]),
            sub("repository_id:2:ref:refs/tags/v*"),
        ),
    ),
    "ignore-case": Row(
        sub(SUB, "StringEqualsIgnoreCase"),
        MAIN,
        (
            sub(SUB, "ForAnyValue:StringEquals"),
            key(f"{HOST}:repository", "Acme/Web", "StringEqualsIgnoreCase"),
            key(f"{HOST}:actor", "Octocat", "StringEqualsIgnoreCase"),
        ),
    ),
    "legacy-name": Row(
        exact("repo:acme/web:ref:refs/heads/main"),
        MAIN,
        (exact(PINNED_ID := "repository_id:2:ref:refs/heads/main"), TAGS, sub(f"{PINNED_ID}:*")),
    ),
    "loose-claim": Row(
        trust(StringEquals=conditions(), StringLike={f"{HOST}:workflow": "deploy-*"}),
        exact(SUB, workflow="deploy-web"),
        (
            trust(StringEquals=conditions(), StringLike={f"{HOST}:workflow": "deploy-web"}),
            sub(f"{WEB}:ref:refs/tags/v*"),
            exact(SUB, ref="refs/heads/main"),
        ),
    ),
    "loose-job-workflow-ref": Row(
        sub(f"{WEB}:job_workflow_ref:acme/ci/.github/workflows/*"),
        PINNED,
        (
            sub(f"{WEB}:{PIN}:ref:refs/tags/v*"),
            key(f"{HOST}:job_workflow_ref", WORKFLOW),
            key(f"{HOST}:job_workflow_ref", [WORKFLOW, f"{WORKFLOW}-2"]),
        ),
    ),
    "no-sub": Row(
        trust(StringEquals=conditions(sub=None)),
        trust(),
        (
            trust(StringEquals={f"{HOST}:SUB": SUB, f"{HOST}:aud": "sts.amazonaws.com"}),
            sub(SUB, "ForAnyValue:StringEquals"),
            sub(SUB, "StringEquals", job_workflow_ref=WORKFLOW),
        ),
    ),
    "org-wide": Row(
        sub("repo:acme@1/*"),
        MAIN,
        (
            trust(StringEquals=conditions(), StringLike={f"{HOST}:sub": "repo:acme@1/*"}),
            exact("repository_owner:acme:repo:acme@1/web@2:ref:refs/heads/main"),
            exact("repository_owner_id:1:repository_id:2:ref:refs/heads/main"),
        ),
    ),
    "prefix-no-slash": Row(
        sub("repo:acme*"),
        MAIN,
        (
            trust(StringEquals=conditions(), StringLike={f"{HOST}:sub": "repo:acme*"}),
            sub("repo:acme@1/web@2:ref:refs/tags/acme*"),
            exact("repo:acme-web@1/acme@2:ref:refs/heads/main"),
        ),
    ),
    "pull-request-write": Row(
        exact(PULL_REQUEST),
        MAIN,
        (
            exact(f"{WEB}:ref:refs/heads/pull_request"),
            sub(f"{WEB}:ref:refs/tags/pull_request*"),
            exact("repo:pull_request@1/pull_request@2:ref:refs/heads/main"),
        ),
    ),
    "repo-prefix": Row(
        sub("repo:acme/web*"),
        MAIN,
        (
            trust(StringEquals=conditions(), StringLike={f"{HOST}:sub": "repo:acme/web*"}),
            sub("repository_id:2:ref:refs/heads/main:*"),
            TAGS,
        ),
    ),
    "repo-wide": Row(
        sub(f"{WEB}:*"),
        MAIN,
        (
            sub("repository_id:2:ref:refs/heads/main:*"),
            sub("repository_id:2:*:ref:refs/heads/main"),
            trust(StringEquals=conditions(), StringLike={f"{HOST}:sub": f"{WEB}:*"}),
        ),
    ),
    "star-equals": Row(
        exact(f"{WEB}:ref:refs/tags/v*"),
        TAGS,
        (MAIN, sub(f"{WEB}:ref:refs/tags/v?"), key("aws:PrincipalArn", "arn:aws:iam::*:role/x")),
    ),
    "star-sub": Row(
        sub("repo:*"),
        MAIN,
        (
            trust(StringEquals=conditions(), StringLike={f"{HOST}:sub": "*"}),
            sub("repository_id:2:ref:refs/tags/v*"),
            exact("workflow:deploy:repository_id:2:ref:refs/heads/main"),
        ),
    ),
    "user-claim": Row(
        sub(f"{WEB}:*", workflow="Deploy"),
        exact(SUB, workflow="Deploy"),
        (exact(SUB, actor="me"), exact(SUB, ref="refs/heads/main"),
         sub(f"{WEB}:ref:refs/tags/v*", actor="me")),
    ),
}  # fmt: skip


def found(policy: Any, allowing: Any = PUSH) -> set[str]:
    """Name the rules that find something in a role with a trust policy."""
    return {placed.finding.rule for placed in estate(trusting=policy, allowing=allowing).findings}


@pytest.mark.parametrize("rule", TABLE)
def test_before(rule: str) -> None:
    """The rule finds the policy that is wrong."""
    assert rule in found(TABLE[rule].before)


@pytest.mark.parametrize("rule", TABLE)
def test_after(rule: str) -> None:
    """The policy that is mended is clean."""
    assert found(TABLE[rule].after) == set()


@pytest.mark.parametrize("near", range(3))
@pytest.mark.parametrize("rule", TABLE)
def test_near(rule: str, near: int) -> None:
    """A policy that looks alike is clean."""
    assert found(TABLE[rule].near[near]) == set()


def test_a_pull_request_that_reads() -> None:
    """A role for pull requests that only reads is clean too."""
    assert found(exact(PULL_REQUEST), READ) == set()

"""What the conditions beside `sub` leave of a wide `sub`, or of none, is said as it is."""

from __future__ import annotations

from typing import Any

import pytest
from audit_policies import HOST, conditions, estate, trust
from audit_trust_cases import key, sub

WEB = "repo:acme@1/web@2"
CALLED = "acme/ci/.github/workflows/deploy.yml@refs/heads/main"
EVERY = "every branch, every pull request and every environment of it matches"


def found(policy: Any) -> list[tuple[str, str, str]]:
    """List the findings about subjects of a trust policy: severity, rule, reason."""
    return [
        (p.finding.severity, p.finding.rule, p.finding.why)
        for p in estate(trusting=policy).findings
        if p.finding.rule != "shared-issuer"
    ]


@pytest.mark.parametrize(
    ("value", "claims", "severity", "rule", "why"),
    [
        ("repo:*", {"repository": "acme/web"}, "error", "repo-wide",
         f"Beside it, `repository` lets in acme/web alone; {EVERY}."),
        ("repo:acme/*", {"repository_id": "2"}, "error", "repo-wide",
         f"Beside it, `repository_id` lets in the repository with the id 2 alone; {EVERY}."),
        ("repo:acme/web*", {"repository": ["acme/web", "acme/api"]}, "error", "repo-wide",
         f"Beside it, `repository` lets in acme/web or acme/api alone; {EVERY}."),
        ("repo:acme*", {"repository": "acme/web", "environment": "prod"}, "warning", "repo-wide",
         ("Beside it, `repository` lets in acme/web alone; of its runs, `environment` lets in "
         "those with 'prod'.")),
        ("repo:acme/*:environment:prod", {"repository": "acme/web"}, "note", "org-wide",
         ("`sub` takes other repositories too; only the condition on `repository` keeps it to "
         "acme/web.")),
        ("repo:acme@*/web@*:ref:refs/heads/main", {"repository_id": "2"}, "note", "id-wildcard",
         ("The ids in `sub` are open; only the condition on `repository_id` keeps it to the "
         "repository with the id 2.")),
        ("repo:acme@*/web@*:ref:refs/heads/main", {"repository": "acme/web"}, "error",
         "id-wildcard",
         "The id is what keeps a name from being taken over; a wildcard gives that up."),
        ("repo:*", {"repository_owner_id": "1"}, "error", "org-wide",
         ("With `repository_owner_id` beside it, tokens of any repository of the owner with the id "
         "1 match.")),
        (f"{WEB}:*", {"repository_id": "2"}, "error", "repo-wide",
         "Every branch, every pull request and every environment of the repository matches."),
        (f"{WEB}:*", {"environment": "prod"}, "warning", "repo-wide",
         ("`sub` takes other runs of the repository too; only the condition on `environment` keeps "
         "it to 'prod'.")),
        (f"{WEB}:ref:*", {"ref": "refs/heads/main"}, "warning", "branch-glob",
         ("`sub` takes other runs of the repository too; only the condition on `ref` keeps it to "
         "'refs/heads/main'.")),
        (f"{WEB}:environment:*", {"environment": "prod"}, "warning", "any-environment",
         ("`sub` takes other runs of the repository too; only the condition on `environment` keeps "
         "it to 'prod'.")),
        (f"{WEB}:*", {"job_workflow_ref": CALLED}, "error", "repo-wide",
         ("Every branch, every pull request and every environment of the repository matches. "
         "`job_workflow_ref` beside it says what is run, not who starts it.")),
    ],
)  # fmt: skip
def test_a_wide_subject(value: str, claims: Any, severity: str, rule: str, why: str) -> None:
    """A finding about a wide subject says what an exact condition beside it leaves."""
    about = [
        one for one in found(sub(value, **claims)) if one[1] not in {"loose-aud", "user-claim"}
    ]

    assert about == [(severity, rule, why)]


@pytest.mark.parametrize(
    ("claim", "value", "operator"),
    [
        ("repository", "acme/*", "StringLike"),
        ("repository", "acme/web", "StringEqualsIfExists"),
        ("repository", "acme/web", "ForAllValues:StringEquals"),
        ("repository", "acme/web", "StringNotEquals"),
        ("environment", "prod", "StringEquals"),
    ],
)
def test_what_narrows_nothing(claim: str, value: str, operator: str) -> None:
    """A pattern, what a token without the claim meets too, and what others can have is no help."""
    policy = sub("repo:acme/*")
    policy["Statement"][0]["Condition"].setdefault(operator, {})[f"{HOST}:{claim}"] = value

    reason = "Every repository of the owner matches, also those that are made tomorrow."
    assert ("error", "org-wide", reason) in found(policy)


def test_one_finding_for_what_is_left() -> None:
    """Two findings that come to the same are one."""
    policy = sub("repo:acme/*:*", repository="acme/web")

    assert [rule for _, rule, _ in found(policy)] == ["repo-wide"]


@pytest.mark.parametrize(
    ("claims", "severity", "why"),
    [
        ({}, "error", "Tokens of any repository on GitHub are taken."),
        ({"repository": "acme/web"}, "error",
         "Tokens of acme/web are taken, from every branch, pull request and environment."),
        ({"repository_id": "2"}, "error", ("Tokens of the repository with the id 2 are taken, from "
         "every branch, pull request and environment.")),
        ({"repository_owner_id": "1"}, "error", ("Tokens of any repository of the owner with the "
         "id 1 are taken, from every branch, pull request and environment.")),
        ({"enterprise_id": "5"}, "error", ("Tokens of any repository of the enterprise with the id "
         "5 are taken, from every branch, pull request and environment.")),
        ({"job_workflow_ref": CALLED}, "error", ("Tokens of any repository that may call the "
         f"workflow are taken where `job_workflow_ref` is {CALLED!r}.")),
        ({"repository": "acme/web", "job_workflow_ref": CALLED}, "warning",
         f"Tokens of acme/web are taken where `job_workflow_ref` is {CALLED!r}."),
        ({"repository": "acme/web", "environment": "prod", "ref": "refs/heads/main"}, "warning",
         ("Tokens of acme/web are taken where `environment` is 'prod' and `ref` is "
         "'refs/heads/main'.")),
        ({"ref": "refs/heads/main"}, "error",
         "Tokens of any repository on GitHub are taken where `ref` is 'refs/heads/main'."),
        ({"repository_id": ["2", "3", "4", "5"]}, "error",
         "Tokens of one of 4 values are taken, from every branch, pull request and environment."),
    ],
)  # fmt: skip
def test_no_subject(claims: Any, severity: str, why: str) -> None:
    """Without a `sub` it is said whose tokens the other conditions let in."""
    about = [one for one in found(trust(StringEquals=conditions(sub=None, **claims)))
             if one[1] == "no-sub"]  # fmt: skip

    assert about == [(severity, "no-sub", why)]


@pytest.mark.parametrize(
    ("claims", "rules"),
    [
        ({"ref": "refs/heads/main"}, ["no-sub", "user-claim"]),
        ({"ref": "refs/heads/main", "repository": "acme/web"}, ["no-sub"]),
        ({"actor": "me", "repository": "acme/web"}, ["no-sub", "user-claim"]),
        ({"actor_id": "7", "repository": "acme/web"}, ["no-sub", "user-claim"]),
    ],
)
def test_claims_that_are_chosen(claims: Any, rules: list[str]) -> None:
    """A ref narrows one repository, and not any; an actor and a workflow's name narrow neither."""
    policy = trust(StringEquals=conditions(sub=None, **claims))

    assert sorted(rule for _, rule, _ in found(policy)) == rules


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("workflow", "the author of a workflow chooses its name"),
        ("actor", "it says who started the run, not what is run"),
    ],
)
def test_why_a_claim_is_chosen(claim: str, why: str) -> None:
    """Each claim has its own reason."""
    policy = sub(f"{WEB}:*", **{claim: "x"})

    reason = f"The subject is wide, and `{claim}` does not narrow it: {why}."
    assert ("warning", "user-claim", reason) in found(policy)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(sub(f"{WEB}:ref:refs/heads/main", "StringEqualsIgnoreCase"), ["error"],
                     id="branch"),
        pytest.param(sub(f"{WEB}:ref:refs/tags/v1", "StringEqualsIgnoreCase"), ["error"], id="tag"),
        pytest.param(sub("REPO:acme@1/web@2:REF:refs/heads/main", "StringEqualsIgnoreCase"),
                     ["error"], id="names of claims in any case"),
        pytest.param(sub(f"{WEB}:job_workflow_ref:{CALLED}", "StringEqualsIgnoreCase"), ["error"],
                     id="workflow in sub"),
        pytest.param(sub(f"{WEB}:environment:Prod", "ForAnyValue:StringEqualsIgnoreCase"),
                     ["note"], id="environment"),
        pytest.param(sub(f"{WEB}:pull_request", "StringEqualsIgnoreCase"), [], id="pull request"),
        pytest.param(key(f"{HOST}:ref", "refs/heads/main", "StringEqualsIgnoreCase"), ["error"],
                     id="ref"),
        pytest.param(key(f"{HOST}:job_workflow_ref", CALLED, "StringEqualsIgnoreCase"), ["error"],
                     id="workflow"),
        pytest.param(key(f"{HOST}:environment", "Prod", "StringEqualsIgnoreCase"), ["note"],
                     id="environment beside it"),
        pytest.param(key(f"{HOST}:repository", "acme/web", "StringEqualsIgnoreCase"), [],
                     id="repository"),
        pytest.param(key(f"{HOST}:ref", "refs/heads/x", "StringNotEqualsIgnoreCase"), [],
                     id="negated"),
    ],
)  # fmt: skip
def test_letter_case(policy: Any, expected: list[str]) -> None:
    """Letter case that is ignored is a hole for refs and files, and none for other names."""
    about = found(policy)

    assert [severity for severity, rule, _ in about if rule == "ignore-case"] == expected
    assert "bad-ref" not in [rule for _, rule, _ in about]


@pytest.mark.parametrize(
    ("claim", "value", "rules"),
    [
        ("ref", "main", ["bad-ref"]),
        ("ref", "refs/heads/main", []),
        ("ref", "refs/pull/7/merge", []),
        ("repository", "https://github.com/acme/web", ["bad-ref"]),
        ("repository", "web", ["bad-ref"]),
        ("repository", "acme/web", []),
        ("repository_id", "acme/web", ["bad-ref"]),
        ("repository_id", "2", []),
        ("repository_owner_id", "acme", ["bad-ref"]),
        ("environment", "Production:V1", []),
    ],
)
def test_claims_that_no_token_has(claim: str, value: str, rules: list[str]) -> None:
    """A value that the claim cannot have is found; a `:` of an environment is not encoded here."""
    assert [rule for _, rule, _ in found(key(f"{HOST}:{claim}", value))] == rules

"""Roles that say two things of one repository, and those that only seem to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from audit_policies import ACCOUNT, AUD, HOST, Json, conditions, trust
from cdktf_out import write_out

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.json_file import JsonFile
from deploy_access.review.compare import review
from deploy_access.terraform.reader import read_scopes

if TYPE_CHECKING:
    from pathlib import Path

RULES = {"contradicting-ids", "letter-case"}
MAIN = ":ref:refs/heads/main"
PROVIDER = {"aws": {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}}
Found = list[tuple[str, str, str]]


def of(*prefixes: str, host: str = HOST, **claims: str) -> Json:
    """Trust the main branches of repositories, written as in a `sub`."""
    values: Json = {"sub": [f"repo:{prefix}{MAIN}" for prefix in prefixes], "aud": AUD, **claims}
    keys = {f"{host}:{name}": value for name, value in values.items()}
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"
    return trust({"Principal": {"Federated": provider}, "Condition": {"StringEquals": keys}})


def role(name: str, policy: Json, accept: Json | None = None) -> Json:
    """Write a role, with what it accepts."""
    facts = {"//": {"deploy_access": {"accept": accept}}} if accept else {}
    return {"name": name, "assume_role_policy": json.dumps(policy), **facts}


def stack(name: str, policy: Json, accept: Json | None = None) -> JsonFile:
    """Write the stack of a role that is called as the stack is."""
    roles = {"R": role(name, policy, accept)}
    content: Json = {"provider": PROVIDER, "resource": {"aws_iam_role": roles}}
    return JsonFile(name=f"{name}.tf.json", content=content, repeated=())


def audit(*stacks: JsonFile) -> Any:
    """Audit the stacks as one estate."""
    return audit_estate(read_scopes([(each, each.name) for each in stacks])[0])


def found(*policies: Json) -> Found:
    """Return the findings about the roles a, b, c...: severity, rule and role."""
    stacks = [stack(chr(ord("a") + n), policy) for n, policy in enumerate(policies)]
    return [
        (one.finding.severity, one.finding.rule, one.subject.split()[1])
        for one in audit(*stacks).findings
        if one.finding.rule in RULES
    ]


IDS: Found = [("error", "contradicting-ids", "b")]
CASE: Found = [("warning", "letter-case", "b")]
GHES = "github.acme.example/_services/token"
WEB = "acme@1/web@2"
CONTRADICTING = [
    ("one repository, two ids", [of(WEB), of("acme@1/web@3")], IDS),
    ("two repositories, one id", [of(WEB), of("acme@1/api@2")], IDS),
    ("one owner, two ids", [of(WEB), of("acme@5/api@3")], IDS),
    ("two owners, one id", [of(WEB), of("other@1/api@3")], IDS),
    ("letter case of the owner", [of(WEB), of("Acme@1/api@3")], CASE),
    ("letter case of the repository", [of("acme/web"), of("acme/Web")], CASE),
    ("an id beside the name", [of(WEB), of("acme/web", repository_id="3")], IDS),
    ("an owner's id beside it", [of(WEB), of("acme/api", repository_owner_id="5")], IDS),
    (
        "a template of ids",
        [
            of(WEB),
            trust(StringEquals=conditions(sub="repository:acme/web:repository_id:3:ref:x")),
        ],
        IDS,
    ),
    (
        "no sub",
        [
            of(WEB),
            trust(StringEquals=conditions(sub=None, repository="acme/web", repository_id="3")),
        ],
        IDS,
    ),
    ("in one list", [of(WEB, "acme@1/web@3")], [("warning", "contradicting-ids", "a")]),
    ("a rename that one role missed", [of("acme@1/old@2"), of(WEB)], IDS),
    (
        "any repository of an owner",
        [of(WEB), trust(StringLike=conditions(sub="repo:acme@5/*:pull_request"))],
        IDS,
    ),
    (
        "GitHub's issuer of an enterprise",
        [of(WEB), of("acme@1/web@3", host=f"{HOST}/acme")],
        IDS,
    ),
]
CONSISTENT = [
    ("one role", [of(WEB)]),
    ("both forms", [of(WEB, "acme/web"), of(WEB), of("acme/web")]),
    ("several repositories", [of(WEB, "acme@1/api@3"), of("acme@1/api@3", "other@5/web@4")]),
    ("a rename", [of("acme@1/old@2", WEB), of(WEB)]),
    ("a rename, first seen by its old name", [of("acme@1/old@2"), of("acme@1/old@2", WEB)]),
    ("a repository that moved", [of(WEB, "newco@5/web@2"), of("newco@5/api@3")]),
    ("a server of its own", [of(WEB), of("acme@5/web@3", host=GHES)]),
    ("one id beside two names", [of("acme/web", "acme/api", repository_id="2"), of(WEB)]),
    (
        "any letter case",
        [of(WEB), trust(StringEqualsIgnoreCase=conditions(sub=f"repo:Acme@1/Web@2{MAIN}"))],
    ),
    ("what is kept out", [of(WEB), trust(StringNotEquals=conditions(sub="repo:acme@1/web@3:x"))]),
    ("a Deny", [of(WEB), trust({**of("acme@1/web@3")["Statement"][0], "Effect": "Deny"})]),
    (
        "another action",
        [of(WEB), trust({**of("acme@1/web@3")["Statement"][0], "Action": "sts:TagSession"})],
    ),
    (
        "another platform",
        [of(WEB), of("acme@5/web@3", host="gitlab.com"), of("Acme@1/web@2", host="gitlab.com")],
    ),
    ("what Terraform fills in", [of(WEB), of("${var.owner}@5/web@3"), of("acme@${var.id}/web@3")]),
]


@pytest.mark.parametrize(
    ("policies", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CONTRADICTING]
)
def test_roles_that_contradict_each_other(policies: list[Json], expected: Found) -> None:
    """What one GitHub cannot have is one finding, at the role that says it last."""
    assert found(*policies) == expected


@pytest.mark.parametrize("policies", [pytest.param(case[1], id=case[0]) for case in CONSISTENT])
def test_roles_that_do_not(policies: list[Json]) -> None:
    """What is true together is left alone, and so is what says nothing of GitHub."""
    assert found(*policies) == []


def test_both_places_are_named() -> None:
    """A finding shows the value here and the role and the file of the other."""
    (one,) = (
        f for f in audit(stack("a", of(WEB)), stack("b", of("acme@1/web@3"))).findings
        if f.finding.rule in RULES
    )  # fmt: skip

    assert (one.finding.evidence, str(one.where), one.path) == (
        f"repo:acme@1/web@3{MAIN}",
        "b.tf.json: aws_iam_role.R.assume_role_policy",
        "Statement[0].Condition.StringEquals",
    )
    assert one.finding.why.startswith(
        "Repository 'acme/web' has two ids: 3 here, 2 in role a "
        "(a.tf.json: aws_iam_role.R.assume_role_policy). "
    )
    assert one.finding.help == "Ask GitHub: gh api repos/acme/web --jq .id"


@pytest.mark.parametrize("accepting", ["a", "b"])
def test_either_role_may_accept_it(accepting: str) -> None:
    """It is reported where a role answers for it, whichever comes first."""
    accept = {"contradicting-ids": "the repository is made anew"}
    stacks = [
        stack("a", of(WEB), accept if accepting == "a" else None),
        stack("b", of("acme@1/web@3"), accept if accepting == "b" else None),
    ]
    result = audit(*stacks)

    assert {p.finding.rule for p in result.findings} & {*RULES, "unused-acceptance"} == set()
    assert [(p.finding.rule, p.subject) for p in result.accepted] == [
        ("contradicting-ids", f"role {accepting} ({ACCOUNT})")
    ]


def test_a_change_that_contradicts_what_stays(tmp_path: Path) -> None:
    """A review compares a role that changes with those that stay as they are, on both sides."""
    before, after = (
        write_out(tmp_path / name, {each.name: each.content for each in (kept, changed)})
        for name, kept, changed in (
            ("base", stack("a", of(WEB)), stack("b", of(WEB))),
            ("head", stack("a", of(WEB)), stack("b", of("acme@1/web@3"))),
        )
    )

    assert [
        [(placed.finding.rule, placed.subject) for placed in found]
        for found in (review(before, after).new_findings, review(after, before).fixed_findings)
    ] == [[("contradicting-ids", f"role b ({ACCOUNT})")]] * 2

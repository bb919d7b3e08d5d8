"""What is advised lets the run in, and is nothing that the audit refuses."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING

import pytest
from explain_cases import (
    ACCOUNT,
    AUDIENCE,
    HOST,
    MAIN,
    PROVIDER,
    ROLE,
    Json,
    conditioned,
    estate_of,
    explain,
    explain_all,
    policy,
    role_answer,
    run_of,
    statement,
    trusting,
)
from test_explain_causes import POLICIES, SUBJECTS

from deploy_access.audit.estate_audit import audit_estate

if TYPE_CHECKING:
    from deploy_access.explain.finding import ProposedChange, RoleAnswer

PULL_REQUEST = "repo:acme/web:pull_request"
NOT_MAIN = {"StringNotEquals": {f"{HOST}:sub": MAIN}}
CASES: dict[str, tuple[str, Json]] = {
    **{name: (held, trusting(wanted)) for name, (held, wanted) in SUBJECTS.items()},
    **{name: (MAIN, trust) for name, trust in POLICIES.items()},
    "listed": (MAIN, trusting("repo:acme/web:environment:a", "repo:acme/web:environment:b")),
    "negated": (MAIN, conditioned({**NOT_MAIN, "StringEquals": AUDIENCE})),
    "negated aud": (
        MAIN,
        conditioned(
            {
                "StringEquals": {f"{HOST}:sub": MAIN},
                "StringNotEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
            }
        ),
    ),
    "only a claim": (MAIN, conditioned({"StringEquals": {f"{HOST}:repository": "acme/x"}})),
    "other prefix of aud": (
        MAIN,
        conditioned({"StringEquals": {"actions.githubusercontent.com:aud": "sts.amazonaws.com"}}),
    ),
    "only iss": (MAIN, conditioned({"StringEquals": {**AUDIENCE, f"{HOST}:iss": "x"}})),
    "pattern of another key": (
        MAIN,
        conditioned({"StringLike": {"actions.githubusercontent.com:sub": "repo:acme/*"}}),
    ),
    "two": (
        MAIN,
        conditioned({"StringEquals": {f"{HOST}:aud": "wrong", f"{HOST}:sub": PULL_REQUEST}}),
    ),
}
_KEY = re.compile(r"the condition on '([^']+)'")


def policy_changes(finding: RoleAnswer) -> list[ProposedChange]:
    """List the first change of the policy of each cause that takes one."""
    found: list[ProposedChange] = []
    for cause in (finding.cause, *finding.also):
        changes = [change for change in cause.changes if change.side == "policy"]
        if any("JSON" in dict(one.forms) or "take out" in one.text for one in changes):
            found.append(changes[0])
    return found


def applied(trust: Json, finding: RoleAnswer) -> Json:
    """Do to the policy what is said."""
    changed = copy.deepcopy(trust)
    target = changed["Statement"][(finding.statement or 1) - 1]
    if finding.cause.id == "no-statement":
        target.clear()
        target["Effect"] = "Allow"
    for change in policy_changes(finding):
        for key in _KEY.findall(change.text):
            for keys in target["Condition"].values():
                keys.pop(key, None)
        if "`Resource`" in change.text:
            del target["Resource"]
        for text in [text for language, text in change.forms if language == "JSON"]:
            _put(target, text)
    return changed


def _put(target: Json, text: str) -> None:
    if not text.endswith("}") and not text.startswith(('"Action"', '"Principal"')):
        values = next(iter(target["Condition"].values()))[f"{HOST}:sub"]
        values += json.loads(f"[{text}]")
        return
    for name, value in json.loads(f"{{{text}}}").items():
        if name in {"Action", "Principal", "Condition"}:
            target[name] = value
            continue
        claim = next(iter(value)).rpartition(":")[2]
        rest = {
            operator: {key: one for key, one in keys.items() if not key.endswith(f":{claim}")}
            for operator, keys in target["Condition"].items()
        }
        rest[name] = rest.get(name, {}) | value
        target["Condition"] = {operator: keys for operator, keys in rest.items() if keys}


def errors(trust: Json) -> set[str]:
    """Name the rules that the policy breaks as errors."""
    found = audit_estate(estate_of(role_answer(trust)), {}).findings
    return {one.finding.rule for one in found if one.finding.severity == "error"}


@pytest.mark.parametrize(("held", "trust"), CASES.values(), ids=CASES)
def test_a_change_of_the_policy(held: str, trust: Json) -> None:
    """What is to be changed in the policy lets the run in, and the audit finds no error in it."""
    finding = explain(run_of(held), trust)
    if not policy_changes(finding):
        assert finding.cause.id in {"allowed", "explicit-deny", "undecided", "unreadable-policy"}
        return

    changed = applied(trust, finding)

    assert explain(run_of(held), changed).answer == "allowed"
    assert errors(changed) == set()


def test_a_negated_subject() -> None:
    """A condition on `sub` is replaced, not taken out: `aud` alone lets everybody in."""
    changes = explain(run_of(), CASES["negated"][1]).cause.changes

    assert [dict(change.forms)["JSON"] for change in changes] == [
        f'"StringEquals": {{"{HOST}:sub": "{MAIN}"}}'
    ]


def test_a_pattern_under_equals() -> None:
    """The pattern itself, which would trust the whole repository, is not offered."""
    changes = explain(run_of(), trusting("repo:acme/web:*")).cause.changes

    assert not any("StringLike" in text for change in changes for _, text in change.forms)


@pytest.mark.parametrize(
    "wanted",
    [
        MAIN,
        "repo:Acme@1/web@2:ref:refs/heads/main",
        "repo:acme/web:environment:prod",
        "repo:acme/web:ref:refs/tags/v*",
    ],
)
def test_a_pull_request(wanted: str) -> None:
    """The workflow comes first; to trust pull requests is named with its risk."""
    changes = explain(run_of(PULL_REQUEST), trusting(wanted, operator="StringLike")).cause.changes

    assert [change.side for change in changes] == ["workflow", "policy"]
    assert "`pull-request-write`" in changes[1].text


def test_an_audience_of_its_own() -> None:
    """A run with an audience of its own is changed first; the provider has to know it too."""
    changes = explain(run_of(audience="https://github.com/acme"), policy(statement())).cause.changes

    assert [change.side for change in changes] == ["workflow", "policy"]
    assert "provider's client ids" in changes[1].text


def test_an_audience_of_the_policy() -> None:
    """Where the run has the usual audience, the policy is changed first."""
    changes = explain(run_of(), POLICIES["audience"]).cause.changes

    assert [change.side for change in changes] == ["policy", "workflow"]


def test_several_causes() -> None:
    """A cause about another condition comes with its own change."""
    finding = explain(run_of(), CASES["two"][1])

    assert finding.besides == ("audience",)
    assert [cause.id for cause in finding.also] == ["audience"]
    assert finding.also[0].changes


def test_both_forms_in_toml() -> None:
    """What is to be written in TOML and in Python are the same."""
    finding = explain(run_of(), trusting("repo:acme@1/web@2:ref:refs/heads/main"))

    forms = dict(finding.cause.changes[0].forms)
    assert forms["TOML"] == 'subject_format = "both"'
    assert forms["TOML"].replace(" ", "") in forms["Python"]


@pytest.mark.parametrize(
    ("held", "wanted", "side", "text"),
    [
        pytest.param(
            "repo:acme/web:environment:prod", "repo:acme/web:environment:Prod",
            "workflow", "environment: Prod", id="environment",
        ),
        pytest.param(
            MAIN, "repo:acme/web:ref:refs/heads/Main", "workflow", "'Main'", id="branch"
        ),
        pytest.param(MAIN, "repo:Acme/web:ref:refs/heads/main", "command", "--repo Acme/web",
                     id="repository"),
        pytest.param(MAIN, "repo:acme/web:ref:refs/heads/v?", "workflow", "'v?'",
                     id="pattern of branches"),
        pytest.param(
            "repo:acme/web:environment:prod", "repo:acme/web:environment:stg-*",
            "workflow", "matches 'stg-*'", id="pattern of environments",
        ),
        pytest.param(
            f"{MAIN}:job_workflow_ref:x", MAIN, "workflow",
            "gh api -X PUT repos/acme/web/actions/oidc/customization/sub -F use_default=true",
            id="template of the repository",
        ),
        pytest.param(
            MAIN, "job_workflow_ref:acme/x", "workflow",
            "gh api repos/acme/web/actions/oidc/customization/sub", id="template of the policy",
        ),
    ],
)  # fmt: skip
def test_the_side_of_the_run(held: str, wanted: str, side: str, text: str) -> None:
    """What can be changed without the policy is named too."""
    finding = explain(run_of(held, described=True), trusting(wanted, operator="StringLike"))

    change = next(one for one in finding.cause.changes if one.side == side)
    assert text in " ".join((change.text, *(form for _, form in change.forms)))


def test_a_run_that_was_seen_is_not_mistyped() -> None:
    """What an event says of the repository is nobody's typing."""
    finding = explain(run_of(), trusting("repo:Acme/web:ref:refs/heads/main"))

    assert {change.side for change in finding.cause.changes} == {"policy"}


@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_a_resource(element: str) -> None:
    """IAM refuses the document, so neither command takes it, whatever the resource is."""
    trust = policy(statement(**{element: "*"}))
    finding = explain(run_of(), trust)
    found = audit_estate(estate_of(role_answer(trust)), {}).findings

    assert (finding.answer, finding.cause.id) == ("denied", "resource-element")
    assert [one.finding.rule for one in found if one.key == element] == ["malformed-policy"]


def test_the_nearest_role_of_another_account() -> None:
    """The role that is named is judged as if the run had asked for it."""
    other = PROVIDER.replace(ACCOUNT, "444455556666")
    run = run_of(
        role_arn=ROLE.replace(ACCOUNT, "444455556666"), provider_arn=other, error="AccessDenied"
    )

    finding = explain_all(run, role_answer(policy(statement()))).findings[0]

    assert finding.cause.id == "other-account"
    assert "answers 'allowed' to a run that asks for it" in finding.cause.changes[0].text

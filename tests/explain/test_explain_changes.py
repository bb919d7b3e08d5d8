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
    from deploy_access.explain.finding import ProposedChange
    from deploy_access.github.run import Run

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
    "template": (f"{MAIN}:job_workflow_ref:acme/x/.github/workflows/d.yml@v1", trusting(MAIN)),
    "two": (
        MAIN,
        conditioned({"StringEquals": {f"{HOST}:aud": "wrong", f"{HOST}:sub": PULL_REQUEST}}),
    ),
}


def errors(trust: Json) -> set[str]:
    """Name the rules that the policy breaks as errors."""
    found = audit_estate(estate_of(role_answer(trust)), {}).findings
    return {one.finding.rule for one in found if one.finding.severity == "error"}


def pasted(trust: Json, change: ProposedChange) -> Json:
    """Put the text that is printed into the policy, as a person would."""
    text = dict(change.forms)["JSON"]
    changed = copy.deepcopy(trust)
    if text.startswith('"Condition": '):
        number = int(re.findall(r"statement (\d+) is then:", change.text)[0])
        changed["Statement"][number - 1] |= json.loads(f"{{{text}}}")
    elif found := re.findall(r"Statement (\d+) is then:", change.text):
        changed["Statement"][int(found[0]) - 1] = json.loads(text)
    else:
        assert change.text.endswith("Add the statement:")
        changed["Statement"].append(json.loads(text))
    return changed


def lets_in(trust: Json, change: ProposedChange, run: Run) -> bool:
    """Whether the run that the change leaves as it is, or makes, gets in."""
    return explain(change.run or run, trust).answer == "allowed"


@pytest.mark.parametrize(("held", "trust"), CASES.values(), ids=CASES)
def test_each_proposal(held: str, trust: Json) -> None:
    """What is proposed lets the run in as it is pasted, and the audit finds no error in it."""
    finding = explain(run_of(held), trust)
    changes = [one for one in finding.cause.changes if one.policy is not None or one.run]

    if not changes:
        assert finding.cause.id in {
            "allowed",
            "explicit-deny",
            "no-statement",
            "resource-element",
            "undecided",
            "unreadable-policy",
        }
    for change in changes:
        after = trust
        if change.policy is not None:
            after = pasted(trust, change)
            assert after == change.policy
            assert errors(after) <= errors(trust)
        assert lets_in(after, change, run_of(held))


def test_a_negated_subject() -> None:
    """A policy that shuts the run out by name trusts it by a statement of its own alone."""
    change = explain(run_of(), CASES["negated"][1]).cause.changes[0]

    assert json.loads(dict(change.forms)["JSON"]) == statement()


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

    *before, last = changes
    assert before
    assert all(PULL_REQUEST not in json.dumps(one.policy) for one in before)
    assert last.policy is not None
    assert "`pull-request-write`" in last.text


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
    """One proposal mends both causes: neither list trusts what stands in the other beside it."""
    finding = explain(run_of(), CASES["two"][1])
    change = next(one for one in finding.cause.changes if one.policy is not None)

    assert finding.besides == ("audience",)
    assert change.policy == {
        "Version": "2012-10-17",
        "Statement": [*CASES["two"][1]["Statement"], statement()],
    }


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
            MAIN, "repository_owner:acme:job_workflow_ref:acme/x", "workflow",
            "customization/sub -F use_default=false -f 'include_claim_keys[]=repository_owner' "
            "-f 'include_claim_keys[]=job_workflow_ref'", id="template of the policy",
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

"""What is proposed for the shapes that people ask about, in its order and with its values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest
from explain_cases import (
    ACCOUNT,
    AUDIENCE,
    HOST,
    MAIN,
    PROVIDER,
    Json,
    conditioned,
    estate_of,
    explain,
    explain_all,
    policy,
    run_of,
    statement,
)

from deploy_access.explain.decide import explain_run

if TYPE_CHECKING:
    from deploy_access.explain.finding import ProposedChange
    from deploy_access.github.run import Run

QUEUE = "repo:acme/web:ref:refs/heads/gh-readonly-queue/main/pr-42-0123456789abcdef"
PULL_REQUEST = "repo:acme/web:pull_request"
TAG = "repo:acme/web:ref:refs/tags/v1.2.3"


def of_subjects(*values: str) -> Json:
    """Write the condition of a policy with `aud` and these values of `sub`."""
    wanted = values[0] if len(values) == 1 else list(values)
    return {"StringEquals": {**AUDIENCE, f"{HOST}:sub": wanted}}


def proposals(run: Run, trust: Json) -> tuple[ProposedChange, ...]:
    """List what is proposed for a refused run."""
    return explain(run, trust).cause.changes


def condition(change: ProposedChange) -> Json:
    """Return the condition of the first statement after a change."""
    assert change.policy is not None
    return cast("list[Json]", change.policy["Statement"])[0]["Condition"]


def test_claim_that_narrows() -> None:
    """A missing environment is given to the job; the policy keeps its condition for all others."""
    trust = conditioned(
        {
            "StringEquals": {**AUDIENCE, f"{HOST}:environment": "prod"},
            "StringLike": {f"{HOST}:sub": "repo:acme/web:*"},
        }
    )
    first, last = proposals(run_of(absent=("environment",)), trust)

    assert (first.side, first.forms, first.policy) == (
        "workflow",
        (("YAML", "environment: prod"),),
        None,
    )
    assert last.policy == {**trust, "Statement": [*trust["Statement"], statement()]}
    assert last.text.startswith("Or only if whoever may push to 'main' may deploy: ")


def test_template_in_the_policy() -> None:
    """A raw `:` behind an environment begins another claim: its keys are named, its pin stays."""
    pinned = "repo:acme/web:environment:prod:job_workflow_ref:acme/ci/d.yml@refs/heads/main"
    finding = explain(run_of("repo:acme/web:environment:prod"), conditioned(of_subjects(pinned)))

    assert finding.cause.id == "custom-template"
    assert [(one.side, one.policy) for one in finding.cause.changes] == [("workflow", None)]
    assert "repo,context,job_workflow_ref" in finding.cause.changes[0].text


def test_other_branch_of_a_repository_that_moved() -> None:
    """The policy's own branch with ids comes first; to trust the other branch comes last."""
    legacy, new = MAIN, "repo:acme@1/web@2:ref:refs/heads/feature/x"
    first, last = proposals(run_of(new), conditioned(of_subjects(legacy)))

    moved = "repo:acme@1/web@2:ref:refs/heads/main"
    assert condition(first) == of_subjects(legacy, moved)
    assert first.run is not None
    assert first.run.subject == moved
    assert condition(last) == of_subjects(legacy, new)
    assert last.text.startswith("Or only if whoever may push to 'feature/x' may deploy: ")


@pytest.mark.parametrize(
    "value",
    [
        "repo:acme/web",
        "repo:acme/web:main",
        "repo:acme/web:env:prod",
        "repo:acme/web:ref:main",
        "repo:acme/web.git:ref:refs/heads/main",
        "repo:acme/web:ref:refs/heads/main ",
        "repo:https://github.com/acme/web:ref:refs/heads/main",
    ],
)
def test_malformed_value(value: str) -> None:
    """A value that GitHub never writes is the cause, and goes; the other values stay."""
    release = "repo:acme/web:ref:refs/heads/release"
    finding = explain(run_of(), conditioned(of_subjects(value)))
    listed = proposals(run_of(), conditioned(of_subjects(value, release)))

    assert finding.cause.id == "bad-ref"
    assert [condition(one) for one in finding.cause.changes] == [of_subjects(MAIN)]
    assert condition(listed[-1]) in (
        of_subjects(release, MAIN),  # where the malformed value is the nearest one
        of_subjects(value, release, MAIN),
    )


def test_tag() -> None:
    """A tag comes once: an environment is trusted in its place, or tags like it; main stays."""
    branch, environment, tags = proposals(run_of(TAG), conditioned(of_subjects(MAIN)))

    assert branch.text == "Run the workflow on the branch 'main'."
    assert condition(environment) == of_subjects(MAIN, "repo:acme/web:environment:release")
    assert environment.forms[-1] == ("YAML", "environment: release")
    like = {
        "StringEquals": AUDIENCE,
        "StringLike": {f"{HOST}:sub": "repo:acme/web:ref:refs/tags/v*"},
    }
    assert tags.policy == policy(statement(), statement(Condition=like))


def test_merge_queue() -> None:
    """The branch of a merge queue comes once: an environment, and no pattern."""
    changes = proposals(run_of(QUEUE), conditioned(of_subjects(MAIN, PULL_REQUEST)))

    assert [one.text for one in changes[:2]] == [
        "Run the workflow on the branch 'main'.",
        "Or start the workflow by `pull_request`.",
    ]
    assert [condition(one) for one in changes[2:]] == [
        of_subjects(MAIN, PULL_REQUEST, "repo:acme/web:environment:merge-queue")
    ]


def test_tag_without_letters() -> None:
    """Tags that begin with a digit have no pattern that would not take in every tag."""
    changes = proposals(run_of("repo:acme/web:ref:refs/tags/1.2"), conditioned(of_subjects(MAIN)))

    assert all("refs/tags" not in json.dumps(one.policy) for one in changes)


def test_pin_of_another_workflow() -> None:
    """Another reusable workflow is trusted for this run's `sub` alone."""
    key = f"{HOST}:job_workflow_ref"
    trust = conditioned(
        {
            "StringEquals": {**AUDIENCE, key: "acme/ci/a.yml@refs/heads/main"},
            "StringLike": {f"{HOST}:sub": "repo:acme/web:*"},
        }
    )
    held = {"job_workflow_ref": "acme/ci/b.yml@refs/heads/main"}
    first, last = (one for one in proposals(run_of(claims=held), trust) if one.policy or one.forms)

    assert {first.side, last.side} == {"policy", "workflow"}
    changed = first if first.policy else last
    own = statement(
        Condition={
            "StringEquals": {key: held["job_workflow_ref"], **of_subjects(MAIN)["StringEquals"]}
        }
    )
    assert changed.policy == {**trust, "Statement": [*trust["Statement"], own]}


def test_policy_that_iam_does_not_hold() -> None:
    """A policy of more than 8,192 characters is explained, and no longer one is proposed."""
    values = [f"repo:acme/web:environment:e{number}" for number in range(300)]
    finding = explain(run_of(), conditioned(of_subjects(*values)))

    assert (finding.answer, finding.cause.id) == ("denied", "environment-in-policy")
    assert finding.cause.changes == ()


def test_forms_of_terraform() -> None:
    """A policy from Terraform is changed in HCL, and what is pasted lets the run in."""
    trust = conditioned(of_subjects("repo:acme/web:environment:prod"))
    forms = dict(
        explain_run(run_of(), estate_of(stack(json.dumps(trust))))
        .findings[0]
        .cause.changes[-1]
        .forms
    )

    assert list(forms) == ["JSON", "jsonencode", "HCL"]
    assert forms["HCL"].splitlines()[-5:] == [
        "condition {",
        '  test     = "StringEquals"',
        f'  variable = "{HOST}:sub"',
        f'  values   = ["repo:acme/web:environment:prod", "{MAIN}"]',
        "}",
    ]
    before = f'Effect = "Allow", Principal = {{ Federated = "{PROVIDER}" }}'
    action = 'Action = "sts:AssumeRoleWithWebIdentity"'
    one = f"{{ {before}, {action}, {forms['jsonencode']} }}"
    pasted = f'${{jsonencode({{ Version = "2012-10-17", Statement = [{one}] }})}}'
    assert explain_run(run_of(), estate_of(stack(pasted))).is_allowed


def stack(trust: str) -> Json:
    """Write a role in Terraform's JSON."""
    role = {"name": "web", "assume_role_policy": trust}
    provider = {"aws": {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}}
    return {"provider": provider, "resource": {"aws_iam_role": {"web": role}}}


def test_constructs_forms_only_where_they_made_the_role() -> None:
    """A role of other people's is not given Python or TOML to paste."""
    finding = explain_all(run_of(), _role()).findings[0]

    assert [language for one in finding.cause.changes for language, _ in one.forms] == [
        "YAML",
        "JSON",
    ]


def _role() -> Json:
    document = conditioned(of_subjects("repo:acme/web:environment:prod"))
    return {"Role": {"RoleName": "web", "AssumeRolePolicyDocument": document}}

"""For roles made at random, the proof and iam-simulate decide every call alike."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from judged_cases import Case, ask_simulator
from rendering import plan

from deploy_access.iam.decision import Verdict
from deploy_access.terraform.estate import Document, NamedPolicy, Where
from deploy_access.terraform.role_policies import read_repository_policies, read_role_policies
from deploy_access.workflow.aws_call import ANY
from deploy_access.workflow.call_decision import decide
from deploy_access.workflow.calls import calls_of

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Role
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job

pytestmark = pytest.mark.slow

Json = dict[str, Any]

ROLES = 120
KINDS = ("push", "cached", "tagging", "migrating-apart", "shifting")
# A Deny that ours cannot decide does not matter where nothing allows the call.
MEANT = {
    Verdict.ALLOWED: {Verdict.ALLOWED},
    Verdict.DENIED_EXPLICITLY: {Verdict.DENIED_EXPLICITLY},
    Verdict.DENIED_IMPLICITLY: {Verdict.DENIED_IMPLICITLY, Verdict.DENIED_EXPLICITLY},
}
WHERE = Where("random")
# For the judge a `*` in a request is a pattern that any resource of a policy matches. For AWS only
# a policy with `*` allows an action that has no resource of its own.
NOTHING = "arn:aws:none:::none"


def jobs(read: DeployerEstate) -> list[Job]:
    """List jobs that push, run, deploy and shift."""
    return [job for kind in KINDS for workflow in plan(read, kind) for job in workflow.jobs]


def random_policy(random: Random, calls: list[AwsCall]) -> Json:
    """Write a policy about *calls*: most of it allows, some of it only nearly."""
    statements = [random_statement(random, calls) for _ in range(random.randint(1, 6))]
    return {"Version": "2012-10-17", "Statement": statements}


def random_statement(random: Random, calls: list[AwsCall]) -> Json:
    """Write a statement about some of the calls, in other letters, by patterns, or all but."""
    about = random.sample(calls, k=random.randint(1, len(calls)))
    actions = sorted({_written(random, call.action) for call in about})
    resources = sorted({_meant(random, call.resource) for call in about})
    statement: Json = {
        "Effect": random.choices(["Allow", "Deny"], [5, 1])[0],
        "NotAction" if random.random() < 0.08 else "Action": actions,
        "NotResource" if random.random() < 0.08 else "Resource": resources,
    }
    conditions = random_conditions(random, about[0])
    return {**statement, **({"Condition": conditions} if conditions else {})}


def _written(random: Random, action: str) -> str:
    service, _, name = action.partition(":")
    forms = [action, action.lower(), f"{service}:*", f"{service}:{name[:4]}*", "*", f"{action}s"]
    return random.choices(forms, [6, 2, 2, 2, 1, 1])[0]


def _meant(random: Random, resource: str) -> str:
    known = resource.replace(ANY, "*")
    if known == "*":
        return known  # IAM takes no other text than `*` or an ARN
    forms = [known, "*", f"{known}-other", known.replace("eu-central-1", "*"), known[:-1] + "?"]
    return random.choices(forms, [6, 4, 1, 1, 1])[0]


def random_conditions(random: Random, call: AwsCall) -> Json:
    """Ask for a key of the call, in most cases for what it has."""
    keys = {"aws:RequestedRegion": "eu-central-1", **call.context}
    key = random.choice(sorted(keys))
    value = random.choices([keys[key].replace(ANY, "*"), "other", "*"], [4, 1, 1])[0]
    operator = random.choice(["StringLike", "StringNotLike", "StringLikeIfExists", "stringlike"])
    return {operator: {key: value}} if random.random() < 0.4 else {}


def having(role: Role, policy: Json) -> Role:
    """Give the role this policy, and no other."""
    document = Document(content=json.dumps(policy), where=WHERE)
    return replace(
        role,
        policies=(NamedPolicy(name="p", kind="inline", document=document, where=WHERE),),
    )


def asked(call: AwsCall, policy: Json) -> Case:
    """Ask the judge about a call, with a number in place of what AWS counts."""
    context = {key: value.replace(ANY, "1") for key, value in call.context.items()}
    return Case(
        principal="arn:aws:sts::111122223333:assumed-role/deploy/run",
        action=call.action,
        resource=NOTHING if call.resource == "*" else call.resource.replace(ANY, "1"),
        context={"aws:RequestedRegion": "eu-central-1", **context},
        identity=[policy],
    )


def test_what_is_proved_is_what_the_judge_says(read: DeployerEstate) -> None:
    """A call that is proved to be allowed is allowed, and one that is refused is denied."""
    random = Random(2026)  # noqa: S311 - the same policies each time
    tried: list[tuple[Case, Verdict]] = []
    repositories = read_repository_policies(read.estate)
    for _ in range(ROLES):
        job = random.choice(jobs(read))
        calls = list(calls_of(job))
        policy = random_policy(random, calls)
        policies = read_role_policies(having(job.deployer.role, policy), repositories)
        for call in calls:
            verdict = decide(call, job.deployer, policies).verdict
            tried.append((asked(call, policy), verdict))
    answers = ask_simulator([case for case, _ in tried])

    wrong = [
        (json.dumps(case.identity[0]), case.action, case.resource, verdict, answer)
        for (case, verdict), answer in zip(tried, answers, strict=True)
        if verdict is not Verdict.UNKNOWN and answer not in MEANT[verdict]
    ]
    assert wrong == []
    decided = Counter(verdict for _, verdict in tried)
    assert decided[Verdict.UNKNOWN] < len(tried) / 4
    assert all(decided[verdict] > len(tried) / 20 for verdict in MEANT)

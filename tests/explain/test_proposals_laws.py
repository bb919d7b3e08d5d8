"""
The three-way rule: the run gets in, whoever got in still does, and nothing but its kind is new.

Policies and runs are generated. Each proposal is applied as it is written, and a grid of tokens,
which the code under test does not know, is put to the evaluator and to iam-simulate.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest
from explain_cases import HOST, PROVIDER, Json, explain, policy, run_of
from judged_cases import Case, ask_simulator, decide, trust_case

from deploy_access.iam.decision import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.explain.finding import ProposedChange
    from deploy_access.github.run import Run

COUNT = 2_000
AUD = "sts.amazonaws.com"
REPOSITORIES = ("acme/web", "acme@1/web@2", "acme/api", "other/web")
CONTEXTS = (
    *("ref:refs/heads/main", "ref:refs/heads/dev", "ref:refs/tags/v1", "ref:refs/tags/v2"),
    *("environment:prod", "environment:stg", "pull_request"),
)
WORKFLOWS = ("acme/ci/.github/workflows/a.yml@refs/heads/main", "acme/ci/b.yml@refs/heads/main")
LIVE = tuple(f"repo:{repo}:{context}" for repo, context in product(REPOSITORIES[:3], CONTEXTS))
PATTERNS = (
    *("repo:acme/web:*", "repo:acme@1/web@2:*", "repo:acme/web:ref:refs/heads/*"),
    *("repo:acme/web:environment:p*", "repo:acme/*:pull_request", "repo:acme/web:ref:refs/tags/v*"),
)
DEAD = (
    "repo:acme/web:ref:main",
    "repo:acme/web",
    "acme/web:ref:refs/heads/main",
    "repo:acme/web:main",
)
Token = dict[str, str]


def token(repository: str, context: str, workflow: str) -> Token:
    """Write the claims of a run as GitHub does."""
    found = {"aud": AUD, "sub": f"repo:{repository}:{context}"}
    if context.startswith("environment:"):
        found["environment"] = context.partition(":")[2]
    if context.startswith("ref:"):
        found["ref"] = context.partition(":")[2]
    return found | {"job_workflow_ref": workflow}


GRID = [token(*one) for one in product(REPOSITORIES, CONTEXTS, WORKFLOWS)]


def random_conditions(random: Random) -> tuple[Json, Json]:
    """Write the conditions of a statement, and of them those that a token can meet."""
    entries: list[tuple[str, str, list[str], bool]] = []
    if random.random() < 0.85:
        entries.append(("StringEquals", f"{HOST}:aud", [AUD], True))
    kind = random.random()
    if kind < 0.55:
        values = random.sample(LIVE, random.choice((1, 1, 2)))
        dead = random.sample(DEAD, random.choice((0, 0, 0, 1)))
        entries.append(("StringEquals", f"{HOST}:sub", [*values, *dead], True))
    elif kind < 0.8:
        values = random.sample(PATTERNS, random.choice((1, 1, 2)))
        entries.append(("StringLike", f"{HOST}:sub", values, True))
    elif kind < 0.95:
        entries.append(("StringEquals", f"{HOST}:sub", [random.choice((*DEAD, *PATTERNS))], False))
    if random.random() < 0.3:
        entries.append(("StringEquals", f"{HOST}:job_workflow_ref", [WORKFLOWS[0]], True))
    if random.random() < 0.2:
        entries.append(("StringEquals", f"{HOST}:environment", ["prod"], True))
    if random.random() < 0.1:
        entries.append(("StringEquals", f"{HOST}:repository_owner", ["acme"], False))
    if random.random() < 0.1:
        entries.append(("StringLike", "gitlab.com:sub", ["project_path:*"], False))
    return _conditions(entries), _conditions([one for one in entries if one[3]])


def _conditions(entries: list[tuple[str, str, list[str], bool]]) -> Json:
    found: Json = {}
    for operator, key, values, _ in entries:
        found.setdefault(operator, {})[key] = values[0] if len(values) == 1 else values
    return found


def random_policies(random: Random) -> tuple[Json, Json]:
    """Write a trust policy, and the same without what no token can meet."""
    written: list[Json] = []
    live: list[Json] = []
    for _ in range(random.choice((1, 1, 1, 2))):
        statement: Json = {"Effect": "Allow", "Principal": {"Federated": PROVIDER}}
        statement |= {"Action": "sts:AssumeRoleWithWebIdentity"}
        conditions, met = random_conditions(random)
        written.append(statement | {"Condition": conditions})
        live.append(statement | ({"Condition": met} if met else {}))
    if random.random() < 0.05:
        deny = {"StringLike": {f"{HOST}:sub": random.choice(PATTERNS)}}
        one: Json = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": deny}
        written.append(one)
        live.append(one)
    return policy(*written), policy(*live)


def cases() -> Iterator[tuple[Json, Json, Token, Run]]:
    """Make policies and runs, the same every time."""
    random = Random(11)  # noqa: S311 - the same cases every time
    for _ in range(COUNT):
        written, live = random_policies(random)
        claims = random.choice([one for one in GRID if one["sub"].startswith("repo:acme")])
        others = {key: value for key, value in claims.items() if key not in {"aud", "sub"}}
        yield written, live, claims, run_of(claims["sub"], claims=others, complete=True)


def lets_in(trust: Json, claims: Mapping[str, str]) -> bool:
    """Whether a token may assume the role."""
    return decide(asked(trust, claims)).verdict is Verdict.ALLOWED


def asked(trust: Json, claims: Mapping[str, str]) -> Case:
    """Ask about a token."""
    return trust_case(trust, {f"{HOST}:{claim}": value for claim, value in claims.items()})


def claims_of(run: Run) -> Token:
    """Return all claims of a run that AWS sees."""
    return {**run.claims, "aud": run.audience or AUD, "sub": run.subject}


def kinds_of(change: ProposedChange, run: Run) -> list[str]:
    """List the `sub` that a proposal may newly trust: the run's, or the pattern of its tags."""
    text = json.dumps(change.policy)
    tags = [f"repo:{repo}:ref:refs/tags/v*" for repo in REPOSITORIES]
    is_tag = ":ref:refs/tags/" in run.subject
    return [(change.run or run).subject, *(one for one in tags if is_tag and one in text)]


def faults(written: Json, live: Json, change: ProposedChange, run: Run) -> list[str]:
    """Say in what a proposal breaks the rule."""
    after: Json = json.loads(json.dumps(change.policy)) if change.policy is not None else written
    found: list[str] = []
    if not lets_in(after, claims_of(change.run or run)):
        found.append("the run stays out")
    kinds = kinds_of(change, run)
    for claims in GRID:
        is_in = lets_in(after, claims)
        if lets_in(written, claims) and not is_in:
            found.append(f"{claims} is shut out")
        is_of_kind = any(fnmatchcase(claims["sub"], kind) for kind in kinds)
        if is_in and not is_of_kind and not lets_in(live, claims):
            found.append(f"{claims} gets in")
    return found


@pytest.mark.slow
def test_three_way_rule() -> None:
    """No proposal for a refused run breaks the rule, and nearly every run gets one."""
    denied = proposed = 0
    judged: list[Case] = []
    for written, live, claims, run in cases():
        finding = explain(run, written)
        if finding.answer != "denied":
            continue
        denied += 1
        changes = [one for one in finding.cause.changes if one.policy is not None or one.run]
        proposed += bool(changes)
        for change in changes:
            assert faults(written, live, change, run) == [], (written, claims, change)
            after = written if change.policy is None else json.loads(json.dumps(change.policy))
            judged.append(asked(after, claims_of(change.run or run)))

    assert denied > COUNT / 2
    assert proposed > 0.9 * denied
    assert set(ask_simulator(judged)) == {Verdict.ALLOWED}

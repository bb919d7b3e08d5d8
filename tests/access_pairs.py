"""
Pairs of readings of one role, at random but always the same, and requests to try on both.

They hold nothing of which the evaluator and iam-simulate are known to think differently, as
`test_evaluator_differences.py` lists it, and no wildcard in the service of an action.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.arn_comparison import compare_resource
from deploy_access.iam.comparison import Comparison
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.policy_variables import Reader
from deploy_access.iam.trust import WebIdentity, evaluate_trust
from deploy_access.terraform.estate import Document, Estate, NamedPolicy, Role, Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from deploy_access.access_diff.model import PermissionGrant

Json = dict[str, Any]
Values = dict[str, str | list[str]]
ACCOUNT = "111122223333"
PREFIX = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{PREFIX}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
WHERE = Where("policies.json")
_ECR = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository"
ACTIONS = (
    *("ecr:PutImage", "ecr:BatchGetImage", "ecr:Batch*", "ecr:*", "*", "ecr:?utImage"),
    *("ecs:UpdateService", "ecs:*", "s3:GetObject", "s3:Get*", "ecr:Get*", "ECR:PUTIMAGE"),
)
RESOURCES = (
    *(
        "*",
        f"{_ECR}/*",
        f"{_ECR}/web",
        f"{_ECR}/web*",
        f"{_ECR}/w?b",
        f"{_ECR}/api",
        "arn:aws:ecr:*:*:repository/*",
    ),
    *(f"arn:aws:ecr:*:{ACCOUNT}:repository/web", f"{_ECR}/${{aws:PrincipalTag/team}}"),
    *("arn:aws:s3:::logs/*", "arn:aws:s3:::logs/web/*", f"arn:aws:ecs:*:{ACCOUNT}:service/a/*"),
)
CONDITIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("StringEquals", "aws:PrincipalTag/team", ("web", "api")),
    ("StringLike", "aws:PrincipalTag/team", ("w*", "*", "a?i")),
    ("StringNotEquals", "aws:PrincipalTag/team", ("web", "api")),
    ("StringEqualsIfExists", "aws:PrincipalTag/team", ("web", "api")),
    ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", ("WEB", "api")),
    ("Null", "aws:PrincipalTag/team", ("true", "false")),
    ("Bool", "aws:SecureTransport", ("true", "false")),
    ("BoolIfExists", "aws:SecureTransport", ("true",)),
    ("IpAddress", "aws:SourceIp", ("10.0.0.0/8", "10.0.1.0/24", "192.0.2.1/32")),
    ("NotIpAddress", "aws:SourceIp", ("10.0.0.0/8", "10.0.1.0/24")),
    ("NumericLessThan", "ecs:task-cpu", ("256", "512")),
    ("NumericGreaterThanEquals", "ecs:task-cpu", ("256", "512")),
    ("ForAllValues:StringEquals", "aws:TagKeys", ("team", "env")),
    ("ForAnyValue:StringLike", "aws:TagKeys", ("t*", "env")),
    (
        "ArnLike",
        "ecs:cluster",
        (f"arn:aws:ecs:*:{ACCOUNT}:cluster/a*", f"arn:aws:ecs:*:{ACCOUNT}:*"),
    ),
)
HELD: Mapping[str, tuple[str | list[str], ...]] = {
    "aws:PrincipalTag/team": ("web", "api", "Web", "other"),
    "aws:SecureTransport": ("true", "false"),
    "aws:SourceIp": ("10.0.1.7", "10.9.9.9", "192.0.2.1", "203.0.113.1"),
    "ecs:task-cpu": ("128", "256", "400", "512", "1024"),
    "aws:TagKeys": (["team"], ["env", "team"], ["cost"], ["team", "cost"]),
    "ecs:cluster": (
        f"arn:aws:ecs:eu-central-1:{ACCOUNT}:cluster/a",
        f"arn:aws:ecs:eu-central-1:{ACCOUNT}:cluster/b",
    ),
}
ASKED_ACTIONS = (
    *("ecr:PutImage", "ecr:BatchGetImage", "ecr:BatchDeleteImage", "ecr:GetAuthorizationToken"),
    *("ecs:UpdateService", "s3:GetObject", "s3:PutObject", "ecr:NotYetPublished"),
)
ASKED_RESOURCES = (
    *(f"{_ECR}/{name}" for name in ("web", "webs", "wab", "api", "other", "web/api")),
    *("arn:aws:s3:::logs/x", "arn:aws:s3:::logs/web/x", "arn:aws:s3:::data"),
    f"arn:aws:ecs:eu-central-1:{ACCOUNT}:service/a/web",
    f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/web",
)
SUBJECTS = (
    *("repo:acme/web:*", "repo:acme/web:ref:refs/heads/main", "repo:acme/*", "repo:acme/web:ref:*"),
    *("repo:acme/w?b:environment:prod", "repo:acme/web:environment:prod", "*", "repo:evil/web:*"),
)
CLAIMS: Mapping[str, tuple[str, ...]] = {
    f"{PREFIX}:sub": (
        *("repo:acme/web:environment:prod", "repo:acme/web:ref:refs/heads/main"),
        *("repo:acme/web:pull_request", "repo:acme/wxb:environment:prod", "repo:evil/web:x"),
        "repo:acme/api:ref:refs/heads/main",
    ),
    f"{PREFIX}:aud": ("sts.amazonaws.com", "other"),
    f"{PREFIX}:environment": ("prod", "dev"),
    "aws:SourceIp": ("10.0.1.7", "203.0.113.1"),
}


@dataclass(frozen=True)
class Reading:
    """What one side says of a role, as plain JSON."""

    identity: tuple[Json, ...] = ()
    boundary: Json | None = None
    trust: Json | None = None

    def estate(self) -> Estate:
        """Put it into an estate."""
        policies = tuple(_named(str(place), one) for place, one in enumerate(self.identity))
        boundary = _named("boundary", self.boundary) if self.boundary else None
        role = Role(
            account=ACCOUNT,
            name="deploy",
            path="/",
            arn=ROLE,
            where=WHERE,
            trust=_document(self.trust) if self.trust else None,
            policies=policies,
            boundary=boundary,
        )
        return Estate(roles=(role,))

    def allows(
        self, action: str, resource: str, context: Mapping[str, str | Sequence[str]]
    ) -> bool:
        """Let the evaluator decide about a request."""
        request = AccessRequest(
            role_arn=ROLE,
            action=action,
            resource=resource,
            resource_account=ACCOUNT,
            context=Context(values=context),
        )
        decision = evaluate_access(
            request,
            identity=[read_policy(one).policy for one in self.identity],
            boundary=read_policy(self.boundary).policy if self.boundary else None,
        )
        return decision.verdict is Verdict.ALLOWED

    def lets_in(self, context: Mapping[str, str | Sequence[str]]) -> bool:
        """Let the evaluator decide about a token."""
        assert self.trust is not None
        start = f"{PREFIX}:"
        token = WebIdentity(
            provider_arn=PROVIDER,
            condition_key_prefix=PREFIX,
            claims={k.removeprefix(start): v for k, v in context.items() if k.startswith(start)},
            context={k: v for k, v in context.items() if not k.startswith(start)},
            unknown_keys=(),
        )
        return evaluate_trust(read_policy(self.trust).policy, token).verdict is Verdict.ALLOWED


def _named(name: str, policy: Json) -> NamedPolicy:
    return NamedPolicy(name=name, kind="inline", document=_document(policy), where=WHERE)


def _document(policy: Json) -> Document:
    return Document(content=json.dumps(policy), where=WHERE)


def document(*statements: Json) -> Json:
    """Write a policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def random_statement(random: Random) -> Json:
    """Write a statement of an identity policy."""
    actions = random.sample(ACTIONS, random.choice((1, 1, 2)))
    resources = random.sample(RESOURCES, random.choice((1, 1, 2)))
    return {
        "Effect": "Allow" if random.random() < 0.72 else "Deny",
        "NotAction" if random.random() < 0.1 else "Action": actions,
        "NotResource" if random.random() < 0.1 else "Resource": resources,
        **_conditions(random),
    }


def _conditions(random: Random) -> Json:
    found: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in random.sample(CONDITIONS, random.choice((0, 0, 1, 1, 2))):
        found.setdefault(operator, {})[key] = random.sample(values, 1)
    return {"Condition": found} if found else {}


def random_trust_statement(random: Random) -> Json:
    """Write a statement of a trust policy."""
    conditions: dict[str, dict[str, list[str]]] = {}
    operators = ("StringLike", "StringLike", "StringLike", "StringEquals", "StringNotLike")
    if random.random() < 0.9:
        subjects = random.sample(SUBJECTS, random.choice((1, 1, 2, 3)))
        conditions[random.choice(operators)] = {f"{PREFIX}:sub": subjects}
    if random.random() < 0.6:
        operator = random.choice(("StringEquals", "StringEqualsIfExists"))
        conditions.setdefault(operator, {})[f"{PREFIX}:aud"] = ["sts.amazonaws.com"]
    if random.random() < 0.3:
        conditions["ForAnyValue:StringLike"] = {f"{PREFIX}:environment": ["p*"]}
    principals: tuple[object, ...] = ({"Federated": PROVIDER},) * 6 + ("*",)
    return {
        "Effect": "Allow" if random.random() < 0.75 else "Deny",
        "Principal": random.choice(principals),
        "Action": random.choice(("sts:AssumeRoleWithWebIdentity", "sts:Assume*", "sts:*")),
        "Condition": conditions,
    }


def random_pair(random: Random) -> tuple[Reading, Reading]:
    """Make a reading, and one that differs from it in some statements."""
    base = Reading(
        identity=tuple(_policy(random, random_statement) for _ in range(random.choice((1, 1, 2)))),
        boundary=_policy(random, random_statement) if random.random() < 0.25 else None,
        trust=_policy(random, random_trust_statement),
    )
    head = Reading(
        identity=tuple(_changed(random, one, random_statement) for one in base.identity),
        boundary=_changed(random, base.boundary, random_statement)
        if base.boundary and random.random() < 0.8
        else None,
        trust=_changed(random, base.trust or {}, random_trust_statement),
    )
    return base, head


def _policy(random: Random, make: Any) -> Json:
    return document(*(make(random) for _ in range(random.choice((1, 2, 2, 3)))))


def _changed(random: Random, policy: Json, make: Any) -> Json:
    """Change a statement or two: one of another place, one new, one gone, one with other words."""
    statements: list[Json] = deepcopy(policy["Statement"])
    for _ in range(random.choice((0, 1, 1, 2))):
        place = random.randrange(len(statements))
        change = random.random()
        if change < 0.3:
            statements.append(make(random))
        elif change < 0.5 and len(statements) > 1:
            del statements[place]
        elif change < 0.8:
            other = make(random)
            key = random.choice(sorted(other.keys() & statements[place].keys()))
            statements[place][key] = other[key]
        else:
            statements[place].pop("Condition", None)
    return document(*statements)


def random_context(random: Random, pool: Mapping[str, Sequence[str | list[str]]]) -> Values:
    """Hold most keys of a pool."""
    return {key: random.choice(values) for key, values in pool.items() if random.random() < 0.8}


def covers(grant: PermissionGrant, action: str, resource: str) -> bool:
    """
    Whether a row of the result is about a request.

    An action that AWS's list does not have is in no row by its name.
    """
    listed = {one.lower() for several in grant.actions.values() for one in several}
    is_new = action == "ecr:NotYetPublished" and _is_about(grant.action.lower(), action.lower())
    return (is_new or action.lower() in listed) and _is_about(grant.resource, resource)


def _is_about(pattern: str, resource: str) -> bool:
    reader = Reader(Context(unknown=("*",)))
    if pattern.startswith("all but "):
        return True
    return compare_resource(resource, pattern, reader) is not Comparison.DIFFERENT

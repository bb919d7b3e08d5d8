"""Trust policies with tokens, and access requests with policies, at random but always the same."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from judged_cases import (
    ACCOUNT,
    OTHER_ACCOUNT,
    PREFIX,
    PROVIDER,
    ROLE,
    SESSION,
    Case,
    Document,
    trust_case,
)
from random_conditions import (
    ARNS,
    COMMON,
    ORDERS,
    STRINGS,
    Key,
    random_conditions,
    random_context,
    with_wildcards,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBJECTS = (
    "repo:acme/web:environment:prod",
    "repo:acme/web:pull_request",
    "repo:acme/web:ref:refs/heads/main",
    "repo:acme/web:ref:refs/heads/main-evil",
    "repo:acme/web:ref:refs/tags/v1.2",
    "repo:acme@12/web@34:environment:prod",
    "repo:Acme/Web:environment:Prod",
    "repo:evil/web:environment:prod%3Aeu",
)
CLAIMS = (
    Key(f"{PREFIX}:sub", STRINGS, SUBJECTS),
    Key(f"{PREFIX}:sub", STRINGS, SUBJECTS),
    Key(f"{PREFIX}:aud", STRINGS, ("sts.amazonaws.com", "https://github.com/acme")),
    Key(f"{PREFIX}:repository", STRINGS, ("acme/web", "acme/api", "evil/web")),
    Key(f"{PREFIX}:environment", STRINGS, ("prod", "Prod", "staging")),
    Key(
        f"{PREFIX}:repository_id",
        (*STRINGS, *(f"Numeric{order}" for order in ORDERS)),
        ("34", "35", "100"),
    ),
    Key(f"{PREFIX}:amr", STRINGS, ("authenticated", "github", "other", "Github"), many=True),
)
TOKEN_KEYS = (*CLAIMS, *COMMON)
CLUSTERS = tuple(f"arn:aws:ecs:eu-central-1:{ACCOUNT}:cluster/{name}" for name in ("a", "b/c"))
ACCESS_KEYS = (
    *COMMON,
    Key("aws:PrincipalTag/team", STRINGS, ("web", "Web", "api")),
    Key("aws:TagKeys", STRINGS, ("team", "env", "cost", "Team"), many=True),
    Key("ecs:cluster", ARNS, (*CLUSTERS, CLUSTERS[0].replace(ACCOUNT, OTHER_ACCOUNT))),
    Key("iam:PassedToService", STRINGS, ("ecs-tasks.amazonaws.com", "ecs.amazonaws.com")),
    Key("ecs:task-cpu", tuple(f"Numeric{order}" for order in ORDERS), ("256", "512", "0.5", "-1")),
    Key("kms:Blob", ("BinaryEquals",), ("QQ==", "QUI=", "QUJD")),
)
REPOSITORY = "arn:aws:ecr:eu-central-1:{account}:repository/{name}"
TARGETS = (
    ("ecr:PutImage", f"{REPOSITORY.format(account=ACCOUNT, name='web')}"),
    ("ecr:BatchGetImage", f"{REPOSITORY.format(account=ACCOUNT, name='team/web')}"),
    ("ecr:BatchGetImage", f"{REPOSITORY.format(account=OTHER_ACCOUNT, name='web')}"),
    ("ecs:UpdateService", f"arn:aws:ecs:eu-central-1:{ACCOUNT}:service/a/web"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/team/task"),
    ("s3:GetObject", "arn:aws:s3:::logs/web/2026/01/x.gz"),
    ("logs:GetLogEvents", f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:web:log-stream:x"),
)


def trust_cases(seed: int, count: int) -> Iterator[Case]:
    """Make pairs of a trust policy and a token."""
    random = Random(seed)  # noqa: S311 - the same cases every time
    for _ in range(count):
        context = random_context(random, TOKEN_KEYS)
        statements = [
            _trust_statement(random, context, first=number == 0)
            for number in range(random.choice((1, 1, 2, 2, 3)))
        ]
        yield trust_case(_document(random, statements), context)


def access_cases(seed: int, count: int) -> Iterator[Case]:
    """Make requests of a role with its policies."""
    random = Random(seed)  # noqa: S311 - the same cases every time
    for _ in range(count):
        context = random_context(random, ACCESS_KEYS)
        action, resource = random.choice(TARGETS)
        account = OTHER_ACCOUNT if OTHER_ACCOUNT in resource else ACCOUNT
        shared = 0.9 if account != ACCOUNT else 0.3

        def policy(*, names: Callable[[Random], Document] | None = None) -> Document:
            statements = [
                _statement(random, action, resource, context, first=number == 0)  # noqa: B023
                | (names(random) if names else {})
                for number in range(random.choice((1, 1, 2, 3)))
            ]
            return _document(random, statements)

        yield Case(
            principal=SESSION,
            action=action,
            resource=resource,
            account=account,
            context=context,
            identity=[policy() for _ in range(random.choice((0, 1, 1, 1, 2)))],
            boundary=policy() if random.random() < 0.25 else None,
            resource_policy=policy(names=_role_principal) if random.random() < shared else None,
        )


def _document(random: Random, statements: list[Document]) -> Document:
    """Give it a version; an old one, or none, only where there is no variable in it."""
    found: Document = {"Statement": statements[0] if len(statements) == 1 else statements}
    if "${" in json.dumps(found) or random.random() < 0.8:
        return {"Version": "2012-10-17", **found}
    return {"Version": "2008-10-17", **found} if random.random() < 0.5 else found


def _effect(random: Random, *, first: bool) -> str:
    return "Deny" if random.random() < (0.04 if first else 0.3) else "Allow"


def _trust_statement(
    random: Random, context: dict[str, str | list[str]], *, first: bool
) -> Document:
    statement: Document = {"Effect": _effect(random, first=first)}
    asked = "sts:AssumeRoleWithWebIdentity"
    statement |= _trust_principal(random)
    statement |= _action(random, asked, ("sts:AssumeRole", "sts:TagSession", "sts:assumerolewith*"))
    conditions = random_conditions(random, TOKEN_KEYS, context)
    return statement | ({"Condition": conditions} if conditions else {})


def _trust_principal(random: Random) -> Document:
    other = PROVIDER.replace(ACCOUNT, OTHER_ACCOUNT)
    if random.random() < 0.07:
        return {"NotPrincipal": {"Federated": random.choice((PROVIDER, other))}}
    if random.random() < 0.75:
        return {"Principal": {"Federated": PROVIDER}}
    principals: tuple[object, ...] = (
        "*",
        {"AWS": "*"},
        {"Federated": other},
        {"Federated": [other, PROVIDER], "AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
        {"Service": "ecs-tasks.amazonaws.com", "Federated": PROVIDER},
        {"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]},
        {"AWS": [ROLE, OTHER_ACCOUNT]},
    )
    return {"Principal": random.choice(principals)}


def _statement(
    random: Random,
    action: str,
    resource: str,
    context: dict[str, str | list[str]],
    *,
    first: bool,
) -> Document:
    statement: Document = {"Effect": _effect(random, first=first)}
    statement |= _action(random, action, tuple(name for name, _ in TARGETS))
    statement |= _resource(random, resource)
    conditions = random_conditions(random, ACCESS_KEYS, context) if random.random() < 0.5 else {}
    return statement | ({"Condition": conditions} if conditions else {})


def _action(random: Random, asked: str, others: tuple[str, ...]) -> Document:
    service, name = asked.split(":")
    half = len(name) // 2
    written = (asked, asked, f"{service}:*", f"{service}:{name[:half]}*", "*", asked.upper())
    wild = f"{service}:*{name[3:half]}?{name[half + 1 :]}"
    hit = [random.choice((*written, wild))]
    miss = [random.choice(others)]
    if random.random() < 0.15:
        return {"NotAction": hit if random.random() < 0.25 else miss}
    found = hit if random.random() < 0.9 else miss
    return {"Action": found + (miss if random.random() < 0.3 else [])}


def _resource(random: Random, asked: str) -> Document:
    other = random.choice(TARGETS)[1]
    hit = random.choice(("*", asked, with_wildcards(random, asked), with_wildcards(random, asked)))
    if random.random() < 0.12:
        return {"NotResource": [random.choice(("*", asked)) if random.random() < 0.25 else other]}
    found = [hit] if random.random() < 0.9 else [with_wildcards(random, other)]
    return {"Resource": found + ([other] if random.random() < 0.3 else [])}


def _role_principal(random: Random) -> Document:
    other_role = f"arn:aws:iam::{ACCOUNT}:role/other"
    if random.random() < 0.08:
        named = random.choice(([ROLE, f"arn:aws:iam::{ACCOUNT}:root"], [other_role]))
        return {"NotPrincipal": {"AWS": named}}
    principals: tuple[object, ...] = (
        "*",
        {"AWS": "*"},
        {"AWS": ROLE},
        {"AWS": SESSION},
        {"AWS": ACCOUNT},
        {"AWS": [other_role, f"arn:aws:iam::{ACCOUNT}:root"]},
        {"AWS": other_role},
        {"Service": "ecs-tasks.amazonaws.com", "AWS": [ROLE]},
        {"Federated": PROVIDER},
    )
    return {"Principal": random.choice(principals)}

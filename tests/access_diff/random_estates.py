"""
Pairs of estates as Terraform JSON, at random but always the same, with what AWS would hold of each.

The configuration says the same thing in many ways: as text, by `jsonencode`, by a data source, by
references, `for_each`, `count` and `dynamic`. What only Terraform knows, a switch decides: it is
the same in both estates, and which way it stands is drawn for each pair.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from access_pairs import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

Json = dict[str, Any]
OTHER = "999988887777"
BUCKET, QUEUE = "logs", "jobs"
QUEUE_ARN = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:{QUEUE}"
_ECR = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository"
PRINCIPALS: tuple[tuple[str, str], ...] = (
    *(("role", "deploy"), ("role", "reader")),
    *(("user", "ops"), ("group", "admins")),
)
MANAGED = ("shared", "extra")
BOUNDARY = "boundary"
_SHARED = {f"arn:aws:s3:::{BUCKET}/": BUCKET, QUEUE_ARN: QUEUE}
# Actions with resources that they take, so that the judge and AWS agree on what a request is.
REQUESTS = (
    *(("ecr:PutImage", f"{_ECR}/web"), ("ecr:BatchGetImage", f"{_ECR}/api")),
    *(
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/web/x"),
        ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/y"),
    ),
    *(("sqs:SendMessage", QUEUE_ARN), ("sqs:ReceiveMessage", QUEUE_ARN)),
)
_ACTIONS = (
    *("ecr:PutImage", "ecr:Batch*", "ecr:*", "s3:GetObject", "s3:*", "sqs:SendMessage", "sqs:*"),
    "*",
)
_RESOURCES = (
    *("*", f"{_ECR}/web", f"{_ECR}/*", f"arn:aws:s3:::{BUCKET}/*", f"arn:aws:s3:::{BUCKET}/web/*"),
    QUEUE_ARN,
)
_CONDITIONS: tuple[Json, ...] = (
    *({}, {}, {}, {"Bool": {"aws:SecureTransport": "true"}}),
    *({"StringEquals": {"aws:PrincipalTag/team": "web"}}, {"Null": {"aws:SourceVpce": "false"}}),
)
CONTEXTS: tuple[dict[str, str | list[str]], ...] = (
    {"aws:SecureTransport": "true"},
    {"aws:SecureTransport": "true", "aws:PrincipalTag/team": "web", "aws:SourceVpce": "vpce-1"},
    {"aws:SecureTransport": "false", "aws:PrincipalTag/team": "api"},
)
_SHARED_PRINCIPALS: tuple[object, ...] = (
    *({"AWS": f"arn:aws:iam::{ACCOUNT}:role/deploy"}, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ops"}),
    *({"AWS": f"arn:aws:iam::{OTHER}:root"}, "*"),
)


@dataclass
class Held:
    """
    What AWS holds of one estate.

    Attributes:
        own: The inline policies of each principal, by its kind and name.
        managed: The managed policies by name.
        attached: The names of the managed policies that each principal has.
        bounded: The principals with the boundary.
        members: The users of the group.
        shared: The policies of the bucket and of the queue; two where two resources write it.
    """

    own: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    managed: dict[str, list[Json]] = field(default_factory=dict)
    attached: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    bounded: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    shared: dict[str, list[list[Json]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Switches:
    """
    What only Terraform knows.

    Attributes:
        on: Whether each parameter is `on`.
        writer: Which of two writers of one policy was the last.
    """

    on: dict[str, bool]
    writer: int


class Side:
    """One estate: the configuration, and the policies that AWS holds when the switches stand so."""

    def __init__(self, held: Held, switches: Switches, random: Random) -> None:
        self.held = held
        self.switches = switches
        self._random = random
        self.content: Json = {
            "provider": {
                "aws": [{"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}],
            },
            "resource": {},
            "data": {},
            "locals": {},
        }
        self._documents: dict[str, list[Json]] = {}
        self._given: dict[tuple[str, str], list[list[Json]]] = {one: [] for one in PRINCIPALS}
        self._write()

    def identity(self, kind: str, name: str) -> list[Json]:
        """Return the identity policies that decide about a role or a user."""
        found = list(self._given[kind, name])
        if kind == "user" and name in self.held.members:
            found += self._given["group", "admins"]
        return [document(each) for each in found]

    def boundary(self, name: str) -> Json | None:
        """Return the boundary of a role or a user."""
        is_bounded = name in self.held.bounded
        return document(self.held.managed[BOUNDARY]) if is_bounded else None

    def shared(self, resource: str) -> Json | None:
        """Return the policy of the resource that an ARN is in."""
        name = next((one for start, one in _SHARED.items() if resource.startswith(start)), "")
        written = self._documents.get(name)
        return document(written) if written else None

    def _write(self) -> None:
        for kind, name in PRINCIPALS:
            body: Json = {"name": name}
            if kind == "role":
                trusted = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
                trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
                body["assume_role_policy"] = json.dumps(document([trust]))
            if name in self.held.bounded:
                body["permissions_boundary"] = self._reference(f"aws_iam_policy.{BOUNDARY}")
            self._add(f"aws_iam_{kind}", name, body)
        for name, statements in self.held.managed.items():
            policy, _ = self._policy(f"managed-{name}", statements)
            self._add("aws_iam_policy", name, {"name": name, "policy": policy})
        for (kind, name), statements in self.held.own.items():
            self._inline(kind, name, statements)
        for (kind, name), policies in self.held.attached.items():
            for policy in policies:
                self._attach(kind, name, policy)
        self._membership()
        for name, writers in self.held.shared.items():
            self._resource_policy(name, writers)
        self._never()

    def _add(self, kind: str, name: str, body: Json) -> None:
        self.content["resource"].setdefault(kind, {})[name] = body

    def _reference(self, address: str) -> str:
        if self._random.random() < 0.5:
            return f"${{{address}.arn}}"
        name = address.rpartition(".")[2]
        if self._random.random() < 0.5:
            return f'${{format("arn:aws:iam::%s:policy/%s", "{ACCOUNT}", "{name}")}}'
        return f"arn:aws:iam::{ACCOUNT}:policy/{name}"

    def _inline(self, kind: str, name: str, statements: list[Json]) -> None:
        policy, made = self._policy(f"{kind}-{name}", statements)
        body: Json = {"name": "own", kind: name, "policy": policy}
        present = self._presence(body, f"inline-{name}")
        self._add(f"aws_iam_{kind}_policy", name, body)
        if present:
            self._given[kind, name].append(made)

    def _attach(self, kind: str, name: str, policy: str) -> None:
        arn = self._reference(f"aws_iam_policy.{policy}")
        made = self.held.managed[policy]
        key = f"{name}-{policy}"
        if self._random.random() < 0.3:
            body: Json = {"name": key, "policy_arn": arn, f"{kind}s": [name]}
            self._add("aws_iam_policy_attachment", key, body)
        else:
            body = {kind: name, "policy_arn": arn}
            if not self._each(body, arn) and not self._presence(body, f"attach-{key}"):
                made = []
            self._add(f"aws_iam_{kind}_policy_attachment", key, body)
        self._given[kind, name].append(made)

    def _each(self, body: Json, arn: str) -> bool:
        """Write the attachment once for each of one."""
        if self._random.random() > 0.2:
            return False
        body["for_each"] = {"one": arn}
        body["policy_arn"] = "${each.value}"
        return True

    def _presence(self, body: Json, key: str) -> bool:
        """Say how many there are: one, or as many as a switch says."""
        drawn = self._random.random()
        if drawn < 0.15:
            body["count"] = 1
        elif drawn < 0.35:
            return self._switched(body, "count", key, (1, 0))
        return True

    def _switched(self, body: Json, argument: str, key: str, values: tuple[object, object]) -> bool:
        self.content["data"].setdefault("aws_ssm_parameter", {})[key] = {"name": f"/{key}"}
        asked = f'data.aws_ssm_parameter.{key}.value == "on"'
        yes, no = map(json.dumps, values)
        body[argument] = f"${{{asked} ? {yes} : {no}}}"
        return self.switches.on.setdefault(key, self._random.random() < 0.5)

    def _policy(self, key: str, statements: list[Json]) -> tuple[str, list[Json]]:
        """Write a policy document in one of many ways, and say what AWS gets of it."""
        text = json.dumps(document(statements))
        ways = self._random.random()
        if ways < 0.3:
            return text, statements
        if ways < 0.45:
            return f"${{jsonencode({hcl(document(statements))})}}", statements
        if ways < 0.55:
            self.content["locals"][key] = text
            return f"${{local.{key}}}", statements
        body, made = self._data(key, statements)
        self.content["data"].setdefault("aws_iam_policy_document", {})[key] = body
        return f"${{data.aws_iam_policy_document.{key}.json}}", made

    def _data(self, key: str, statements: list[Json]) -> tuple[Json, list[Json]]:
        blocks: list[Json] = []
        dynamic: list[Json] = []
        made: list[Json] = []
        for place, statement in enumerate(statements):
            block, drawn = statement_block(statement), self._random.random()
            if drawn < 0.25 and len(statements) > 1:
                each: Json = {"content": block}
                is_there = self._switched(each, "for_each", f"{key}-{place}", ([1], []))
                dynamic.append({"statement": each})
                made += [statement] if is_there else []
            elif drawn < 0.4:
                dynamic.append({"statement": {"for_each": [1], "content": block}})
                made.append(statement)
            else:
                blocks.append(block)
                made.append(statement)
        body: Json = {"statement": blocks} if blocks else {}
        return ({**body, "dynamic": dynamic} if dynamic else body), made

    def _membership(self) -> None:
        if self.held.members:
            users = sorted(self.held.members)
            body = {"name": "members", "group": "admins", "users": users}
            self._add("aws_iam_group_membership", "admins", body)

    def _resource_policy(self, name: str, writers: list[list[Json]]) -> None:
        kind, argument, given = {
            BUCKET: ("aws_s3_bucket_policy", "bucket", BUCKET),
            QUEUE: ("aws_sqs_queue_policy", "queue_url", _url()),
        }[name]
        for place, statements in enumerate(writers):
            policy, made = self._policy(f"{name}-{place}", statements)
            self._add(kind, f"{name}-{place}", {argument: given, "policy": policy})
            if place == min(self.switches.writer, len(writers) - 1):
                self._documents[name] = made

    def _never(self) -> None:
        """Write what Terraform never makes: a Deny and an Allow of everything."""
        for effect in ("Allow", "Deny"):
            if self._random.random() < 0.2:
                everything = {"Effect": effect, "Action": "*", "Resource": "*"}
                none: Json = self._random.choice(
                    ({"count": 0}, {"for_each": {}}, {"count": "${1 - 1}"})
                )
                policy = json.dumps(document([everything]))
                body: Json = {"name": f"never-{effect}", "role": "deploy", "policy": policy, **none}
                self._add("aws_iam_role_policy", f"never-{effect}", body)


def _url() -> str:
    return f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/{QUEUE}"


def document(statements: Sequence[Json]) -> Json:
    """Write a policy; one without statements is one that allows nothing."""
    nothing = {"Effect": "Deny", "Action": "none:None", "Resource": "arn:aws:s3:::none"}
    return {"Version": "2012-10-17", "Statement": list(statements) or [nothing]}


def statement_block(statement: Json) -> Json:
    """Write a statement as the data source has it."""
    block: Json = {"effect": statement["Effect"]}
    block |= {"actions": statement["Action"]} if "Action" in statement else {}
    block |= {"resources": statement["Resource"]} if "Resource" in statement else {}
    if "Principal" in statement:
        named = statement["Principal"]
        kind, who = ("*", "*") if named == "*" else next(iter(named.items()))
        block["principals"] = [{"type": kind, "identifiers": [who]}]
    block |= {
        "condition": [
            {"test": test, "variable": key, "values": [value]}
            for test, keys in statement.get("Condition", {}).items()
            for key, value in keys.items()
        ]
    }
    return block


def hcl(value: object) -> str:
    """Write a value as an expression of Terraform."""
    return json.dumps(value).replace('": ', '" = ')


def random_pair(random: Random) -> tuple[Side, Side]:
    """Make an estate, and one that differs from it in a few things."""
    base = _random_held(random)
    head = deepcopy(base)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        _change(head, random)
    switches = Switches(on={}, writer=random.randrange(2))
    seed = random.getrandbits(32)
    # Half of the heads are written as their bases are, the others in ways of their own.
    other = seed if random.random() < 0.5 else random.getrandbits(32)
    kind = type(random)
    return Side(base, switches, kind(seed)), Side(head, switches, kind(other))


def _random_held(random: Random) -> Held:
    held = Held()
    held.managed = {name: _statements(random) for name in (*MANAGED, BOUNDARY)}
    for kind, name in PRINCIPALS:
        if random.random() < 0.6:
            held.own[kind, name] = _statements(random)
        if random.random() < 0.5:
            held.attached[kind, name] = random.sample(MANAGED, random.choice((1, 1, 2)))
        if kind != "group" and random.random() < 0.2:
            held.bounded.add(name)
    held.members = {"ops"} if random.random() < 0.5 else set()
    for name in (BUCKET, QUEUE):
        if random.random() < 0.5:
            held.shared[name] = [_shared_statements(random, name)]
    return held


def _statements(random: Random) -> list[Json]:
    return [_statement(random) for _ in range(random.choice((1, 1, 2, 3)))]


def _statement(random: Random) -> Json:
    return {
        "Effect": "Allow" if random.random() < 0.7 else "Deny",
        "Action": random.sample(_ACTIONS, random.choice((1, 1, 2))),
        "Resource": random.sample(_RESOURCES, random.choice((1, 1, 2))),
        **_condition(random),
    }


def _condition(random: Random) -> Json:
    found = random.choice(_CONDITIONS)
    return {"Condition": found} if found else {}


def _shared_statements(random: Random, name: str) -> list[Json]:
    return [_shared_statement(random, name) for _ in range(random.choice((1, 2, 2)))]


def _shared_statement(random: Random, name: str) -> Json:
    service = "s3" if name == BUCKET else "sqs"
    actions = [one for one in _ACTIONS if one.startswith(service)]
    return {
        "Effect": "Allow" if random.random() < 0.6 else "Deny",
        "Principal": random.choice(_SHARED_PRINCIPALS),
        "Action": random.sample(actions, 1),
        "Resource": [f"arn:aws:s3:::{BUCKET}/*" if name == BUCKET else QUEUE_ARN],
        **_condition(random),
    }


def _change(held: Held, random: Random) -> None:
    """Change one thing."""
    random.choice([*_changes()])(held, random)


def _changes() -> Iterator[Any]:
    yield from (_change_own, _change_own, _change_managed, _change_attached)
    yield from (_change_bound, _change_members, _change_shared, _change_shared)


def _change_own(held: Held, random: Random) -> None:
    who = random.choice(PRINCIPALS)
    held.own[who] = _changed(held.own.get(who, []), random)
    if not held.own[who]:
        del held.own[who]


def _change_managed(held: Held, random: Random) -> None:
    name = random.choice((*MANAGED, BOUNDARY))
    held.managed[name] = _changed(held.managed[name], random) or [_statement(random)]


def _change_attached(held: Held, random: Random) -> None:
    who, policy = random.choice(PRINCIPALS), random.choice(MANAGED)
    found = held.attached.setdefault(who, [])
    held.attached[who] = [p for p in found if p != policy] if policy in found else [*found, policy]


def _change_bound(held: Held, random: Random) -> None:
    held.bounded ^= {random.choice(("deploy", "reader", "ops"))}


def _change_members(held: Held, random: Random) -> None:
    del random
    held.members ^= {"ops"}


def _change_shared(held: Held, random: Random) -> None:
    name = random.choice((BUCKET, QUEUE))
    writers = held.shared.get(name)
    if not writers:
        held.shared[name] = [_shared_statements(random, name)]
    elif random.random() < 0.2 and len(writers) == 1:
        writers.append(_shared_statements(random, name))
    elif random.random() < 0.2:
        del held.shared[name]
    else:
        statements = writers[0]
        place = random.randrange(len(statements))
        if random.random() < 0.5 and len(statements) > 1:
            del statements[place]
        else:
            statements[place] = _shared_statement(random, name)


def _changed(statements: list[Json], random: Random) -> list[Json]:
    """Change a statement: one more, one less, or another in its place."""
    drawn = random.random()
    if drawn < 0.4 or not statements:
        return [*statements, _statement(random)]
    place = random.randrange(len(statements))
    if drawn < 0.65:
        return statements[:place] + statements[place + 1 :]
    return [*statements[:place], _statement(random), *statements[place + 1 :]]

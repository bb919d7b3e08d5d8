"""Stacks at random, and the same with a part that may or may not be there."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from deploy_access.json_file import JsonFile
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import StackFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from deploy_access.terraform.estate import Estate

Json = dict[str, Any]
ACCOUNT = "111122223333"
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:*", "ecr:*", "*", "iam:PassRole")
RESOURCES = ("*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/web/*", "arn:aws:s3:::logs/*")
CONDITIONS = (
    {"test": "StringEquals", "variable": "aws:PrincipalTag/team", "values": ["web"]},
    {"test": "StringEquals", "variable": "aws:PrincipalTag/team", "values": ["api"]},
    {"test": "StringNotEquals", "variable": "aws:SourceVpc", "values": ["vpc-1"]},
    {"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]},
)
PRINCIPALS = tuple(
    {"type": "AWS", "identifiers": [who]}
    for who in (f"arn:aws:iam::{ACCOUNT}:root", "arn:aws:iam::999988887777:role/ci", "*")
)
DOCUMENTS = ("inline", "other", "managed", "boundary", "trust", "bucket")


def read(stack: Json) -> Estate:
    """Read one stack of a side."""
    file = JsonFile(name="web.tf.json", content=deepcopy(stack), repeated=())
    return read_snapshot([StackFile(file=file, stack="web")]).estate


def random_stack(random: Random) -> Json:
    """Write a role with policies, a boundary, and a bucket that has a policy."""
    documents = {name: {"statement": _statements(name, random)} for name in DOCUMENTS}
    role = {"name": "deploy", "assume_role_policy": _json_of("trust")}
    if random.random() < 0.4:
        role["permissions_boundary"] = "${aws_iam_policy.boundary.arn}"
    owner = {"role": "${aws_iam_role.r.name}"}
    return {
        "provider": {"aws": [{"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}]},
        "variable": {"x": {}, "deny": {"default": True}},
        "data": {"aws_iam_policy_document": documents},
        "resource": {
            "aws_iam_role": {"r": role},
            "aws_iam_role_policy": {
                name: {**owner, "name": name, "policy": _json_of(name)}
                for name in ("inline", "other")
            },
            "aws_iam_policy": {
                name: {"name": name, "policy": _json_of(name)} for name in ("managed", "boundary")
            },
            "aws_iam_role_policy_attachment": {
                "managed": {**owner, "policy_arn": "${aws_iam_policy.managed.arn}"}
            },
            "aws_s3_bucket_policy": {"bucket": {"bucket": "data", "policy": _json_of("bucket")}},
        },
    }


def _json_of(name: str) -> str:
    return f"${{data.aws_iam_policy_document.{name}.json}}"


def _statements(name: str, random: Random) -> list[Json]:
    return [_statement(name, random) for _ in range(random.randint(1, 2))]


def _statement(name: str, random: Random) -> Json:
    found: Json = {"effect": "Deny" if random.random() < 0.3 else "Allow"}
    found["actions"] = random.sample(ACTIONS, random.randint(1, 2))
    if name == "trust":
        found["actions"] = ["sts:AssumeRole"]
    else:
        found["resources"] = random.sample(RESOURCES, random.randint(1, 2))
    if name in {"trust", "bucket"}:
        found["principals"] = random.sample(PRINCIPALS, random.randint(1, 2))
    if random.random() < 0.4:
        found["condition"] = random.sample(CONDITIONS, random.randint(1, 2))
    return found


def changed(stack: Json, random: Random) -> Json:
    """Change one to three of the documents, or take the boundary away."""
    head = deepcopy(stack)
    for name in random.sample(DOCUMENTS, random.randint(1, 3)):
        document = head["data"]["aws_iam_policy_document"][name]
        document["statement"] = random.choice(
            [document["statement"][:-1], _statements(name, random)]
        ) or _statements(name, random)
    if random.random() < 0.2:
        head["resource"]["aws_iam_role"]["r"].pop("permissions_boundary", None)
    return head


def doubtful(stack: Json, random: Random) -> Json:
    """Make it unknown whether some part of a stack is there."""
    made = deepcopy(stack)
    while not random.choice(WAYS)(made, random):
        pass
    return made


def _block(stack: Json, random: Random) -> bool:
    kind = random.choice(sorted(stack["resource"]))
    block = stack["resource"][kind][random.choice(sorted(stack["resource"][kind]))]
    block[random.choice(["count", "for_each"])] = random.choice(["${var.x}", "${f(var.x)}"])
    return True


def _ignored(stack: Json, random: Random) -> bool:
    kind = random.choice(sorted(stack["resource"]))
    block = stack["resource"][kind][random.choice(sorted(stack["resource"][kind]))]
    argument = random.choice([name for name in block if name not in {"name", "role", "bucket"}])
    block["lifecycle"] = {"ignore_changes": random.choice([[argument], ["all"]])}
    return True


def _nested(stack: Json, random: Random, kind: str) -> bool:
    """Write one block of a document, or of a statement of it, as a `dynamic` block."""
    documents: dict[str, Json] = stack["data"]["aws_iam_policy_document"]
    holder = documents[random.choice(DOCUMENTS)]
    if kind != "statement":
        inside: list[Json] = holder.get("statement", [])
        holder = random.choice(inside) if inside else {}
    blocks: list[Json] = holder.get(kind, [])
    if not blocks:
        return False
    block = blocks.pop(random.randrange(len(blocks)))
    each = random.choice(["${var.x}", '${var.x == "a" ? [1] : []}'])
    holder["dynamic"] = {**holder.get("dynamic", {}), kind: {"for_each": each, "content": block}}
    return True


def _second(stack: Json, random: Random) -> bool:
    """Let another resource write the policy too."""
    kind = random.choice(["aws_s3_bucket_policy", "aws_iam_policy", "aws_iam_role_policy"])
    named = stack["resource"][kind]
    name = random.choice(sorted(named))
    other: Json = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*"}]}
    other["Statement"][0] |= {"Principal": "*"} if "bucket" in kind else {}
    other["Statement"][0] |= {"Resource": "*"}
    named[f"zz{name}"] = {**named[name], "policy": json.dumps(other)}
    return True


def _effect(stack: Json, random: Random) -> bool:
    documents: dict[str, Json] = stack["data"]["aws_iam_policy_document"]
    statements: list[Json] = documents[random.choice(DOCUMENTS)].get("statement", [])
    if not statements:
        return False
    statement = random.choice(statements)
    statement["effect"] = f'${{var.x == "a" ? "{statement["effect"]}" : "Allow"}}'
    return True


WAYS: list[Callable[[Json, Random], bool]] = [
    _block,
    _effect,
    _ignored,
    lambda stack, random: _nested(stack, random, "statement"),
    lambda stack, random: _nested(stack, random, "condition"),
    lambda stack, random: _nested(stack, random, "principals"),
    _second,
]

"""Changes that rest on what may not be there, and what the review says of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import ADMIN, READ, reviewed, role
from review_sides import ACCOUNT, stack

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
PROD = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:prod"
ALL = {"actions": ["*"], "resources": ["*"]}
SECRET = {"actions": ["secretsmanager:GetSecretValue"], "resources": [PROD]}
NO_SECRETS = {"effect": "Deny", "actions": ["secretsmanager:*"], "resources": ["*"]}
PUT = {"actions": ["ecr:PutImage"], "resources": ["*"]}
TEAM = {"test": "StringEquals", "variable": "aws:PrincipalTag/team", "values": ["web"]}
BOUNDARY = "${aws_iam_policy.B.arn}"
VARIABLES = {"x": {}, "on": {"default": True}, "off": {"default": False}}


def text(*statements: Json) -> str:
    """Write a policy as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: str | list[str], resource: str = "*", **more: Any) -> Json:
    """Write a statement that allows something."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions: str | list[str], resource: str = "*", **more: Any) -> Json:
    """Write a statement that denies something."""
    return {**allow(actions, resource, **more), "Effect": "Deny"}


def inline(*policies: object, **blocks: Any) -> Json:
    """Write a role with inline policies; each is a document, or a whole block."""
    named = {
        f"p{place}": {
            "name": f"p{place}",
            "role": "deploy",
            **(one if isinstance(one, dict) else {"policy": one}),
        }
        for place, one in enumerate(policies)
    }
    resources = {**role(), "aws_iam_role_policy": named}
    return stack(resources, variable=VARIABLES, **blocks)


def document(*statements: Json, **more: Any) -> Json:
    """Write a role whose policy is a data source."""
    body = {"statement": list(statements), **more}
    data = {"aws_iam_policy_document": {"D": body}}
    return inline("${data.aws_iam_policy_document.D.json}", data=data)


def dynamic(kind: str, each: object, **content: Any) -> Json:
    """Write blocks of one kind for each member of *each*."""
    return {kind: {"for_each": each, "content": content}}


def bounded(
    by: object = BOUNDARY, policy: str = text(allow("ec2:*")), of: str = READ, **more: Any
) -> Json:
    """Write a role with a policy, and with a boundary that leaves nothing of it."""
    given = role(permissions_boundary=by, **more) if by else role(**more)
    attached = {"role": "deploy", "policy": policy, "name": "p"}
    resources = {
        **given,
        "aws_iam_role_policy": {"p": attached},
        "aws_iam_policy": {"B": {"name": "b", "policy": of}},
    }
    return stack(resources, variable=VARIABLES)


def attached(**more: Any) -> Json:
    """Write a role with a policy that is attached."""
    return stack(
        role(aws_iam_role_policy_attachment={"role": "deploy", **more}), variable=VARIABLES
    )


def bucket(*policies: object, **more: Any) -> Json:
    """Write a bucket with policies, each of a resource of its own."""
    named = {f"p{place}": {"bucket": "data", "policy": p} for place, p in enumerate(policies)}
    return stack({"aws_s3_bucket_policy": named, **more})


def managed(*policies: str) -> Json:
    """Write policies of one name, of which the first is attached."""
    named = {f"P{place}": {"name": "pol", "policy": p} for place, p in enumerate(policies)}
    attachment = {"X": {"role": "deploy", "policy_arn": "${aws_iam_policy.P0.arn}"}}
    return stack({**role(), "aws_iam_policy": named, "aws_iam_role_policy_attachment": attachment})


OTHER = {"AWS": "arn:aws:iam::999988887777:root"}
OPEN_BUCKET = {"Effect": "Allow", "Principal": OTHER, "Action": "s3:*", "Resource": "*"}
ONLY_OURS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}},
}
NO_ADMIN = text(deny("*"))
UNTOLD = '${var.x ? "a" : "b"}'
CERTAIN = {
    "deny-never-made-count": (
        inline(READ),
        inline(ADMIN, {"policy": NO_ADMIN, "count": "${length([])}"}),
    ),
    "deny-never-made-for-each": (inline(READ), inline(ADMIN, {"policy": NO_ADMIN, "for_each": {}})),
    "deny-never-made-dynamic": (
        document(PUT),
        document(ALL, dynamic=dynamic("statement", [], effect="Deny", **ALL)),
    ),
    "deny-never-made-on-both-sides": (
        inline(READ, {"policy": text(deny("secretsmanager:*")), "for_each": {}}),
        inline(ADMIN, {"policy": text(deny("secretsmanager:*")), "for_each": {}}),
    ),
    "override-one-sid-twice": (
        document(PUT),
        document(PUT, override_policy_documents=[text(deny("*", Sid="X"), allow("*", Sid="X"))]),
    ),
    "override-one-sid-twice-quiet": (
        document(PUT),
        document(
            PUT,
            override_policy_documents=[
                text(
                    deny("secretsmanager:*", Sid="X"),
                    allow("secretsmanager:GetSecretValue", PROD, Sid="X"),
                )
            ],
        ),
    ),
    "source-document-lower-case": (
        document(PUT),
        document(
            PUT,
            source_policy_documents=[
                json.dumps({"statement": [{"effect": "Allow", "action": "*", "resource": "*"}]})
            ],
        ),
    ),
    "override-in-any-case": (
        document({**NO_SECRETS, "sid": "X"}, SECRET),
        document(
            {**NO_SECRETS, "sid": "X"},
            SECRET,
            override_policy_documents=[
                '{"STATEMENT":{"SID":"X","EFFECT":"Allow","ACTION":"s3:GetObject","RESOURCE":"*"}}'
            ],
        ),
    ),
    "equal-conditions-add-their-values": (
        document({**ALL, "condition": [TEAM]}),
        document({**ALL, "condition": [TEAM, {**TEAM, "values": ["api"]}]}),
    ),
    "for-each-attachment": (
        attached(policy_arn="arn:aws:iam::aws:policy/AdministratorAccess", for_each={}),
        attached(policy_arn="arn:aws:iam::aws:policy/AdministratorAccess", for_each={"x": "x"}),
    ),
    "allow-by-the-default-of-a-variable": (
        document(PUT),
        document(PUT, dynamic=dynamic("statement", "${var.on ? [1] : []}", **ALL)),
    ),
    "deny-absent-by-the-default": (
        document(PUT),
        document(ALL, dynamic=dynamic("statement", "${var.off ? [1] : []}", **NO_SECRETS)),
    ),
}


@pytest.mark.parametrize(("base", "head"), CERTAIN.values(), ids=CERTAIN)
def test_what_is_resolved_widens_for_certain(base: Json, head: Json, tmp_path: Path) -> None:
    """What Terraform makes of a block decides, not how it is written."""
    found = reviewed(tmp_path, base, head)

    assert any(one.certain for change in found.widened for one in change.permissions.gained)


ALLOW_PUT = '{Effect = "Allow", Action = "ecr:PutImage", Resource = "*"}'
DENY_ALL = '{Effect = "Deny", Action = "*", Resource = "*"}'
OF_TEAM = '{StringEquals = {"aws:PrincipalTag/team" = "web"}}'


def encoded(statements: str) -> str:
    """Write a policy as an expression."""
    return f'${{jsonencode({{Version = "2012-10-17", Statement = {statements}}})}}'


def conditional(condition: str) -> str:
    """Write a policy with one statement that has a condition."""
    return encoded(
        f'[{{Effect = "Allow", Action = "s3:*", Resource = "*", Condition = {condition}}}]'
    )


PERHAPS = {
    "deny-by-default-in-an-expression": (
        inline(),
        inline(encoded(f"concat([{ALLOW_PUT}], var.on ? [{DENY_ALL}] : [])")),
    ),
    "condition-by-default-in-an-expression": (
        inline(conditional(OF_TEAM)),
        inline(conditional(f"var.on ? {OF_TEAM} : {{}}")),
    ),
    "deny-goes-beside-a-list-that-is-not-known": (
        inline(encoded(f"concat([{ALLOW_PUT}, {DENY_ALL}], var.x)")),
        inline(encoded(f"concat([{ALLOW_PUT}], var.x)")),
    ),
    "managed-arn-format": (
        attached(policy_arn='arn:aws:iam::aws:policy/${format("%s", "ReadOnlyAccess")}'),
        attached(policy_arn='arn:aws:iam::aws:policy/${format("%s", "AdministratorAccess")}'),
    ),
    "managed-arn-untold": tuple(
        attached(policy_arn=f'arn:aws:iam::aws:policy/${{var.x ? "{name}" : "Other"}}')
        for name in ("ReadOnlyAccess", "AdministratorAccess")
    ),
    "second-writer-bucket-policy": (
        bucket(text(OPEN_BUCKET, ONLY_OURS)),
        bucket(text(OPEN_BUCKET, ONLY_OURS), text(OPEN_BUCKET)),
    ),
    "second-writer-by-the-bucket": (
        stack({"aws_s3_bucket": {"b": {"bucket": "data", "policy": text(OPEN_BUCKET, ONLY_OURS)}}}),
        bucket(
            text(OPEN_BUCKET),
            aws_s3_bucket={"b": {"bucket": "data", "policy": text(OPEN_BUCKET, ONLY_OURS)}},
        ),
    ),
    "second-writer-of-an-inline-policy": (
        inline({"name": "p", "policy": text(allow("*"), deny("secretsmanager:*"))}),
        inline(
            {"name": "p", "policy": text(allow("*"), deny("secretsmanager:*"))},
            {"name": "p", "policy": text(allow("*"))},
        ),
    ),
    "second-policy-of-one-name": (managed(READ), managed(ADMIN, READ)),
    "second-policy-of-one-name-before-it": (managed(READ), managed(READ, ADMIN)),
    "deny-of-unknown-count": (
        inline(READ),
        inline(ADMIN, {"policy": NO_ADMIN, "count": "${length(var.x)}"}),
    ),
    "deny-that-becomes-unknown": (
        document(ALL, NO_SECRETS),
        document(ALL, dynamic=dynamic("statement", "${var.x}", **NO_SECRETS)),
    ),
    "deny-by-the-default-of-a-variable": (
        document(ALL, NO_SECRETS),
        document(ALL, dynamic=dynamic("statement", "${var.on ? [1] : []}", **NO_SECRETS)),
    ),
    "deny-by-a-conditional-on-a-variable": (
        inline(text(allow("*"), deny("s3:*"))),
        inline(
            "${var.on ? local.a : local.b}",
            locals={"a": text(allow("*"), deny("s3:*")), "b": text(allow("*"))},
        ),
    ),
    "effect-by-a-variable": (
        inline(text(allow("*"), deny("s3:*"))),
        inline(
            text(allow("*"), {**deny("s3:*"), "Effect": "${local.e}"}),
            locals={"e": '${var.on ? "Deny" : "Allow"}'},
        ),
    ),
    "condition-of-a-deny-that-is-not-known": (
        inline(text(allow("*"), deny("s3:*"))),
        inline(text(allow("*"), deny("s3:*", Condition="${var.x}"))),
    ),
    "condition-that-is-not-known": (
        inline(text(allow("*", Condition="${var.x}"))),
        inline(text(allow("*"))),
    ),
    "operator-that-is-not-known": (
        inline(READ),
        inline(text(allow("*", Condition={"${var.x}": {"aws:SourceVpc": "vpc-1"}}))),
    ),
    "deny-of-all-but-what-is-not-known": (
        inline(text(allow("*"), deny("s3:*"))),
        inline(
            text(
                allow("*"),
                {"Effect": "Deny", "NotAction": ["${var.x}", "ec2:*"], "Resource": "*"},
            )
        ),
    ),
    "statement-that-is-not-known": (
        inline(text(allow("s3:*"))),
        inline(
            json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:*"), "${var.x}"]}),
        ),
    ),
    "deny-of-an-action-that-is-not-known": (
        inline(text(allow("s3:*"), deny(["ec2:*", "${var.x}"]))),
        inline(text(allow("s3:*"), deny("ec2:*"))),
    ),
    "deny-of-actions-that-become-unknown": (
        inline(text(allow("*"), deny("s3:*"))),
        inline(text(allow("*"), deny("s3:${var.x}"))),
    ),
    "deny-in-a-list-by-the-default-of-a-variable": (
        inline(text(allow("*"), deny("s3:*"))),
        inline(
            '${jsonencode({Version = "2012-10-17", Statement = concat('
            '[{Effect = "Allow", Action = "*", Resource = "*"}], '
            'var.on ? [{Effect = "Deny", Action = "s3:*", Resource = "*"}] : [])})}'
        ),
    ),
    "condition-by-a-variable-in-a-test": (
        document({**ALL, "condition": [TEAM]}),
        document({**ALL, "condition": [{**TEAM, "test": "${var.x}"}]}),
    ),
    "document-that-is-not-known": (
        inline(text(allow("*"), deny("s3:*"))),
        inline("${var.x}"),
    ),
    "effect-that-is-not-known": (
        inline(text(allow("s3:*"))),
        inline(text(allow("s3:*"), {**allow("ecr:*"), "Effect": "${var.x}"})),
    ),
    "condition-that-becomes-unknown": (
        document({**ALL, "condition": [TEAM]}),
        document({**ALL, "dynamic": dynamic("condition", "${var.x}", **TEAM)}),
    ),
    "condition-by-the-default-of-a-variable": (
        document({**ALL, "condition": [TEAM]}),
        document({**ALL, "dynamic": dynamic("condition", "${var.on ? [1] : []}", **TEAM)}),
    ),
    "boundary-by-a-variable": (bounded(), bounded("${var.on ? aws_iam_policy.B.arn : null}")),
    "boundary-that-leaves-what-is-not-known": (
        bounded(of=READ),
        bounded(of=text(allow("s3:GetObject"), allow("${var.x}"))),
    ),
    "boundary-that-aws-keeps": (
        bounded(None, READ),
        bounded(lifecycle={"ignore_changes": ["permissions_boundary"]}),
    ),
    "policy-that-aws-keeps": tuple(
        inline({"policy": one, "lifecycle": {"ignore_changes": ["policy"]}})
        for one in (READ, ADMIN)
    ),
    "all-that-aws-keeps": (
        inline(text(allow("*")), text(deny("s3:*"))),
        inline(
            text(allow("*")), {"policy": text(deny("s3:*")), "lifecycle": {"ignore_changes": "all"}}
        ),
    ),
    "override-that-is-not-known": (
        document(ALL, {**NO_SECRETS, "sid": "X"}),
        document(ALL, {**NO_SECRETS, "sid": "X"}, override_policy_documents=["${var.x}"]),
    ),
    "wildcard-in-the-service": (
        inline(text(allow("ec2:*"), deny("ec2:RunInstances"))),
        inline(text(allow("ec2:*"), deny("e*:*"))),
    ),
    "attachment-of-unknown-number": (
        attached(policy_arn="arn:aws:iam::aws:policy/AdministratorAccess", for_each={}),
        attached(policy_arn="arn:aws:iam::aws:policy/AdministratorAccess", for_each="${var.x}"),
    ),
    "attachment-over-a-list": (
        attached(policy_arn="arn:aws:iam::aws:policy/AdministratorAccess", for_each={}),
        attached(policy_arn="arn:aws:iam::aws:policy/AdministratorAccess", for_each=["x"]),
    ),
}


@pytest.mark.parametrize(("base", "head"), PERHAPS.values(), ids=PERHAPS)
def test_what_is_not_known_might_widen(base: Json, head: Json, tmp_path: Path) -> None:
    """What may not be there takes nothing away, and what may be there is said to be perhaps."""
    found = reviewed(tmp_path, base, head)

    gained = [one for change in found.widened for one in change.permissions.gained]
    assert gained
    assert not any(one.certain for one in gained)
    assert all(one.why for one in gained)


@pytest.mark.parametrize("side", [side for pair in (CERTAIN | PERHAPS).values() for side in pair])
def test_a_side_is_no_change_to_itself(side: Json, tmp_path: Path) -> None:
    """Whatever is not known is the same on both sides."""
    found = reviewed(tmp_path, side, side)

    assert found.access == ()


QUIET = {
    "narrower-deny-of-unknown-count": (
        inline(ADMIN),
        inline(ADMIN, {"policy": NO_ADMIN, "count": "${var.x}"}),
    ),
    "two-writers-before-and-after": (
        bucket(text(OPEN_BUCKET, ONLY_OURS), text(OPEN_BUCKET)),
        bucket(text(OPEN_BUCKET, ONLY_OURS), text(OPEN_BUCKET), aws_sns_topic={"t": {"name": "t"}}),
    ),
    "a-second-writer-of-the-same": (
        bucket(text(OPEN_BUCKET, ONLY_OURS)),
        bucket(text(OPEN_BUCKET, ONLY_OURS), text(OPEN_BUCKET, ONLY_OURS)),
    ),
    "a-condition-more-that-is-not-known": (
        document({**ALL, "dynamic": dynamic("condition", "${var.x}", **TEAM)}),
        document(
            {
                **ALL,
                "condition": [{**TEAM, "variable": "aws:SourceVpc"}],
                "dynamic": dynamic("condition", "${var.x}", **TEAM),
            }
        ),
    ),
    "a-variable-in-the-text-of-a-deny": (
        inline(text(allow("*"), deny("s3:*", "arn:aws:s3:::data"))),
        inline(
            text(allow("*"), deny("s3:*", "arn:aws:s3:::${var.name}")),
        ),
    ),
}
QUIET["a-variable-in-the-text-of-a-deny"][1]["variable"] = {"name": {"default": "data"}}


@pytest.mark.parametrize(("base", "head"), QUIET.values(), ids=QUIET)
def test_what_only_holds_back_is_not_wider(base: Json, head: Json, tmp_path: Path) -> None:
    """Uncertainty alone makes nothing wider."""
    assert reviewed(tmp_path, base, head).widened == ()

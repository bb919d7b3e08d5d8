"""The policies that AWS reports: counted once, and a denial never for certain."""

from __future__ import annotations

import json
from typing import Any

from plan_documents import ROLE, Json, change, plan, resource
from raw_estate import read_raw_estate

from deploy_access.terraform.plan import state_before

Policies = list[tuple[str, list[str]]]
WEB, POLICY = "aws_iam_role.Web", "aws_iam_role_policy.P"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def document(*effects: str) -> str:
    """Write a policy with a statement for each effect."""
    return json.dumps(
        {"Statement": [{"Effect": each, "Action": "s3:*", "Resource": "*"} for each in effects]}
    )


def reported(**inline: str) -> Json:
    """Write a role with the inline policies that AWS reports on it."""
    return {
        **ROLE,
        "inline_policy": [{"name": name, "policy": text} for name, text in inline.items()],
        "managed_policy_arns": [READ],
    }


def read(content: Json) -> Policies:
    """Read the policies of the role: the name of each, and the effects of its statements."""
    (role,) = read_raw_estate(json.dumps(content).encode(), "plan.json").roles
    return [(policy.name, effects(policy.document)) for policy in role.policies]


def effects(found: Any) -> list[str]:
    """List the effects of the statements of a document."""
    return [one["Effect"] for one in json.loads(found.content)["Statement"]] if found else []


def both(content: Json) -> tuple[Policies, Policies]:
    """Read the sides before and after a plan."""
    return read(state_before(content)), read(content)


def same(values: Json) -> Json:
    """Write that a role stays as it is."""
    return change(WEB, "no-op", before=values, after=values)


BY_HAND = reported(p=document("Allow", "Deny"))
OWN: Json = {"role": "web", "name": "p", "policy": document("Allow")}


def test_what_stays_denies_nothing() -> None:
    """What only AWS says is there allows on both sides what it allows, and denies nothing."""
    content = plan([resource(WEB, BY_HAND)], same(BY_HAND), configured={WEB: {}})
    expected: Policies = [("ReadOnlyAccess", []), ("p", ["Allow"])]

    assert both(content) == (expected, expected)


def test_a_state_has_all() -> None:
    """A state by itself says what is there, denials too."""
    content = {"values": {"root_module": {"resources": [resource(WEB, BY_HAND)]}}}

    assert read(content) == [("ReadOnlyAccess", []), ("p", ["Allow", "Deny"])]


def test_what_is_attached_by_hand_denies_nothing() -> None:
    """A policy of the plan that was attached by hand allows what it allows, and denies nothing."""
    own = {"name": "m", "arn": "arn:aws:iam::111122223333:policy/m"}
    before = {**own, "policy": document("Allow", "Deny")}
    values = {**reported(), "managed_policy_arns": [own["arn"]]}
    content = plan(
        [resource(WEB, values), resource("aws_iam_policy.M", before)],
        same(values),
        change("aws_iam_policy.M", "no-op", before=before, after=before),
        configured={WEB: {}, "aws_iam_policy.M": {}},
    )
    attached = resource(
        "aws_iam_role_policy_attachment.A", {"role": "web", "policy_arn": own["arn"]}
    )
    content["prior_state"]["values"]["root_module"]["resources"].append(attached)

    assert both(content) == ([("m", ["Allow", "Deny"])], [("m", ["Allow", "Deny"])])

    content["prior_state"]["values"]["root_module"]["resources"].pop()
    assert both(content) == ([("m", ["Allow"])], [("m", ["Allow"])])


def test_a_name_that_the_plan_writes() -> None:
    """A policy of that name replaces the one that was made by hand, with what that denied."""
    content = plan(
        [resource(WEB, BY_HAND)],
        same(BY_HAND),
        change(POLICY, "create", after=OWN),
        configured={WEB: {}, POLICY: {}},
    )

    assert both(content) == (
        [("ReadOnlyAccess", []), ("p", ["Allow", "Deny"])],
        [("ReadOnlyAccess", []), ("p", ["Allow"])],
    )


def test_a_name_that_the_plan_destroys() -> None:
    """What the plan's own resources give and lose is not there afterwards."""
    attachment = {"role": "web", "policy_arn": READ}
    content = plan(
        [
            resource(WEB, BY_HAND),
            resource(POLICY, OWN),
            resource("aws_iam_role_policy_attachment.A", attachment),
        ],
        same(BY_HAND),
        change(POLICY, "delete", before=OWN),
        change("aws_iam_role_policy_attachment.A", "delete", before=attachment),
        configured={WEB: {}},
    )

    assert both(content) == ([("ReadOnlyAccess", []), ("p", ["Allow"])], [])


def test_what_the_configuration_writes_is_read_as_it_stands() -> None:
    """An argument that is written is no report: its denial counts."""
    written: Json = {
        "inline_policy": [{"name": {"constant_value": "p"}}],
        "managed_policy_arns": {},
    }
    content = plan([resource(WEB, BY_HAND)], same(BY_HAND), configured={WEB: written})
    expected: Policies = [("ReadOnlyAccess", []), ("p", ["Allow", "Deny"])]

    assert both(content) == (expected, expected)


def test_a_block_without_a_name() -> None:
    """Version 4 of the provider reports an empty block of a role that has no inline policy."""
    values = {**reported(), "inline_policy": [{"name": "", "policy": ""}]}
    content = plan([resource(WEB, values)], same(values), configured={WEB: {}})

    assert read(content) == [("ReadOnlyAccess", [])]


def test_the_policy_of_a_bucket() -> None:
    """A bucket repeats its policy, which is read where it is written."""
    bucket, policy = "aws_s3_bucket.B", "aws_s3_bucket_policy.B"
    values = {"bucket": "b", "id": "b", "policy": document("Allow", "Deny")}
    own = {"bucket": "b", "policy": document("Allow", "Deny")}
    content = plan(
        [resource(bucket, values), resource(policy, own)],
        change(bucket, "no-op", before=values, after=values),
        change(policy, "update", before=own, after={**own, "policy": document("Allow")}),
        configured={bucket: {}, policy: {}},
    )
    sides = [
        read_raw_estate(json.dumps(each).encode(), "plan.json").resource_policies
        for each in (state_before(content), content)
    ]

    assert [[(one.type, effects(one.document)) for one in side] for side in sides] == [
        [("aws_s3_bucket_policy", ["Allow", "Deny"])],
        [("aws_s3_bucket_policy", ["Allow"])],
    ]

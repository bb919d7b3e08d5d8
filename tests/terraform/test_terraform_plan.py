"""A plan says what is known, and its configuration what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from raw_estate import read_raw_estate
from reading_files import ACCOUNT, content_of

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Estate

Json = dict[str, object]
TRUST = '{"Statement":[{"Condition":"${aws:username}"}]}'
ROLE: Json = {"name": "web", "assume_role_policy": TRUST, "path": "/"}
ARN = f"arn:aws:iam::{ACCOUNT}:role/web"


def resource(address: str, values: Json, **more: object) -> Json:
    """Write one planned resource."""
    kind, name = address.rpartition("module.net.")[2].removeprefix("data.").split(".", 1)
    return {
        "address": address,
        "type": kind,
        "name": name.partition("[")[0],
        "values": values,
    } | more


def refers(*references: str, constant: object = None) -> Json:
    """Write an expression: in JSON with what is written, else with what it refers to only."""
    known = {} if constant is None else {"constant_value": constant}
    return {**known, "references": list(references)}


def plan(
    resources: list[Json],
    *,
    unknown: Json | None = None,
    configured: Json | None = None,
    **more: object,
) -> Estate:
    """Read a plan with these resources, what is not known of them, and their expressions."""
    account = {"constant_value": [ACCOUNT]}
    region = {"references": ["var.region"]}
    document: Json = {
        "format_version": "1.2",
        "variables": {"region": {"value": "eu-central-1"}},
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [
            {"address": address, "change": {"after_unknown": open_}}
            for address, open_ in (unknown or {}).items()
        ],
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "expressions": {"region": region, "allowed_account_ids": account},
                }
            },
            "root_module": {
                "resources": [
                    {
                        "address": address,
                        "provider_config_key": "aws",
                        "expressions": expressions,
                        "for_each_expression": refers("aws_iam_role.Web"),
                    }
                    for address, expressions in (configured or {}).items()
                ]
            },
        },
        **more,
    }
    return read_raw_estate(json.dumps(document).encode(), "plan.json")


def test_known_values_are_literal() -> None:
    """What a plan knows is no expression, so a variable of IAM stays what it is."""
    estate = plan([resource("aws_iam_role.Web", ROLE)], configured={"aws_iam_role.Web": {}})

    role = estate.roles[0]
    assert (role.account, role.arn, role.region) == (ACCOUNT, ARN, "eu-central-1")
    assert role.trust
    assert (role.trust.content, role.trust.unresolved, estate.problems) == (TRUST, (), ())


@pytest.mark.parametrize(
    "role",
    [
        refers("aws_iam_role.Web.id", "aws_iam_role.Web"),
        refers("aws_iam_role.Web.id", "aws_iam_role.Web", constant="${aws_iam_role.Web.id}"),
        refers("aws_iam_role.Web"),
    ],
)
def test_references_join(role: Json) -> None:
    """A policy whose role is known after apply finds it by what the configuration refers to."""
    address = "aws_iam_role_policy.P"
    estate = plan(
        [
            resource("aws_iam_role.Web", ROLE),
            resource(address, {"name": "p", "policy": "{}", "role": None}),
        ],
        unknown={address: {"id": True, "role": True}, "aws_iam_role.Web": {"arn": True}},
        configured={"aws_iam_role.Web": {}, address: {"role": role}},
    )

    assert [(r.name, [p.name for p in r.policies]) for r in estate.roles] == [("web", ["p"])]
    assert estate.problems == ()


def test_a_part_of_an_argument_is_not_taken_for_all_of_it() -> None:
    """Where an ARN is put together from an account, the account by itself is no boundary."""
    account = refers("data.aws_caller_identity.Me.account_id", "data.aws_caller_identity.Me")
    estate = plan(
        [
            resource("aws_iam_role.Web", ROLE),
            resource("data.aws_caller_identity.Me", {}, mode="data"),
        ],
        unknown={"aws_iam_role.Web": {"permissions_boundary": True}},
        configured={"aws_iam_role.Web": {"permissions_boundary": account}},
    )

    boundary = estate.roles[0].boundary
    assert boundary
    assert boundary.arn
    assert boundary.arn.endswith("known after apply}")


@pytest.mark.parametrize(
    ("expression", "content", "unresolved"),
    [
        pytest.param(
            refers("aws_s3_bucket.B.arn", constant='{"Resource":"${aws_iam_role.Web.arn}/*"}'),
            {"Resource": f"{ARN}/*"},
            (),
            id="JSON",
        ),
        pytest.param(
            refers("aws_iam_role.Web.arn", "aws_iam_role.Web"),
            None,
            ("aws_iam_role.Web.arn, aws_iam_role.Web, known after apply",),
            id="native syntax",
        ),
        pytest.param(
            refers("data.aws_iam_policy_document.D.json", "data.aws_iam_policy_document.D"),
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "s3:Get*", "Resource": ["*", f"{ARN}/*"]}
                ],
            },
            (),
            id="data source",
        ),
    ],
)
def test_a_document_that_is_not_known(
    expression: Json, content: object, unresolved: tuple[str, ...]
) -> None:
    """It is what the configuration says in full, and one symbol where that is not in the plan."""
    address, data = "aws_iam_role_policy.P", "data.aws_iam_policy_document.D"
    statement: Json = {"actions": ["s3:Get*"], "resources": ["*", None], "sid": None}
    resources = {
        "actions": {"constant_value": ["s3:Get*"]},
        "resources": refers("aws_iam_role.Web.arn", constant=["*", "${aws_iam_role.Web.arn}/*"]),
    }
    estate = plan(
        [
            resource("aws_iam_role.Web", ROLE),
            resource(address, {"name": "p", "role": "web"}),
            resource(data, {"statement": [statement]}, mode="data"),
        ],
        unknown={
            address: {"policy": True},
            data: {"json": True, "statement": [{"actions": [False], "resources": [False, True]}]},
        },
        configured={
            "aws_iam_role.Web": {},
            address: {"policy": expression},
            data: {"statement": [resources]},
        },
    )

    document = estate.roles[0].policies[0].document
    assert document
    assert document.unresolved == unresolved
    assert (content_of(document) if document.content else None) == content


def test_conditions_of_which_the_number_is_not_known() -> None:
    """Where `dynamic` blocks may make more conditions, one that is not known stands for them."""
    address, data = "aws_iam_role_policy.P", "data.aws_iam_policy_document.D"
    statement: Json = {"effect": "Deny", "actions": ["s3:*"], "resources": ["*"]}
    known = {name: {"constant_value": value} for name, value in statement.items()}
    test = {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}
    constants = {name: {"constant_value": value} for name, value in test.items()}
    estate = plan(
        [
            resource("aws_iam_role.Web", ROLE),
            resource(address, {"name": "p", "role": "web"}),
            resource(data, {"statement": [statement]}, mode="data"),
        ],
        unknown={
            address: {"policy": True},
            data: {"json": True, "statement": [{"actions": [False], "condition": True}]},
        },
        configured={
            "aws_iam_role.Web": {},
            address: {"policy": refers(f"{data}.json", data)},
            data: {"statement": [{**known, "condition": [constants]}]},
        },
    )
    document = estate.roles[0].policies[0].document

    assert document
    assert content_of(document) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"${known after apply}": "${known after apply}"},
                },
            }
        ],
    }


def test_a_variable_has_the_value_of_the_plan() -> None:
    """What a plan sets a variable to is no default: a Deny that rests on it is there."""
    denied = r"""{\"Statement\":{\"Effect\":\"Deny\",\"Resource\":\"${aws_s3_bucket.B.arn}\"}}"""
    address = "aws_iam_role_policy.P"
    text = f'${{var.strict ? "{denied}" : "{{}}"}}'
    estate = plan(
        [
            resource("aws_iam_role.Web", ROLE),
            resource(address, {"name": "p", "role": "web"}),
            resource("aws_s3_bucket.B", {"bucket": "b"}),
        ],
        unknown={address: {"policy": True}, "aws_s3_bucket.B": {"arn": True}},
        configured={
            "aws_iam_role.Web": {},
            address: {"policy": refers("var.strict", constant=text)},
            "aws_s3_bucket.B": {},
        },
        variables={"strict": {"value": True}, "region": {"value": "eu-central-1"}},
    )
    document = estate.roles[0].policies[0].document

    assert document
    assert (content_of(document), document.parts) == (
        {"Statement": {"Effect": "Deny", "Resource": "arn:aws:s3:::b"}},
        (),
    )


def test_blocks_are_found_by_what_is_known() -> None:
    """A plan has blocks of a set in any order, so a name keeps its own policy."""
    blocks = [{"name": "a"}, {"name": "b"}]
    written = [
        {"name": {"constant_value": name}, "policy": refers("x.y.z", constant=f'{{"Id":"{name}"}}')}
        for name in "ba"
    ]
    estate = plan(
        [resource("aws_iam_role.Web", {**ROLE, "inline_policy": blocks})],
        unknown={"aws_iam_role.Web": {"inline_policy": [{"policy": True}, {"policy": True}]}},
        configured={"aws_iam_role.Web": {"inline_policy": written}},
    )

    assert [(p.name, content_of(p.document)) for p in estate.roles[0].policies] == [
        ("a", {"Id": "a"}),
        ("b", {"Id": "b"}),
    ]


REPORTED: Json = {
    "inline_policy": [{"name": "p", "policy": "{}"}],
    "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
}
PREFIX = "aws_iam_role_policy"


def test_what_aws_reports_is_read() -> None:
    """AWS reports all policies of a role, also those that the configuration does not write."""
    estate = plan(
        [resource("aws_iam_role.Web", {**ROLE, **REPORTED})], configured={"aws_iam_role.Web": {}}
    )

    assert [p.name for p in estate.roles[0].policies] == ["ReadOnlyAccess", "p"]


def test_what_aws_reports_is_not_read_twice() -> None:
    """What another resource of the plan writes is read there alone."""
    estate = plan(
        [
            resource("aws_iam_role.Web", {**ROLE, **REPORTED}),
            resource(f"{PREFIX}.P", {"role": "web", "name": "p", "policy": "{}"}),
            resource(
                f"{PREFIX}_attachment.A",
                {"role": "web", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            ),
        ],
        configured={"aws_iam_role.Web": {}, f"{PREFIX}.P": {}, f"{PREFIX}_attachment.A": {}},
    )

    assert [(p.name, p.where.address) for p in estate.roles[0].policies] == [
        ("ReadOnlyAccess", f"{PREFIX}_attachment.A"),
        ("p", f"{PREFIX}.P"),
    ]


def test_instances_are_read_one_by_one() -> None:
    """A plan knows how many there are, and each finds its own."""
    roles = [
        resource(f'aws_iam_role.Web["{key}"]', {**ROLE, "name": key}, index=key) for key in "ab"
    ]
    addresses = [f'aws_iam_role_policy.P["{key}"]' for key in "ab"]
    policies = [
        resource(address, {"policy": "{}", "name": key}, index=key)
        for address, key in zip(addresses, "ab", strict=True)
    ]
    estate = plan(
        [*roles, *policies],
        unknown={address: {"role": True} for address in addresses},
        configured={
            "aws_iam_role.Web": {},
            "aws_iam_role_policy.P": {"role": refers("each.value.id", constant="${each.value.id}")},
        },
    )

    assert [(r.name, [p.name for p in r.policies]) for r in estate.roles] == [
        ("a", ["a"]),
        ("b", ["b"]),
    ]
    assert estate.problems == ()


def test_modules_are_read() -> None:
    """What a module makes is in the plan, with its whole address."""
    child = {"address": "module.net", "resources": [resource("module.net.aws_iam_role.Web", ROLE)]}
    root = {"resources": list[Json](), "child_modules": [child]}
    estate = plan([], planned_values={"root_module": root})

    assert [(r.name, str(r.where)) for r in estate.roles] == [
        ("web", "plan.json: module.net.aws_iam_role.Web")
    ]


def test_a_state_is_read_too() -> None:
    """A state has the values where a plan has them, and knows them all."""
    role = resource("aws_iam_role.Web", {**ROLE, "arn": ARN})
    document = {"values": {"root_module": {"resources": [role]}}}
    estate = read_raw_estate(json.dumps(document).encode(), "state.json")

    assert [(r.account, r.arn) for r in estate.roles] == [(ACCOUNT, ARN)]

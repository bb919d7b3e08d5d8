"""The account of what a plan makes, by the ARNs that it has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from plan_documents import ACCOUNT, ROLE, Json, change, plan, resource
from raw_estate import read_raw_estate

from deploy_access.terraform.plan import state_before

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Estate

WEB, POLICY, IMAGE = "aws_iam_role.Web", "aws_iam_role_policy.P", "aws_ecr_repository.Image"
OTHER = "444455556666"


def read(content: Json) -> Estate:
    """Read a plan."""
    return read_raw_estate(json.dumps(content).encode(), "plan.json")


def test_the_account_of_the_provider() -> None:
    """The ARN of one role tells the account of all that its provider makes."""
    made = {"name": "new", "assume_role_policy": "{}"}
    own = {"role": "web", "name": "p", "policy": "{}"}
    found = read(
        plan(
            [resource(WEB, ROLE)],
            change("aws_iam_role.New", "create", after=made, unknown={"arn": True}),
            change(IMAGE, "create", after={"name": "web"}, unknown={"registry_id": True}),
            change(POLICY, "create", after=own),
            configured={WEB: {}, "aws_iam_role.New": {}, IMAGE: {}, POLICY: {}},
        )
    )

    assert [(role.name, role.account) for role in found.roles] == [
        ("new", ACCOUNT),
        ("web", ACCOUNT),
    ]
    assert [one.account for one in found.repositories] == [ACCOUNT]
    assert [policy.name for policy in found.roles[1].policies] == ["p"]
    assert found.problems == ()


def test_the_account_of_a_role_that_is_made_anew() -> None:
    """A role whose ARN is only known after apply stays in its account."""
    new = {key: value for key, value in ROLE.items() if key != "arn"}
    entry = change(WEB, "delete", "create", before=ROLE, after=new, unknown={"arn": True})
    content = plan([resource(WEB, ROLE)], entry, configured={WEB: {}})

    assert [side.roles[0].account for side in (read(state_before(content)), read(content))] == [
        ACCOUNT,
        ACCOUNT,
    ]


def test_several_accounts() -> None:
    """Each provider has its own account, and what is gone from the configuration has none."""
    theirs = {**ROLE, "arn": ROLE["arn"].replace(ACCOUNT, OTHER)}
    gone = {"role": "web", "name": "p", "policy": "{}"}
    content = plan(
        [resource(WEB, ROLE), resource("aws_iam_role.Theirs", theirs), resource(POLICY, gone)],
        change(POLICY, "no-op", before=gone, after=gone),
        configured={WEB: {}, "aws_iam_role.Theirs": {}},
    )
    content["configuration"]["provider_config"]["aws.other"] = {"name": "aws", "alias": "other"}
    content["configuration"]["root_module"]["resources"][1]["provider_config_key"] = "aws.other"
    found = read(content)

    assert sorted((role.account, len(role.policies)) for role in found.roles if role.account) == [
        (ACCOUNT, 0),
        (OTHER, 0),
    ]
    assert [problem.kind for problem in found.problems] == ["account"]


def test_what_is_gone_from_the_configuration() -> None:
    """The only provider is that of a policy without a block: it finds its role."""
    own = {"role": "web", "name": "p", "policy": "{}"}
    content = plan(
        [resource(WEB, ROLE), resource(POLICY, own)],
        change(POLICY, "delete", before=own),
        configured={WEB: {}},
    )
    found = read(state_before(content))

    assert [policy.name for policy in found.roles[0].policies] == ["p"]
    assert found.problems == ()

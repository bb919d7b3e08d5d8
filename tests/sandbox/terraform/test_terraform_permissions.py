"""
What Terraform calls while resources come, change and go, and what its role may do beyond that.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from judged_estate import (
    PLAN,
    READS,
    TERRAFORM,
    JudgedEstate,
    allowed_actions,
    document,
    judged_stack,
)
from lab_stack import IMPORTED, SECOND, THIRD
from sandbox_estates import NONPROD

if TYPE_CHECKING:
    from sandbox.gate.judge import Judgement

pytestmark = pytest.mark.terraform

_PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service"
_LOOKED_UP = (
    "A provider that is there already is found by its address.",
    f"{_PROVIDER}/iam/openid_connect_provider_data_source.go",
)
# What the role of Terraform may do and no run here needs: the reason, and the page that says so.
BEYOND = {
    "iam:AddClientIDToOpenIDConnectProvider": (
        "An audience that is added; moto has no such call.",
        f"{_PROVIDER}/iam/openid_connect_provider.go",
    ),
    "iam:RemoveClientIDFromOpenIDConnectProvider": (
        "An audience that is taken away, once moto has the call that adds another.",
        f"{_PROVIDER}/iam/openid_connect_provider.go",
    ),
    "iam:ListOpenIDConnectProviders": _LOOKED_UP,
}
# The same of the role that plans.
BEYOND_PLAN = {
    "ecr:DescribePullThroughCacheRules": (
        "Pull-through caches, which moto does not have.",
        f"{_PROVIDER}/ecr/pull_through_cache_rule.go",
    ),
    "ecr:DescribeRepositoryCreationTemplates": (
        "Templates of repositories, which moto does not have.",
        f"{_PROVIDER}/ecr/repository_creation_template.go",
    ),
    "iam:ListOpenIDConnectProviders": _LOOKED_UP,
    "s3:ListBucket": (
        "A state that is not there yet: S3 says so to those alone who may list the bucket.",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
    ),
}


@pytest.fixture(scope="module")
def recorded(judged_estate: JudgedEstate) -> list[Judgement]:
    """
    Make, plan, change, take away, import and destroy resources of all kinds.
    """
    stack = judged_estate.sandbox.estate.stacks["lab-dev"]
    with judged_estate.judged() as judged:
        judged_estate.deployer.apply(stack)
        with judged_estate.planner.without_role(stack) as run:
            run.run("plan", "-lock=false", "-detailed-exitcode")
        for resources in (SECOND, THIRD):
            judged_estate.write("lab-dev", judged_stack("lab-dev", resources))
            judged_estate.deployer.apply(stack)
        blocks = [{"to": address, "id": name} for address, name in IMPORTED.items()]
        judged_estate.write("lab-dev", judged_stack("lab-dev", THIRD, **{"import": blocks}))
        judged_estate.deployer.forget(stack, list(IMPORTED))
        judged_estate.deployer.apply(stack)
        judged_estate.deployer.destroy(stack)
    return judged


def used(recorded: list[Judgement], role: str) -> set[str]:
    """Name the actions that sessions of a role needed and were allowed."""
    return {one.need.action for one in recorded if one.session.role_arn == role and one.is_allowed}


def test_nothing_is_refused(recorded: list[Judgement]) -> None:
    """All that Terraform calls is in the policy that the bootstrap wrote."""
    of_terraform = [one for one in recorded if one.session.role_arn == TERRAFORM]

    assert of_terraform
    assert [one.need for one in of_terraform if not one.is_allowed] == []


def test_what_the_policy_has_beyond(judged_estate: JudgedEstate, recorded: list[Judgement]) -> None:
    """What no run needed is in a table, with the reason and the page that says so."""
    iam = judged_estate.sandbox.session(NONPROD).client("iam")
    documents = [
        iam.get_role_policy(RoleName="terraform", PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName="terraform")["PolicyNames"]
    ]

    allowed = allowed_actions(map(json.dumps, documents))

    assert allowed - used(recorded, TERRAFORM) == set(BEYOND)


def test_what_the_plan_has_beyond(recorded: list[Judgement]) -> None:
    """The role that plans reads no more than a plan does, but for what the table says."""
    assert allowed_actions([document(*READS)]) - used(recorded, PLAN) == set(BEYOND_PLAN)

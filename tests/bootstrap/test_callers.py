"""Who may assume the role of Terraform: whole trust policies, and what IAM decides by them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cdktf_out import PROD, TOOLS
from judges import trust as cfn_lint
from raw_estate import read_raw_estate

from deploy_access.bootstrap.callers import Callers
from deploy_access.bootstrap.plan import BootstrapOptions, plan_bootstrap
from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.terraform.stacks import Stack

if TYPE_CHECKING:
    from deploy_access.bootstrap.plan import Bootstrap
    from deploy_access.terraform.estate import Estate

Json = dict[str, Any]
IAM = f"arn:aws:iam::{PROD}"
TERRAFORM = f"{IAM}:role/ci/terraform"
APPLY = f"{IAM}:role/infra-apply"
ADMIN = f"{IAM}:role/admin"
ROOT = f"{IAM}:root"
STACK = Stack(
    name="account-prod", account=PROD, region="eu-central-1", role_arn=TERRAFORM, backend=None
)


def statement(action: Any = "sts:AssumeRole", resource: Any = TERRAFORM) -> Json:
    """Write an allowing statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def estate(**roles: list[Json]) -> Estate:
    """Write a stack with roles that trust GitHub, each with the statements of its policy."""
    federated = {"Federated": f"{IAM}:oidc-provider/token.actions.githubusercontent.com"}
    trust = {"Effect": "Allow", "Principal": federated, "Action": "sts:AssumeRoleWithWebIdentity"}
    made: Json = {
        name: {
            "name": name.replace("_", "-"),
            "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            "inline_policy": [
                {
                    "name": "p",
                    "policy": json.dumps({"Version": "2012-10-17", "Statement": statements}),
                }
            ],
        }
        for name, statements in roles.items()
    }
    document = {
        "provider": {"aws": [{"region": "eu-central-1", "allowed_account_ids": [PROD]}]},
        "resource": {"aws_iam_role": made},
    }
    return read_raw_estate(json.dumps(document).encode(), "account-prod.tf.json")


INFRA = estate(infra_apply=[statement()], infra_plan=[statement("iam:GetRole", f"{IAM}:role/*")])


def plan(found: Estate, *trusted: str) -> Bootstrap:
    """Plan the account's bootstrap, for roles of its stacks and for named principals."""
    return plan_bootstrap("prod", {STACK.name: STACK}, BootstrapOptions(trusted=trusted), found)


def document(*statements: Json) -> Json:
    """Write a policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


APPLIES = {
    "Sid": "Apply",
    "Effect": "Allow",
    "Principal": {"AWS": ROOT},
    "Action": "sts:AssumeRole",
    "Condition": {"ArnEquals": {"aws:PrincipalArn": APPLY}},
}
PEOPLE = {
    "Sid": "AssumeRole",
    "Effect": "Allow",
    "Principal": {"AWS": ADMIN},
    "Action": "sts:AssumeRole",
}


def test_the_role_that_applies() -> None:
    """Its ARN stands in a condition, as IAM takes no principal that is not there yet."""
    (role,) = plan(INFRA).roles

    assert role.trust.to_dict() == document(APPLIES)
    assert [one.arn for one in role.applied_by] == [APPLY]


def test_people_beside_it() -> None:
    """Who is named is trusted beside the role that applies, and the account as such is not."""
    (role,) = plan(INFRA, ADMIN).roles

    assert role.trust.to_dict() == document(PEOPLE, APPLIES)


def test_without_a_role_that_applies() -> None:
    """Without such a role and without names, the account decides, as before."""
    (role,) = plan(estate(web_deploy=[statement("ecr:PutImage", "*")])).roles

    assert role.trust.to_dict() == document({**PEOPLE, "Principal": {"AWS": ROOT}})


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([statement(resource="*")], id="any role"),
        pytest.param([statement(resource=f"{IAM}:role/ci/*")], id="pattern"),
        pytest.param([statement(resource=f"{TERRAFORM}2")], id="another role"),
        pytest.param([statement("sts:TagSession")], id="another action"),
        pytest.param([{**statement(), "Effect": "Deny"}], id="denied"),
    ],
)
def test_who_does_not_apply(statements: list[Json]) -> None:
    """A role whose policy does not name that of Terraform is not trusted for it."""
    found = Callers([], ROOT, estate(web=statements)).trust(TERRAFORM)

    assert found.to_dict() == document({**PEOPLE, "Principal": {"AWS": ROOT}})


def test_a_role_that_may_do_more() -> None:
    """A role that deploys and may become Terraform's is named, and not trusted."""
    web = [
        statement(),
        statement("ecr:PutImage", f"arn:aws:ecr:eu-central-1:{PROD}:repository/web"),
    ]
    found = plan(estate(infra_apply=[statement()], web_deploy=web))

    assert found.roles[0].trust.to_dict() == document(APPLIES)
    assert any(note.startswith(f"{IAM}:role/web-deploy has a policy") for note in found.notes)
    named = plan(estate(web_deploy=web), f"{IAM}:role/web-deploy")
    assert not any("has a policy" in note for note in named.notes)


def verdict(caller: str, *trusted: str) -> Verdict:
    """Decide whether a role with a policy for it may assume the role of Terraform."""
    (role,) = plan(INFRA, *trusted).roles
    return evaluate_access(
        AccessRequest(
            action="sts:AssumeRole",
            resource=TERRAFORM,
            role_arn=caller,
            context=Context(values={"aws:PrincipalArn": caller}),
        ),
        identity=[read_policy(document(statement())).policy],
        resource_policy=read_policy(role.trust.to_dict()).policy,
    ).verdict


@pytest.mark.parametrize(
    ("caller", "trusted", "expected"),
    [
        pytest.param(APPLY, (), Verdict.ALLOWED, id="apply"),
        pytest.param(APPLY, (ADMIN,), Verdict.ALLOWED, id="apply beside people"),
        pytest.param(ADMIN, (ADMIN,), Verdict.ALLOWED, id="who is named"),
        pytest.param(ADMIN, (), Verdict.DENIED_IMPLICITLY, id="who is not named"),
        pytest.param(f"{IAM}:role/infra-plan", (), Verdict.DENIED_IMPLICITLY, id="plan"),
        pytest.param(f"{APPLY}2", (ADMIN,), Verdict.DENIED_IMPLICITLY, id="a longer name"),
        pytest.param(
            f"{IAM}:role/ci/infra-apply", (), Verdict.DENIED_IMPLICITLY, id="another path"
        ),
        pytest.param(
            APPLY.replace(PROD, TOOLS), (), Verdict.DENIED_IMPLICITLY, id="another account"
        ),
    ],
)
def test_who_is_let_in(caller: str, trusted: tuple[str, ...], expected: Verdict) -> None:
    """Of all roles with a policy for it, the one that applies is let in, and who is named."""
    assert verdict(caller, *trusted) is expected


def test_grammar() -> None:
    """AWS's grammar has nothing against a trust policy for a role that is not there yet."""
    made = {
        "Alone": plan(INFRA).roles[0].trust.to_dict(),
        "People": plan(INFRA, ADMIN).roles[0].trust.to_dict(),
    }

    assert cfn_lint.findings(made) == {}

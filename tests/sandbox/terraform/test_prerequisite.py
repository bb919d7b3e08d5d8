"""
The resources that stacks expect and do not make.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_estates import ISSUER, NONPROD, PROD, role, stack, trust_policy, write_out

from sandbox.terraform.default_target import AccountRegion
from sandbox.terraform.prerequisite import Prerequisites, read_prerequisites
from sandbox.terraform.sandbox_estate import read_sandbox_estate

if TYPE_CHECKING:
    from pathlib import Path

HERE = AccountRegion(NONPROD, "eu-central-1")
S3 = {"bucket": "state", "key": "k", "region": "eu-west-1"}


def read(folder: Path, *documents: dict[str, Any]) -> Prerequisites:
    """
    Return the prerequisites of an estate of these stacks.
    """
    stacks = {f"stack-{number}": document for number, document in enumerate(documents)}
    return read_prerequisites(read_sandbox_estate(write_out(folder, stacks)))


def policy(*statements: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    """
    Return the resource block of one policy.
    """
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {"aws_iam_policy": {"Policy": {"name": "policy", "policy": document, **arguments}}}


@pytest.mark.parametrize(
    ("backend", "place"),
    [
        pytest.param(S3, AccountRegion(NONPROD, "eu-west-1"), id="account of the stack"),
        pytest.param(
            {**S3, "role_arn": f"arn:aws:iam::{PROD}:role/state"},
            AccountRegion(PROD, "eu-west-1"),
            id="account of the backend's role",
        ),
        pytest.param(
            {**S3, "assume_role": {"role_arn": f"arn:aws:iam::{PROD}:role/state"}},
            AccountRegion(PROD, "eu-west-1"),
            id="account of the backend's role in a block",
        ),
    ],
)
def test_state_bucket(tmp_path: Path, backend: dict[str, Any], place: AccountRegion) -> None:
    """
    The bucket belongs to the account that the backend works in, and lies in its region.
    """
    assert read(tmp_path, stack("web", backend={"s3": backend})).buckets == {"state": place}


def test_lock_table(tmp_path: Path) -> None:
    """
    A backend that locks with a table finds the table beside its bucket.
    """
    found = read(tmp_path, stack("web", backend={"s3": {**S3, "dynamodb_table": "locks"}}))

    assert found.lock_tables == {(AccountRegion(NONPROD, "eu-west-1"), "locks")}


def test_roles_that_terraform_assumes(tmp_path: Path) -> None:
    """
    The roles of providers and backends exist already, with their paths.
    """
    provider = {"assume_role": [{"role_arn": f"arn:aws:iam::{PROD}:role/ci/terraform"}]}
    backend = {"s3": {**S3, "role_arn": f"arn:aws:iam::{NONPROD}:role/state"}}

    found = read(tmp_path, stack("web", provider=provider, backend=backend))

    assert found.roles == {(PROD, "/ci/terraform"), (NONPROD, "/state")}


def test_roles_that_are_passed(tmp_path: Path) -> None:
    """
    Roles that a policy lets pass exist already; a pattern names none.
    """
    passed = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": [f"arn:aws:iam::{NONPROD}:role/web-task", f"arn:aws:iam::{NONPROD}:role/*"],
    }

    found = read(tmp_path, stack("web", resource=policy(passed)))

    assert found.roles == {(NONPROD, "/web-task")}


def test_services_in_policies(tmp_path: Path) -> None:
    """
    A service that a policy names exists already, in the region that its ARN says.
    """
    update = {
        "Effect": "Allow",
        "Action": "ecs:UpdateService",
        "Resource": f"arn:aws:ecs:us-east-1:{PROD}:service/prod/web",
    }

    found = read(tmp_path, stack("web", resource=policy(update)))

    assert found.services == {(AccountRegion(PROD, "us-east-1"), "prod", "web")}


def test_services_in_metadata(tmp_path: Path) -> None:
    """
    The cluster and services that a construct notes exist already.
    """
    metadata = {"construct": "EcsDeployPolicy", "cluster": "dev", "services": ["web", "worker"]}
    resource = policy(**{"//": {"deploy_access": metadata}})

    found = read(tmp_path, stack("web", resource=resource))

    assert found.clusters == {(HERE, "dev")}
    assert found.services == {(HERE, "dev", "web"), (HERE, "dev", "worker")}


def test_provider_that_is_looked_up(tmp_path: Path) -> None:
    """
    A provider that a data source looks up exists, and accepts what the account's roles ask for.
    """
    lookup = {"aws_iam_openid_connect_provider": {"Github": {"url": f"https://{ISSUER}"}}}
    trust = trust_policy(NONPROD, "x").replace("sts.amazonaws.com", "audience.example")

    found = read(
        tmp_path, stack("a", data=lookup), stack("b", resource=role("b", assume_role_policy=trust))
    )

    assert found.providers == {
        (NONPROD, f"https://{ISSUER}"): {"sts.amazonaws.com", "audience.example"}
    }


def test_provider_that_a_role_trusts(tmp_path: Path) -> None:
    """
    A provider that a role trusts by its ARN exists, though nothing looks it up.
    """
    found = read(tmp_path, stack("web", resource=role("web")))

    assert found.providers == {(NONPROD, f"https://{ISSUER}"): {"sts.amazonaws.com"}}


def test_role_that_lives_elsewhere(tmp_path: Path) -> None:
    """
    A role that gets a policy and is made by no stack exists already.
    """
    grant = {"aws_iam_role_policy": {"Push": {"role": "existing", "name": "n", "policy": "{}"}}}

    assert read(tmp_path, stack("web", resource=grant)).roles == {(NONPROD, "/existing")}


def test_policies_that_are_attached(tmp_path: Path) -> None:
    """
    A customer's policy that is attached by ARN exists already; AWS's own do anyway.
    """
    boundary = f"arn:aws:iam::{NONPROD}:policy/security/boundary"
    attachment = {"role": "${aws_iam_role.Role.name}", "policy_arn": "arn:aws:iam::aws:policy/X"}
    resource = {
        **role("web", permissions_boundary=boundary),
        "aws_iam_role_policy_attachment": {"X": attachment},
    }

    assert read(tmp_path, stack("web", resource=resource)).policies == {(NONPROD, boundary)}


def test_what_the_estate_makes_itself(tmp_path: Path) -> None:
    """
    What another stack of the estate makes is not made beforehand.
    """
    oidc = {"Github": {"url": f"https://{ISSUER}", "client_id_list": ["sts.amazonaws.com"]}}
    maker = stack(
        "maker",
        resource={
            **role("web", path="/ci/"),
            **policy(name="base", path="/"),
            "aws_iam_openid_connect_provider": oidc,
        },
    )
    arn = f"arn:aws:iam::{NONPROD}:policy/base"
    user = stack(
        "user",
        resource={"aws_iam_role_policy_attachment": {"X": {"role": "web", "policy_arn": arn}}},
        data={"aws_iam_openid_connect_provider": {"Github": {"url": f"https://{ISSUER}"}}},
    )

    assert read(tmp_path, maker, user) == Prerequisites()

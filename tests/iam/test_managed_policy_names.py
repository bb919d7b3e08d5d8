"""AWS's names of managed policies, as they are shipped, and names that are not among them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from deploy_access.iam.managed_policy_names import check_managed_policy, list_date, listed_names

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy_access" / "iam" / "aws_managed_policies.json"
SCRIPT = ROOT / "scripts" / "aws_managed_policies.py"


def test_the_list_is_that_of_the_pinned_package() -> None:
    """The file is what the script makes of the data that moto has."""
    assert SHIPPED.read_text("utf-8") == runpy.run_path(str(SCRIPT))["compile_list"]()


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param("ReadOnlyAccess", id="name"),
        pytest.param("job-function/ViewOnlyAccess", id="name with its path"),
        pytest.param("arn:aws:iam::aws:policy/MadeYesterday", id="ARN of a newer one"),
        pytest.param("arn:aws:iam::111122223333:policy/team/web", id="ARN of your own"),
        pytest.param("${aws_iam_policy.web.arn}", id="reference"),
    ],
)
def test_taken(policy: str) -> None:
    """Names of the list and all ARNs are taken."""
    assert list(check_managed_policy(policy)) == []


@pytest.mark.parametrize(
    ("policy", "meant"),
    [
        pytest.param("ReadOnlyAcces", "ReadOnlyAccess", id="misspelt"),
        pytest.param("readonlyaccess", "ReadOnlyAccess", id="other letter case"),
        pytest.param("Billing", "job-function/Billing", id="short, without its path"),
        pytest.param(
            "AWSLambdaBasicExecutionRole",
            "service-role/AWSLambdaBasicExecutionRole",
            id="without its path",
        ),
        pytest.param("job-function/ReadOnlyAccess", "ReadOnlyAccess", id="with a wrong path"),
        pytest.param("policy/ReadOnlyAccess", "ReadOnlyAccess", id="with the ARN's end"),
    ],
)
def test_the_name_that_is_meant(policy: str, meant: str) -> None:
    """A name that AWS does not have is refused with the one that is meant."""
    (problem,) = check_managed_policy(policy)

    assert problem.fix.startswith(f"Did you mean {meant!r}? ")
    assert problem.given == policy


def test_nothing_near() -> None:
    """A name like no other is refused with the way out, and with the day of the list."""
    (problem,) = check_managed_policy("northwind")

    assert problem.fix == "A policy that is newer or your own is passed by its ARN."
    assert list_date() in problem.what


def test_for_roles_of_aws_only() -> None:
    """What IAM attaches to service-linked roles alone is no name for a role of the user's."""
    assert len(listed_names()) > 1000
    assert not any(name.startswith("aws-service-role/") for name in listed_names())
    assert len(list(check_managed_policy("aws-service-role/AmazonECSServiceRolePolicy"))) == 1

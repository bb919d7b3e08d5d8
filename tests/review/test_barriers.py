"""The end of what held access back, watched or kept copies is a notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import reviewed, reviewed_stacks
from review_sides import policy, stack

from deploy_access.review.barriers import BARRIERS
from deploy_access.terraform.module_facts import READERS

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.review.model import Review

Json = dict[str, Any]

DENY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
)
BUCKET = {"aws_s3_bucket": {"B": {"bucket": "b"}}}
BLOCK: Json = {"aws_s3_bucket_public_access_block": {"X": {"bucket": "${aws_s3_bucket.B.id}"}}}
VAULT = {"aws_backup_vault": {"V": {"name": "v"}}}
DENIED = (
    "It denied something, and is not compared: what another policy allows of it is allowed now."
)
MAY = "It may have denied something, and is not compared: what is in it is not known here."


def one(kind: str, **body: Any) -> Json:
    """Write one resource."""
    return {kind: {"X": body}}


def told(found: Review) -> list[tuple[str, str, str]]:
    """List what is said of the resources that go."""
    return [(one.kind, one.address, one.what) for one in found.notices]


ENDED: dict[str, tuple[Json, Json, tuple[str, str]]] = {
    "service-control-policy": (
        one("aws_organizations_policy", name="p", content=DENY),
        {},
        (
            "access",
            "It bounded what the accounts that have it may do, whatever their policies allow.",
        ),
    ),
    "its-attachment": (
        one("aws_organizations_policy_attachment", policy_id="p", target_id="o"),
        {},
        (
            "access",
            "It bounded what the accounts that have it may do, whatever their policies allow.",
        ),
    ),
    "boundary-of-a-permission-set": (
        one("aws_ssoadmin_permissions_boundary_attachment", permission_set_arn="a"),
        {},
        (
            "access",
            "It bounded what those with the permission set may do, whatever their policies allow.",
        ),
    ),
    "public-access-block": (
        {**BUCKET, **BLOCK},
        BUCKET,
        ("access", "Access lists and policies may make the bucket public from now on."),
    ),
    "public-access-block-beside-a-queue-of-that-name": (
        {
            **one("aws_s3_bucket_public_access_block", bucket="b"),
            "aws_sqs_queue": {"Q": {"name": "b"}},
        },
        {},
        ("access", "Access lists and policies may make the bucket public from now on."),
    ),
    "endpoint-policy": (
        one("aws_vpc_endpoint_policy", vpc_endpoint_id="e", policy=policy("s3:GetObject")),
        {},
        ("access", "The endpoint lets every request through from now on."),
    ),
    "trail": (
        one("aws_cloudtrail", name="t"),
        {},
        ("guard", "What is done in the account is no longer recorded or reported."),
    ),
    "trail-by-count": (
        one("aws_cloudtrail", name="t", count=1),
        one("aws_cloudtrail", name="t", count=0),
        ("guard", "What is done in the account is no longer recorded or reported."),
    ),
    "backups": (
        one("aws_backup_plan", name="p"),
        {},
        ("guard", "The backups of the plan are no longer made."),
    ),
    "policy-with-a-deny": (
        {**VAULT, **one("aws_backup_vault_policy", backup_vault_name="v", policy=DENY)},
        VAULT,
        ("access", DENIED),
    ),
    "policy-that-is-not-known": (
        {**VAULT, **one("aws_backup_vault_policy", backup_vault_name="v", policy='${file("p")}')},
        VAULT,
        ("access", MAY),
    ),
    "policy-with-a-name": (
        one("aws_iot_policy", name="p", policy=DENY),
        {},
        ("access", DENIED),
    ),
    "inline-policy-of-a-permission-set": (
        one("aws_ssoadmin_permission_set_inline_policy", inline_policy=DENY),
        {},
        ("access", DENIED),
    ),
}


@pytest.mark.parametrize(("base", "head", "said"), ENDED.values(), ids=ENDED)
def test_a_barrier_that_ends(base: Json, head: Json, said: tuple[str, str], tmp_path: Path) -> None:
    """A barrier that goes is said once, with what is so without it."""
    ((kind, address, what),) = told(reviewed(tmp_path, stack(base), stack(head)))

    assert (kind, what) == said
    assert ".X" in address


SILENT: dict[str, tuple[Json, Json]] = {
    "with-its-bucket": ({**BUCKET, **BLOCK}, {}),
    "with-its-bucket-by-name": (
        {**BUCKET, **one("aws_s3_bucket_public_access_block", bucket="b")},
        {},
    ),
    "with-its-vault": (
        {**VAULT, **one("aws_backup_vault_policy", backup_vault_name="v", policy=DENY)},
        {},
    ),
    "policy-that-only-gives": (
        one("aws_backup_vault_policy", backup_vault_name="v", policy=policy("*")),
        {},
    ),
    "policy-that-stays-in-aws": (
        one("aws_organizations_policy", content=DENY, skip_destroy=True),
        {},
    ),
    "what-only-gives": (one("aws_lambda_permission", function_name="f"), {}),
}


@pytest.mark.parametrize(("base", "head"), SILENT.values(), ids=SILENT)
def test_what_is_no_barrier(base: Json, head: Json, tmp_path: Path) -> None:
    """What only gave access, or goes with what it is a barrier of, is no notice."""
    assert told(reviewed(tmp_path, stack(base), stack(head))) == []


def test_a_barrier_that_is_forgotten(tmp_path: Path) -> None:
    """A barrier that Terraform only forgets stays in AWS."""
    removed = {"from": "aws_cloudtrail.X", "lifecycle": {"destroy": False}}

    found = reviewed(tmp_path, stack(one("aws_cloudtrail", name="t")), stack(removed=removed))

    assert told(found) == []


def test_the_barriers_of_a_stack_that_goes(tmp_path: Path) -> None:
    """A stack that goes takes the barriers of its account along."""
    base = {"a": stack(), "b": stack(one("aws_guardduty_detector"))}

    (notice,) = reviewed_stacks(tmp_path, base, {"a": stack()}).notices

    assert (notice.stacks, notice.what) == (
        ("b",),
        "What looks like an attack is no longer recorded or reported.",
    )


def test_a_stack_that_is_renamed(tmp_path: Path) -> None:
    """A barrier goes also from a stack that has another name now, and the same state."""
    state = {"terraform": {"backend": {"s3": {"bucket": "b", "key": "k"}}}}
    base = {"old": {**stack(one("aws_cloudtrail", name="t")), **state}}

    found = reviewed_stacks(tmp_path, base, {"new": {**stack(), **state}})

    assert [one.address for one in found.notices] == ["aws_cloudtrail.X"]


def test_no_barrier_is_compared() -> None:
    """A type whose access is compared needs no notice about its end."""
    assert READERS.keys() & BARRIERS.keys() == set()

"""How a resource is named in AWS, in reports and by Terraform's `import`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_sides import ACCOUNT, Json, compared, one, stack

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize(
    ("resource", "identifier"),
    [
        pytest.param(one("aws_iam_role", name="deploy"), "deploy", id="name"),
        pytest.param(
            one("aws_iam_role_policy_attachment", role="deploy", policy_arn=POLICY),
            f"deploy/{POLICY}",
            id="two-arguments",
        ),
        pytest.param(
            one("aws_iam_policy", name="push", path="/ci/", policy="{}"),
            f"arn:aws:iam::{ACCOUNT}:policy/ci/push",
            id="arn-that-aws-makes-of-arguments",
        ),
        pytest.param(one("aws_sqs_queue", name="q"), "URL", id="url-that-only-aws-knows"),
        pytest.param(one("aws_security_group", name="g"), "ID", id="id-that-only-aws-knows"),
        pytest.param(one("aws_unheard_of", name="x"), "ID", id="a-type-without-a-row"),
    ],
)
def test_the_id_of_an_import(resource: Json, identifier: str, tmp_path: Path) -> None:
    """What moves to another stack is imported there by the id that Terraform's pages name."""
    base = {"images": stack(resource), "web": stack()}
    head = {"images": stack(), "web": stack(resource)}

    (lost,) = (change for change in compared(tmp_path, base, head) if change.action == "destroy")

    assert f'"id": "{identifier}"' in lost.note


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(one("aws_kms_key", description="k"), id="aws-alone-names-it"),
        pytest.param(one("aws_sqs_queue", visibility_timeout_seconds=30), id="terraform-names-it"),
        pytest.param(one("aws_s3_object", bucket="b"), id="half-of-a-name"),
    ],
)
def test_what_has_no_name_is_not_recognised(resource: Json, tmp_path: Path) -> None:
    """Two resources whose names are not known are never taken for one that moved."""
    base = {"images": stack(resource), "web": stack()}
    head = {"images": stack(), "web": stack(resource)}

    (lost,) = (change for change in compared(tmp_path, base, head) if change.action == "destroy")

    assert lost.why == "Its block is gone."


def test_the_name_in_a_report(tmp_path: Path) -> None:
    """A resource without a construct is shown by its name in AWS, all parts of it."""
    (made,) = compared(
        tmp_path, {"web": stack()}, {"web": stack(one("aws_s3_object", bucket="data", key="k"))}
    )

    assert made.name == "data/k"

"""What holds a destruction back, by the values that Terraform destroys a resource with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_sides import Json, changed, one, stack

if TYPE_CHECKING:
    from pathlib import Path

FORCED = "`force_delete` is set, so it goes with its images."
HELD = "AWS refuses while it holds images."
UNKNOWN = "Whether `force_delete` holds it back, only a plan can tell."


def by_variable(kind: str, argument: str, **variable: object) -> Json:
    """Write one resource with an argument from a variable."""
    return stack(one(kind, name="web", **{argument: "${var.x}"}), variable={"x": variable})


@pytest.mark.parametrize(
    ("base", "note"),
    [
        pytest.param(by_variable("aws_ecr_repository", "force_delete", default=True), FORCED),
        pytest.param(by_variable("aws_ecr_repository", "force_delete", default="false"), HELD),
        pytest.param(by_variable("aws_ecr_repository", "force_delete"), UNKNOWN),
        pytest.param(
            stack(one("aws_neptunegraph_graph", provisioned_memory=16)),
            "AWS refuses while `deletion_protection` is set.",
        ),
        pytest.param(
            stack(one("aws_neptunegraph_graph", deletion_protection=False)),
            "`deletion_protection` is not set, so nothing holds it back.",
        ),
        pytest.param(
            stack(one("aws_cognito_user_pool", name="p", deletion_protection="ACTIVE")),
            "AWS refuses while `deletion_protection` is `ACTIVE`.",
        ),
        pytest.param(stack(one("aws_iam_role", name="deploy")), ""),
    ],
    ids=["variable", "false", "unknown", "default", "off", "word", "no-lock"],
)
def test_what_holds_it_back(base: Json, note: str, tmp_path: Path) -> None:
    """A lock counts by its resolved value, or by the provider's default when it is left out."""
    (lost,) = changed(tmp_path, base, stack())

    assert (lost.action, lost.note) == ("destroy", note)

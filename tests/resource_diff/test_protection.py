"""What holds a destruction back, by the values that Terraform destroys a resource with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_sides import Json, changed, one, stack

from deploy_access.resource_diff.protection import weakened_values

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


RECOVERY = "point_in_time_recovery"
NO_RECOVERY = "earlier states of the table cannot be restored."
NO_COPY = "`skip_final_snapshot` is set: no copy is kept of what is destroyed."
MAY = "changed and may keep less: what it comes to is not known here."


PLANNED: dict[str, tuple[str, Json, Json | None, Json, list[str]]] = {
    "flag": (
        "aws_db_instance",
        {"deletion_protection": True, "skip_final_snapshot": False},
        {"deletion_protection": True, "skip_final_snapshot": True},
        {},
        [NO_COPY],
    ),
    "block": (
        "aws_dynamodb_table",
        {RECOVERY: [{"enabled": True}]},
        {RECOVERY: [{"enabled": False}]},
        {RECOVERY: [{}]},
        [f"`{RECOVERY}` is off: {NO_RECOVERY}"],
    ),
    "unknown-block": (
        "aws_dynamodb_table",
        {RECOVERY: [{"enabled": True}]},
        {},
        {RECOVERY: True},
        [f"`{RECOVERY}` {MAY}", f"`{RECOVERY}` {MAY}"],
    ),
    "unknown": (
        "aws_ecr_repository",
        {"force_delete": False},
        {},
        {"force_delete": True},
        [f"`force_delete` {MAY}"],
    ),
    "setting-gone": (
        "aws_efs_backup_policy",
        {"backup_policy": [{"status": "ENABLED"}]},
        None,
        {},
        ["`backup_policy` is not `ENABLED`: no backups are made."],
    ),
    "same": ("aws_ecr_repository", {"force_delete": False}, {"force_delete": False}, {}, []),
    "no-guard": ("aws_iam_role", {"name": "a"}, {"name": "b"}, {}, []),
}


@pytest.mark.parametrize(
    ("kind", "before", "after", "unknown", "expected"), PLANNED.values(), ids=PLANNED
)
def test_guards_of_planned_values(
    kind: str, before: Json, after: Json | None, unknown: Json, expected: list[str]
) -> None:
    """A guard that keeps less by the values of a plan is said; an unknown value may keep less."""
    assert list(weakened_values(kind, before, after, unknown)) == expected

"""Two versions of one stack, and what is said about the access that they give."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from review_sides import ACCOUNT, stack, write_side

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.access_diff.model import AccessChange, PermissionGrant

Json = dict[str, Any]

REPOSITORY = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/x"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def document(*statements: Json) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str, resource: str = "*", **more: Any) -> Json:
    """Write a statement that allows something."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: Any) -> Json:
    """Write a statement that denies something."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def changes(tmp_path: Path, base: Json, head: Json) -> tuple[AccessChange, ...]:
    """Compare two versions of a stack by their resources."""
    before, after = (
        write_side(tmp_path / name, {"web": stack(resource)})
        for name, resource in (("base", base), ("head", head))
    )
    return review(before, after).access


def said(tmp_path: Path, base: Json, head: Json) -> list[str]:
    """Say for each party what it gained and lost, in a line each."""
    return [
        " ".join([sign, change.presence, change.party.kind, change.party.name, _said(grant)])
        for change in changes(tmp_path, base, head)
        for sign, grants in (("+", change.permissions.gained), ("-", change.permissions.lost))
        for grant in grants
    ]


def _said(grant: PermissionGrant) -> str:
    words = ["" if grant.certain else "perhaps", grant.principal, grant.action, grant.resource]
    return " ".join(filter(None, [*words, *grant.conditions, grant.why and f"({grant.why})"]))

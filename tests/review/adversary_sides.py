"""Pull requests of somebody who wants to fool a review."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from review_sides import ACCOUNT, policy, stack, write_side

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.review.model import NoticeKind, Review

Json = dict[str, Any]

READ = policy("s3:GetObject")
ADMIN = policy("*")
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def role(**more: Any) -> Json:
    """Write a role, and the resources that are in *more*."""
    named = {key: more.pop(key) for key in list(more) if key.startswith(("aws_", "terraform_"))}
    body = {"name": "deploy", "assume_role_policy": json.dumps(TRUST), **more}
    return {"aws_iam_role": {"R": body}, **{key: {"X": body} for key, body in named.items()}}


def inline(document: object) -> Json:
    """Write a role with a policy."""
    return role(aws_iam_role_policy={"name": "p", "role": "deploy", "policy": document})


def reviewed(tmp_path: Path, base: Json, head: Json) -> Review:
    """Review one stack."""
    return reviewed_stacks(tmp_path, {"web": base}, {"web": head})


def reviewed_stacks(tmp_path: Path, base: Mapping[str, Json], head: Mapping[str, Json]) -> Review:
    """Review several stacks."""
    return review(write_side(tmp_path / "base", base), write_side(tmp_path / "head", head))


def with_data(resources: Json, kind: str, name: str, body: Json) -> Json:
    """Write a stack with a data source."""
    return stack(resources, data={kind: {name: body}})


def noticed(found: Review, kind: NoticeKind) -> list[str]:
    """List where the notices of a kind are about."""
    return [one.address for one in found.notices if one.kind == kind]

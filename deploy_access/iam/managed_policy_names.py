"""
The names of AWS's own managed policies, as `managed_policies` takes them in place of ARNs.

`aws_managed_policies.json`, which `scripts/aws_managed_policies.py` writes, has them with their
paths and its date. AWS makes new ones every week, so an ARN is never held against the list.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypedDict, cast

from deploy_access.errors import Problem, nearest
from deploy_access.iam.limits import check_policy_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

_POLICY_NAME = re.compile(r"([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,128}")


class _List(TypedDict):
    date: str
    source: str
    names: list[str]


@lru_cache(maxsize=1)
def _list() -> _List:
    text = files("deploy_access.iam").joinpath("aws_managed_policies.json").read_text("utf-8")
    return cast("_List", json.loads(text))


def list_date() -> str:
    """Return the day of the list, as `2026-09-30`."""
    return _list()["date"]


@lru_cache(maxsize=1)
def listed_names() -> frozenset[str]:
    """Return the names with their paths, as `job-function/ViewOnlyAccess`."""
    return frozenset(_list()["names"])


def check_managed_policy(policy: str) -> Iterator[Problem]:
    """Check a managed policy: an ARN, or the name of one of AWS's own, with its path."""
    if not _POLICY_NAME.fullmatch(policy) or policy.startswith("arn:"):
        yield from check_policy_arn("managed_policies", policy)
    elif policy not in listed_names():
        yield Problem(
            what="AWS has no policy of this name that a role of yours may have, as of "
            f"{list_date()}.",
            given=policy,
            why="IAM would not find it, so the apply would fail.",
            fix=f"{_suggestion(policy)}A policy that is newer or your own is passed by its ARN.",
        )


def _suggestion(policy: str) -> str:
    """Ask whether the nearest name is meant; what people leave out or get wrong is the path."""
    by_name = {each.rpartition("/")[2]: each for each in listed_names()}
    near = nearest(policy.rpartition("/")[2], by_name)
    return "" if near is None else f"Did you mean {by_name[near]!r}? "

"""
What kept data and no longer does: a lock that is lifted, a time that is shorter.

Sources: the pages of the resources in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects, texts
from deploy_access.resource_diff.data_holders import HOLDERS
from deploy_access.resource_diff.instances import block_address, resources_of
from deploy_access.resource_diff.notes import is_guarded, prevents_destroy
from deploy_access.review.model import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.terraform.snapshot import ScopedStack

_LIFTED = "`prevent_destroy` is gone, so Terraform may destroy it."
_IGNORED = (
    "`ignore_changes` is another: Terraform leaves alone what it names, whatever stands here."
)
_PROVIDER = "Its provider is another, so Terraform may make it as somebody else or somewhere else."
_SHORTER = "`{name}` is {after} now and was {before}: what is older is deleted."
_SKIPPED = "`skip_final_snapshot` is set: no copy is kept of what is destroyed."
_EXPIRES = "It deletes data by their age or number, and has other rules now."
_KEPT: Mapping[str, str] = {
    "aws_cloudwatch_log_group": "retention_in_days",
    "aws_db_instance": "backup_retention_period",
    "aws_docdb_cluster": "backup_retention_period",
    "aws_kinesis_stream": "retention_period",
    "aws_neptune_cluster": "backup_retention_period",
    "aws_rds_cluster": "backup_retention_period",
    "aws_redshift_cluster": "automated_snapshot_retention_period",
    "aws_sqs_queue": "message_retention_seconds",
}
_FOREVER = float("inf")
_EXPIRING = {
    "aws_dynamodb_table": "ttl",
    "aws_ecr_lifecycle_policy": "policy",
    "aws_s3_bucket": "lifecycle_rule",
    "aws_s3_bucket_lifecycle_configuration": "rule",
}
_WHOLE = {"aws_s3_bucket_lifecycle_configuration"}


def lifted(before: ScopedStack, after: ScopedStack) -> Iterator[Notice]:
    """List what holds data less than before, in a stack that stays."""
    if before.source.is_same(after.source) or after.is_plan or before.is_plan:
        return
    old, new = resources_of(before.scope), resources_of(after.scope)
    for address in old.keys() & new.keys():
        was, now = old[address], new[address]
        for what in _lifted(was, now):
            yield Notice(kind="guard", address=block_address(address), what=what)
        if _provider(was) != _provider(now):
            yield Notice(kind="steering", address=block_address(address), what=_PROVIDER)
        if _ignored(was) != _ignored(now):
            yield Notice(kind="steering", address=block_address(address), what=_IGNORED)


def expiring(changes: Iterable[ResourceChange], kept: Iterable[str]) -> Iterator[Notice]:
    """List what deletes data by other rules than before, in the stacks that stay."""
    stacks = frozenset(kept)
    for change in changes:
        argument = _EXPIRING.get(change.type)
        is_new = change.action == "create" and change.type in _WHOLE and change.stack in stacks
        differs = change.action in {"update", "replace"} and any(
            re.split(r"[.\[]", one.name)[0] == argument for one in change.attributes
        )
        if argument and (is_new or differs):
            yield Notice(
                kind="guard", address=change.address, what=_EXPIRES, stacks=(change.stack,)
            )


def _lifted(before: Resource, after: Resource) -> Iterator[str]:
    if prevents_destroy(before.body) and not prevents_destroy(after.body):
        yield _LIFTED
    guard = HOLDERS.get(after.type)
    if guard and is_guarded(guard, before.body) and not is_guarded(guard, after.body):
        yield guard.open
    if _skips(after) and not _skips(before):
        yield _SKIPPED
    name = _KEPT.get(after.type)
    if name and _time(after, name) < _time(before, name):
        shown = {"before": before.text(name) or "not set", "after": after.text(name) or "not set"}
        yield _SHORTER.format(name=name, **shown)


def _provider(resource: Resource) -> str:
    return (as_text(resource.body.get("provider")) or "").removeprefix("${").removesuffix("}")


def _ignored(resource: Resource) -> frozenset[str]:
    blocks = objects(resource.body.get("lifecycle"))
    return frozenset(one for block in blocks for one in texts(block.get("ignore_changes")))


def _skips(resource: Resource) -> bool:
    return as_text(resource.body.get("skip_final_snapshot")) == "true"


def _time(resource: Resource, name: str) -> float:
    """Read for how long something is kept; logs for ever when nothing is said."""
    text = resource.text(name) or ""
    found = float(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
    is_forever = resource.type == "aws_cloudwatch_log_group" and found in {None, 0.0}
    return _FOREVER if is_forever else found or 0.0

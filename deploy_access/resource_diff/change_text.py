"""The changes of resources with their sentences: why Terraform acts, and what else to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.attribute_diff import UNKNOWN
from deploy_access.resource_diff.model import ResourceChange
from deploy_access.resource_diff.protection import prevents_destroy, protection
from deploy_access.resource_diff.resource_kinds import kind_of
from deploy_access.resource_diff.resource_names import display_name
from deploy_access.terraform.definitions import made_of

if TYPE_CHECKING:
    from deploy_access.resource_diff.attribute_diff import AttributeDifference
    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import AttributeChange, ResourceAction
    from deploy_access.resource_diff.replacement import Change

_UNCOUNTED = "How many there are, only a plan can tell."
_COUNTED_ANEW = "`count` or `for_each` changed: whether instances go, only a plan can tell."
_UNKNOWN_TYPE = "Whether it is replaced, only a plan can tell."
_PERHAPS = "AWS may have chosen this value before; only a plan can tell."
_UNRESOLVED = "What it is made of changed; whether it does, only a plan can tell."
# Longer values would hide the sentence that they stand in; the attributes show them anyway.
_SHOWN = 60
# These services have no region, so another region of the provider changes nothing for them:
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
_GLOBAL = ("aws_iam_", "aws_route53_", "aws_cloudfront_", "aws_organizations_")


def created(stack: str, resource: Resource) -> ResourceChange:
    """Return the change of a resource that Terraform creates."""
    return _change(stack, resource, "create", note=_uncounted(resource))


def imported(stack: str, resource: Resource) -> ResourceChange:
    """Return the change of a resource that an `import` block takes over."""
    note = "What Terraform then changes about it, only a plan can tell."
    return _change(stack, resource, "import", note=note)


def forgotten(stack: str, resource: Resource) -> ResourceChange:
    """Return the change of a resource that a `removed` block leaves in AWS."""
    why = "Its `removed` block says so."
    return _change(stack, resource, "forget", why=why)


def lost(stack: str, resource: Resource, taken: str | None) -> ResourceChange:
    """Return the change of a resource that Terraform destroys, since its block is gone."""
    why = "Its block is gone."
    if taken is not None:
        why = f"The `moved` block does not keep it: there is no room for it at `{taken}`."
    note = f"{protection(resource, None)} {_uncounted(resource)}".strip()
    return _change(stack, resource, "destroy", why=why, note=note)


def gone_with_stack(stack: str, resource: Resource) -> ResourceChange:
    """Return the change of a resource that is destroyed with its stack, by the base's arguments."""
    note = protection(resource, resource.body)
    if prevents_destroy(resource.body):
        note = "Terraform refuses to destroy the stack: `prevent_destroy` is set here."
    return _change(stack, resource, "destroy", why="Its stack is gone.", note=note)


def kept(stack: str, change: Change) -> list[ResourceChange]:
    """List the change of a resource whose block stays; nothing when Terraform does nothing."""
    before, after = change.before, change.after
    attributes = tuple(difference.shown() for difference in change.differences)
    moved = f"Its address was `{before.address}`." if before.address != after.address else ""
    if not (before.is_counted and after.is_counted) and _has_other_count(change):
        note = protection(before, after.body)
        return [_change(stack, after, "destroy", why=_COUNTED_ANEW, note=note, known=False)]
    if change.is_replaced:
        found = _change(
            stack,
            after,
            "replace",
            why=_why_replaced(change),
            note=" ".join(_replacement_notes(change, moved)),
            attributes=attributes,
            known=change.is_certain and after.is_counted,
            name=after.path or display_name(before),
        )
    elif change.differences:
        known = change.is_known_type and after.is_counted
        note = "" if change.is_known_type else _UNKNOWN_TYPE
        note = " ".join(part for part in (moved, note, _uncounted(after)) if part)
        found = _change(stack, after, "update", note=note, attributes=attributes, known=known)
    elif moved:
        found = _change(stack, after, "move", why=moved)
    else:
        return []
    return [found]


def _has_other_count(change: Change) -> bool:
    """Whether `count` or `for_each` may have another value than before."""
    before, after = (
        made_of(side.scope, [side.body.get(name) for name in ("count", "for_each")])
        for side in (change.before, change.after)
    )
    return before != after


def elsewhere(stack: str, change: Change) -> list[ResourceChange]:
    """
    List the change of a resource whose provider has another account or region than before.

    Terraform looks for the resource in the new place, does not find it, and creates it. From
    version 6 on the AWS provider knows the region of each resource, and destroys the former one:
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
    """
    after = change.after
    old = change.before.scope.place(change.before.block)
    new = after.scope.place(after.block)
    if old.account and new.account and old.account != new.account:
        why = f"The account of its provider changed from `{old.account}` to `{new.account}`."
        note = f"What is in `{old.account}` stays there, and no state knows of it any more."
        return [_change(stack, after, "create", why=why, note=note, known=False)]
    moved = old.region and new.region and old.region != new.region
    if not moved or after.type.startswith(_GLOBAL):
        return []
    why = f"The region of its provider changed from `{old.region}` to `{new.region}`."
    note = (
        f"Version 6 of the AWS provider destroys it in `{old.region}`; earlier ones leave it "
        "there, and no state knows of it any more."
    )
    return [_change(stack, after, "replace", why=why, note=note, known=False)]


def _why_replaced(change: Change) -> str:
    if change.why:
        return change.why
    causes = " and ".join(_changed(cause) for cause in change.causes)
    return f"{causes}, which cannot be changed in place."


def _changed(cause: AttributeDifference) -> str:
    shown = cause.shown()
    if max(len(shown.before or ""), len(shown.after or "")) > _SHOWN:
        return f"`{cause.name}` changed"
    if shown.before is None:
        return f"`{cause.name}` was set to {shown.after}"
    if shown.after is None:
        return f"`{cause.name}` is no longer {shown.before}"
    return f"`{cause.name}` changed from {shown.before} to {shown.after}"


def _replacement_notes(change: Change, moved: str) -> list[str]:
    notes = (
        moved,
        protection(change.before, change.after.body),
        "" if change.is_certain else _perhaps(change),
        _uncounted(change.after),
    )
    return [note for note in notes if note]


def _perhaps(change: Change) -> str:
    is_unknown = any(cause.after == UNKNOWN for cause in change.causes)
    return _UNRESOLVED if is_unknown else _PERHAPS


def _uncounted(resource: Resource) -> str:
    return "" if resource.is_counted else _UNCOUNTED


def _change(
    stack: str,
    resource: Resource,
    action: ResourceAction,
    *,
    attributes: tuple[AttributeChange, ...] = (),
    why: str = "",
    note: str = "",
    known: bool | None = None,
    name: str = "",
) -> ResourceChange:
    return ResourceChange(
        stack=stack,
        address=resource.address,
        type=resource.type,
        name=name or display_name(resource),
        action=action,
        attributes=attributes,
        holds_data=bool(kind_of(resource.type).holds),
        why=why,
        note=note,
        known=resource.is_counted if known is None else known,
    )

"""
The changes that may give access and are not compared.

Sources: the pages of the resources in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.review.changed_resources import ChangedResources
from deploy_access.review.model import Notice
from deploy_access.review.unknown_types import QUIET, of_unknown, provider_of
from deploy_access.terraform.aws_types import WHOLE, Mark, marks_of
from deploy_access.terraform.module_facts import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.json_file import JsonFile
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.terraform.estate import Estate, IdentityProvider
    from deploy_access.terraform.snapshot import Snapshot


PROVIDER = "aws_iam_openid_connect_provider"
_TWICE = "A key stands twice in one object, and only the last one is compared."
# What gives access and goes takes access away; `barriers` has what held access back.
_GIVES_NOTHING = {"destroy", "move", "forget"}
_WHOLE = (Mark(path=WHOLE, kind="principal"),)


def unseen(
    changes: Iterable[ResourceChange],
    base: Snapshot,
    head: Snapshot,
    plans: Mapping[str, JsonFile] | None = None,
) -> Iterator[Notice]:
    """List the changes that may give access and that `access_diff` does not compare."""
    sides = ChangedResources(base, head, plans or {})
    changes = tuple(changes)
    left = [one for one in changes if one.type == PROVIDER and one.action in _GIVES_NOTHING]
    unknown: list[ResourceChange] = []
    for change in changes:
        if change.action in _GIVES_NOTHING:
            continue
        if _marks(change.type) is None:
            unknown.append(change)
        what, given = _told(change, sides, left)
        if what:
            where, stacks = change.address, (change.stack,)
            yield Notice(kind="access", address=where, what=what, given=given, stacks=stacks)
    yield from of_unknown(unknown)
    yield from _repeated(base, head)


def _told(
    change: ResourceChange, sides: ChangedResources, left: Sequence[ResourceChange]
) -> tuple[str, str]:
    """Return what a change may give, and how; empty texts where it gives nothing."""
    if change.type == PROVIDER:
        alike = [one for one in left if _has_same_certificates(one, change, sides)]
        return provider_notice(change, sides.base.estate, sides.head.estate, alike), ""
    return sides.describe(_marks(change.type) or (), change)


def _has_same_certificates(
    left: ResourceChange, made: ResourceChange, sides: ChangedResources
) -> bool:
    """Whether the issuers of two providers are known by the same certificates, for certain."""
    name = "thumbprint_list"
    before = sides.argument(left, name, is_before=True)
    return before == sides.argument(made, name, is_before=False) and "${" not in str(before)


def _marks(kind: str) -> tuple[Mark, ...] | None:
    """Return what of a type gives access and is not compared; None for an unknown type."""
    provider = provider_of(kind)
    if provider == "awscc":
        return _WHOLE
    if provider in QUIET or kind == PROVIDER:
        return ()
    marks = marks_of(kind)
    if marks is None or kind not in READERS:
        return marks
    # Of IAM's resources all is compared, of others their policy.
    return tuple(one for one in marks if one.kind != "policy" and not kind.startswith("aws_iam_"))


def _repeated(base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    """List the keys that stand twice in one object: Terraform reads both, JSON readers the last."""
    for name, stack in head.stacks.items():
        before = base.stacks.get(name)
        if before is None or not before.source.is_same(stack.source):
            for path in stack.source.file.repeated:
                yield Notice(kind="access", address=path, what=_TWICE, stacks=(name,))


def provider_notice(
    change: ResourceChange, base: Estate, head: Estate, left: Sequence[ResourceChange] = ()
) -> str:
    """
    Return the notice about an OIDC provider; empty where only roles that are compared trust it.

    A role that trusted a provider before it was made lets tokens in from now on, unchanged.

    Args:
        change: The change of the provider.
        base: The estate before.
        head: The estate after.
        left: The changes of providers that leave a stack, with the certificates of this one.
    """
    made = next((one for one in head.providers if _is_made_by(one, change)), None)
    if made is None:
        return "It lets in tokens, to roles that trust it."
    if change.action in {"create", "import"} and _was_elsewhere(made, base, left):
        return ""
    trusting = _trusting(made, head)
    if change.action == "create" and trusting and not _trusting(made, base):
        return ""
    who = ", ".join(f"`{name}`" for name in trusting) or "No role that was read trusts it"
    lead = "These roles trust it: " if trusting else ""
    return f"AWS takes tokens of `{made.url}` for roles that trust it. {lead}{who}."


def _was_elsewhere(made: IdentityProvider, base: Estate, left: Sequence[ResourceChange]) -> bool:
    """Whether another stack had the provider for certain, and AWS took all these tokens before."""
    if made.account is None or any("${" in text for text in (made.url, *made.audiences)):
        return False
    return any(
        (one.account, one.url) == (made.account, made.url)
        and set(made.audiences) <= set(one.audiences)
        for one in base.providers
        if any(change.known and _is_made_by(one, change) for change in left)
    )


def _is_made_by(provider: IdentityProvider, change: ResourceChange) -> bool:
    where = provider.where
    return where.address == change.address and (where.stack or change.stack) == change.stack


def _trusting(provider: IdentityProvider, estate: Estate) -> list[str]:
    """Name the roles of its account whose trust policies name it."""
    named = (f"oidc-provider/{provider.url}", f"{provider.where.address}.arn")
    return sorted(
        role.name
        for role in estate.roles
        if role.trust
        and role.account == provider.account
        and any(text in str(role.trust.content) for text in named)
    )

"""The access that the policies of resources give: before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.access_diff.budget import Budget
from deploy_access.access_diff.effective_policy import side_of_documents
from deploy_access.access_diff.lifted_denies import lifted, lifted_shared, unknown_lifted
from deploy_access.access_diff.model import AccessChange, Delta, Party, PermissionGrant
from deploy_access.access_diff.permissions import permission, tidy
from deploy_access.access_diff.principal_row import PrincipalRow, gained_shared, kept_shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.access_diff.budget import RunBudget
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.model import Presence
    from deploy_access.terraform.estate import Document, Estate, ResourcePolicy

_KINDS = {
    "aws_ecr_registry_policy": "registry",
    "aws_ecr_repository_policy": "repository",
    "aws_kms_key": "key",
    "aws_kms_key_policy": "key",
    "aws_s3_bucket": "bucket",
    "aws_s3_bucket_policy": "bucket",
    "aws_secretsmanager_secret": "secret",
    "aws_secretsmanager_secret_policy": "secret",
    "aws_sns_topic": "topic",
    "aws_sns_topic_policy": "topic",
    "aws_sqs_queue": "queue",
    "aws_sqs_queue_policy": "queue",
}


def compare_resources(base: Estate, head: Estate, run: RunBudget) -> Iterator[AccessChange]:
    """Compare every resource that has a policy on one side at least."""
    before, after = policies_by_party(base), policies_by_party(head)
    made = _made(base), _made(head)
    for party in sorted(before.keys() | after.keys()):
        old, new = before.get(party, []), after.get(party, [])
        documents = [one.document for one in old], [one.document for one in new]
        if _contents(documents[0]) == _contents(documents[1]):
            continue
        resource = (_type((new or old)[0]), party.account, party.name)
        was_made, is_made = (resource in some for some in made)
        presence = _presence((bool(old), was_made), (bool(new), is_made))
        permissions = _compare(*documents, party, Budget(run), is_kept=presence == "kept")
        if permissions.gained or permissions.lost:
            yield AccessChange(
                party=party,
                presence=presence,
                stack=(new or old)[0].where.stack or "",
                permissions=permissions,
            )


def policies_by_party(estate: Estate) -> dict[Party, list[ResourcePolicy]]:
    """Put the policies of resources together by what they are about."""
    found: dict[Party, list[ResourcePolicy]] = {}
    for policy in estate.resource_policies:
        # The ARN of a resource, and other references to it, stand for its name.
        key = (_type(policy), policy.account or "", policy.resource)
        party = Party(
            kind=_KINDS.get(policy.type, policy.type.removeprefix("aws_")),
            account=policy.account or "",
            name=estate.resources.get(key, policy.resource),
            region=policy.region or "",
        )
        found.setdefault(party, []).append(policy)
    return found


def _type(policy: ResourcePolicy) -> str:
    return policy.type.removesuffix("_policy")


def _made(estate: Estate) -> set[tuple[str, str, str]]:
    """Return the resources that the files make: type, account and name."""
    repositories = {("aws_ecr_repository", r.account or "", r.name) for r in estate.repositories}
    return repositories | {(kind, own, name) for (kind, own, _), name in estate.resources.items()}


def _contents(documents: Iterable[Document]) -> list[object]:
    return [one.written for one in documents]


def _compare(
    base: Sequence[Document],
    head: Sequence[Document],
    party: Party,
    budget: Budget,
    *,
    is_kept: bool,
) -> Delta[PermissionGrant]:
    sides = side_of_documents(base).rules, side_of_documents(head).rules
    gained, gains = _gained(*sides, party, budget, is_kept=is_kept)
    _, losses = _gained(sides[1], sides[0], party, budget, is_kept=is_kept, reverse=True)
    if not gains and not losses:
        return Delta()
    kept = tidy(_grant(one, budget) for one in kept_shared(sides[1], gained, budget))
    return Delta(gained=tidy(gains), lost=tidy(losses), kept=kept)


def _gained(
    base: Sequence[PolicyClause],
    head: Sequence[PolicyClause],
    party: Party,
    budget: Budget,
    *,
    is_kept: bool,
    reverse: bool = False,
) -> tuple[list[PrincipalRow], list[PermissionGrant]]:
    """List what the Allow statements give, and all that is gained with what no Deny keeps back."""
    owner = party.account or None
    rows = list(gained_shared(base, head, owner=owner, budget=budget, reverse=reverse))
    grants = [_grant(one, budget) for one in rows]
    # The policy of a key must allow it: its Allow statements say it all, for principals that it
    # leaves to IAM too. A resource that is new, or gone, keeps nothing from its account.
    if is_kept and party.kind != "key":
        for who, row in lifted_shared(base, head, owner, budget):
            grants.append(lifted(row, budget, who, reverse=reverse))
        grants += unknown_lifted(base, head, owner)
    return rows, grants


def _grant(shared: PrincipalRow, budget: Budget) -> PermissionGrant:
    return permission(shared.row, budget, shared.principal)


def _presence(before: tuple[bool, bool], after: tuple[bool, bool]) -> Presence:
    """
    Return whether the resource is new, kept or gone.

    Args:
        before: Whether it had a policy, and whether the files made it.
        after: The same of the head.
    """
    (had_policy, was_made), (has_policy, is_made) = before, after
    # One that the files do not make stays where it is when its policy goes.
    is_elsewhere = had_policy and not was_made
    if (had_policy and has_policy) or (was_made and is_made) or is_elsewhere:
        return "kept"
    return "gone" if had_policy else "made"

"""The access that the policies of resources give: before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.access_diff.budget import Budget
from deploy_access.access_diff.effective_policy import side_of_documents
from deploy_access.access_diff.model import AccessChange, Delta, Party, PermissionGrant
from deploy_access.access_diff.permissions import permission, tidy
from deploy_access.access_diff.principal_row import PrincipalRow, gained_shared, kept_shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.access_diff.budget import RunBudget
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
    before, after = _policies(base), _policies(head)
    for party in sorted(before.keys() | after.keys()):
        old, new = before.get(party, []), after.get(party, [])
        documents = [one.document for one in old], [one.document for one in new]
        if _contents(documents[0]) == _contents(documents[1]):
            continue
        permissions = _compare(*documents, party.account or None, Budget(run))
        if permissions != Delta():
            yield AccessChange(
                party=party,
                presence=_presence(party, base, head, was=bool(old), is_there=bool(new)),
                stack=(new or old)[0].where.stack or "",
                permissions=permissions,
            )


def _policies(estate: Estate) -> dict[Party, list[ResourcePolicy]]:
    found: dict[Party, list[ResourcePolicy]] = {}
    for policy in estate.resource_policies:
        party = Party(
            kind=_KINDS.get(policy.type, policy.type.removeprefix("aws_")),
            account=policy.account or "",
            name=policy.resource,
            region=policy.region or "",
        )
        found.setdefault(party, []).append(policy)
    return found


def _contents(documents: Iterable[Document]) -> list[object]:
    return [one.written for one in documents]


def _compare(
    base: Sequence[Document], head: Sequence[Document], owner: str | None, budget: Budget
) -> Delta[PermissionGrant]:
    before, after = side_of_documents(base), side_of_documents(head)
    gained = list(gained_shared(before.rules, after.rules, owner=owner, budget=budget))
    lost = list(gained_shared(after.rules, before.rules, owner=owner, budget=budget, reverse=True))
    if not gained and not lost:
        return Delta()
    return Delta(
        gained=tidy(_grant(one, budget) for one in gained),
        lost=tidy(_grant(one, budget) for one in lost),
        kept=tidy(_grant(one, budget) for one in kept_shared(after.rules, gained, budget)),
    )


def _grant(shared: PrincipalRow, budget: Budget) -> PermissionGrant:
    return permission(shared.row, budget, shared.principal)


def _presence(party: Party, base: Estate, head: Estate, *, was: bool, is_there: bool) -> Presence:
    """Whether the resource is new, kept or gone; only a repository is read besides its policy."""
    if party.kind == "repository":
        was = was or _has_repository(base, party)
        is_there = is_there or _has_repository(head, party)
    if was and is_there:
        return "kept"
    return "gone" if was else "made"


def _has_repository(estate: Estate, party: Party) -> bool:
    return any(
        one.name == party.name and (one.account or "") == party.account
        for one in estate.repositories
    )

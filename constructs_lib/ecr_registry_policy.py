"""
The policy of a registry: who may copy images into it, and who may fill its caches.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-pullthroughcache.html
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from constructs_lib.repository_prefix import repositories_below
from constructs_lib.tree import terraform_text
from deploy_access.errors import Problem, reject
from deploy_access.iam.ecr_capabilities import IMPORT_ACTIONS, REPLICATION_ACTIONS
from deploy_access.iam.limits import check_account, check_many
from deploy_access.iam.statement import PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.pull_through_cache import PullThroughCache

POLICY_LENGTH = 10_240
"""The longest policy of a registry, in characters (botocore, `RegistryPolicyText`)."""


def registry_policy(
    accounts: Sequence[str], caches: Sequence[PullThroughCache], target: AwsTarget
) -> str | None:
    """
    Return the policy as Terraform reads it; None when it would hold no statement.

    Raises:
        InvalidValue: It is longer than ECR takes.
    """
    statements = (*_replication(accounts, target), *_imports(caches, target))
    if not statements:
        return None
    text = PolicyDocument(statements).to_json()
    reject(_check_length(len(text)))
    return terraform_text(text)


def check_sources(accounts: Sequence[str], target: AwsTarget) -> Iterator[Problem]:
    """Check the accounts that may copy images into the registry of *target*."""
    yield from check_many("allow_replication_from", accounts, empty=True)
    for account in accounts:
        yield from check_account(account)
        if account == target.account:
            yield Problem(
                what="`allow_replication_from` names other accounts.",
                given=account,
                why="A registry may always copy to another region of its own account.",
                fix="Leave it out.",
            )


def _replication(accounts: Sequence[str], target: AwsTarget) -> Iterator[Statement]:
    if accounts:
        yield Statement(
            sid="ReplicateFromAccounts",
            actions=REPLICATION_ACTIONS,
            principals={"AWS": [target.elsewhere(account=one).iam_arn("root") for one in accounts]},
            # A copy has the name of its original, which the other account chooses.
            resources=[target.arn("ecr", repositories_below("ROOT"))],
        )


def _imports(caches: Sequence[PullThroughCache], target: AwsTarget) -> Iterator[Statement]:
    names = [_name(cache.prefix) for cache in caches]
    for cache, name in zip(caches, names, strict=True):
        if cache.pulled_by:
            # Two prefixes may be made of the same words: `docker-hub` and `docker/hub`.
            digest = hashlib.sha256(cache.prefix.encode()).hexdigest()[:8]
            yield Statement(
                sid=f"Fill{name}{digest if names.count(name) > 1 else ''}",
                actions=IMPORT_ACTIONS,
                # Roles and not their account: an account as principal leaves the decision to the
                # policies of its roles, which need no permission here then.
                principals={"AWS": cache.puller_arns(target)},
                resources=[target.arn("ecr", repositories_below(cache.prefix))],
            )


def _name(prefix: str) -> str:
    return "".join(word.title() for word in re.findall(r"[A-Za-z0-9]+", prefix))


def _check_length(length: int) -> Iterator[Problem]:
    if length > POLICY_LENGTH:
        yield Problem(
            what=f"The policy of a registry has at most {POLICY_LENGTH} characters.",
            given=length,
            why="ECR refuses a longer one.",
            fix="Give the permission to some of the roles in `pulled_by` by their own policies.",
        )

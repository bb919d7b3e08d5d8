"""All that decides what a role may do, as the evaluator takes it, and what of it is not known."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.aws_managed_policies import is_whole, least_of
from deploy_access.iam.documents import read_policy
from deploy_access.iam.policy import Policy, PolicyStatement
from deploy_access.iam.references import has_reference
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.terraform.estate import (
        Document,
        Estate,
        NamedPolicy,
        ResourcePolicy,
        Role,
        Where,
    )

_REPOSITORY_POLICY = "aws_ecr_repository_policy"
_EVERYTHING = PolicyStatement(index=0, effect="Allow", actions=("*",), resources=("*",))


@dataclass(frozen=True, kw_only=True)
class RepositoryPolicies:
    """
    The policies of the ECR repositories of an estate, read once for all of its roles.

    Attributes:
        by_arn: The policy of each repository that was read, by the repository's ARN; one without
            statements for a repository that has none.
        places: Where each policy stands.
    """

    by_arn: Mapping[str, Policy]
    places: dict[Policy, Where]

    @cached_property
    def condition_keys(self) -> frozenset[str]:
        """The condition keys that a statement asks for, in lower case."""
        return _condition_keys(self.by_arn.values())


@dataclass(frozen=True, kw_only=True)
class RolePolicies:
    """
    The policies of a role, and those of the repositories that it may push to.

    Attributes:
        identity: The role's own policies, as far as they were read.
        unread: The names of those of which a part is not known: they may allow more.
        boundary: The permissions boundary as far as it was read, or None when there is none.
        is_boundary_whole: Whether all of the boundary was read: otherwise it may allow more.
        repositories: The policies of the repositories.
        places: Where each policy stands.
    """

    identity: tuple[Policy, ...]
    unread: tuple[str, ...]
    boundary: Policy | None
    is_boundary_whole: bool
    repositories: RepositoryPolicies
    places: Mapping[Policy, Where]

    @cached_property
    def at_most(self) -> RolePolicies:
        """The same, with all that the parts which were not read may allow."""
        boundary = self.boundary
        if boundary is not None and not self.is_boundary_whole:
            boundary = replace(boundary, statements=(*boundary.statements, _EVERYTHING))
        more = (Policy(statements=(_EVERYTHING,)),) if self.unread else ()
        return replace(self, identity=(*self.identity, *more), boundary=boundary)

    @cached_property
    def condition_keys(self) -> frozenset[str]:
        """The condition keys that a statement asks for, in lower case."""
        bounds = [self.boundary] if self.boundary else []
        return _condition_keys([*self.identity, *bounds]) | self.repositories.condition_keys


def _condition_keys(policies: Iterable[Policy]) -> frozenset[str]:
    statements = (statement for policy in policies for statement in policy.statements)
    return frozenset(c.key.lower() for one in statements for c in one.conditions)


def read_role_policies(role: Role, repositories: RepositoryPolicies) -> RolePolicies:
    """
    Read what decides about the calls of *role*.

    Args:
        role: The role.
        repositories: What `read_repository_policies` returns, which is the same for all roles.
    """
    read = [(policy, *_read(policy)) for policy in role.policies]
    boundary, is_whole_boundary = _read(role.boundary) if role.boundary else (None, True)
    # A boundary that may not be there may allow more.
    is_whole_boundary &= not (role.boundary and role.boundary.premises)
    places = {found: policy.where for policy, found, _ in read}
    if role.boundary and boundary is not None:
        places[boundary] = role.boundary.where
    return RolePolicies(
        identity=tuple(found for _, found, _ in read),
        unread=tuple(policy.name for policy, _, is_known in read if not is_known),
        boundary=boundary,
        is_boundary_whole=is_whole_boundary,
        repositories=repositories,
        # Not a copy: it would be one of all repositories for each role.
        places=ChainMap(places, repositories.places),
    )


def _read(policy: NamedPolicy) -> tuple[Policy, bool]:
    """
    Read a policy, and say whether that is all of it.

    Of one of AWS's own that no file holds, the least that it allows is known.
    """
    if policy.document is not None:
        found = _of_document(policy.document, policy.name)
        is_known = found is not None and not policy.document.left_out
        return found or Policy(statements=(), name=policy.name), is_known
    least = least_of(policy.arn or "")
    statements = least.statements if least else ()
    return Policy(statements=statements, name=policy.name), is_whole(policy.arn or "")


def _of_document(document: Document, name: str) -> Policy | None:
    if document.content is None:
        return None
    try:
        return read_policy(document.content, name=name).policy
    except InvalidValue:
        return None


def read_repository_policies(estate: Estate) -> RepositoryPolicies:
    """
    Read the policies of an estate's repositories.

    A policy that cannot be read, or that two resources set, is left out: it is not known.
    """
    found = {
        one.arn: Policy(statements=(), name=one.name) for one in estate.repositories if one.arn
    }
    places: dict[Policy, Where] = {}
    seen: set[str] = set()
    for one in estate.resource_policies:
        arn = _repository_arn(one) if one.type == _REPOSITORY_POLICY else None
        if arn is None:
            continue
        policy = _of_document(one.document, one.resource)
        if policy is None or one.document.left_out or arn in seen:
            found.pop(arn, None)
        else:
            found[arn], places[policy] = policy, one.where
        seen.add(arn)
    return RepositoryPolicies(by_arn=found, places=places)


def _repository_arn(policy: ResourcePolicy) -> str | None:
    """Return the ARN of the repository that a policy is set on; None when it is not known."""
    if policy.resource.startswith("arn:"):
        return policy.resource
    partition = partition_of(policy.region) if policy.region else None
    if partition is None or policy.account is None or has_reference(policy.resource):
        return None
    place = f"{policy.region}:{policy.account}"
    return f"arn:{partition.name}:ecr:{place}:repository/{policy.resource}"

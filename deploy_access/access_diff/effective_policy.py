"""The policies that decide about the access of one party, on one side of the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_access.access_diff.clauses import (
    PolicyClause,
    hidden_rule,
    read_document,
    resting,
    rules_of,
)
from deploy_access.iam.aws_managed_policies import is_whole, least_of
from deploy_access.terraform.managed_policies import is_of_aws

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.estate import Document, Identity, NamedPolicy, Role

# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html and
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
_DENYING = ("AWSDenyAll", "AWSCompromisedKeyQuarantine")
_EVERYTHING = PolicyClause(effect="Allow", actions=("*",), named=frozenset("*"))


@dataclass(frozen=True, kw_only=True)
class EffectivePolicy:
    """
    Policies as clauses.

    Attributes:
        rules: The statements of all policies but the boundary, and the boundary's `Deny`.
        bounds: The boundary's `Allow`, or None where there is no boundary.
    """

    rules: tuple[PolicyClause, ...] = ()
    bounds: tuple[PolicyClause, ...] | None = None

    @cached_property
    def allows(self) -> tuple[PolicyClause, ...]:
        """The `Allow` clauses, each once."""
        return tuple(dict.fromkeys(rule for rule in self.rules if rule.effect == "Allow"))

    @cached_property
    def denies(self) -> tuple[PolicyClause, ...]:
        """The `Deny` clauses, each once."""
        return tuple(dict.fromkeys(rule for rule in self.rules if rule.effect == "Deny"))

    @cached_property
    def is_limited_by(self) -> tuple[frozenset[PolicyClause], frozenset[PolicyClause] | None]:
        """The `Deny` clauses and the boundary, to compare with those of another side."""
        return frozenset(self.denies), None if self.bounds is None else frozenset(self.bounds)

    @cached_property
    def everything(self) -> tuple[PolicyClause, ...]:
        """All clauses, each once."""
        return tuple(dict.fromkeys((*self.allows, *self.denies, *(self.bounds or ()))))


def side_of_role(role: Role | Identity | None) -> EffectivePolicy:
    """Return what decides about a role; a role that is not there may do nothing."""
    if role is None:
        return EffectivePolicy()
    rules = [rule for policy in role.policies for rule in _rules(policy)]
    bounds: tuple[PolicyClause, ...] | None = None
    if role.boundary is not None:
        bounding = list(_rules(role.boundary, is_boundary=True))
        rules += [rule for rule in bounding if rule.effect == "Deny"]
        bounds = (
            *(rule for rule in bounding if rule.effect == "Allow"),
            # A boundary that is not there leaves everything.
            *(resting(_EVERYTHING, (one.opposite,)) for one in role.boundary.premises),
        )
    rules = [resting(rule, role.premises) for rule in rules] if role.premises else rules
    return EffectivePolicy(rules=tuple(rules), bounds=bounds)


def side_of_documents(documents: Iterable[Document]) -> EffectivePolicy:
    """Return the policies of a resource, or the trust policy of a role, as clauses."""
    rules = (rule for document in documents for rule in _of_document(document))
    return EffectivePolicy(rules=tuple(rules))


def _of_document(document: Document) -> Iterator[PolicyClause]:
    for part in document.parts:
        yield from (resting(rule, part.premises) for rule in _of_document(part.document))
    if document.parts:
        return
    policy = read_document(document)
    yield from _hidden(_name(document)) if policy is None else rules_of(policy)
    for name in document.left_out:
        yield from _hidden(name)


def _rules(policy: NamedPolicy, *, is_boundary: bool = False) -> Iterator[PolicyClause]:
    known = policy.document
    if known and (known.parts or read_document(known) is not None):
        found = _of_document(known)
    else:
        found = _of_name(policy, is_boundary=is_boundary)
    for rule in found:
        # What a boundary allows need not rest on its being there: without it, all is allowed.
        is_bound = is_boundary and rule.effect == "Allow"
        yield rule if is_bound else resting(rule, policy.premises)


def _of_name(policy: NamedPolicy, *, is_boundary: bool) -> Iterator[PolicyClause]:
    name = _name(policy.document) if policy.document else policy.arn or policy.name
    least = least_of(name)
    if least is not None:
        yield from rules_of(least)
        yield from () if is_whole(name) else (hidden_rule(name),)
        return
    # A policy that is not known may allow and may deny, so it has a clause of each. AWS's own ones
    # only allow, and the unknown Allow of a boundary leaves no more than an unknown Deny would.
    is_mild = is_boundary or (is_of_aws(name) and not _may_deny(name))
    yield from [hidden_rule(name)] if is_mild else _hidden(name)


def _hidden(name: str) -> list[PolicyClause]:
    return [hidden_rule(name), hidden_rule(name, "Deny")]


def _may_deny(arn: str) -> bool:
    """Whether a policy of AWS may deny: those only allow, but for a few that lock a user out."""
    return arn.rpartition("/")[2].startswith(_DENYING)


def _name(document: Document) -> str:
    """Name an unread document by its text, so that the same document is equal on both sides."""
    if document.content is not None:
        return str(document.content)
    written = ", ".join(f"${{{name}}}" for name in document.unresolved)
    return written or str(document.where)

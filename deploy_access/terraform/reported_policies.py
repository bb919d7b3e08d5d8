"""
The policies that AWS reports in the state of a resource, also those that no file writes.

Sources: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role for
`inline_policy` and `managed_policy_arns`, and the page of each resource with a `policy`: what the
configuration does not write there, the provider fills in with what AWS has. Among it is also what
other resources of the plan write. That is read where they write it, as its change is known there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from deploy_access.json_shape import as_list, as_object, as_text, objects, texts
from deploy_access.terraform.resources import RESOURCE_POLICIES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from deploy_access.terraform.plan_sides import Side

    _Object = Mapping[str, object]
    Written = Callable[[str], _Object]

_Named: TypeAlias = tuple[str, str]
"""A role or a resource, and the name of a policy of it."""

_ROLE = "aws_iam_role"
_INLINE, _MANAGED, _POLICY = "inline_policy", "managed_policy_arns", "policy"
# The resources that give policies to roles: the argument with the roles, that with the policies.
_GIVE = {
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy": ("role", "name"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}
_HOLDERS = {kind for kind in RESOURCE_POLICIES if f"{kind}_policy" in RESOURCE_POLICIES}
_REPORTED = {_ROLE: {_INLINE, _MANAGED}, **{kind: {_POLICY} for kind in _HOLDERS}}


def without_own(side: Side, own: Collection[_Named], written: Written) -> Side:
    """
    Leave out of what AWS reports the policies that resources of the plan write.

    Args:
        side: The resources.
        own: What resources of the plan write.
        written: Returns what the configuration writes by the address of a resource.
    """
    return {
        key: _with(resource, _others(resource, own, written(key[0])))
        for key, resource in side.items()
    }


def own_policies(*sides: Side) -> frozenset[_Named]:
    """List the policies that resources of a plan write by themselves."""
    return frozenset(key for side in sides for one in side.values() for key in _given(one))


def without_denials(side: Side, others: Side, written: Written) -> Side:
    """
    Leave the denials out of the policies that AWS reports on roles and that *others* have too.

    Only AWS says that they are there, so nothing in the plan keeps them there.
    """
    return {
        key: _with(resource, _allowing(resource, others.get(key, {}), written(key[0])))
        for key, resource in side.items()
    }


def _given(resource: _Object) -> Iterator[_Named]:
    kind, values = as_text(resource.get("type")) or "", as_object(resource.get("values"))
    if kind in _GIVE:
        roles, policies = _GIVE[kind]
        names = texts(values.get(policies))
        yield from ((role, name) for role in texts(values.get(roles)) for name in names)
    elif kind.removesuffix("_policy") in _HOLDERS - {kind}:
        holders = texts(values.get(RESOURCE_POLICIES[kind] or ""))
        yield from ((holder, _POLICY) for holder in holders)


def _others(resource: _Object, own: Collection[_Named], written: _Object) -> _Object:
    values = as_object(resource.get("values"))
    found: dict[str, object] = {}
    for argument in _reported(resource, written):
        names = {as_text(values.get(name)) for name in ("name", "id", "arn")} - {None}
        left = [
            one
            for one in as_list(values[argument])
            # Version 4 of the provider reports a block without a name where there is none.
            if (policy := _name(one, argument)) and not any((name, policy) in own for name in names)
        ]
        found[argument] = left if argument != _POLICY else next(iter(left), None)
    return found


def _allowing(resource: _Object, other: _Object, written: _Object) -> _Object:
    if _INLINE not in _reported(resource, written):
        return {}
    known = list(objects(as_object(other.get("values")).get(_INLINE)))
    listed = as_list(as_object(resource.get("values"))[_INLINE])
    return {_INLINE: [_without_deny(one) if one in known else one for one in listed]}


def _reported(resource: _Object, written: _Object) -> Iterable[str]:
    """List the arguments that AWS filled in."""
    given = as_object(resource.get("values")).keys() - written.keys()
    return sorted(_REPORTED.get(as_text(resource.get("type")) or "", set()) & given)


def _name(one: object, argument: str) -> str | None:
    if argument == _POLICY:
        return _POLICY
    return as_text(as_object(one).get("name")) if argument == _INLINE else as_text(one)


def _without_deny(inline: object) -> object:
    policy = as_object(inline)
    try:
        document = as_object(json.loads(as_text(policy.get(_POLICY)) or ""))
    except (ValueError, RecursionError):
        return inline
    statements = as_list(document.get("Statement"))
    kept = [one for one in statements if as_object(one).get("Effect") != "Deny"]
    if len(kept) == len(statements):
        return inline
    return {**policy, _POLICY: json.dumps({**document, "Statement": kept})}


def _with(resource: _Object, values: _Object) -> _Object:
    if not values:
        return resource
    return {**resource, "values": {**as_object(resource.get("values")), **values}}

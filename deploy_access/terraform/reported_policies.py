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

_ROLE, _MANAGED_POLICY = "aws_iam_role", "aws_iam_policy"
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
    documents = dict(_managed(side))
    return {
        key: _with(resource, _allowing(resource, others.get(key, {}), written(key[0]), documents))
        for key, resource in side.items()
    }


def _managed(side: Side) -> Iterator[tuple[str, _Object]]:
    """List the managed policies of a side by ARN, each as an inline policy has it."""
    for resource in side.values():
        values = as_object(resource.get("values"))
        if resource.get("type") == _MANAGED_POLICY and (arn := as_text(values.get("arn"))):
            yield arn, {key: values.get(key) for key in ("name", _POLICY)}


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


def _allowing(
    resource: _Object, other: _Object, written: _Object, documents: Mapping[str, _Object]
) -> _Object:
    """Return the reported policies without denials, each that has some as an inline policy."""
    values, known = as_object(resource.get("values")), as_object(other.get("values"))
    reported = {_INLINE, _MANAGED} & {*_reported(resource, written)}
    found = {name: as_list(values.get(name)) for name in reported}
    if _INLINE in found:
        listed = [*objects(known.get(_INLINE))]
        found[_INLINE] = [_without_deny(one) if one in listed else one for one in found[_INLINE]]
    for arn in as_list(known.get(_MANAGED)) if _MANAGED in found else ():
        document = documents.get(str(arn))
        if arn in found[_MANAGED] and document and (less := _without_deny(document)) != document:
            found[_MANAGED] = [one for one in found[_MANAGED] if one != arn]
            found[_INLINE] = [*found.get(_INLINE, as_list(values.get(_INLINE))), less]
    return found


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

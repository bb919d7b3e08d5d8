"""
The permissions that calls of IAM need, as far as Terraform makes roles, policies and providers.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html (a role that is made with tags
needs the action that tags it, and so do policies and providers)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .need import ANY, Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget

Held = dict[str, str | tuple[str, ...]]

# The tags of what is there would have to be read; a policy that asks for one is not judged.
_TAGS = ("iam:ResourceTag/*",)
# The page above: the actions that have the key `iam:PermissionsBoundary`, beside CreateRole.
_BOUNDED = {
    *("AttachRolePolicy", "DeleteRolePermissionsBoundary", "DeleteRolePolicy"),
    *("DetachRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy"),
}


def everything(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action, which has no resource.
    """
    del place, lookup
    yield Need(action=call.action, resource=ANY)


def role(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the role, with the policy and the boundary that it is about.
    """
    name = call.parameters["RoleName"]
    found = lookup.role(name)
    policy = call.parameters.get("PolicyArn")
    context: Held = {
        **_tag_keys(call),
        **({"iam:PolicyARN": policy} if policy else {}),
        **(_boundary(call, found) if call.operation in _BOUNDED else {}),
    }
    # A role that is not there has no path, and AWS refuses it by its name alone.
    arn = str(found.get("Arn") or place.role(name))
    yield Need(action=call.action, resource=arn, context=context, unknown=_TAGS)


def _boundary(call: ApiCall, found: Mapping[str, Any]) -> Held:
    """
    Return the boundary that the call sets, or else the one that the role has.
    """
    own: Mapping[str, str] = found.get("PermissionsBoundary") or {}
    set_to = call.parameters.get("PermissionsBoundary") or own.get("PermissionsBoundaryArn")
    return {"iam:PermissionsBoundary": set_to} if set_to else {}


def create_role(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the role that is to be, with its boundary, and to tag it.
    """
    del lookup
    arn = _named(call, place, "role", "RoleName")
    context = {**_tag_keys(call), **_boundary(call, {})}
    yield Need(action=call.action, resource=arn, context=context)
    yield from _tag(call, "iam:TagRole", arn)


def policy(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the managed policy.
    """
    del place, lookup
    arn = call.parameters["PolicyArn"]
    yield Need(action=call.action, resource=arn, context=_tag_keys(call), unknown=_TAGS)


def create_policy(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the policy that is to be, and to tag it.
    """
    del lookup
    arn = _named(call, place, "policy", "PolicyName")
    yield Need(action=call.action, resource=arn, context=_tag_keys(call))
    yield from _tag(call, "iam:TagPolicy", arn)


def provider(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the OIDC provider.
    """
    del place, lookup
    arn = call.parameters["OpenIDConnectProviderArn"]
    yield Need(action=call.action, resource=arn, context=_tag_keys(call), unknown=_TAGS)


def create_provider(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the provider of that address, and to tag it.
    """
    del lookup
    host = call.parameters["Url"].removeprefix("https://")
    arn = place.iam(f"oidc-provider/{host}")
    yield Need(action=call.action, resource=arn, context=_tag_keys(call))
    yield from _tag(call, "iam:TagOpenIDConnectProvider", arn)


def service_linked_role(service: str, name: str, place: CallTarget) -> Need:
    """
    Return the permission that a call needs which lets a service make its own role.
    """
    arn = place.iam(f"role/aws-service-role/{service}/{name}")
    context = {"iam:AWSServiceName": service}
    return Need(action="iam:CreateServiceLinkedRole", resource=arn, context=context)


def _named(call: ApiCall, place: CallTarget, kind: str, key: str) -> str:
    path = call.parameters.get("Path", "/")
    return place.iam(f"{kind}{path}{call.parameters[key]}")


def _tag_keys(call: ApiCall) -> Held:
    """
    Return the keys about the tags that the call sets or removes.
    """
    tags = {one["Key"]: one.get("Value", "") for one in call.members("Tags")}
    removed = [one[""] for one in call.members("TagKeys")]
    keys: Held = {"aws:TagKeys": (*tags, *removed)} if tags or removed else {}
    return {**keys, **{f"aws:RequestTag/{key}": value for key, value in tags.items()}}


def _tag(call: ApiCall, action: str, arn: str) -> Iterator[Need]:
    if any(call.members("Tags")):
        yield Need(action=action, resource=arn, context=_tag_keys(call))

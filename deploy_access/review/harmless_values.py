"""
Whether a value of an argument that can give access gives any.

What cannot be decided gives some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn, account_named, account_of
from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.resource_diff.argument_values import has_reference, is_policy, parsed
from deploy_access.resource_diff.marked_values import first_reference, values_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.marked_values import MarkedValue
    from deploy_access.terraform.aws_types import Mark, MarkClass
    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.scope import Scope

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
_PRIVATE = {"private", "bucket-owner-full-control", "bucket-owner-read"}
# AWS's own images and documents; no account can take such a name.
_OF_AWS = ("aws/codebuild/", "AWS-", "resolve:ssm:/aws/service/")
_REGISTRY = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.")
_SCHEME = re.compile(r"(s3|https?)://")
# The role that only the service itself assumes, with permissions that AWS writes.
_SERVICE_LINKED = "role/aws-service-role/"
_ROLES = ("aws_iam_role.", "aws_iam_instance_profile.", "aws_iam_service_linked_role.")
_OWNER = ("data.aws_canonical_user_id.",)
_ACCOUNT = ("data.aws_caller_identity.",)
_OWN = ("aws_", "data.aws_", "data.terraform_remote_state.")
# The argument by which a literal text names what the same stack makes.
_NAMED_BY = {
    "aws_iam_instance_profile": "name",
    "aws_key_pair": "key_name",
    "aws_s3_bucket": "bucket",
}
_PLAIN = {"String", "StringList"}
# Fewer bits than these hold addresses of many networks that have nothing to do with each other.
_FEWEST_BITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlaces:
    """
    What one module and all roles that are compared say about places and names.

    Attributes:
        roles: The names of the roles that are made, to the accounts that have one.
        blocks: Mode, type and name of each block of the module.
        names: Type and name of the resources that the module makes, where a text may name them.
        is_plan: Whether it is read from a plan, where secrets stand as they are.
    """

    roles: Mapping[str, frozenset[str | None]]
    blocks: frozenset[tuple[str, str, str]]
    names: frozenset[tuple[str, str]]
    is_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where a value stands.

    Attributes:
        resource: The resource.
        own: What its stack and the roles say.
    """

    resource: Resource
    own: OwnPlaces

    @property
    def account(self) -> str | None:
        """The account of the resource, or None."""
        return self.resource.scope.place(self.resource.block).account


def made_roles(estate: Estate) -> Mapping[str, frozenset[str | None]]:
    """Return the accounts of each role that is made, by name."""
    found: dict[str, set[str | None]] = {}
    for role in estate.roles:
        if role.trust:
            found.setdefault(role.name, set()).add(role.account)
    return {name: frozenset(accounts) for name, accounts in found.items()}


def own_places(
    scope: Scope, roles: Mapping[str, frozenset[str | None]], *, is_plan: bool
) -> OwnPlaces:
    """Return what a module says about places and names."""
    blocks = scope.module.blocks
    names = (
        (block.type, scope.known(block.body.get(_NAMED_BY[block.type])))
        for block in blocks
        if block.mode == "resource" and block.type in _NAMED_BY
    )
    return OwnPlaces(
        roles=roles,
        blocks=frozenset((block.mode, block.type, block.name) for block in blocks),
        names=frozenset((kind, name) for kind, name in names if name),
        is_plan=is_plan,
    )


def gives(mark: Mark, value: MarkedValue, place: Place) -> bool:
    """Whether *value* may give access."""
    if mark.harmless:
        return (as_text(value.known) or "").lower() not in {one.lower() for one in mark.harmless}
    harmless = _HARMLESS.get(mark.kind)
    return harmless is None or not harmless(value, place)


def _is_off(value: MarkedValue, _: Place) -> bool:
    return as_text(value.known) == "false"


def _is_private(value: MarkedValue, place: Place) -> bool:
    return as_text(value.known) in _PRIVATE or _is_one_of(value, place, _OWNER)


def _is_no_allow(value: MarkedValue, _: Place) -> bool:
    document = value.known if is_policy(value.known) else parsed(value.known)
    statements = objects(as_object(document).get("Statement"))
    return is_policy(document) and all(one.get("Effect") == "Deny" for one in statements)


def _is_of_account(value: MarkedValue, place: Place) -> bool:
    text = as_text(value.known) or ""
    named = account_named(text)
    if named is not None:
        return named == place.account
    if text.endswith(".amazonaws.com"):
        sources = values_at(place.resource, "source_arn")
        accounts = values_at(place.resource, "source_account")
        return any(_is_own(one, place) for one in sources) or any(
            _is_of_account(one, place) for one in accounts
        )
    return _is_one_of(value, place, _ACCOUNT)


def _is_seen_role(value: MarkedValue, place: Place) -> bool:
    text = as_text(value.known) or ""
    if _SERVICE_LINKED in text or _is_one_of(value, place, _ROLES):
        return True
    arn = Arn.parse(text)
    if arn is None:
        has_role = place.account in place.own.roles.get(text, ())
        return has_role or _is_named(text, place, "aws_iam_instance_profile")
    is_own = first_reference(arn.account)[0].startswith(_ACCOUNT)
    account = place.account if is_own else arn.account_id
    if arn.is_iam("instance-profile"):
        is_here = account == place.account
        return is_here and _is_named(arn.name, place, "aws_iam_instance_profile")
    return arn.is_iam("role") and account in place.own.roles.get(arn.name, ())


def _is_own(value: MarkedValue, place: Place) -> bool:
    text = as_text(value.known) or ""
    registry = _REGISTRY.match(text)
    account = registry["account"] if registry else account_of(text)
    if account is not None:
        known = (accounts for accounts in place.own.roles.values() if account in accounts)
        return account == place.account or any(known)
    after_scheme = _SCHEME.sub("", text, count=1)
    return (
        text.startswith(_OF_AWS)
        or _is_named(_bucket(value, text), place, "aws_s3_bucket")
        or _begins_with(after_scheme, place, _OWN)
    )


def _bucket(value: MarkedValue, text: str) -> str:
    """Return the bucket that a text names; an empty text where it is of another kind."""
    arn = Arn.parse(text)
    if arn is not None:
        return arn.resource.partition("/")[0] if arn.service == "s3" else ""
    if text.startswith("s3://"):
        return text.removeprefix("s3://").partition("/")[0]
    return text if "bucket" in value.path.rpartition(".")[2].lower() else ""


def _is_own_key(value: MarkedValue, place: Place) -> bool:
    text = as_text(value.known) or ""
    return _is_named(text, place, "aws_key_pair") or _is_one_of(value, place, ("aws_",))


def _is_narrow(value: MarkedValue, place: Place) -> bool:
    if any(as_text(one.known) == "egress" for one in values_at(place.resource, "type")):
        return True
    text = as_text(value.known) or ""
    if has_reference(text):
        return _begins_with(text, place, _OWN)
    bits = text.rpartition("/")[2]
    return not bits.isdecimal() or int(bits) >= _FEWEST_BITS


def _is_no_literal(value: MarkedValue, place: Place) -> bool:
    # The type of a parameter of SSM; those of no secret are read by many.
    plain = any(as_text(one.known) in _PLAIN for one in values_at(place.resource, "type"))
    return plain or place.own.is_plan or has_reference(value.known)


def _is_one_of(value: MarkedValue, place: Place, kinds: tuple[str, ...]) -> bool:
    """Whether a value is an attribute of a block of the stack whose type begins so."""
    text = as_text(value.known) or ""
    return first_reference(text)[1] and _begins_with(text, place, kinds)


def _begins_with(text: str, place: Place, kinds: tuple[str, ...]) -> bool:
    address, _ = first_reference(text)
    kind, _, name = address.removeprefix("data.").partition(".")
    mode = "data" if address.startswith("data.") else "resource"
    return address.startswith(kinds) and (mode, kind, name) in place.own.blocks


def _is_named(text: str, place: Place, kind: str) -> bool:
    """Whether *text* is the name of a resource of this type that the stack makes."""
    return (kind, text) in place.own.names


_HARMLESS: Mapping[MarkClass, Callable[[MarkedValue, Place], bool]] = {
    "acl": _is_private,
    "images": _is_own,
    "key": _is_own_key,
    "network": _is_narrow,
    "place": _is_own,
    "policy": _is_no_allow,
    "principal": _is_of_account,
    "public": _is_off,
    "role": _is_seen_role,
    "secret": _is_no_literal,
}
"""By the kind of an argument, whether a value gives nothing. The other kinds have none such."""

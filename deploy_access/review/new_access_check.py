"""
The checks of IAM Access Analyzer for the same change: whether a policy allows what it did not.

One check compares two documents. So the policies of a role are put into one document, and what one
document cannot say is a remark.

Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.access_diff.pairs import pairs
from deploy_access.access_diff.resource_access import policies_by_party
from deploy_access.iam.aws_managed_policies import is_whole
from deploy_access.json_shape import as_object, objects
from deploy_access.json_text import parse_text
from deploy_access.terraform.estate import NamedPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.terraform.estate import Document, Estate, Identity, Role

    Json = Mapping[str, object]

PolicyType = Literal["IDENTITY_POLICY", "RESOURCE_POLICY"]
_DENY: Json = {"Effect": "Deny", "Action": "*", "Resource": "*"}
_NOTHING: Mapping[PolicyType, Json] = {
    "IDENTITY_POLICY": _DENY,
    "RESOURCE_POLICY": {**_DENY, "Principal": "*"},
}
"""The statement of a document that allows nothing, as a document has at least one."""
_TRUST_NOTHING: Json = {"Effect": "Deny", "Principal": "*", "Action": "sts:*"}
_EVERYTHING: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_KINDS = {"user": "User", "group": "Group", "policy": "Policy"}
_BOUNDARY = "The boundary is left out: it may forbid a part of what the check finds."
_PERHAPS = "It is not certain that all of this is there; what may be there is in it."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccessCheck:
    """
    One check.

    Attributes:
        about: What it is about, for example `Role web-prod-deploy: what it may do`.
        policy_type: The kind of both documents, in AWS's words.
        existing: The document before the change.
        new: The document after it.
        remarks: What the documents do not say.
    """

    about: str
    policy_type: PolicyType
    existing: Json
    new: Json
    remarks: tuple[str, ...] = ()


def new_access_checks(base: Estate, head: Estate) -> Iterator[NewAccessCheck]:
    """List a check for each trust policy, identity and resource whose policies differ."""
    for before, after in pairs(base.roles, head.roles):
        if after is not None:
            yield from _of_role(before, after)
    for before, after in pairs(base.identities, head.identities):
        if after is not None and not after.is_attached:
            yield from _permissions(f"{_KINDS[after.kind]} {after.name}", before, after)
    old, new = policies_by_party(base), policies_by_party(head)
    for party in sorted(new):
        before, after = ([p.document for p in side.get(party, [])] for side in (old, new))
        about = f"{party.kind.capitalize()} {party.name}: what it lets others do"
        yield from _check(about, "RESOURCE_POLICY", before, after)


def _of_role(before: Role | None, after: Role) -> Iterator[NewAccessCheck]:
    old, new = ([role.trust] if role and role.trust else [] for role in (before, after))
    yield from _check(
        f"Role {after.name}: who may assume it", "RESOURCE_POLICY", old, new, nothing=_TRUST_NOTHING
    )
    yield from _permissions(f"Role {after.name}", before, after)


def _permissions(
    who: str, before: Role | Identity | None, after: Role | Identity
) -> Iterator[NewAccessCheck]:
    had, has = (_policies(one) for one in (before, after))
    bounded = _BOUNDARY if after.boundary or (before and before.boundary) else ""
    yield from _check(f"{who}: what it may do", "IDENTITY_POLICY", had, has, remarks=[bounded])


def _policies(role: Role | Identity | None) -> list[Document | NamedPolicy]:
    return [policy.document or policy for policy in role.policies] if role else []


def _check(
    about: str,
    policy_type: PolicyType,
    before: Sequence[Document | NamedPolicy],
    after: Sequence[Document | NamedPolicy],
    *,
    nothing: Json | None = None,
    remarks: Iterable[str] = (),
) -> Iterator[NewAccessCheck]:
    empty = nothing or _NOTHING[policy_type]
    (existing, said), (new, says) = (_joined(side, empty) for side in (before, after))
    if existing != new or said != says:
        told = [*filter(None, remarks), *says, *(f"Before: {one}" for one in said)]
        yield NewAccessCheck(
            about=about,
            policy_type=policy_type,
            existing=existing,
            new=new,
            remarks=tuple(dict.fromkeys(told)),
        )


def _joined(side: Sequence[Document | NamedPolicy], nothing: Json) -> tuple[Json, list[str]]:
    """Put the documents of one side into one; the remarks say what is not in it."""
    statements: list[Json] = []
    remarks: list[str] = []
    versions: set[object] = set()
    for policy in side:
        content, remark = _content(policy)
        remarks += [remark] if remark else []
        if content is not None:
            versions.add(content.get("Version", "2008-10-17"))
            statements += _statements(content)
    if len(versions) > 1:
        remarks.append("The policies have different versions, and the newer one is written.")
    version = max(map(str, versions), default="2012-10-17")
    # A Sid stands once in a document, and two policies may have the same.
    many = len(side) > 1
    bare = [{k: v for k, v in one.items() if not (many and k == "Sid")} for one in statements]
    return {"Version": version, "Statement": bare or [nothing]}, remarks


def _statements(content: Json) -> list[Json]:
    return [*objects(content.get("Statement"))]


def _content(policy: Document | NamedPolicy) -> tuple[Json | None, str]:
    """Return a document with what is to be said about it."""
    if isinstance(policy, NamedPolicy):
        return _of_name(policy.arn or policy.name)
    content = _parsed(policy.content) if isinstance(policy.content, str) else policy.content
    if not content:
        return None, f"The policy at {policy.where} cannot be read, so it is left out."
    if policy.parts or policy.left_out:
        return content, _PERHAPS
    if policy.unresolved:
        return content, f"Fill in what Terraform makes of {', '.join(policy.unresolved)}."
    return content, ""


def _of_name(name: str) -> tuple[Json | None, str]:
    if is_whole(name):
        return {"Version": "2012-10-17", "Statement": [_EVERYTHING]}, ""
    return None, f"The policy {name} is not among the files, so it is left out."


def _parsed(text: str) -> Json:
    try:
        return as_object(parse_text(text).content)
    except (ValueError, RecursionError):
        return {}

"""The blocks and arguments that give a policy to a role, a user or a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.json_shape import as_text, texts
from deploy_access.terraform.arguments import note_name, policy_name
from deploy_access.terraform.block_body import nested
from deploy_access.terraform.documents import read_document
from deploy_access.terraform.estate import IdentityKind, NamedPolicy, Unread
from deploy_access.terraform.file_facts import Grant, Membership
from deploy_access.terraform.lookup import attribute
from deploy_access.terraform.premises import kept_by_aws, nested_premises, of_argument, premises_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise
    from deploy_access.terraform.estate import Where
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.scope import Scope

_Named = tuple[IdentityKind, str]
# The third word of a type says what it is about, as in `aws_iam_user_policy`.
_KINDS: Mapping[str, IdentityKind] = {"role": "role", "user": "user", "group": "group"}


def attached(arn: str, where: Where, premises: tuple[Premise, ...] = ()) -> NamedPolicy:
    """Return a policy of which only the ARN is known so far."""
    name = arn if arn.startswith("${") else arn.rpartition("/")[2]
    return NamedPolicy(
        name=name,
        kind="attached-arn",
        document=None,
        where=where,
        arn=arn,
        premises=premises,
    )


def grants_of_role(scope: Scope, block: Block) -> Iterator[Grant]:
    """Read `inline_policy` and `managed_policy_arns` of an `aws_iam_role`."""
    role = as_text(attribute(scope, block, "name")) or ""
    for index, inline in enumerate(nested(scope, block, "inline_policy")):
        address = f"inline_policy[{index}]"
        if inline.get("policy") is not None:
            name = scope.symbols.write(as_text(inline.get("name")) or "")
            premises = nested_premises(scope, block, inline)
            if premises is None:
                continue
            document = read_document(scope, block, f"{address}.policy", inline["policy"], premises)
            where = scope.module.where(f"{block.address}.{address}")
            policy = NamedPolicy(name=name, kind="inline", document=document, where=where)
            yield _grant(scope, block, ("role", role), policy)
    yield from _attachments(scope, block, "managed_policy_arns", [("role", role)])


def read_inline(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an inline policy, such as an `aws_iam_role_policy`."""
    policy = NamedPolicy(
        name=policy_name(scope, block),
        kind="inline",
        document=read_document(
            scope, block, "policy", block.body.get("policy"), premises_of(scope, block)
        ),
        where=scope.module.where(block.address),
    )
    kind = _kind(block)
    found.grants += [_grant(scope, block, one, policy) for one in _named(scope, block, kind, kind)]


def read_attachment(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an attachment, such as an `aws_iam_role_policy_attachment`."""
    kind = _kind(block)
    found.grants += _attachments(scope, block, "policy_arn", _named(scope, block, kind, kind))


def read_attachment_of_many(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_policy_attachment`."""
    for kind in _KINDS.values():
        if block.body.get(f"{kind}s"):
            named = _named(scope, block, kind, f"{kind}s")
            found.grants += _attachments(scope, block, "policy_arn", named)


def read_all_attachments(scope: Scope, block: Block, found: Gathered) -> None:
    """Read all attachments of one, such as `aws_iam_role_policy_attachments_exclusive`."""
    kind = _kind(block)
    named = _named(scope, block, kind, f"{kind}_name")
    found.grants += _attachments(scope, block, "policy_arns", named)


def read_members(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_group_membership` or an `aws_iam_user_group_membership`."""
    is_of_group = block.type == "aws_iam_group_membership"
    users = _names(scope, block, "user", "users" if is_of_group else "user")
    groups = _names(scope, block, "group", "group" if is_of_group else "groups")
    account, write = scope.place(block).account, scope.symbols.write
    where, argument = scope.module.where(block.address), "users" if is_of_group else "groups"
    premises = (*premises_of(scope, block), *kept_by_aws(scope, block, argument))
    found.memberships += [
        Membership(
            account=account, user=write(user), group=write(group), where=where, premises=premises
        )
        for user in users
        for group in groups
    ]


def _attachments(scope: Scope, block: Block, argument: str, named: list[_Named]) -> Iterator[Grant]:
    given = block.body.get(argument)
    if given is None:
        return
    where = scope.module.where(block.address)
    # What a role has is as certain as the role, and rests on nothing else.
    own = () if block.type == "aws_iam_role" else premises_of(scope, block)
    premises = (
        *own,
        *of_argument(scope, block, argument, "it is attached"),
        *kept_by_aws(scope, block, argument),
    )
    for arn in texts(scope.value(given)):
        policy = attached(scope.symbols.write(arn), where, premises)
        for one in named:
            yield _grant(scope, block, one, policy)


def _kind(block: Block) -> IdentityKind:
    return _KINDS[block.type.split("_")[2]]


def _named(scope: Scope, block: Block, kind: IdentityKind, argument: str) -> list[_Named]:
    names = _names(scope, block, kind, argument)
    if not names:
        where = scope.module.where(f"{block.address}.{argument}")
        what = f"A policy is given to a {kind}, and no {kind} is named."
        scope.notes.append(_malformed(what, str(block.body.get(argument)), where))
    return [(kind, name) for name in names]


def _names(scope: Scope, block: Block, kind: IdentityKind, argument: str) -> list[str]:
    """Read the roles that *argument* names, or the users; IAM takes names, so an ARN is noted."""
    where = scope.module.where(f"{block.address}.{argument}")
    names = texts(scope.value(block.body.get(argument)))
    for name in names:
        note_name(scope, scope.symbols.names(name), where)
        if _name(name, kind) != name:
            what = f"A {kind} is named by its ARN; IAM takes its name, so applying this fails."
            scope.notes.append(_malformed(what, name, where))
    return [_name(name, kind) for name in names]


def _name(written: str, kind: IdentityKind) -> str:
    arn = Arn.parse(written)
    return arn.name if arn and arn.is_iam(kind) and arn.account_id and arn.name else written


def _grant(scope: Scope, block: Block, named: _Named, policy: NamedPolicy) -> Grant:
    place, (kind, name) = scope.place(block), named
    return Grant(
        account=place.account,
        region=place.region,
        name=scope.symbols.write(name),
        known=not scope.symbols.names(name),
        policy=policy,
        kind=kind,
    )


def _malformed(what: str, given: str, where: Where) -> Unread:
    return Unread(kind="malformed", what=what, given=given, where=where)

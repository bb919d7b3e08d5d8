"""The blocks and arguments that give a policy to a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.json_shape import as_text, texts
from deploy_access.terraform.arguments import policy_name
from deploy_access.terraform.block_body import nested
from deploy_access.terraform.documents import note_unresolved, read_document
from deploy_access.terraform.estate import NamedPolicy, Unread
from deploy_access.terraform.file_facts import Grant
from deploy_access.terraform.lookup import attribute
from deploy_access.terraform.premises import kept_by_aws, nested_premises, of_argument, premises_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.certainty import Premise
    from deploy_access.terraform.estate import Where
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.scope import Scope


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
            yield _grant(scope, block, role, policy)
    yield from _attachments(scope, block, "managed_policy_arns", [role])


def read_inline(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_role_policy`."""
    policy = NamedPolicy(
        name=policy_name(scope, block),
        kind="inline",
        document=read_document(
            scope, block, "policy", block.body.get("policy"), premises_of(scope, block)
        ),
        where=scope.module.where(block.address),
    )
    found.grants += [_grant(scope, block, role, policy) for role in _roles(scope, block, "role")]


def read_attachment(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_role_policy_attachment`."""
    found.grants += _attachments(scope, block, "policy_arn", _roles(scope, block, "role"))


def read_attachment_of_many(scope: Scope, block: Block, found: Gathered) -> None:
    """Read the roles of an `aws_iam_policy_attachment`; its users and groups are not read."""
    if block.body.get("roles") is not None:
        found.grants += _attachments(scope, block, "policy_arn", _roles(scope, block, "roles"))


def read_all_attachments(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_role_policy_attachments_exclusive`."""
    found.grants += _attachments(scope, block, "policy_arns", _roles(scope, block, "role_name"))


def _attachments(scope: Scope, block: Block, argument: str, roles: list[str]) -> Iterator[Grant]:
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
        for role in roles:
            yield _grant(scope, block, role, policy)


def _roles(scope: Scope, block: Block, argument: str) -> list[str]:
    """Read the roles that *argument* names; IAM takes names, so an ARN is noted."""
    where = scope.module.where(f"{block.address}.{argument}")
    names = texts(scope.value(block.body.get(argument)))
    if not names:
        what = "A policy is given to a role, and no role is named."
        scope.notes.append(_malformed(what, str(block.body.get(argument)), where))
    for name in names:
        note_unresolved(scope, scope.symbols.names(name), where)
        if _role_name(name) != name:
            what = "A role is named by its ARN; IAM takes its name, so applying this fails."
            scope.notes.append(_malformed(what, name, where))
    return [_role_name(name) for name in names]


def _role_name(written: str) -> str:
    arn = Arn.parse(written)
    return arn.name if arn and arn.is_role else written


def _grant(scope: Scope, block: Block, role: str, policy: NamedPolicy) -> Grant:
    place = scope.place(block)
    return Grant(
        account=place.account,
        region=place.region,
        role=scope.symbols.write(role),
        known=not scope.symbols.names(role),
        policy=policy,
    )


def _malformed(what: str, given: str, where: Where) -> Unread:
    return Unread(kind="malformed", what=what, given=given, where=where)

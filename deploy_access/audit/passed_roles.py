"""The roles that a policy passes, by their names, and what they may do where it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.documents import check_document
from deploy_access.audit.wide_resource import describe_roles, pattern_of_roles
from deploy_access.iam.actions import gives_permissions, is_reading, is_whole_service
from deploy_access.iam.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.terraform.estate import Estate, NamedPolicy, Role

_SHOWN = 3


def roles_by_arn(estate: Estate) -> Mapping[str, Role]:
    """Index the roles of an estate by their ARNs, and by Terraform's references to those."""
    made = [role for role in estate.roles if role.path is not None]
    by_reference = {f"${{{role.where.address}.arn}}": role for role in made if role.where.address}
    return by_reference | {role.arn: role for role in made if role.arn}


def describe_passed(resources: Iterable[str], roles: Mapping[str, Role]) -> str:
    """Name the roles that a policy calls *resources*, and say what they may do, as sentences."""
    named = [*resources]
    shown = named[:_SHOWN]
    known = [roles[one] for one in shown if one in roles]
    may = [f"{role.name} may {may_do(role)}." for role in known]
    if len(known) < len(named):
        left = len(named) - len(known)
        others = ("the others" if left > 1 else "the other") if known else _they(left)
        may.append(f"What {others} may do is not in these files.")
    return " ".join([f"{_joined([_name(o, roles) for o in shown], len(named))}.", *may])


def _they(number: int) -> str:
    return "they" if number > 1 else "it"


def _name(resource: str, roles: Mapping[str, Role]) -> str:
    if resource in roles:
        return roles[resource].name
    pattern = pattern_of_roles(resource)
    if pattern is not None:
        return f"every role {describe_roles(pattern)}" if pattern else "every role"
    arn = Arn.parse(resource)
    return arn.name if arn else resource


def _joined(shown: Sequence[str], number: int) -> str:
    """Join what is shown of so many."""
    if number > len(shown):
        return f"{', '.join(shown)} and {number - len(shown)} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def may_do(role: Role) -> str:
    """Say what a role may do: its actions that reach furthest, as a part of a sentence."""
    allowed = sorted({what for policy in role.policies for what in _allowed(policy)}, key=_narrow)
    return _joined(allowed[:_SHOWN], len(allowed)) if allowed else "do nothing, by these files"


def _allowed(policy: NamedPolicy) -> Iterator[str]:
    """List the actions of a policy as it has them, or its name where it was not read."""
    if policy.document is None:
        yield policy.name
        return
    read = check_document(policy.document).policy
    for statement in read.statements if read else ():
        if statement.effect == "Allow":
            yield from statement.actions or ()
            yield from (f"all but {action}" for action in statement.not_actions or ())


def _narrow(allowed: str) -> tuple[bool, bool, bool, str]:
    """Return the key that sorts what reaches far before what only reads."""
    return (
        not is_whole_service(allowed),
        not gives_permissions(allowed),
        is_reading(allowed),
        allowed,
    )

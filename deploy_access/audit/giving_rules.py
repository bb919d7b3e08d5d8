"""
The rule about actions that give permissions, and the conditions under which they give little.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html,
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.attached_policies import check_attached
from deploy_access.audit.finding import finding
from deploy_access.audit.narrowing import narrows
from deploy_access.audit.wide_resource import is_everything
from deploy_access.iam.action_resources import may_be_on, may_take_one, takes_all
from deploy_access.iam.actions import (
    actions_matching,
    gives_permissions,
    is_whole_service,
    service_of,
    spelled,
)
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from deploy_access.audit.finding import Finding
    from deploy_access.iam.policy import PolicyStatement

# Nearly all actions of these services are about access, so a wildcard has this finding as well.
_ABOUT_ACCESS = frozenset({"iam", "organizations"})
_OF_IDENTITIES = frozenset({*_ABOUT_ACCESS, "identitystore", "rolesanywhere", "sso"})
_OF_OBJECTS = frozenset({"s3:putobjectacl", "s3:putobjectversionacl"})
_TAKES_AWAY = ("delete", "deregister", "detach", "disassociate", "remove", "retire", "revoke")
_MAKES_CREDENTIALS = (
    *("iam:createaccesskey", "iam:createloginprofile", "iam:createservicespecificcredential"),
    *("iam:updateloginprofile", "iam:uploadsshpublickey"),
)
_CREDENTIALS = "It makes credentials that can be handed on, and stay when the run is over."
_TAGS = "Policies can ask for tags, so whoever sets them decides who may do what."
_REASONS = {
    "eks": "It lets roles into the cluster, as its administrators too.",
    "sts": _CREDENTIALS,
    "s3:bypassgovernanceretention": "It deletes what a retention keeps, before its time.",
    **dict.fromkeys(_OF_OBJECTS, "It can make an object public, or let another account read it."),
    **dict.fromkeys(_MAKES_CREDENTIALS, _CREDENTIALS),
    **dict.fromkeys(("iam:tagrole", "iam:taguser", "iam:untagrole", "iam:untaguser"), _TAGS),
}
"""Why an action, or each of a service, gives permissions, where it is not for a common reason."""
# What IAM asks the boundary of: the role or the user that then has no more than the boundary.
_BOUNDED = frozenset(
    f"iam:{verb}{kind}{what}"
    for kind in ("role", "user")
    for verb, what in (
        *(("create", ""), ("attach", "policy"), ("detach", "policy"), ("put", "policy")),
        *(("delete", "policy"), ("put", "permissionsboundary")),
    )
)
_ATTACHING = frozenset(
    f"iam:{verb}{kind}policy" for verb in ("attach", "detach") for kind in ("role", "user", "group")
)


def check_giving(statement: PolicyStatement) -> Iterator[Finding]:
    """Check each action of a statement that allows."""
    for pattern in statement.actions or ():
        # Of a whole service another rule says all that it is.
        has_own_rule = is_whole_service(pattern) and service_of(pattern) not in _ABOUT_ACCESS
        if not has_own_rule and gives_permissions(pattern):
            given = next((a for a in _given(pattern, statement) if not _tamed(a, statement)), None)
            if given:
                yield _finding(pattern, given, statement)


def _given(pattern: str, statement: PolicyStatement) -> Iterator[str]:
    """
    List the actions that give permissions on the resources of their statement, the strongest first.
    """
    resources = statement.resources or ("*",)
    if not has_wildcard(pattern):
        if may_take_one(pattern, resources):
            yield pattern.lower()
        return
    meant = actions_matching(pattern)
    if not meant:
        yield pattern.lower()
    for action in sorted(filter(gives_permissions, meant), key=_mild):
        if may_be_on(action, resources):
            yield action


def _mild(action: str) -> tuple[bool, bool, str]:
    return _name(action).startswith(_TAKES_AWAY), action in _OF_OBJECTS, action


def _name(action: str) -> str:
    return action.partition(":")[2]


def _tamed(action: str, statement: PolicyStatement) -> bool:
    return any(
        (tame := _TAMING.get(condition.key.lower())) is not None
        and narrows(condition)
        and tame(action, condition.values)
        for condition in statement.conditions
    )


def _is_for_service(action: str, values: tuple[str, ...]) -> bool:
    is_asked = action in {"kms:creategrant", "kms:revokegrant"}
    return is_asked and {value.lower() for value in values} == {"true"}


def _is_bounded(action: str, values: tuple[str, ...]) -> bool:
    return action in _BOUNDED and not any(map(is_everything, values))


def _attaches_these(action: str, values: tuple[str, ...]) -> bool:
    named = not any(map(has_wildcard, values))
    return action in _ATTACHING and named and not any(any(check_attached(v)) for v in values)


def _is_for_principal(action: str, _values: tuple[str, ...]) -> bool:
    return action in {"lambda:addpermission", "lambda:removepermission"}


def _is_private(action: str, values: tuple[str, ...]) -> bool:
    is_acl = action in {*_OF_OBJECTS, "s3:putbucketacl"}
    return is_acl and all(v == "private" or v.startswith("bucket-owner-") for v in values)


_TAMING: Mapping[str, Callable[[str, tuple[str, ...]], bool]] = {
    "iam:permissionsboundary": _is_bounded,
    "iam:policyarn": _attaches_these,
    "kms:grantisforawsresource": _is_for_service,
    "lambda:principal": _is_for_principal,
    "s3:x-amz-acl": _is_private,
}


def _finding(pattern: str, action: str, statement: PolicyStatement) -> Finding:
    wide = any(takes_all(action, resource) for resource in statement.resources or ("*",))
    narrow = action in _OF_OBJECTS and not wide
    return finding(
        "permissions-management",
        pattern,
        _why(pattern, action),
        _help(pattern),
        severity="warning" if narrow else None,
    )


def _why(pattern: str, action: str) -> str:
    reason = _reason(action)
    if is_whole_service(pattern) or not has_wildcard(pattern) or has_wildcard(action):
        return reason
    return f"It means {spelled(action)}: {reason[0].lower()}{reason[1:]}"


def _help(pattern: str) -> str:
    leave = "Leave permissions to the role that runs Terraform."
    is_of_resources = has_wildcard(pattern) and service_of(pattern) not in _OF_IDENTITIES
    return f"List the actions that a deploy calls. {leave}" if is_of_resources else leave


def _reason(action: str) -> str:
    known = _REASONS.get(action) or _REASONS.get(service_of(action))
    if known:
        return known
    takes_away = _name(action).startswith(_TAKES_AWAY)
    if service_of(action) not in _OF_IDENTITIES:
        if takes_away:
            return "It takes access away from others, or what keeps them out: a policy may deny."
        return "It says who may use a resource: another account can be let in, or everybody."
    if takes_away:
        return "It takes permissions away from others, or what holds them back: a boundary, a Deny."
    return "Whoever may change permissions may give himself all of them."

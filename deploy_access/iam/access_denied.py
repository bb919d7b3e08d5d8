"""
AWS's text of a refused call, taken apart.

The sentence is the same for all services that follow the form, which not all do:
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html. Since 2026 it may
end with the ARN of the policy that denies:
https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.iam.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

DenyingKind = Literal[
    "identity",
    "boundary",
    "resource",
    "session",
    "service-control",
    "resource-control",
    "vpc-endpoint",
]
_KINDS: dict[str, DenyingKind] = {
    "identity-based policy": "identity",
    "permissions boundary": "boundary",
    "resource-based policy": "resource",
    "session policy": "session",
    "service control policy": "service-control",
    "resource control policy": "resource-control",
    "VPC endpoint policy": "vpc-endpoint",
}
_KIND = "|".join(_KINDS)
_TEXT = re.compile(
    r"(?P<principal>[^\s,]+) is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on (?:the )?resource: (?P<quote>[\"']?)(?P<resource>[^\s\"']+)(?P=quote))?"
    r"(?: with an explicit deny in an? (?P<denying>" + _KIND + r")"
    r"(?:: (?P<policy>[^\s,]+))?"
    r"| because no (?P<missing>" + _KIND + r") allows)?"
)
# What ends a sentence or a JSON text, and stands in no ARN's last place.
_AFTER = ".,;:)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDenied:
    """
    A call that AWS refused, as far as its text says.

    Attributes:
        principal: The ARN of the caller, mostly of the session of a role.
        action: The action, for example `ecr:PutImage`.
        resource: The resource as the text names it, an ARN or `*`; None when it names none.
        kind: The kind of policy that refuses; None when the text does not say it.
        is_explicit: Whether a `Deny` refuses, and not a missing `Allow`.
        policy: The ARN of the policy that denies, or None.
        text: The whole text.
    """

    principal: str
    action: str
    resource: str | None
    kind: DenyingKind | None
    is_explicit: bool
    policy: str | None
    text: str

    @property
    def role_name(self) -> str | None:
        """The name of the role whose session called, or None for another principal."""
        arn = Arn.parse(self.principal)
        if arn is None or not (arn.is_session or arn.is_role):
            return None
        # The ARN of a session has the name of the role without its path.
        return arn.resource.split("/")[1] if arn.is_session else arn.name

    @property
    def account(self) -> str | None:
        """The account of the caller."""
        arn = Arn.parse(self.principal)
        return arn.account if arn else None


def find_denials(text: str) -> Iterator[AccessDenied]:
    """Find every refused call in *text*, each once, in the order of the text."""
    seen: set[str] = set()
    for found in _TEXT.finditer(text):
        if found[0] not in seen:
            seen.add(found[0])
            yield _denied(found)


def _denied(found: re.Match[str]) -> AccessDenied:
    kind = found["denying"] or found["missing"]
    resource = found["resource"]
    return AccessDenied(
        principal=found["principal"],
        action=found["action"],
        resource=resource.rstrip(_AFTER) if resource else None,
        kind=_KINDS[kind] if kind else None,
        is_explicit=found["denying"] is not None,
        policy=found["policy"].rstrip(_AFTER) if found["policy"] else None,
        text=found[0],
    )

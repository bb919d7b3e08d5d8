"""
The rule about AWS's managed policies, of which the files hold the ARN only.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.iam.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator


_FULL = re.compile(r"AdministratorAccess.*|.*FullAccess.*|.*Power_?User(Access)?", re.DOTALL)
_READING = re.compile(r".*(Read_?Only|PullOnly|ViewOnly)(Access)?|SecurityAudit", re.DOTALL)


def check_attached(arn: str) -> Iterator[DocumentFinding]:
    """Check that an attached policy does not allow a whole service."""
    name = _name(arn)
    if _FULL.fullmatch(name):
        everything = name.startswith(("AdministratorAccess", "PowerUserAccess"))
        what = "everything" if everything else "every resource of the service"
        yield DocumentFinding(
            finding(
                "full-access-policy",
                arn,
                f"AWS keeps this policy, and it is about {what}: far more than a deploy calls.",
                "Attach a policy with the few actions that a deploy calls, on named ARNs.",
            ),
            "",
            "policy_arn",
        )


def may_write(arn: str) -> bool:
    """Whether a policy of which only the ARN is known can allow more than reading."""
    return _READING.fullmatch(_name(arn)) is None


def _name(arn: str) -> str:
    """Return the name of a policy that AWS keeps; empty for any other."""
    found = Arn.parse(arn)
    return found.name if found and found.is_policy_of_aws else ""

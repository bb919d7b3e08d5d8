"""
The rule about managed policies of AWS, of which only the ARN stands in the files.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding

if TYPE_CHECKING:
    from collections.abc import Iterator


_OF_AWS = re.compile(r"arn:[^:]+:iam::aws:policy/(.*/)?(?P<name>[^/]+)", re.DOTALL)
_FULL = re.compile(r"AdministratorAccess.*|.*FullAccess.*|.*Power_?User(Access)?", re.DOTALL)
_READING = re.compile(r".*(Read_?Only|PullOnly|ViewOnly)(Access)?|SecurityAudit", re.DOTALL)


def check_attached(arn: str) -> Iterator[DocumentFinding]:
    """Check that an attached policy does not allow a whole service."""
    found = _OF_AWS.fullmatch(arn)
    if found and _FULL.fullmatch(found["name"]):
        everything = found["name"].startswith(("AdministratorAccess", "PowerUserAccess"))
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
    found = _OF_AWS.fullmatch(arn)
    return not (found and _READING.fullmatch(found["name"]))

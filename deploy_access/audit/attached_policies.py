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
from deploy_access.iam.aws_managed_policies import least_of

if TYPE_CHECKING:
    from collections.abc import Iterator


_FULL = re.compile(
    r"AdministratorAccess.*|.*Admin(istrator)?(Access)?|.*FullAccess.*|.*Power_?User(Access)?"
    r"|DataScientist",
    re.DOTALL,
)
_EVERYTHING = frozenset({"AdministratorAccess", "PowerUserAccess"})
# What its name says is full, and is no more than Amplify's deploy calls, on what Amplify makes.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmplifyBackendDeployFullAccess.html
_OF_A_DEPLOY = frozenset({"AmplifyBackendDeployFullAccess"})
_READING = re.compile(r".*(Read_?Only|PullOnly|ViewOnly)(Access)?|SecurityAudit", re.DOTALL)


def check_attached(arn: str) -> Iterator[DocumentFinding]:
    """Check that an attached policy does not allow a whole service."""
    name = _name(arn)
    is_full = _FULL.fullmatch(name) is not None or least_of(arn) is not None
    if is_full and name not in _OF_A_DEPLOY:
        what = "everything" if name in _EVERYTHING else "every resource of its services"
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

"""
A role as it is deployed: read from moto's IAM anew for each request.

Nothing is kept between two requests: a policy that changes meanwhile counts at once, where AWS may
take a few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy_access.iam.documents import read_policy
from deploy_access.iam.role_arn import parse_role

from ..server.aws_session import AwsError, is_missing, pages
from ..verify.actual_state import attached_policies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.iam.policy import Policy

    from ..server.aws_session import AwsSession


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedRole:
    """
    A role of an account.

    Attributes:
        arn: With its path.
        id: What IAM calls it in `aws:userid`.
        trust: Who may assume it.
        max_session_duration: In seconds.
        tags: Its tags.
        boundary_arn: The policy that bounds it, or None.

    """

    arn: str
    id: str
    trust: Policy
    max_session_duration: int
    tags: Mapping[str, str]
    boundary_arn: str | None

    @property
    def name(self) -> str:
        """The name, without the path."""
        return self.arn.rpartition("/")[2]

    @property
    def account(self) -> str:
        """The account."""
        return parse_role(self.arn)["account"]


def read_role(arn: str, session: AwsSession) -> DeployedRole | None:
    """
    Read the role with exactly that ARN; None for another path, as in AWS.
    """
    iam = session.client("iam")
    try:
        found = iam.get_role(RoleName=parse_role(arn)["name"])["Role"]
    except AwsError as error:
        if is_missing(error):
            return None
        raise
    # IAM finds a role by its name alone, STS by the whole ARN.
    if found["Arn"] != arn:
        return None
    tags: list[dict[str, str]] = found.get("Tags") or []
    boundary: dict[str, str] = found.get("PermissionsBoundary") or {}
    return DeployedRole(
        arn=arn,
        id=found["RoleId"],
        trust=read_policy(found["AssumeRolePolicyDocument"], name="trust policy").policy,
        max_session_duration=found["MaxSessionDuration"],
        tags={tag["Key"]: tag["Value"] for tag in tags},
        boundary_arn=boundary.get("PermissionsBoundaryArn"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePermissions:
    """
    The policies of a role.

    Attributes:
        identity: Its inline policies and those that are attached.
        boundary: What bounds it, or None.

    """

    identity: tuple[Policy, ...]
    boundary: Policy | None


def read_permissions(role: DeployedRole, session: AwsSession) -> RolePermissions:
    """
    Read the policies of a role.
    """
    iam, bound = session.client("iam"), role.boundary_arn
    return RolePermissions(
        identity=tuple(_identity(session, role.name)),
        boundary=read_managed(iam, bound) if bound else None,
    )


def _identity(session: AwsSession, role: str) -> Iterator[Policy]:
    iam = session.client("iam")
    for name in pages(iam, "list_role_policies", "PolicyNames", RoleName=role):
        found = iam.get_role_policy(RoleName=role, PolicyName=name)
        yield read_policy(found["PolicyDocument"], name=name).policy
    for arn in sorted(attached_policies(session, role)):
        yield read_managed(iam, arn)


def read_managed(iam: Any, arn: str) -> Policy:
    """
    Read a managed policy in the version that counts.
    """
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    return read_policy(found["Document"], name=arn).policy

"""
What AWS holds, read through boto3: the same facts as in `expected_state`.

Nothing here uses the reader of the synthesized JSON, so that an error of the reader shows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..server.aws_session import AwsError, is_missing, pages
from ..terraform.default_target import partition_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..server.aws_session import AwsSession
    from .expected_state import ExpectedResource, Facts


def read_facts(item: ExpectedResource, session: AwsSession) -> Facts | None:
    """
    Return what AWS says of *item*, or None when it is not there.
    """
    try:
        return _READERS[item.kind](item, session)
    except AwsError as error:
        if is_missing(error):
            return None
        raise


def inline_policies(session: AwsSession, role: str) -> set[str]:
    """
    Return the names of all inline policies of a role.
    """
    found = pages(session.client("iam"), "list_role_policies", "PolicyNames", RoleName=role)
    return set(found)


def attached_policies(session: AwsSession, role: str) -> set[str]:
    """
    Return the ARNs of all managed policies that are attached to a role.
    """
    client = session.client("iam")
    found = pages(client, "list_attached_role_policies", "AttachedPolicies", RoleName=role)
    return {policy["PolicyArn"] for policy in found}


def trust_policy(session: AwsSession, role: str) -> Facts:
    """
    Return the trust policy of a role as AWS stores it.
    """
    return session.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]


def _tags(entries: list[Facts]) -> Facts:
    return {entry["Key"]: entry["Value"] for entry in entries}


def _role(item: ExpectedResource, session: AwsSession) -> Facts:
    role = session.client("iam").get_role(RoleName=item.name)["Role"]
    boundary: Facts = role.get("PermissionsBoundary") or {}
    return {
        "trust policy": role["AssumeRolePolicyDocument"],
        "path": role["Path"],
        "maximum session duration": role["MaxSessionDuration"],
        "permissions boundary": boundary.get("PermissionsBoundaryArn"),
        "description": role.get("Description") or "",
        "tags": _tags(role.get("Tags") or []),
    }


def _role_policy(item: ExpectedResource, session: AwsSession) -> Facts:
    role, _, name = item.name.partition("/")
    found = session.client("iam").get_role_policy(RoleName=role, PolicyName=name)
    return {"document": found["PolicyDocument"]}


def _policy(item: ExpectedResource, session: AwsSession) -> Facts:
    client = session.client("iam")
    arn = _iam_arn(item, f"policy{item.name}")
    policy = client.get_policy(PolicyArn=arn)["Policy"]
    version = client.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    return {
        "document": version["PolicyVersion"]["Document"],
        "tags": _tags(policy.get("Tags") or []),
    }


def _provider(item: ExpectedResource, session: AwsSession) -> Facts:
    arn = _iam_arn(item, f"oidc-provider/{item.name}")
    found = session.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {
        "client ids": sorted(found["ClientIDList"]),
        "thumbprints": sorted(found.get("ThumbprintList") or []),
        "tags": _tags(found.get("Tags") or []),
    }


def _iam_arn(item: ExpectedResource, rest: str) -> str:
    return f"arn:{partition_name(item.place.region)}:iam::{item.place.account}:{rest}"


def _ecr(item: ExpectedResource, session: AwsSession) -> Any:
    return session.client("ecr", item.place.region)


def _repository(item: ExpectedResource, session: AwsSession) -> Facts:
    client = _ecr(item, session)
    # moto answers a lookup by name with exactly one repository, or an error.
    (found,) = client.describe_repositories(repositoryNames=[item.name])["repositories"]
    tags = client.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    return {
        "tag mutability": found["imageTagMutability"],
        "scan on push": found["imageScanningConfiguration"]["scanOnPush"],
        "encryption": found["encryptionConfiguration"]["encryptionType"],
        "encryption key": found["encryptionConfiguration"].get("kmsKey"),
        "tags": _tags(tags),
    }


def _lifecycle(item: ExpectedResource, session: AwsSession) -> Facts:
    found = _ecr(item, session).get_lifecycle_policy(repositoryName=item.name)
    return {"document": json.loads(found["lifecyclePolicyText"])}


def _repository_policy(item: ExpectedResource, session: AwsSession) -> Facts:
    found = _ecr(item, session).get_repository_policy(repositoryName=item.name)
    return {"document": json.loads(found["policyText"])}


_READERS: dict[str, Callable[[ExpectedResource, AwsSession], Facts]] = {
    "role": _role,
    "inline policy": _role_policy,
    "managed policy": _policy,
    "OIDC provider": _provider,
    "repository": _repository,
    "lifecycle policy of repository": _lifecycle,
    "policy of repository": _repository_policy,
}

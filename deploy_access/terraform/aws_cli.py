"""
What the AWS CLI prints that has a policy document in it, and a policy by itself.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html and
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.aws_answer import AwsAnswer
from deploy_access.terraform.bounds import at_most

if TYPE_CHECKING:
    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered


def read_policy_alone(file: JsonFile, found: Gathered) -> None:
    """Read a policy by itself; what has it gets the name of the file."""
    AwsAnswer(file, found).alone("", file.content)


def read_policy_version(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-policy-version` prints, which does not say the policy's name."""
    body = as_object(file.content.get("PolicyVersion"))
    AwsAnswer(file, found).alone("PolicyVersion.Document", body.get("Document"))


def read_version_alone(file: JsonFile, found: Gathered) -> None:
    """Read the same with `--query PolicyVersion`."""
    AwsAnswer(file, found).alone("Document", file.content.get("Document"))


def read_role_answer(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-role` prints."""
    AwsAnswer(file, found).role("Role", file.content.get("Role"))


def read_role_alone(file: JsonFile, found: Gathered) -> None:
    """Read the same with `--query Role`."""
    AwsAnswer(file, found).role("", file.content)


def read_role_list(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam list-roles` prints."""
    AwsAnswer(file, found).roles("Roles")


def read_instance_profiles(file: JsonFile, found: Gathered) -> None:
    """Read the roles in what `aws iam get-instance-profile` and its list print."""
    answer = AwsAnswer(file, found)
    one, listed = file.content.get("InstanceProfile"), file.content.get("InstanceProfiles")
    places = {"InstanceProfile": one} if one is not None else {}
    several = enumerate(at_most(as_list(listed), file.name))
    places |= {f"InstanceProfiles[{n}]": each for n, each in several}
    for address, profile in places.items():
        answer.roles("Roles", address, as_object(profile))


def read_inline_policy(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-role-policy` prints, or its kin; none says the account."""
    answer, role = AwsAnswer(file, found), as_text(file.content.get("RoleName"))
    if role:
        answer.inline("", None, role, file.content)
    else:  # of a user or a group
        answer.alone("PolicyDocument", file.content.get("PolicyDocument"))


def read_repository_policy(file: JsonFile, found: Gathered) -> None:
    """Read what `aws ecr get-repository-policy` and `get-registry-policy` print."""
    is_registry = "repositoryName" not in file.content
    kind = "aws_ecr_registry_policy" if is_registry else "aws_ecr_repository_policy"
    found.resource_policies.append(AwsAnswer(file, found).of_repository(kind, "policyText"))


def read_repository_lifecycle(file: JsonFile, found: Gathered) -> None:
    """Read what `aws ecr get-lifecycle-policy` prints."""
    answer = AwsAnswer(file, found)
    found.lifecycles.append(answer.of_repository("aws_ecr_lifecycle_policy", "lifecyclePolicyText"))


def read_account(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-account-authorization-details` prints."""
    answer = AwsAnswer(file, found)
    found.is_whole_account = True
    answer.roles("RoleDetailList")
    answer.managed("Policies")
    if not as_list(file.content["RoleDetailList"]) and as_list(file.content.get("Policies")):
        answer.note("No role of this answer has its policies, so they are not audited.", "Policies")

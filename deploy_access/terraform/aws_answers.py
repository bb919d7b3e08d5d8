"""
Which command of AWS printed a file, told by the keys at its top.

An answer that has no policy document in it is refused, with the command whose answer has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_shape import as_object, as_text, objects, texts
from deploy_access.terraform import aws_cli
from deploy_access.terraform.aws_answer import AwsAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered

_WITH_POLICY: Mapping[str, Callable[[JsonFile, Gathered], None]] = {
    "Role": aws_cli.read_role_answer,
    "Roles": aws_cli.read_role_list,
    "RoleDetailList": aws_cli.read_account,
    "AssumeRolePolicyDocument": aws_cli.read_role_alone,
    "InstanceProfile": aws_cli.read_instance_profiles,
    "InstanceProfiles": aws_cli.read_instance_profiles,
    "PolicyDocument": aws_cli.read_inline_policy,
    "PolicyVersion": aws_cli.read_policy_version,
    "Document": aws_cli.read_version_alone,
    "policyText": aws_cli.read_repository_policy,
    "lifecyclePolicyText": aws_cli.read_repository_lifecycle,
    "Statement": aws_cli.read_policy_alone,
}
_ALL = "aws iam get-account-authorization-details"
_ONE = "aws iam get-policy-version --policy-arn {} --version-id {}"
_OF_ROLE = "aws iam get-role-policy --role-name ROLE --policy-name {}"
_NAMES = "It names policies, and has none of their documents."


def read_answer(file: JsonFile, found: Gathered) -> bool:
    """
    Read what a command of AWS printed, or a policy by itself; return whether it is that.

    Raises:
        InvalidValue: The answer has no policy document that a rule looks at.
    """
    for key, read in _WITH_POLICY.items():
        if key in file.content:
            read(file, found)
            AwsAnswer(file, found).note_pages()
            return True
    for key, say in _WITHOUT.items():
        if key in file.content:
            why, fix = say(file.content[key])
            raise InvalidValue(_refused(file, why, fix))
    return False


def is_answer(file: JsonFile) -> bool:
    """Whether a file is what a command of AWS printed that has a policy, or a policy by itself."""
    return not _WITH_POLICY.keys().isdisjoint(file.content)


def _refused(file: JsonFile, why: str, fix: str) -> Problem:
    what = "This answer of AWS has no policy that a rule looks at."
    return Problem(what=what, given=file.name, why=why, fix=fix)


def _policy(answer: object) -> tuple[str, str]:
    """Say what to pass for what `get-policy` of some service prints."""
    body = as_object(answer)
    if not body:  # a text, as of a bucket, a key or a function
        return _elsewhere(answer)
    if "PolicySummary" in body:
        return "A policy of an organization lets nobody in.", "Pass the policies of the roles."
    version = as_text(body.get("DefaultVersionId")) or "VERSION"
    arn = as_text(body.get("Arn")) or "ARN"
    return _NAMES, f"Pass what `{_ONE.format(arn, version)}` prints: `--policy {arn}=FILE`."


def _versions(answer: object) -> tuple[str, str]:
    """Say what to pass for what `aws iam list-policy-versions` prints."""
    in_force = (
        one.get("VersionId") for one in objects(answer) if one.get("IsDefaultVersion") is True
    )
    version = next(in_force, "VERSION")
    return _NAMES, f"Pass what `{_ONE.format('ARN', version)}` prints: `--policy ARN=FILE`."


def _names(answer: object) -> tuple[str, str]:
    """Say what to pass for what `aws iam list-role-policies` prints."""
    name = next(iter(texts(answer)), "NAME")
    print_them = f"Pass what `{_OF_ROLE.format(name)}` prints, for each of them"
    return _NAMES, f"{print_them}, and say whose these are: `--policy ROLE=FILE`."


def _attached(_: object) -> tuple[str, str]:
    """Say what to pass for what `aws iam list-attached-role-policies` prints."""
    return (
        f"{_NAMES} Nor does it say which role has them.",
        f"Say it: `--policy ROLE=FILE`. Or pass what `{_ALL}` prints.",
    )


def _listed(_: object) -> tuple[str, str]:
    """Say what to pass for what `aws iam list-policies` prints."""
    return f"{_NAMES} Nor does it say which roles have them.", f"Pass what `{_ALL}` prints."


def _elsewhere(_: object) -> tuple[str, str]:
    """Say that a policy is of another resource."""
    return (
        "The rules look at policies of roles and of ECR repositories alone.",
        "`deploy-access review` compares those of other resources, in Terraform's JSON.",
    )


_WITHOUT: Mapping[str, Callable[[object], tuple[str, str]]] = {
    "AttachedPolicies": _attached,
    "Attributes": _elsewhere,
    "Policies": _listed,
    "Policy": _policy,
    "PolicyNames": _names,
    "ResourcePolicy": _elsewhere,
    "Versions": _versions,
}

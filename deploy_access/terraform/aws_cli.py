"""
What the AWS CLI prints that has a policy document in it, and a policy by itself.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html and
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from deploy_access.iam.arns import account_of
from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.bounds import at_most
from deploy_access.terraform.estate import (
    Document,
    NamedPolicy,
    ResourcePolicy,
    Role,
    Unread,
    Where,
)
from deploy_access.terraform.file_facts import Grant, Managed
from deploy_access.terraform.grants import attached

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered


def read_policy_alone(file: JsonFile, found: Gathered) -> None:
    """Read a policy by itself; what has it gets the name of the file."""
    _Answer(file, found).alone("", file.content)


def read_policy_version(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-policy-version` prints, which does not say the policy's name."""
    body = as_object(file.content.get("PolicyVersion"))
    _Answer(file, found).alone("PolicyVersion.Document", body.get("Document"))


def read_version_alone(file: JsonFile, found: Gathered) -> None:
    """Read the same with `--query PolicyVersion`."""
    _Answer(file, found).alone("Document", file.content.get("Document"))


def read_role_answer(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-role` prints."""
    _Answer(file, found).role("Role", file.content.get("Role"))


def read_role_alone(file: JsonFile, found: Gathered) -> None:
    """Read the same with `--query Role`."""
    _Answer(file, found).role("", file.content)


def read_role_list(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam list-roles` prints."""
    _Answer(file, found).roles("Roles")


def read_instance_profiles(file: JsonFile, found: Gathered) -> None:
    """Read the roles in what `aws iam get-instance-profile` and its list print."""
    answer = _Answer(file, found)
    one, listed = file.content.get("InstanceProfile"), file.content.get("InstanceProfiles")
    places = {"InstanceProfile": one} if one is not None else {}
    several = enumerate(at_most(as_list(listed), file.name))
    places |= {f"InstanceProfiles[{n}]": each for n, each in several}
    for address, profile in places.items():
        answer.roles("Roles", address, as_object(profile))


def read_inline_policy(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-role-policy` prints, or its kin; none says the account."""
    answer, role = _Answer(file, found), as_text(file.content.get("RoleName"))
    if role:
        answer.inline("", None, role, file.content)
    else:  # of a user or a group
        answer.alone("PolicyDocument", file.content.get("PolicyDocument"))


def read_repository_policy(file: JsonFile, found: Gathered) -> None:
    """Read what `aws ecr get-repository-policy` and `get-registry-policy` print."""
    is_registry = "repositoryName" not in file.content
    kind = "aws_ecr_registry_policy" if is_registry else "aws_ecr_repository_policy"
    found.resource_policies.append(_Answer(file, found).of_repository(kind, "policyText"))


def read_repository_lifecycle(file: JsonFile, found: Gathered) -> None:
    """Read what `aws ecr get-lifecycle-policy` prints."""
    answer = _Answer(file, found)
    found.lifecycles.append(answer.of_repository("aws_ecr_lifecycle_policy", "lifecyclePolicyText"))


def read_account(file: JsonFile, found: Gathered) -> None:
    """Read what `aws iam get-account-authorization-details` prints."""
    answer = _Answer(file, found)
    answer.roles("RoleDetailList")
    answer.managed("Policies")
    if not as_list(file.content["RoleDetailList"]) and as_list(file.content.get("Policies")):
        answer.note("No role of this answer has its policies, so they are not audited.", "Policies")


class _Answer:
    def __init__(self, file: JsonFile, found: Gathered) -> None:
        self._file = file
        self._found = found

    def roles(self, key: str, address: str = "", body: Mapping[str, object] | None = None) -> None:
        for place, value in self._each(address, self._file.content if body is None else body, key):
            self.role(place, value)

    def alone(self, address: str, value: object) -> None:
        """Add a policy that says no more of what has it; the audit tells which kind it is."""
        file = self._file.name
        name = file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
        trust = self._document(address, value)
        self._found.roles.append(
            Role(account=None, name=name, path=None, arn=None, where=Where(file), trust=trust)
        )

    def of_repository(self, kind: str, key: str) -> ResourcePolicy:
        """Read a document of a repository, or of the whole registry."""
        content = self._file.content
        registry = as_text(content.get("registryId"))
        return ResourcePolicy(
            type=kind,
            resource=as_text(content.get("repositoryName")) or registry or "",
            account=registry,
            region=None,
            document=self._document(key, content.get(key)),
            where=Where(self._file.name),
        )

    def role(self, address: str, value: object) -> None:
        body = as_object(value)
        name, arn = as_text(body.get("RoleName")), as_text(body.get("Arn"))
        if not name:
            self._malformed("A role has a `RoleName`.", value, address)
            return
        account, seconds = account_of(arn or ""), body.get("MaxSessionDuration")
        trust = body.get("AssumeRolePolicyDocument")
        self._found.roles.append(
            Role(
                account=account,
                name=name,
                path=as_text(body.get("Path")),
                arn=arn,
                where=Where(self._file.name, address),
                trust=self._document(f"{address}.AssumeRolePolicyDocument".strip("."), trust),
                boundary=self._boundary(address, body),
                max_session_duration=seconds if isinstance(seconds, int) else None,
            )
        )
        for place, policy in self._each(address, body, "RolePolicyList"):
            self.inline(place, account, name, as_object(policy))
        for place, policy in self._each(address, body, "AttachedManagedPolicies"):
            self._attached(place, account, name, as_text(as_object(policy).get("PolicyArn")))

    def inline(
        self, address: str, account: str | None, role: str, body: Mapping[str, object]
    ) -> None:
        where = f"{address}.PolicyDocument".removeprefix(".")
        policy = NamedPolicy(
            name=as_text(body.get("PolicyName")) or "",
            kind="inline",
            document=self._document(where, body.get("PolicyDocument")),
            where=Where(self._file.name, address),
        )
        self._grant(account, role, policy)

    def managed(self, key: str) -> None:
        for address, value in self._each("", self._file.content, key):
            body = as_object(value)
            # Of up to five versions only the default one is in force.
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
            for place, version in self._each(address, body, "PolicyVersionList"):
                if as_object(version).get("IsDefaultVersion") is True:
                    self._managed(address, body, f"{place}.Document", as_object(version))

    def _managed(
        self, address: str, body: Mapping[str, object], place: str, version: Mapping[str, object]
    ) -> None:
        arn = as_text(body.get("Arn")) or ""
        self._found.managed.append(
            Managed(
                account=account_of(arn),
                name=as_text(body.get("PolicyName")) or "",
                path=as_text(body.get("Path")) or "/",
                arn=arn,
                document=self._document(place, version.get("Document")),
                where=Where(self._file.name, address),
            )
        )

    def _attached(self, address: str, account: str | None, role: str, arn: str | None) -> None:
        if arn:
            self._grant(account, role, attached(arn, Where(self._file.name, address)))
        else:
            self._malformed("An attached policy has a `PolicyArn`.", arn, address)

    def _boundary(self, address: str, body: Mapping[str, object]) -> NamedPolicy | None:
        arn = as_text(as_object(body.get("PermissionsBoundary")).get("PermissionsBoundaryArn"))
        where = Where(self._file.name, f"{address}.PermissionsBoundary")
        return attached(arn, where) if arn else None

    def _grant(self, account: str | None, role: str, policy: NamedPolicy) -> None:
        grant = Grant(account=account, region=None, name=role, known=True, policy=policy)
        self._found.grants.append(grant)

    def _document(self, address: str, value: object) -> Document:
        """Read a policy document: the API has it as URL-encoded text, the AWS CLI as an object."""
        where = Where(self._file.name, address)
        if isinstance(value, str):
            # JSON begins with `{`, which is `%7B` where the text is encoded.
            encoded = value.lstrip()[:1] == "%"
            return Document(content=unquote(value) if encoded else value, where=where)
        if isinstance(value, dict):
            return Document(content=as_object(cast("object", value)), where=where)
        self._malformed("There is no policy document where one belongs.", value, address)
        return Document(content=None, where=where)

    def _each(
        self, address: str, body: Mapping[str, object], key: str
    ) -> Iterator[tuple[str, object]]:
        for index, value in enumerate(at_most(as_list(body.get(key)), self._file.name)):
            yield f"{address}.{key}[{index}]".removeprefix("."), value

    def note(self, what: str, key: str) -> None:
        """Note a part of the answer that says nothing about a role."""
        where = Where(self._file.name, key)
        self._found.problems.append(Unread(kind="file", what=what, given=key, where=where))

    def _malformed(self, what: str, given: object, address: str) -> None:
        where = Where(self._file.name, address)
        shown = as_text(given) or type(given).__name__
        self._found.problems.append(Unread(kind="malformed", what=what, given=shown, where=where))

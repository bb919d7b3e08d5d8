"""
What the AWS CLI prints, as resources in Terraform's words.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html and
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.adopt import existing as kinds
from deploy_access.adopt.answer_problems import no_account, no_arn, no_home
from deploy_access.adopt.existing import Existing, tags_of
from deploy_access.errors import InvalidValue
from deploy_access.iam.arns import Arn, account_of
from deploy_access.json_shape import as_object, as_text, objects, texts
from deploy_access.terraform.aws_answer import decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from deploy_access.adopt.existing import Inventory
    from deploy_access.json_file import JsonFile

    Object = Mapping[str, object]

_MUTABILITY = "image_tag_mutability"


def read_roles(file: JsonFile, found: Inventory) -> None:
    """Read what `get-account-authorization-details`, `list-roles` and `get-role` print."""
    content = file.content
    for key in ("RoleDetailList", "Roles", "Role"):
        for role in objects(content.get(key)):
            for each in _role(role, file.name):
                found.add(each)
                if each.type == kinds.ROLE and "RolePolicyList" in role:
                    found.whole.add((each.account, each.id))
    for policy in objects(content.get("Policies")) if "RoleDetailList" in content else ():
        found.add(_policy(policy, file.name))


def read_policy(file: JsonFile, found: Inventory) -> None:
    """Read what `aws iam get-policy` prints: the description is nowhere else."""
    body = as_object(file.content["Policy"])
    named = Arn.parse(as_text(body.get("Arn")) or "")
    if named is not None and named.is_policy_of_aws:
        return  # AWS keeps it, so there is nothing to take over
    arn = _arn(body.get("Arn"), file)
    said = {
        "description": as_text(body.get("Description")) or "",
        "tags": tags_of(body.get("Tags")),
    }
    account = arn.account_id or ""
    found.add(
        Existing(
            type=kinds.POLICY, account=account, id=str(body["Arn"]), values=said, file=file.name
        )
    )


def read_provider_list(file: JsonFile, found: Inventory) -> None:
    """Read what `list-open-id-connect-providers` prints."""
    for one in objects(file.content["OpenIDConnectProviderList"]):
        arn = _arn(one.get("Arn"), file)
        found.listed.setdefault(arn.account_id or "", set()).add(str(one["Arn"]))


def read_provider(file: JsonFile, found: Inventory) -> None:
    """Read what `get-open-id-connect-provider` prints, which does not say the account."""
    content = file.content
    url = (as_text(content.get("Url")) or "").removeprefix("https://")
    arn = as_text(content.get("Arn")) or _listed_arn(url, file, found)
    found.add(
        Existing(
            type=kinds.PROVIDER,
            account=account_of(arn) or "",
            id=arn,
            values={
                "url": url,
                "client_id_list": texts(content.get("ClientIDList")),
                "thumbprint_list": texts(content.get("ThumbprintList")),
                "tags": tags_of(content.get("Tags")),
            },
            file=file.name,
        )
    )


def _listed_arn(url: str, file: JsonFile, found: Inventory) -> str:
    """Return the one ARN of this URL that a list of providers has, or that a role trusts."""
    known = {arn for arns in found.listed.values() for arn in arns if arn.endswith(f"/{url}")}
    if len(known) != 1:
        raise InvalidValue(no_account(file, url, sorted(known)))
    return known.pop()


def read_repositories(file: JsonFile, found: Inventory) -> None:
    """Read what `describe-repositories` prints."""
    for body in objects(file.content["repositories"]):
        arn = _arn(body.get("repositoryArn"), file)
        scanning = as_object(body.get("imageScanningConfiguration"))
        encryption = as_object(body.get("encryptionConfiguration"))
        name = as_text(body.get("repositoryName")) or ""
        values: dict[str, object] = {
            "name": name,
            _MUTABILITY: as_text(body.get("imageTagMutability")) or "MUTABLE",
            "image_scanning_configuration": [{"scan_on_push": scanning.get("scanOnPush") is True}],
            "encryption_configuration": [_encryption(encryption)],
        }
        filters = [*_filters(body)]
        if filters:
            values[f"{_MUTABILITY}_exclusion_filter"] = filters
        found.add(_of_ecr(kinds.REPOSITORY, arn, name, values, file.name))


def _encryption(body: Object) -> Object:
    kind = as_text(body.get("encryptionType")) or "AES256"
    key = as_text(body.get("kmsKey"))
    return {"encryption_type": kind, **({"kms_key": key} if key else {})}


def _filters(body: Object) -> Iterator[Object]:
    for one in objects(body.get("imageTagMutabilityExclusionFilters")):
        yield {"filter": one.get("filter"), "filter_type": one.get("filterType")}


def read_repository_document(file: JsonFile, found: Inventory) -> None:
    """Read what `get-repository-policy` and `get-lifecycle-policy` print."""
    content = file.content
    is_lifecycle = "lifecyclePolicyText" in content
    kind = kinds.LIFECYCLE if is_lifecycle else kinds.REPOSITORY_POLICY
    name = as_text(content.get("repositoryName")) or ""
    account = as_text(content.get("registryId")) or ""
    homes = [one for one in found.of(kinds.REPOSITORY, "name", name) if one.account == account]
    if len(homes) != 1:
        raise InvalidValue(no_home(file, name, [one.region for one in homes]))
    text = content.get("lifecyclePolicyText" if is_lifecycle else "policyText")
    values = {"repository": name, "policy": _document(text)}
    arn = Arn.parse(f"arn:aws:ecr:{homes[0].region}:{account}:repository/{name}")
    if arn is not None:
        found.add(_of_ecr(kind, arn, name, values, file.name))


def read_tags(file: JsonFile, found: Inventory) -> None:
    """Read what the printed command for `list-tags-for-resource` prints, with the ARN beside it."""
    arn = _arn(file.content.get("resourceArn"), file)
    name = arn.resource.partition("/")[2]
    tags = {"tags": tags_of(file.content.get("tags"))}
    found.add(_of_ecr(kinds.REPOSITORY, arn, name, tags, file.name))


READERS: Mapping[str, tuple[int, Callable[[JsonFile, Inventory], None]]] = {
    "RoleDetailList": (0, read_roles),
    "Roles": (0, read_roles),
    "Role": (0, read_roles),
    "Policy": (0, read_policy),
    "OpenIDConnectProviderList": (0, read_provider_list),
    "repositories": (0, read_repositories),
    "ClientIDList": (1, read_provider),
    "policyText": (1, read_repository_document),
    "lifecyclePolicyText": (1, read_repository_document),
    "resourceArn": (1, read_tags),
}
"""By a key at the top of an answer: whether it needs others read before it, and what reads it."""


def _of_ecr(kind: str, arn: Arn, name: str, values: Object, file: str) -> Existing:
    return Existing(
        type=kind,
        account=arn.account_id or "",
        region=arn.region,
        id=name,
        values=values,
        file=file,
    )


def _role(body: Object, file: str) -> Iterator[Existing]:
    name, arn = as_text(body.get("RoleName")) or "", as_text(body.get("Arn")) or ""
    account = account_of(arn) or ""
    values: dict[str, object] = {"name": name, "arn": arn, "path": as_text(body.get("Path")) or "/"}
    for key, argument in (
        ("Description", "description"),
        ("MaxSessionDuration", "max_session_duration"),
    ):
        if key in body:
            values[argument] = body[key]
    # `list-roles` says no tags and no boundary, of roles that have them too.
    if "RolePolicyList" in body or "Tags" in body or "PermissionsBoundary" in body:
        boundary = as_object(body.get("PermissionsBoundary")).get("PermissionsBoundaryArn")
        values["tags"] = tags_of(body.get("Tags"))
        values["permissions_boundary"] = as_text(boundary) or ""
    if "AssumeRolePolicyDocument" in body:
        values["assume_role_policy"] = _document(body["AssumeRolePolicyDocument"])
    yield Existing(type=kinds.ROLE, account=account, id=name, values=values, file=file)
    for inline in objects(body.get("RolePolicyList")):
        policy = as_text(inline.get("PolicyName")) or ""
        said = {"role": name, "name": policy, "policy": _document(inline.get("PolicyDocument"))}
        yield Existing(
            type=kinds.INLINE, account=account, id=f"{name}:{policy}", values=said, file=file
        )
    for attached in objects(body.get("AttachedManagedPolicies")):
        policy = as_text(attached.get("PolicyArn")) or ""
        yield Existing(
            type=kinds.ATTACHMENT,
            account=account,
            id=f"{name}/{policy}",
            values={"role": name, "policy_arn": policy},
            file=file,
        )


def _policy(body: Object, file: str) -> Existing:
    arn = as_text(body.get("Arn")) or ""
    versions = objects(body.get("PolicyVersionList"))
    text = next((v.get("Document") for v in versions if v.get("IsDefaultVersion") is True), None)
    values = {
        "name": as_text(body.get("PolicyName")) or "",
        "arn": arn,
        "path": as_text(body.get("Path")) or "/",
        "policy": _document(text),
        **({"description": as_text(body["Description"])} if "Description" in body else {}),
    }
    return Existing(
        type=kinds.POLICY, account=account_of(arn) or "", id=arn, values=values, file=file
    )


def _document(value: object) -> str:
    """Return a policy as text: the API has it URL-encoded, the AWS CLI as an object."""
    if isinstance(value, str):
        return decoded(value)
    return json.dumps(value) if isinstance(value, dict) else ""


def _arn(value: object, file: JsonFile) -> Arn:
    text = as_text(value) or ""
    arn = Arn.parse(text)
    if arn is None or arn.account_id is None:
        raise InvalidValue(no_arn(file, text))
    return arn

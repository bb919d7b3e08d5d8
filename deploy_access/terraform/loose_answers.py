"""
Answers of AWS that do not say whose policy they have, and whose it can only be.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html and the pages
of `ListAttachedRolePolicies`, `ListRolePolicies`, `GetPolicy` and `ListPolicyVersions`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.named_file import NamedFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered

LISTS = ("AttachedPolicies", "PolicyNames")
"""What `list-attached-role-policies` and `list-role-policies` print."""
VERSION_PLACES = ("PolicyVersion.Document", "Document")
"""Where the document stands in what `get-policy-version` prints, without and with `--query`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseAnswer:
    """
    An answer that does not say whose policy it has.

    Attributes:
        file: The file.
        owner: Whose it is, as the user says or as it can only be; None where that is not known.
    """

    file: JsonFile
    owner: NamedFile | None = None


def is_loose(file: JsonFile) -> bool:
    """Whether a file is an answer that says neither the policy's ARN nor the role."""
    keys = file.content.keys()
    is_policy = "Policy" in keys and bool(arn_of(file))
    is_version = version_of(file) is not None
    return is_policy or is_version or any(key in keys for key in ("Versions", *LISTS))


def version_of(file: JsonFile) -> tuple[str, object] | None:
    """Return the document of a version of a managed policy, with its place; None for any other."""
    content = file.content
    if "PolicyVersion" in content:
        return VERSION_PLACES[0], as_object(content["PolicyVersion"]).get("Document")
    return (VERSION_PLACES[1], content["Document"]) if "Document" in content else None


def arn_of(file: JsonFile) -> str:
    """Return the ARN of the policy that `get-policy` prints; empty for any other answer."""
    return as_text(as_object(file.content.get("Policy")).get("Arn")) or ""


def default_of(file: JsonFile) -> str:
    """Return the version that is in force, as `get-policy` and `list-policy-versions` say it."""
    versions = objects(file.content.get("Versions"))
    listed = (one.get("VersionId") for one in versions if one.get("IsDefaultVersion") is True)
    named = as_object(file.content.get("Policy")).get("DefaultVersionId")
    return as_text(named if named is not None else next(listed, None)) or ""


def is_former(file: JsonFile, defaults: set[str]) -> bool:
    """Whether a version is certainly not the one in force."""
    body = as_object(file.content.get("PolicyVersion", file.content))
    version = as_text(body.get("VersionId"))
    is_other = bool(version and defaults) and version not in defaults
    return is_other or body.get("IsDefaultVersion") is False


def with_owners(
    answers: Sequence[LooseAnswer], beside: Collection[str], found: Gathered
) -> Iterator[LooseAnswer]:
    """
    Give the loose answers of one folder the owner that they can only have.

    A version of a policy belongs to the only policy whose document is missing, and a list of
    policies to the only role. That it was concluded is noted, and so is what stays without an
    owner: it may allow more.

    Args:
        answers: The loose answers of the folder.
        beside: The names of its other files.
        found: What these say.
    """
    roles = {role.arn or role.name for role in found.roles if role.where.file in beside}
    lists = [one for one in answers if any(key in one.file.content for key in LISTS)]
    versions = [one for one in answers if version_of(one.file) is not None]
    named = [one for one in answers if one not in lists and one not in versions]
    only_role = next(iter(roles)) if len(roles) == 1 else ""
    for one in lists:
        yield _concluded(one, only_role, "role", "ROLE=FILE", found)
    missing = _missing([*lists, *named], beside, found)
    only = next(iter(missing)) if len(missing) == 1 and len(versions) == 1 else ""
    if not versions:
        found.problems += [no_document(one.file) for one in named]
    defaults = {default_of(one.file) for one in named} - {""}
    for one in versions:
        arn = "" if is_former(one.file, defaults) else only
        yield _concluded(one, arn, "policy without a document", "ARN=FILE", found)


def no_document(file: JsonFile) -> Unread:
    """Note an answer that names a policy, and of which nothing else was read."""
    return Unread(
        kind="unresolved",
        what="It has no document of its policy. `aws iam get-policy-version` prints that.",
        given=arn_of(file) or next(iter(file.content)),
        where=Where(file.name),
    )


def _missing(answers: Sequence[LooseAnswer], beside: Collection[str], found: Gathered) -> set[str]:
    """List the policies that the files of a folder name and of which no document was read."""
    given = missing_policies(found, beside)
    for one in answers:
        policies = objects(one.file.content.get("AttachedPolicies"))
        given |= {arn_of(one.file), *(as_text(each.get("PolicyArn")) or "" for each in policies)}
    return given - {"", *(one.arn for one in found.managed)}


def missing_policies(found: Gathered, files: Collection[str] | None = None) -> set[str]:
    """List the ARNs of the policies that roles of some files have, and that no file writes."""
    given = [(one.where.file, one.policy.arn) for one in found.grants]
    given += [(role.where.file, role.boundary.arn) for role in found.roles if role.boundary]
    read = {one.arn for one in found.managed}
    return {arn for file, arn in given if arn and (files is None or file in files)} - read


def _concluded(
    answer: LooseAnswer, owner: str, what: str, flag: str, found: Gathered
) -> LooseAnswer:
    place = Where(answer.file.name)
    if owner:
        said = f"It does not say whose it is, and is taken for that of the only {what} beside it."
        found.problems.append(Unread(kind="account", what=said, given=owner, where=place))
        return replace(answer, owner=NamedFile(path=Path(answer.file.name), owner=owner))
    said = f"It does not say whose it is, so it is joined with nothing. Say it: `--policy {flag}`."
    name = next(iter(answer.file.content))
    found.problems.append(Unread(kind="unresolved", what=said, given=name, where=place))
    return answer

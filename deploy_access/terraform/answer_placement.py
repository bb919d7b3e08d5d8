"""Loose answers of AWS are given to the role, or are the managed policy, that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, reject
from deploy_access.iam.arns import Arn
from deploy_access.json_shape import as_object, as_text, objects, texts
from deploy_access.terraform.answer_refusals import (
    former,
    no_role,
    of_another,
    policy_twice,
    role_twice,
    several_roles,
    without,
)
from deploy_access.terraform.aws_answer import AwsAnswer
from deploy_access.terraform.estate import NamedPolicy, Where
from deploy_access.terraform.file_facts import Managed
from deploy_access.terraform.loose_answers import (
    LISTS,
    arn_of,
    default_of,
    is_former,
    no_document,
    version_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.errors import Problem
    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.estate import Role
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.loose_answers import LooseAnswer
    from deploy_access.terraform.named_file import NamedFile

_TRUSTING = ("Principal", "NotPrincipal")


def place_answers(answers: Iterable[LooseAnswer], found: Gathered) -> None:
    """
    Add what answers say to what has an owner; one without an owner is a policy by itself.

    Raises:
        InvalidValue: There is no such role, several have the name, two files have the document of
            one policy, or a file has no policy of its owner.
    """
    owned = [(one.file, one.owner) for one in answers if one.owner]
    policies = [(file, owner) for file, owner in owned if owner.policy]
    reject(_given_twice(policies))
    defaults = _defaults(policies)
    for file, owner in policies:
        _place_policy(file, owner, defaults.get(owner.owner, set()), found)
    read = {one.arn for one in found.managed}
    found.problems += [no_document(file) for file, owner in policies if owner.owner not in read]
    of_roles = [(file, owner) for file, owner in owned if owner.role]
    # A trust policy makes the role, and a name counts only where the document stands nowhere.
    for file, owner in sorted(of_roles, key=lambda one: _turn(one[0])):
        _place_in_role(file, owner, found)
    for one in answers:
        version = version_of(one.file)
        if one.owner is None and version:
            AwsAnswer(one.file, found).alone(*version)


def _defaults(policies: Sequence[tuple[JsonFile, NamedFile]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file, owner in policies:
        found.setdefault(owner.owner, set()).update({default_of(file)} - {""})
    return found


def _given_twice(policies: Sequence[tuple[JsonFile, NamedFile]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for file, owner in policies:
        if _document(file) is None:
            continue
        if owner.owner in first:
            yield policy_twice(owner, first[owner.owner], file.name)
        first.setdefault(owner.owner, file.name)


def _document(file: JsonFile) -> tuple[str, object] | None:
    """Return the document of a version, or of a policy by itself, with its place."""
    return ("", file.content) if "Statement" in file.content else version_of(file)


def _place_policy(file: JsonFile, owner: NamedFile, defaults: set[str], found: Gathered) -> None:
    answer, arn = AwsAnswer(file, found), owner.policy
    assert arn is not None
    document = _document(file)
    if arn_of(file) not in {"", owner.owner}:
        raise InvalidValue(of_another(file, owner, arn_of(file)))
    if document is None and not (arn_of(file) or "Versions" in file.content):
        raise InvalidValue(without(file, owner, "aws iam get-policy-version"))
    if document is None:
        return
    if is_former(file, defaults):
        raise InvalidValue(former(file, owner))
    found.managed.append(
        Managed(
            account=arn.account_id,
            name=arn.name,
            path=arn.resource.removeprefix("policy").removesuffix(arn.name),
            arn=owner.owner,
            document=answer.document(*document),
            where=Where(file.name),
            is_imported=True,
        )
    )


def _turn(file: JsonFile) -> int:
    if any(key in file.content for key in LISTS):
        return 2
    return 0 if _makes_role(file) else 1


def _makes_role(file: JsonFile) -> bool:
    content = file.content
    statements = objects(content.get("Statement"))
    is_trust = any(key in one for one in statements for key in _TRUSTING)
    return is_trust or "Role" in content or "AssumeRolePolicyDocument" in content


def _place_in_role(file: JsonFile, owner: NamedFile, found: Gathered) -> None:
    answer = AwsAnswer(file, found)
    said = as_text(as_object(file.content.get("Role", file.content)).get("RoleName"))
    if said and said != owner.role:
        raise InvalidValue(of_another(file, owner, said))
    if _makes_role(file):
        _add_role(file, owner, answer, found)
        return
    role, account = owner.role, _account(owner, found)
    if "AttachedPolicies" in file.content:
        for place, policy in answer.each("", file.content, "AttachedPolicies"):
            answer.attached(place, account, role, as_text(as_object(policy).get("PolicyArn")))
    elif "PolicyNames" in file.content:
        _add_names(file, role, account, found)
    elif arn_of(file):
        answer.attached("Policy", account, role, arn_of(file))
    else:
        _add_document(file, owner, account, answer)
    if page := answer.next_page:
        # What the next page lists is given to the role, and nobody knows what it allows.
        answer.grant(account, role, _unknown("policies of the next page", Where(file.name, page)))


def _add_role(file: JsonFile, owner: NamedFile, answer: AwsAnswer, found: Gathered) -> None:
    if any(role.name == owner.role and role.trust for role in _roles(owner, found)):
        raise InvalidValue(role_twice(file, owner))
    if "Role" in file.content:
        answer.role("Role", file.content["Role"])
    elif "Statement" not in file.content:
        answer.role("", file.content)
    else:
        arn = owner.owner if Arn.parse(owner.owner) else None
        body = {"RoleName": owner.role, "Arn": arn, "AssumeRolePolicyDocument": file.content}
        answer.role("", body)


def _add_names(file: JsonFile, role: str, account: str | None, found: Gathered) -> None:
    """Give a role the inline policies that are listed and of which no document was read."""
    read = {
        grant.policy.name
        for grant in found.grants
        if grant.kind == "role" and grant.name == role and grant.account in {None, account}
    }
    for index, name in enumerate(texts(file.content["PolicyNames"])):
        if name not in read:
            policy = _unknown(name, Where(file.name, f"PolicyNames[{index}]"))
            AwsAnswer(file, found).grant(account, role, policy)


def _unknown(name: str, where: Where) -> NamedPolicy:
    return NamedPolicy(name=name, kind="inline", document=None, where=where)


def _add_document(file: JsonFile, owner: NamedFile, account: str | None, answer: AwsAnswer) -> None:
    """Give a role the document of a file, which is an inline policy or one that is attached."""
    if "PolicyDocument" in file.content:
        answer.inline("", account, owner.role, file.content)
        return
    document = _document(file)
    if document is None:
        raise InvalidValue(without(file, owner, "aws iam list-attached-role-policies"))
    if is_former(file, set()):
        raise InvalidValue(former(file, owner))
    policy = NamedPolicy(
        name=file.name,
        kind="inline",
        document=answer.document(*document),
        where=Where(file.name),
    )
    answer.grant(account, owner.role, policy)


def _roles(owner: NamedFile, found: Gathered) -> list[Role]:
    return [
        role
        for role in found.roles
        if role.name == owner.role and owner.account in {None, role.account or owner.account}
    ]


def _account(owner: NamedFile, found: Gathered) -> str | None:
    """Return the account of the role that a file is given to."""
    accounts = {role.account for role in _roles(owner, found)}
    accounts |= {
        grant.account
        for grant in found.grants
        if grant.kind == "role" and grant.name == owner.role and not accounts
    }
    if not accounts:
        raise InvalidValue(no_role(owner, found))
    if len(accounts) > 1:
        raise InvalidValue(several_roles(owner, accounts))
    return next(iter(accounts))

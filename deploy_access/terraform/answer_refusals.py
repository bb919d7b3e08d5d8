"""What is refused of `--policy ARN=FILE` and `--policy ROLE=FILE`, once the files are read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.named_file import NamedFile


def policy_twice(owner: NamedFile, first: str, second: str) -> Problem:
    """Say that only one version of a policy is in force."""
    return Problem(
        what="Two files have the document of one policy.",
        given=str(owner),
        why=f"Only one version is in force, and both {first!r} and {second!r} are said to be it.",
        fix="Name the file of the default version only.",
    )


def no_role(owner: NamedFile, found: Gathered) -> Problem:
    """Say that no role of the name was read."""
    names = {role.name for role in found.roles}
    return Problem(
        what="There is no role of this name in what was read.",
        given=str(owner),
        why="A policy is joined with the role that has it, and without one nothing trusts it.",
        fix=did_you_mean(owner.role, names)
        or f"Name what `aws iam get-role --role-name {owner.role}` prints, too.",
    )


def several_roles(owner: NamedFile, accounts: Iterable[str | None]) -> Problem:
    """Say that a name alone does not tell which role is meant."""
    listed = ", ".join(sorted(account or "an unknown one" for account in accounts))
    return Problem(
        what="Roles of several accounts have this name.",
        given=str(owner),
        why=f"The policy is of one of them: the accounts are {listed}.",
        fix=f"Write the role's ARN: `arn:aws:iam::ACCOUNT:role/{owner.role}=FILE`.",
    )


def role_twice(file: JsonFile, owner: NamedFile) -> Problem:
    """Say that a role has one trust policy."""
    return Problem(
        what="A role has one trust policy, and two were given.",
        given=str(owner),
        why=f"{file.name!r} has one, and another file has one for the same role.",
        fix="Name one of both files.",
    )


def of_another(file: JsonFile, owner: NamedFile, said: str) -> Problem:
    """Say that a file names another owner itself."""
    return Problem(
        what="The file says itself whose policy it has.",
        given=str(owner),
        why=f"In {file.name!r} it is {said!r}.",
        fix=f"Name the file alone, or as `{said}=FILE`.",
    )


def former(file: JsonFile, owner: NamedFile) -> Problem:
    """Say that only the default version of a policy is in force."""
    return Problem(
        what="This version of the policy is not in force.",
        given=str(owner),
        why=f"{file.name!r} has a version that is not the default one, and IAM looks at that "
        "alone.",
        fix=f"Print the default one: `aws iam get-policy --policy-arn {owner.owner}` names it.",
    )


def without(file: JsonFile, owner: NamedFile, command: str) -> Problem:
    """Say what to name in place of a file that has no policy of its owner."""
    names = ", ".join(repr(key) for key in islice(file.content, 5)) or "nothing"
    return Problem(
        what="The file has no policy of this owner.",
        given=str(owner),
        why=f"At its top it has {names}.",
        fix=f"Name what `{command}` prints, or a policy.",
    )

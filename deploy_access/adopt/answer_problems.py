"""What is said of an answer of AWS that does not say what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from deploy_access.json_file import JsonFile


def no_arn(file: JsonFile, text: str) -> Problem:
    """Say that an ARN is missing."""
    return Problem(
        what="The answer of AWS lacks the ARN of what it is about.",
        given=f"{file.name}, {text!r}",
        why="Only an ARN says the account, so it could belong to anybody.",
        fix="Make the file with the command that `deploy-access adopt --commands` prints.",
    )


def no_account(file: JsonFile, url: str, known: list[str]) -> Problem:
    """Say that the account is missing."""
    return Problem(
        what="The answer does not say which account's OIDC provider it is.",
        given=f"{file.name}, {url}",
        why=f"The lists of providers have {len(known)} of this URL.",
        fix="Pass what `aws iam list-open-id-connect-providers` prints too, one account at a time; "
        "or make the file with the command that `deploy-access adopt --commands` prints.",
    )


def no_home(file: JsonFile, name: str, regions: list[str]) -> Problem:
    """Say that the region is missing."""
    where = f"regions {', '.join(regions)} have one" if regions else "no file has it"
    return Problem(
        what="The answer does not say the region of its repository.",
        given=f"{file.name}, {name}",
        why=f"It is found by the name of the repository, and {where}.",
        fix="Pass what `aws ecr describe-repositories` prints for its region, one at a time.",
    )

"""
A file and whose policy it holds: `ARN=FILE` and `ROLE=FILE`.

`aws iam get-policy-version` and `list-attached-role-policies` print neither the policy's ARN nor
the role's name, so the person who called them says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.arns import Arn
from deploy_access.input_file import STDIN

# What IAM takes as the name of a role, which may have a `=` in it.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """
    A file with the owner of the policies in it.

    Attributes:
        path: The file; `-` is the standard input.
        owner: The ARN of a managed policy, or the ARN or the name of a role.
    """

    path: Path
    owner: str

    @property
    def policy(self) -> Arn | None:
        """The ARN of the managed policy; None where the owner is a role."""
        arn = Arn.parse(self.owner)
        return arn if arn and arn.is_iam("policy") else None

    @property
    def role(self) -> str:
        """The name of the role; empty where the owner is a managed policy."""
        arn = Arn.parse(self.owner)
        return self.owner if arn is None else arn.name if arn.is_role else ""

    @property
    def account(self) -> str | None:
        """The account of the owner where its ARN says it."""
        arn = Arn.parse(self.owner)
        return arn.account_id if arn else None

    def __str__(self) -> str:
        return f"{self.owner}={self.path}"


def parse_named(text: str) -> NamedFile | Path:
    """
    Read `FILE`, `ARN=FILE` or `ROLE=FILE`.

    A file that is there is a file, also with a `=` in its name; and of several `=` that one counts
    which has the name of a file behind it.

    Raises:
        InvalidValue: What begins as an ARN is not that of a managed policy or of a role.
    """
    is_arn = text.startswith("arn:")
    if Path(text).exists() or not ("=" in text or is_arn):
        return Path(text)
    owner, path = _split(text)
    if is_arn:
        named = NamedFile(path=Path(path), owner=owner)
        if not path or not (named.policy or named.role):
            raise InvalidValue(_no_owner(text))
        return named
    is_name = path and _ROLE_NAME.fullmatch(owner) is not None
    return NamedFile(path=Path(path), owner=owner) if is_name else Path(text)


def _split(text: str) -> tuple[str, str]:
    places = [index for index, sign in enumerate(text) if sign == "="]
    parts = [(text[:place], text[place + 1 :]) for place in places]
    there = (part for part in parts if part[1] == STDIN or (part[1] and Path(part[1]).exists()))
    return next(there, parts[0] if parts else (text, ""))


def _no_owner(text: str) -> Problem:
    return Problem(
        what="This is neither `ARN=FILE` nor `ROLE=FILE`.",
        given=text,
        why="A managed policy and a role have policies; nothing else that has an ARN is joined.",
        fix="Write `arn:aws:iam::ACCOUNT:policy/NAME=FILE`, `arn:aws:iam::ACCOUNT:role/NAME=FILE` "
        "or `NAME=FILE`.",
    )

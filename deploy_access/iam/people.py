"""
People who may assume a role beside its workflows: roles of theirs, and users with MFA.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from deploy_access.argument_types import check_fields
from deploy_access.errors import Problem, reject
from deploy_access.iam.arns import Arn
from deploy_access.iam.references import has_wildcard, is_plain
from deploy_access.iam.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_SOURCE_IDENTITY = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TrustedRole:
    """
    A role that people have, and from which they may go on to another.

    Attributes:
        arn: Its ARN.
        source_identity: Who they have to say that they are, one or any of several; CloudTrail then
            shows it for all that they do. Left out, nothing is asked for.

    Raises:
        InvalidValue: It is no ARN of a role, or STS takes no such name.
    """

    arn: str
    _: KW_ONLY
    source_identity: str | Sequence[str] | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        reject([*check_person("role", self.arn), *_check_identities(self.identities)])

    @property
    def identities(self) -> tuple[str, ...]:
        """The names of which one has to be given."""
        given = self.source_identity or ()
        return (given,) if isinstance(given, str) else tuple(given)


def trust_people(roles: Sequence[str | TrustedRole], users: Sequence[str]) -> list[Statement]:
    """
    Let people assume a role: a statement for each way in which they are asked who they are.

    The principal is their account, as IAM refuses a policy that names a role or user which is not
    there, and the condition names them.
    """
    found = [one if isinstance(one, TrustedRole) else TrustedRole(one) for one in roles]
    ways = sorted({one.identities for one in found})
    statements = [
        _statement(number, [one.arn for one in found if one.identities == names], names)
        for number, names in enumerate(ways, start=1)
    ]
    return [*statements, *([_with_mfa(users)] if users else [])]


def _statement(number: int, arns: Sequence[str], identities: Sequence[str]) -> Statement:
    asked = {"StringEquals": {"sts:SourceIdentity": identities}} if identities else {}
    return Statement(
        sid="People" if number == 1 else f"People{number}",
        actions=["sts:AssumeRole", *(["sts:SetSourceIdentity"] if identities else [])],
        principals={"AWS": _accounts(arns)},
        conditions={"ArnEquals": {"aws:PrincipalArn": arns}, **asked},
    )


def _with_mfa(arns: Sequence[str]) -> Statement:
    # Sessions of roles carry no MFA, so a role cannot be asked for it.
    return Statement(
        sid="PeopleWithMfa",
        actions=["sts:AssumeRole"],
        principals={"AWS": _accounts(arns)},
        conditions={
            "ArnEquals": {"aws:PrincipalArn": arns},
            "Bool": {"aws:MultiFactorAuthPresent": ["true"]},
        },
    )


def _accounts(arns: Sequence[str]) -> list[str]:
    parsed = [one for one in map(Arn.parse, arns) if one is not None]
    return sorted({f"arn:{one.partition}:iam::{one.account}:root" for one in parsed})


def check_person(kind: str, arn: str) -> Iterator[Problem]:
    """Check the ARN of one role or user; *kind* says which."""
    found = Arn.parse(arn)
    is_named = found is not None and found.account_id is not None and found.is_iam(kind)
    if not is_named or has_wildcard(arn) or not is_plain(arn):
        yield Problem(
            what=f"A trusted {kind} is named by its ARN, without a wildcard.",
            given=arn,
            why="Any other text matches nobody, and a pattern whoever makes such a name.",
            fix=f"For example 'arn:aws:iam::111122223333:{kind}/admin'.",
        )


def _check_identities(identities: Sequence[str]) -> Iterator[Problem]:
    for name in identities:
        if not _SOURCE_IDENTITY.fullmatch(name):
            yield Problem(
                what="A source identity has 2 to 64 letters, digits or `_+=,.@-`.",
                given=name,
                why="STS takes no other, so nobody could assume the role.",
                fix="For example 'alice'.",
            )

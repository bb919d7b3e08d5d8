"""
The subjects that may assume a role, read from its trust policy as AWS stores it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, objects, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
OPERATORS = {"StringEquals": "exact", "StringLike": "pattern"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTrust:
    """
    One subject that may assume a role, and the other claims that its token must have.
    """

    account: str
    role: str
    subject: str
    match: str
    claims: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def read_trust(account: str, role: str, policy: object) -> Iterator[RoleTrust]:
    """
    Yield every subject that *policy* trusts, statement by statement.
    """
    for statement in objects(as_object(policy).get("Statement")):
        if statement.get("Effect") != "Allow" or WEB_IDENTITY not in texts(statement.get("Action")):
            continue
        found = conditions(statement)
        subjects = [entry for entry in found if entry[1] == "sub"]
        claims = {claim: values for _, claim, values in found if claim != "sub"}
        for operator, _, values in subjects or [("any subject", "sub", ("*",))]:
            for value in values:
                match = OPERATORS.get(operator, operator)
                yield RoleTrust(
                    account=account, role=role, subject=value, match=match, claims=claims
                )


def conditions(statement: Mapping[str, object]) -> list[tuple[str, str, tuple[str, ...]]]:
    """
    Return each condition as operator, claim and values: the key without the issuer before it.
    """
    return [
        (operator, key.rpartition(":")[2], tuple(texts(value)))
        for operator, tests in as_object(statement.get("Condition")).items()
        for key, value in as_object(tests).items()
    ]

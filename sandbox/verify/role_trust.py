"""
The subjects that may assume a role, read from its trust policy as AWS stores it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.trusted_subject import trusted_subjects
from deploy_access.iam.documents import read_policy
from deploy_access.iam.operators import read_operator
from deploy_access.json_shape import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.github.trusted_subject import TrustedSubject


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
    Yield every subject that *policy* lets in, statement by statement.

    A document that is no policy lets no subject in: IAM does not take it.
    """
    try:
        found = read_policy(as_object(policy)).policy
    except InvalidValue:
        return
    for subject in trusted_subjects(found):
        is_any = subject.kind == "anything but" and not subject.excluded
        yield RoleTrust(
            account=account,
            role=role,
            subject=" or ".join(subject.excluded) or subject.value,
            match="any subject" if is_any else subject.kind,
            claims=_claims(subject),
        )


def _claims(subject: TrustedSubject) -> dict[str, tuple[str, ...]]:
    """
    Return what else a token must have, and the statements that deny some tokens all the same.
    """
    found: dict[str, tuple[str, ...]] = {}
    for condition in subject.conditions:
        claim, operator = condition.key.rpartition(":")[2], read_operator(condition.operator)
        is_exact = operator is not None and operator.is_exact
        if claim.lower() != "sub" or subject.kind != "anything but":
            found[claim if is_exact else f"{condition.operator} {claim}"] = condition.values
    denials = tuple(f"Statement[{statement.index}]" for statement in subject.denials)
    return {**found, "not denied by": denials} if denials else found

"""Who may assume the role of Terraform: people, and the role in the stacks that applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.apply_roles import only_applies
from deploy_access.audit.documents import check_document
from deploy_access.iam.statement import PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Estate, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumingRole:
    """
    A role that goes on to the role of Terraform.

    Attributes:
        arn: Its ARN.
        stack: The stack that makes it, or None.
        only_applies: Whether it may do nothing else.
    """

    arn: str
    stack: str | None
    only_applies: bool


@dataclass(frozen=True, slots=True)
class Callers:
    """
    The principals that may assume the roles.

    Attributes:
        named: Those that a person named, by ARN.
        account: The account as such, by ARN.
        estate: The roles in the stacks, of which some apply.
    """

    named: Sequence[str]
    account: str
    estate: Estate

    def of(self, role_arn: str) -> tuple[list[str], list[AssumingRole]]:
        """Return who may assume a role now, and which role may once it is there."""
        applying = [one for one in callers_of(self.estate, role_arn) if one.only_applies]
        # The narrow default: with a role that applies, the account as such is not needed.
        return list(self.named) or ([] if applying else [self.account]), applying

    def trust(self, role_arn: str) -> PolicyDocument:
        """Write the trust policy of a role."""
        trusted, applying = self.of(role_arn)
        statements: list[Statement] = []
        if trusted:
            people = {"AWS": trusted}
            statements.append(
                Statement(sid="AssumeRole", actions=["sts:AssumeRole"], principals=people)
            )
        if applying:
            # IAM refuses a principal that is not there yet, and takes any ARN in a condition.
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
            arns = {"aws:PrincipalArn": [one.arn for one in applying]}
            statements.append(
                Statement(
                    sid="Apply",
                    actions=["sts:AssumeRole"],
                    principals={"AWS": [self.account]},
                    conditions={"ArnEquals": arns},
                )
            )
        return PolicyDocument(tuple(statements))


def callers_of(estate: Estate, role_arn: str) -> tuple[AssumingRole, ...]:
    """Return the roles of the account whose policies name a role of Terraform's as theirs."""
    return tuple(
        AssumingRole(
            arn=role.arn,
            stack=role.where.stack,
            only_applies=only_applies(role, [*_policies(role)], {role_arn}),
        )
        for role in estate.roles
        if role.arn and role.trust and any(_names(policy, role_arn) for policy in _policies(role))
    )


def _policies(role: Role) -> Iterator[Policy]:
    for policy in role.policies:
        read = check_document(policy.document).policy if policy.document else None
        if read is not None:
            yield read


def _names(policy: Policy, role_arn: str) -> bool:
    """Whether a statement allows to assume exactly that role."""
    return any(
        one.effect == "Allow"
        and role_arn in (one.resources or ())
        and "sts:assumerole" in {action.lower() for action in one.actions or ()}
        for one in policy.statements
    )

"""
The rules about the AWS principals that a trust policy lets in.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.caller_conditions import (
    ASSUME_ROLE,
    asks_for_secret_or_place,
    is_kept_to,
    names_owner,
    narrows_account,
)
from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.github.oidc_trust import is_about_tokens, is_everybody
from deploy_access.iam.arns import Arn, account_named
from deploy_access.iam.evaluation import check_action
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.finding import Finding
    from deploy_access.iam.policy import Policy, PolicyStatement, Principal

_SAML = "sts:AssumeRoleWithSAML"
# AWS makes them so, for the management account or the administrator's:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html,
# https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html,
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
_OF_ORGANIZATION = frozenset(
    {
        "AWSCloudFormationStackSetExecutionRole",
        "AWSControlTowerExecution",
        "OrganizationAccountAccessRole",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedTrust:
    """
    The role that a trust policy is of, as far as it is known.

    Attributes:
        policy: The trust policy.
        name: Its name.
        account: Its account, or None.
    """

    policy: Policy
    name: str
    account: str | None


def check_principals(role: AuditedTrust) -> Iterator[DocumentFinding]:
    """Check whom every Allow lets in, a token beside it or not."""
    for statement in role.policy.statements:
        if statement.effect == "Allow" and not _is_of_resource(statement):
            for principal in statement.principals or ():
                found = _check(role, statement, principal)
                if found:
                    yield _placed(statement, principal, found)


def _check(role: AuditedTrust, statement: PolicyStatement, principal: Principal) -> Finding | None:
    lets_assume = check_action(statement, ASSUME_ROLE) is not Outcome.FAIL
    if is_everybody(principal):
        is_open = lets_assume and principal.kind != "Federated"
        found = _everybody(role, statement, principal) if is_open else None
        return found or _any_provider(statement, principal)
    if principal.kind in {"AWS", "Service"} and has_wildcard(principal.value):
        return finding(
            "wrong-principal",
            principal.value,
            "IAM takes no wildcard inside of a principal, so it refuses the policy.",
            "Name the account, and narrow it by a condition on `aws:PrincipalArn`.",
        )
    if not lets_assume or principal.kind != "AWS" or not _is_account(principal.value):
        return None
    if is_kept_to(role.policy, statement, principal, narrows_account):
        return _people(role, statement)
    return _whole_account(role, principal)


def _everybody(
    role: AuditedTrust, statement: PolicyStatement, principal: Principal
) -> Finding | None:
    if is_kept_to(role.policy, statement, principal, names_owner):
        return None
    is_known = is_kept_to(role.policy, statement, principal, asks_for_secret_or_place)
    why = (
        "Any AWS account gets in that meets the conditions: they name no caller, account or owner."
        if is_known
        else "Whoever has an AWS account may assume the role: no condition asks whose it is."
    )
    return finding(
        "open-role",
        principal.value,
        why,
        "Name the accounts or roles that are meant, or ask for `aws:PrincipalOrgID`.",
        severity="warning" if is_known else "error",
    )


def _any_provider(statement: PolicyStatement, principal: Principal) -> Finding | None:
    is_about_assertions = check_action(statement, _SAML) is not Outcome.FAIL
    if not is_about_tokens(statement) and not is_about_assertions:
        return None
    return finding(
        "wrong-principal",
        principal.value,
        "Every identity provider that IAM knows here is let in, as far as the conditions go.",
        "Name the ARN of the OIDC provider, and nothing beside it.",
        severity="warning" if statement.conditions else "error",
    )


def _people(role: AuditedTrust, statement: PolicyStatement) -> Finding | None:
    """Note whom a role of workflows lets in by name."""
    named = [
        value
        for condition in statement.conditions
        if (condition.operator, condition.key.lower()) == ("ArnEquals", "aws:principalarn")
        for value in condition.values
    ]
    if not named or not any(map(is_about_tokens, role.policy.statements)):
        return None
    return finding(
        "people",
        ", ".join(named),
        "Whoever has one of these may do all that the workflows may, without their checks.",
        "See to it that CloudTrail tells them apart, for example by `sts:SourceIdentity`.",
    )


def _whole_account(role: AuditedTrust, principal: Principal) -> Finding:
    account, own = account_named(principal.value), _own_account(role)
    if account is not None and account == own:
        return finding(
            "own-account",
            principal.value,
            "Every user and role of this account gets in whose own policies allow it.",
            "See to it that few may, or name the roles that are meant.",
        )
    is_usual = role.name in _OF_ORGANIZATION
    why = f"Every user and role of {_called(account)} gets in whose own policies allow it"
    if account is None or own is None:
        reason = f"{why}; it may be another account than the role's."
    elif is_usual:
        reason = f"{why}. AWS makes a role of this name so, for the account that manages this one."
    else:
        reason = f"{why}; a service that runs there gets in for any customer that names this role."
    return finding(
        "other-account",
        principal.value,
        reason,
        "Name the role that is meant, or ask for `sts:ExternalId` or `aws:PrincipalOrgID`.",
        severity="note" if is_usual or account is None or own is None else None,
    )


def _called(account: str | None) -> str:
    return f"account {account}" if account else "the account"


def _own_account(role: AuditedTrust) -> str | None:
    """Return the role's account; an identity provider in its trust policy is of the same one."""
    providers = (
        Arn.parse(principal.value)
        for statement in role.policy.statements
        for principal in statement.principals or ()
        if principal.kind == "Federated"
    )
    return role.account or next((arn.account_id for arn in providers if arn), None)


def _is_account(principal: str) -> bool:
    """Whether it stands for a whole account, which a reference may be the number of."""
    arn = Arn.parse(principal)
    is_root = arn is not None and arn.service == "iam" and arn.resource == "root"
    return is_root or account_named(principal) is not None


def _is_of_resource(statement: PolicyStatement) -> bool:
    """Whether it is of a resource's policy, which a file by itself may hold."""
    has_resource = statement.resources is not None or statement.not_resources is not None
    actions = statement.actions or statement.not_actions or ()
    return has_resource and not any(action.lower().startswith("sts:") for action in actions)


def _placed(statement: PolicyStatement, principal: Principal, found: Finding) -> DocumentFinding:
    path, kind = f"Statement[{statement.index}]", principal.kind
    is_text = kind == "*"
    return DocumentFinding(
        found, path if is_text else f"{path}.Principal", "Principal" if is_text else kind
    )

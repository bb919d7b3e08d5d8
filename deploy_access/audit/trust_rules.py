"""
The rules about the principal and the actions of a trust policy.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html,
https://github.com/aws-actions/configure-aws-credentials#session-tagging-and-name
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.audit.caller_conditions import ASSUME_ROLE
from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding, held
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.github.oidc_trust import is_everybody
from deploy_access.github.shared_issuer import untested_claims
from deploy_access.iam.actions import matches
from deploy_access.iam.arns import Arn
from deploy_access.iam.evaluation import check_action
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import WEB_IDENTITY
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.github.oidc_trust import OidcStatement
    from deploy_access.iam.policy import Policy, Principal

_ACCOUNT_LENGTH = 12
_TAG_SESSION = "sts:TagSession"
_OF_SESSIONS = frozenset({_TAG_SESSION.lower(), "sts:setsourceidentity"})


def check_not_principals(policy: Policy) -> Iterator[DocumentFinding]:
    """
    Check that no statement allows access to all principals except some.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    for statement in policy.statements:
        if statement.effect == "Allow" and statement.not_principals is not None:
            listed = ", ".join(principal.value for principal in statement.not_principals)
            found = finding(
                "not-principal",
                listed or "nobody",
                "Everybody is let in except those who are listed, strangers without a name too.",
                "Name in `Principal` who is meant.",
            )
            holds = _principals(statement.not_principals)
            yield DocumentFinding(found, f"Statement[{statement.index}]", "NotPrincipal", holds)


def check_resources(policy: Policy) -> Iterator[DocumentFinding]:
    """
    Check that no statement names a resource: a trust policy is always about its own role.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    for statement in policy.statements:
        for key, values in (
            ("Resource", statement.resources),
            ("NotResource", statement.not_resources),
        ):
            if values is not None:
                found = finding(
                    "malformed-policy",
                    ", ".join(values),
                    f"IAM refuses a trust policy with it (`Has prohibited field {key}`).",
                    "Leave it out: the role itself is meant.",
                )
                yield DocumentFinding(found, f"Statement[{statement.index}]", key)


def _principals(principals: Sequence[Principal]) -> str:
    """Return principals as JSON, by their kinds."""
    kinds = dict.fromkeys(principal.kind for principal in principals)
    by_kind = (
        f"{json.dumps(kind)}: {held([p.value for p in principals if p.kind == kind])}"
        for kind in kinds
    )
    return f"{{{', '.join(by_kind)}}}" if list(kinds) != ["*"] else '"*"'


def check_shared_issuers(policy: Policy) -> Iterator[DocumentFinding]:
    """Check that IAM takes the policy: it asks for a claim where many share an issuer."""
    for untested in untested_claims(policy):
        keys = " or ".join(f"`{key}`" for key in untested.keys)
        found = finding(
            "shared-issuer",
            untested.principal,
            f"IAM makes no role, and changes none, unless its trust policy tests {keys} by more "
            "than a wildcard. A role that is there stays until its policy is edited.",
            f'Add `"StringEquals": {{"{untested.keys[0]}": "..."}}`.',
        )
        path = f"Statement[{untested.statement.index}].Principal"
        yield DocumentFinding(found, path, "Federated")


def check_principal(statement: OidcStatement, account: str | None) -> Iterator[DocumentFinding]:
    """Check that the principal is the ARN of a provider of *account*, and no other one."""
    if statement.is_retired:
        yield _principal(
            statement,
            "retired-issuer",
            "This issuer was GitHub's in the beta of 2021 and signs no tokens any more.",
            f"Use the provider of `{GITHUB_HOST}`.",
        )
    arn = Arn.parse(statement.principal)
    is_provider = arn is not None and arn.is_iam("oidc-provider")
    if not is_provider and not statement.principal.startswith("${") and statement.principal != "*":
        yield _principal(
            statement,
            "wrong-principal",
            "IAM takes the ARN of an OIDC provider; by its host it knows only a few old ones.",
            f"Write `arn:aws:iam::ACCOUNT:oidc-provider/{statement.prefix}`.",
        )
    if arn and is_provider and account and _is_other_account(arn.account, account):
        yield _principal(
            statement,
            "wrong-principal",
            f"The role is in account {account}; a provider of another account is not asked.",
            "Make the provider in the account of the role.",
        )
    yield from _check_company(statement)


def check_actions(statement: OidcStatement) -> Iterator[DocumentFinding]:
    """Check that the only action is the one that OIDC calls."""
    actions = statement.statement.actions
    if actions is None:
        yield _action(
            statement,
            ", ".join(statement.statement.not_actions or ()),
            "It allows every action except those, also ones that AWS adds tomorrow.",
        )
    beside = any(
        principal.kind != "Federated" for principal in statement.statement.principals or ()
    )
    for action in actions or ():
        if action.lower() in _OF_SESSIONS:
            # A token of another issuer may carry tags and a source identity.
            if statement.is_github:
                yield _session_action(statement, action)
        elif action.lower() == ASSUME_ROLE.lower() and beside:
            continue  # It lets the other principal in, which has a finding of its own.
        elif action.lower() != WEB_IDENTITY.lower():
            wide = has_wildcard(action) and matches(action, WEB_IDENTITY)
            why = "It allows more than to come in with a token."
            dead = "A token is exchanged by another action, so this lets nobody in."
            yield _action(statement, action, why if wide else dead)


def _check_company(statement: OidcStatement) -> Iterator[DocumentFinding]:
    for principal in statement.statement.principals or ():
        if principal.kind != "Federated" and not is_everybody(principal):
            yield DocumentFinding(
                finding(
                    "wrong-principal",
                    principal.value,
                    f"It stands beside the OIDC provider, {_way_in(statement)}.",
                    "Give it a statement of its own, with its own conditions.",
                    severity="warning",
                ),
                f"{statement.path}.Principal",
                principal.kind,
            )


def _way_in(statement: OidcStatement) -> str:
    """Say what a principal that has no token can do in the statement."""
    if check_action(statement.statement, ASSUME_ROLE) is Outcome.FAIL:
        return "and no action here lets in a caller without a token"
    if any(claim.is_positive for claim in statement.claims):
        return "and the conditions are about tokens"
    return f"and gets in by `{ASSUME_ROLE}` without any token"


def _is_other_account(found: str, account: str) -> bool:
    # The account in the ARN may be a reference, or `xxxxxxxxxxxx` in an example.
    is_account = len(found) == _ACCOUNT_LENGTH and found.isdecimal()
    return is_account and found != account


def _principal(statement: OidcStatement, rule: str, why: str, fix: str) -> DocumentFinding:
    found = finding(rule, statement.principal, why, fix)
    return DocumentFinding(found, f"{statement.path}.Principal", "Federated")


def _action(statement: OidcStatement, action: str, why: str) -> DocumentFinding:
    fix = f'Write `"Action": "{WEB_IDENTITY}"`.'
    key = "NotAction" if statement.statement.actions is None else "Action"
    unlisted = statement.statement.not_actions or ()
    holds = held(unlisted) if statement.statement.actions is None else ""
    return DocumentFinding(finding("wrong-action", action, why, fix), statement.path, key, holds)


def _session_action(statement: OidcStatement, action: str) -> DocumentFinding:
    is_tags = action.lower() == _TAG_SESSION.lower()
    found = finding(
        "tag-session" if is_tags else "wrong-action",
        action,
        "GitHub's tokens carry no session tags, and the action sends none with OIDC."
        if is_tags
        else "GitHub's tokens carry no source identity, so nothing needs it.",
        "Leave it out; only a role that is assumed by another role needs it.",
        severity="warning",
    )
    return DocumentFinding(found, statement.path, "Action")

"""All rules for one role: its trust policy, its permissions, and both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.apply_roles import by_design, only_applies
from deploy_access.audit.attached_policies import check_attached, may_write
from deploy_access.audit.claim_rules import check_audience, check_claim
from deploy_access.audit.code_path_rules import check_code_paths
from deploy_access.audit.documents import Checked, check_document
from deploy_access.audit.former_name_rules import check_former_names
from deploy_access.audit.limits import MOST, too_many
from deploy_access.audit.permission_rules import check_permissions, writes
from deploy_access.audit.principal_rules import AuditedTrust, check_principals
from deploy_access.audit.refusal_rules import pull_request_write
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.audit.subject_rules import check_subjects
from deploy_access.audit.subject_value_rules import is_pull_request
from deploy_access.audit.trust_rules import (
    check_actions,
    check_not_principals,
    check_principal,
    check_resources,
    check_shared_issuers,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deploy_access.github.oidc_trust import OidcStatement
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Estate, NamedPolicy, Role, Where

    Audiences = Mapping[tuple[str, str], tuple[str, ...]]
    Hit = tuple[Where, DocumentFinding]


@dataclass(frozen=True, slots=True)
class _Trust:
    where: Where
    policy: Policy
    statements: tuple[OidcStatement, ...]


def audiences_of(estate: Estate) -> Audiences:
    """Return the audiences that each provider accepts, by its account and its URL."""
    return {
        (provider.account, provider.url.lower()): provider.audiences
        for provider in estate.providers
        if provider.account
    }


def check_role(
    role: Role,
    read: Checked | None,
    audiences: Audiences,
    roles: Mapping[str, Role],
    terraform_roles: Collection[str] = (),
) -> Iterator[Hit]:
    """
    Check a role; its permissions count only where a token may reach it.

    Args:
        role: The role, or a policy by itself.
        read: Its trust policy; None for a role that is made elsewhere.
        audiences: Those that each provider accepts.
        roles: The roles of the estate by their ARNs.
        terraform_roles: The roles that Terraform assumes, by ARN.
    """
    if read is None or role.trust is None or read.policy is None:
        # Without a known trust policy a token may reach it.
        yield from _placed(role.trust.where if role.trust else role.where, read)
        yield from _check_policies(role, roles, terraform_roles)
        return
    yield from _placed(role.trust.where, read)
    if _is_bare_permissions(role, read.policy):
        yield from _check_documents([(role.trust.where, read.policy)], roles)
        return
    for found in _check_callers(role, read.policy):
        yield role.trust.where, found
    statements = read.oidc[: MOST + 1]
    if len(statements) > MOST:
        yield role.trust.where, too_many(MOST, "providers")
    trust = _Trust(role.trust.where, read.policy, statements)
    if statements:
        for found in check_resources(read.policy):
            yield trust.where, found
        for found in _check_trust(role, trust, audiences):
            yield trust.where, found
        yield from _check_policies(role, roles, terraform_roles)
        yield from _check_pull_requests(role, trust)


def _check_callers(role: Role, policy: Policy) -> Iterator[DocumentFinding]:
    yield from check_not_principals(policy)
    yield from check_principals(AuditedTrust(policy=policy, name=role.name, account=role.account))
    yield from check_shared_issuers(policy)


def _check_trust(role: Role, trust: _Trust, audiences: Audiences) -> Iterator[DocumentFinding]:
    for statement in trust.statements:
        yield from check_principal(statement, role.account)
        yield from check_actions(statement)
        if statement.lets_assume:
            known = audiences.get((role.account or "", statement.prefix.lower()))
            yield from check_audience(statement, known)
            for claim in statement.claims:
                yield from check_claim(statement, claim)
            # Who accepts all of a repository by name has a template that says no more.
            is_alone = "repo-wide" in role.accept
            yield from check_subjects(statement, is_repository_alone=is_alone)
            yield from check_former_names(statement)


def _check_policies(
    role: Role, roles: Mapping[str, Role], terraform_roles: Collection[str]
) -> Iterator[Hit]:
    documents: list[tuple[Where, Policy]] = []
    for policy in role.policies:
        for found in check_attached(policy.arn or ""):
            yield policy.where, found
        read = check_document(policy.document) if policy.document else None
        where = policy.document.where if policy.document else policy.where
        yield from _placed(where, read)
        if read and read.policy:
            documents.append((where, read.policy))
    applies = only_applies(role, [policy for _, policy in documents], terraform_roles)
    for where, found in _check_documents(documents, roles) if documents else ():
        yield where, by_design(found) if applies else found


def _check_documents(
    documents: Sequence[tuple[Where, Policy]], roles: Mapping[str, Role]
) -> Iterator[Hit]:
    said: set[tuple[Where, str, str]] = set()
    for where, policy in documents:
        for found in check_permissions(policy):
            if found.finding.rule == "far-reaching":
                said.add((where, found.path, found.finding.evidence))
            yield where, found
    together = ((where, one) for where, policy in documents for one in policy.statements)
    for where, found in check_code_paths(together, roles):
        if (where, found.path, found.finding.evidence) not in said:
            yield where, found


def _check_pull_requests(role: Role, trust: _Trust) -> Iterator[Hit]:
    if not role.policies:
        return  # Another stack may give it some: then `unused-acceptance` is a note only.
    trusted = [
        (f"{statement.path}.Condition.{claim.operator}", claim.key, value)
        for statement in trust.statements
        if statement.is_github
        for claim in statement.of("sub")
        for value in filter(is_pull_request, claim.values)
    ]
    writing = next((p for p in role.policies if may_write_by(p)), None) if trusted else None
    for path, key, value in trusted if writing else ():
        found = pull_request_write(value, f"policy {writing.name if writing else ''!r}")
        yield trust.where, DocumentFinding(found, path, key)


def may_write_by(policy: NamedPolicy) -> bool:
    """Whether a policy of a role lets it do more than read; one that was not read may."""
    if policy.document is None:
        return may_write(policy.arn or "")
    # A document that cannot be read may allow writing.
    read = check_document(policy.document)
    return read.policy is None or writes(read.policy)


def _placed(where: Where, read: Checked | None) -> Iterator[Hit]:
    for found in read.found if read else ():
        yield where, found


def _is_bare_permissions(role: Role, policy: Policy) -> bool:
    """Whether a file holds one policy by itself, without a principal: permissions, no trust."""
    is_bare = role.account is None and role.path is None and not role.policies
    return is_bare and all(
        statement.principals is None and statement.not_principals is None
        for statement in policy.statements
    )

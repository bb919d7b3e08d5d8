"""
The audit's judgement of the statements and managed policies that a role is given.

Its rules read policies, which takes tens of milliseconds to import: import it when there are some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.attached_policies import check_attached, may_write
from deploy_access.audit.code_path_rules import check_code_paths
from deploy_access.audit.documents import check_document
from deploy_access.audit.permission_rules import check_permissions, writes
from deploy_access.iam.statement import PolicyDocument
from deploy_access.terraform.estate import Document, Where

if TYPE_CHECKING:
    from deploy_access.audit.finding import Finding
    from deploy_access.iam.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """
    A statement or a managed policy of a role, as the audit judges it.

    Attributes:
        what: Its name in a sentence, for example `statement 'Invalidate'`.
        writes: Whether it may do more than read, as far as is known.
        findings: What the audit would report.
    """

    what: str
    writes: bool
    findings: tuple[Finding, ...]


def judge_managed_policy(arn: str) -> Permission:
    """Judge the managed policy at *arn* by its name: the document is not known."""
    return Permission(
        what=f"managed policy {arn!r}",
        writes=may_write(arn),
        findings=tuple(found.finding for found in check_attached(arn)),
    )


def judge_statement(statement: Statement) -> Permission:
    """Judge *statement* as the audit does where it stands in a policy."""
    what = f"statement {statement.sid!r}"
    # What Terraform fills in is `${...}` here, a text without wildcards: the rest is judged.
    content = PolicyDocument((statement,)).to_json()
    where = Where(what)
    read = check_document(Document(content=content, where=where))
    permitted = [*check_permissions(read.policy)] if read.policy else []
    given = [(where, one) for one in read.policy.statements] if read.policy else []
    permitted += [found for _, found in check_code_paths(given, {})]
    return Permission(
        what=what,
        writes=read.policy is None or writes(read.policy),
        findings=tuple(found.finding for found in (*read.found, *permitted)),
    )

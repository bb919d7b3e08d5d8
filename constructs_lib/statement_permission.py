"""
What the audit says of one statement.

It reads policies, which takes tens of milliseconds to import: only roles with statements do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.permission import Permission
from deploy_access.audit.documents import check_document
from deploy_access.audit.permission_rules import check_permissions, writes
from deploy_access.iam.statement import PolicyDocument
from deploy_access.terraform.estate import Document, Where

if TYPE_CHECKING:
    from deploy_access.iam.statement import Statement


def judge_statement(statement: Statement) -> Permission:
    """Judge *statement* as the audit does where it stands in a policy."""
    what = f"statement {statement.sid!r}"
    # What Terraform fills in is `${...}` here, a text without wildcards: the rest is judged.
    content = PolicyDocument((statement,)).to_json()
    read = check_document(Document(content=content, where=Where(what)))
    permitted = check_permissions(read.policy) if read.policy else ()
    return Permission(
        what=what,
        writes=read.policy is None or writes(read.policy),
        findings=tuple(found.finding for found in (*read.found, *permitted)),
    )

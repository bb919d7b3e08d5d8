"""Access that the constructs refuse, in the words of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import DeployAccessError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.audit.finding import Finding


class AccessRefused(DeployAccessError, ValueError):
    """
    Access that is too wide or can never be used, and that is not accepted by name.

    Attributes:
        subject: What is refused, for example a role.
        findings: What `deploy-access audit` would report, in the same words.
    """

    def __init__(self, subject: str, findings: Iterable[Finding]) -> None:
        self.subject = subject
        self.findings = tuple(findings)
        lines = [f"{subject} is refused.", *(f"  {finding}" for finding in self.findings)]
        rules = ", ".join(
            f'"{rule}": "<reason>"' for rule in sorted({f.rule for f in self.findings})
        )
        lines.append(f"  If it is meant, accept it by name and say why: accept={{{rules}}}.")
        super().__init__("\n".join(lines))

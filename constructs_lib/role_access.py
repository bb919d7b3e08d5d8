"""The trust and the permissions of a role, refused by the rules of the audit unless accepted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from constructs_lib.role_checks import check_shared_issuer
from constructs_lib.role_trust import find_in_subjects, find_pull_requests
from constructs_lib.tree import resolve
from deploy_access.audit.finding import unaccepted
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from constructs import Construct

    from constructs_lib.permission import Permission
    from deploy_access.acceptance import Acceptance
    from deploy_access.audit.finding import Finding
    from deploy_access.github.issuer import Issuer
    from deploy_access.github.subject import Subject
    from deploy_access.iam.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAccess:
    """
    The trust of a role, with which each of its permissions is judged.

    Attributes:
        scope: The place of the role in the tree, from which references are written out.
        name: The role's name.
        issuer: The issuer of the tokens.
        subjects: The subjects that may assume it.
        accept: Rule to reason, for what is wide on purpose.
    """

    scope: Construct
    name: str
    issuer: Issuer
    subjects: tuple[Subject, ...]
    accept: Mapping[str, str | Acceptance]

    def refuse(
        self, statements: Sequence[Statement] = (), managed_policies: Sequence[str] = ()
    ) -> None:
        """
        Refuse subjects and permissions that the audit would warn of, all of them at once.

        Raises:
            AccessRefused: There are some, and their rules are not in *accept*.
            InvalidValue: They are accepted, and IAM would refuse the role all the same.
        """
        given = _judge(statements, managed_policies)
        self._raise(
            [
                *find_in_subjects(self.issuer, self.subjects),
                *(finding for permission in given for finding in permission.findings),
                *(found for p in given if p.writes for found in self._pull_requests(p.what)),
            ],
            [p.what for p in given if unaccepted(p.findings, self.accept)],
        )
        reject(check_shared_issuer(self.subjects, self.issuer))

    def refuse_writing(self, what: str) -> None:
        """
        Refuse *what* when the role trusts pull requests.

        Raises:
            AccessRefused: It does, and `pull-request-write` is not in *accept*.
        """
        self._raise(self._pull_requests(what))

    def _pull_requests(self, what: str) -> Iterator[Finding]:
        return find_pull_requests(self.subjects, what)

    def _raise(self, findings: Iterable[Finding], given: Iterable[str] = ()) -> None:
        found = unaccepted(dict.fromkeys(findings), self.accept)
        if found:
            parts = " and ".join(given)
            whose = f"Role {self.name!r} with {parts}" if parts else f"Role {self.name!r}"
            raise AccessRefused(resolve(self.scope, whose), map(self._readable, found))

    def _readable(self, finding: Finding) -> Finding:
        """Return *finding* with its references as the synthesized JSON has them."""
        evidence, why = (resolve(self.scope, text) for text in (finding.evidence, finding.why))
        return replace(finding, evidence=evidence, why=why)


def _judge(statements: Sequence[Statement], managed_policies: Sequence[str]) -> list[Permission]:
    if not statements and not managed_policies:
        return []
    from constructs_lib.permission import (  # noqa: PLC0415 - it is slow
        judge_managed_policy,
        judge_statement,
    )

    return [*map(judge_statement, statements), *map(judge_managed_policy, managed_policies)]

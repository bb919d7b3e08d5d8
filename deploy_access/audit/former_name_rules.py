"""The rule about a repository that is trusted under two names: one of them it had before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from deploy_access.audit.claim_rules import found_in
from deploy_access.audit.finding import finding
from deploy_access.github.subject_claim import parse_subject
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.report_model import DocumentFinding
    from deploy_access.github.oidc_trust import Claim, OidcStatement


def check_former_names(statement: OidcStatement) -> Iterator[DocumentFinding]:
    """Note names that share the id of one repository, which it keeps wherever it moves."""
    for claim in statement.of("sub") if statement.is_github else ():
        for names in _by_repository(claim):
            note = finding(
                "former-name",
                ", ".join(names),
                "The id is that of one repository, so it had one of the names before. Runs have "
                "the new one by now.",
                "Leave the old name out when no run has it any more.",
            )
            yield found_in(statement, claim, note, *claim.values)


def _by_repository(claim: Claim) -> Iterator[list[str]]:
    """List the names of each repository that has several."""
    # Without the owner's number: a repository keeps its own when it goes to another owner.
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for value in claim.values:
        parts = parse_subject(value)
        if parts is None or parts.owner_id is None or parts.repo_id is None:
            continue
        if not has_wildcard(f"{parts.repository}{parts.owner_id}{parts.repo_id}"):
            found[parts.repo_id].setdefault(parts.repository.casefold(), parts.repository)
    yield from (list(names.values()) for names in found.values() if len(names) > 1)

"""The rules about the subjects of a statement, all values together."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.audit.claim_rules import found_in
from deploy_access.audit.finding import finding
from deploy_access.audit.limits import MOST
from deploy_access.audit.platform_subject_rules import check_no_subject, check_platform_value
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.audit.subject_value_rules import check_subject
from deploy_access.github.subject_claim import parse_subject, segments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.finding import Finding
    from deploy_access.github.oidc_trust import Claim, OidcStatement


_ANY_OWNER = frozenset({"org-wide", "prefix-no-slash", "star-sub"})
_WIDE = _ANY_OWNER | {"branch-glob", "id-wildcard", "repo-prefix", "repo-wide"}
# Claims that the author of a job chooses, and claims that the settings of the repository bound too.
# The second bound nothing where the repository may be any.
_OF_THE_JOB = frozenset({"actor", "workflow"})
_OF_THE_RUN = _OF_THE_JOB | {"environment", "ref"}


def check_subjects(statement: OidcStatement) -> Iterator[DocumentFinding]:
    """Check every value of `sub`; of two conditions that must both hold, the narrower counts."""
    claims = statement.of("sub")
    if not claims:
        yield from _no_subject(statement) if statement.is_github else check_no_subject(statement)
        return
    found = {
        claim.operator: list(islice(_check_claim(statement, claim), MOST + 1)) for claim in claims
    }
    # All conditions must hold: if one of them is narrow, a wide one beside it does no harm. One
    # with more findings than are listed is not known to be narrow.
    wide = [_WIDE & {f.finding.rule for f in each} for each in found.values()]
    is_narrow = not all(wide) and max(map(len, found.values())) <= MOST
    for each in found.values():
        yield from (f for f in each if not (is_narrow and f.finding.rule in _WIDE))
    if not is_narrow:
        yield from _user_claims(statement, frozenset[str]().union(*wide))


def _check_value(statement: OidcStatement, value: str, *, pattern: bool) -> Iterator[Finding]:
    """Check one value that `sub` is compared with."""
    if not statement.is_github:
        yield from check_platform_value(statement, value, pattern=pattern)
        return
    # A reference of Terraform can be any text, so the form of the value is not checked.
    dead = {"bad-environment", "bad-ref"} if "${" in value else frozenset[str]()
    found = [f for f in check_subject(value, pattern=pattern) if f.rule not in dead]
    yield from found
    if not found:
        yield from _notes(value)


def _check_claim(statement: OidcStatement, claim: Claim) -> Iterator[DocumentFinding]:
    for value in claim.values:
        for found in _check_value(statement, value, pattern=claim.is_pattern):
            yield found_in(statement, claim, found, value)


def _no_subject(statement: OidcStatement) -> Iterator[DocumentFinding]:
    yield DocumentFinding(
        finding(
            "no-sub",
            statement.keys,
            "Tokens of any repository on GitHub are taken.",
            f'Add `"StringEquals": {{"{statement.prefix}:sub": "repo:OWNER/NAME:..."}}`.',
        ),
        statement.path,
        says=f"No condition asks for a value of {statement.prefix}:sub",
    )
    yield from _user_claims(statement, _ANY_OWNER)


def _user_claims(statement: OidcStatement, wide: frozenset[str]) -> Iterator[DocumentFinding]:
    """Check that a wide subject is not narrowed by claims that the author of a job chooses."""
    chosen = _OF_THE_RUN if wide & _ANY_OWNER else _OF_THE_JOB
    for claim in statement.claims:
        if claim.name in chosen and claim.is_positive and statement.is_github:
            found = finding(
                "user-claim",
                ", ".join(claim.values),
                f"The subject is wide, and whoever runs a job chooses its {claim.name}.",
                "Narrow the subject; keep this condition beside it, if you like.",
            )
            yield found_in(statement, claim, found, *claim.values)


def _notes(value: str) -> Iterator[Finding]:
    if _is_legacy(value):
        yield finding(
            "legacy-name",
            value,
            "Names change hands: after a rename or a deletion somebody else may have this one, "
            "and repositories of after 2026-07-15 carry ids.",
            "Trust `repo:OWNER@OWNER_ID/NAME@REPO_ID:...` too, then it alone.",
        )
    # With the ref in `sub` too, an unprotected environment does not open other branches.
    keys = dict(segments(value)) if "environment" in value else {}
    if keys.get("environment") and "ref" not in keys:
        yield finding(
            "env-unprotected",
            keys["environment"],
            "Any branch can name the environment, unless its protection rules say otherwise.",
            "See to it that the environment exists and lets in protected branches only.",
        )


def _is_legacy(value: str) -> bool:
    """Whether *value* names a repository by its names alone, as far as it can be read."""
    parts = parse_subject(value)
    if parts is None or parts.owner_id or parts.repo_id:
        return False
    return not re.search(r"[*?$]", parts.repository)

"""The rules about the subjects of a statement, all values together."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.audit.claim_rules import found_in, ignored_case
from deploy_access.audit.claims_beside import (
    chosen_by_others,
    names_one_repository,
    narrowed,
    severity_without_subject,
    subject_form,
    tokens_taken,
)
from deploy_access.audit.finding import finding
from deploy_access.audit.limits import MOST
from deploy_access.audit.platform_subject_rules import check_platform_value
from deploy_access.audit.platform_without_subject import check_no_subject
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.audit.server_rules import on_server
from deploy_access.audit.subject_value_rules import check_subject
from deploy_access.github.subject_claim import claims_of, names_ref, parse_subject, segments
from deploy_access.github.subject_fault import find_fault
from deploy_access.github.subject_grammar import is_default
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.finding import Finding
    from deploy_access.github.oidc_trust import Claim, OidcStatement


_ANY_OWNER = frozenset({"org-wide", "prefix-no-slash", "star-sub"})
_WIDE = _ANY_OWNER | {
    *("any-environment", "any-tag", "branch-glob", "environment-glob", "id-wildcard"),
    *("repo-prefix", "repo-wide"),
}
_GLUED = re.compile(r"[*?](environment|pull_request|ref)(:|$)")
# Claims that the author of a job chooses, and claims that the settings of the repository bound too.
# The second bound nothing where the repository may be any.
_OF_THE_JOB = frozenset({"actor", "actor_id", "workflow"})
_OF_THE_RUN = _OF_THE_JOB | {"environment", "ref"}


def check_subjects(
    statement: OidcStatement, *, is_repository_alone: bool = False
) -> Iterator[DocumentFinding]:
    """
    Check every value of `sub`; of two conditions that must both hold, the narrower counts.

    Args:
        statement: The statement.
        is_repository_alone: Whether the repository is known to have the template `repo` alone.
    """
    claims = statement.of("sub")
    if not claims:
        yield from _no_subject(statement) if statement.is_github else check_no_subject(statement)
        return
    found = {
        claim.operator: list(
            islice(_check_claim(statement, claim, is_alone=is_repository_alone), MOST + 1)
        )
        for claim in claims
    }
    # All conditions must hold: if one of them is narrow, a wide one beside it does no harm. One
    # with more findings than are listed is not known to be narrow.
    wide = [frozenset(f.finding.rule for f in each if _is_wide(f)) for each in found.values()]
    is_narrow = not all(wide) and max(map(len, found.values())) <= MOST
    for each in found.values():
        yield from (f for f in each if not (is_narrow and _is_wide(f)))
    if not is_narrow:
        yield from _user_claims(statement, frozenset[str]().union(*wide))


def _is_wide(found: DocumentFinding) -> bool:
    return found.finding.rule in _WIDE and found.finding.severity != "note"


def _check_value(
    statement: OidcStatement, value: str, *, pattern: bool, is_alone: bool
) -> Iterator[Finding]:
    """Check one value that `sub` is compared with."""
    if not statement.is_github:
        yield from check_platform_value(statement, value, pattern=pattern)
        return
    found = list(check_subject(value, pattern=pattern, is_repository_alone=is_alone))
    yield from found
    if not found:
        yield from _notes(value)


def _check_claim(
    statement: OidcStatement, claim: Claim, *, is_alone: bool
) -> Iterator[DocumentFinding]:
    pattern, is_github = claim.is_pattern, statement.is_github
    for value in claim.values:
        # In any letter case, the names of claims match too.
        is_cased = claim.ignores_case and is_github and find_fault(value)
        read = value.lower() if is_cased else value
        found = _check_value(statement, read, pattern=pattern, is_alone=is_alone)
        if statement.is_server:
            found = on_server(read, found)
        each = [narrowed(one, statement) if is_github else one for one in found]
        for one in dict.fromkeys(each) if len(each) > 1 else each:  # Hashing one takes long.
            shown = replace(one, evidence=value) if one.evidence == read else one
            yield found_in(statement, claim, shown, value)
        if is_github and claim.ignores_case:
            for one in ignored_case(claim, value, claims_of(read)):
                yield found_in(statement, claim, one, value)


def _no_subject(statement: OidcStatement) -> Iterator[DocumentFinding]:
    yield DocumentFinding(
        finding(
            "no-sub",
            statement.keys,
            tokens_taken(statement),
            f'Add `"StringEquals": {{"{statement.prefix}:sub": "{subject_form(statement)}"}}`.',
            severity=severity_without_subject(statement),
        ),
        statement.path,
        says=f"No condition asks for a value of {statement.prefix}:sub",
    )
    is_one = names_one_repository(statement)
    yield from _user_claims(statement, frozenset() if is_one else _ANY_OWNER)


def _user_claims(statement: OidcStatement, wide: frozenset[str]) -> Iterator[DocumentFinding]:
    """Check that a wide subject is not narrowed by claims that the author of a job chooses."""
    chosen = _OF_THE_RUN if wide & _ANY_OWNER else _OF_THE_JOB
    for claim in statement.claims:
        if claim.name in chosen and claim.is_positive and statement.is_github:
            found = finding(
                "user-claim",
                ", ".join(claim.values),
                chosen_by_others(claim.name),
                "Narrow the subject; keep this condition beside it, if you like.",
            )
            yield found_in(statement, claim, found, *claim.values)


def _notes(value: str) -> Iterator[Finding]:
    if _needs_template(value):
        yield _custom_template(value)
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
    if keys.get("environment") and not names_ref(value):
        yield finding(
            "env-unprotected",
            keys["environment"],
            "Any branch can name the environment, unless its protection rules say otherwise.",
            "See to it that the environment exists and lets in protected branches only.",
        )


def _needs_template(value: str) -> bool:
    """Whether *value* looks like GitHub's own template, and has more than one context."""
    if not value.startswith("repo:") or "${" in value or is_default(value):
        return False
    keys = [key for key, _ in claims_of(value)]
    has_ref = {"pull_request", "ref"} & {*keys} or _GLUED.search(value)
    is_open_behind = len(keys) > len(("repo", "context")) and not keys[-1].strip("*?")
    return is_open_behind or ("environment" in keys and bool(has_ref))


def _custom_template(value: str) -> Finding:
    parts = parse_subject(value)
    repository = parts.repository if parts and not has_wildcard(parts.repository) else "OWNER/NAME"
    return finding(
        "custom-template",
        value,
        "GitHub's own template of `sub` has the repository and one of environment, ref and "
        "`pull_request`: only where the repository has a template with more does this match a run.",
        f"Look it up: gh api repos/{repository}/actions/oidc/customization/sub. Else trust the "
        "environment, and let its protection rules name the branch.",
        severity="warning" if _GLUED.search(value) else None,
    )


def _is_legacy(value: str) -> bool:
    """Whether *value* names a repository by its names alone, as far as it can be read."""
    parts = parse_subject(value)
    if parts is None or parts.owner_id or parts.repo_id:
        return False
    return not re.search(r"[*?$]", parts.repository)

"""
The conditions beside `sub`: what they leave of the runs that a wide `sub`, or none, takes.

A finding stays: whether AWS tests these claims in every account is in dispute, and the next change
of the policy may take them out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.github.subject_claim import CHOSEN, NARROWING, claims_of
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.audit.catalogue import Severity
    from deploy_access.audit.finding import Finding
    from deploy_access.github.oidc_trust import Claim, OidcStatement

_OF_OWNERS = frozenset({"prefix-no-slash", "star-sub"})
_OF_REPOSITORIES = _OF_OWNERS | {"org-wide", "repo-prefix"}
_OF_RUNS = frozenset({"any-environment", "any-tag", "branch-glob", "environment-glob", "repo-wide"})
_REPOSITORY = ("repository", "repository_id")
_OWNER = ("repository_owner_id", "enterprise_id")
_RUN = ("environment", "ref")
_WORKFLOW = "job_workflow_ref"
_WHOSE = {
    "repository": "{}",
    "repository_id": "the repository with the id {}",
    "repository_owner_id": "any repository of the owner with the id {}",
    "enterprise_id": "any repository of the enterprise with the id {}",
    _WORKFLOW: "any repository that may call the workflow",
}
# More names than a sentence holds.
_MOST = 3


def names_one_repository(statement: OidcStatement) -> bool:
    """Whether a condition beside `sub` asks for a repository by its whole name or id."""
    return _exact(statement, _REPOSITORY) is not None


def narrowed(found: Finding, statement: OidcStatement) -> Finding:
    """Return a finding about `sub` as it is with the conditions beside it."""
    repository, owner = _exact(statement, _REPOSITORY), _exact(statement, _OWNER)
    of_id = _exact(statement, ("repository_id",))
    if found.rule in _OF_REPOSITORIES and repository:
        return _of_one_repository(found, repository, _exact(statement, _RUN))
    if found.rule == "id-wildcard" and of_id:
        return _only_beside(found, of_id, "The ids in `sub` are open", "note")
    if found.rule in _OF_OWNERS and owner:
        why = f"With `{owner.name}` beside it, tokens of {_whose(owner)} match."
        return finding("org-wide", found.evidence, why, found.help)
    run = _exact(statement, _RUN)
    if found.rule in _OF_RUNS and run:
        return _only_beside(found, run, "`sub` takes other runs of the repository too", "warning")
    workflow = _exact(statement, (_WORKFLOW,))
    if found.rule in _OF_REPOSITORIES | _OF_RUNS and workflow:
        why = f"{found.why} `{_WORKFLOW}` beside it says what is run, not who starts it."
        return replace(found, why=why)
    return found


def tokens_taken(statement: OidcStatement) -> str:
    """Say whose tokens a statement for GitHub takes that asks for no `sub`."""
    who = _exact(statement, (*_REPOSITORY, *_OWNER, _WORKFLOW))
    whose = _whose(who) if who else "any repository on GitHub"
    runs = [claim for name in (*_RUN, _WORKFLOW) if (claim := _exact(statement, (name,)))]
    if runs:
        asked = " and ".join(f"`{claim.name}` is {_listed(claim)}" for claim in runs)
        return f"Tokens of {whose} are taken where {asked}."
    every = ", from every branch, pull request and environment" if who else ""
    return f"Tokens of {whose} are taken{every}."


def severity_without_subject(statement: OidcStatement) -> Severity:
    """Return how bad it is that `sub` is not asked for: less where other claims say all of it."""
    is_run = _exact(statement, (*_RUN, _WORKFLOW)) is not None
    return "warning" if is_run and names_one_repository(statement) else "error"


def subject_form(statement: OidcStatement) -> str:
    """Return the form of the `sub` to ask for, with the repository where a condition names it."""
    repository = _exact(statement, ("repository",))
    is_one = repository is not None and len(repository.values) == 1
    return f"repo:{repository.values[0] if repository and is_one else 'OWNER/NAME'}:..."


def chosen_by_others(name: str) -> str:
    """Say why a condition on a claim narrows nothing where `sub` is wide."""
    return f"The subject is wide, and `{name}` does not narrow it: {CHOSEN[name]}."


def _of_one_repository(found: Finding, repository: Claim, run: Claim | None) -> Finding:
    if any(key in NARROWING for key, _ in claims_of(found.evidence)):
        return _only_beside(found, repository, "`sub` takes other repositories too", "note")
    why = "every branch, every pull request and every environment of it matches"
    if run:
        why = f"of its runs, `{run.name}` lets in those with {_listed(run)}"
    return finding(
        "repo-wide",
        found.evidence,
        f"Beside it, `{repository.name}` lets in {_whose(repository)} alone; {why}.",
        "Name the repository and what deploys in `sub` too: `GithubRepo(...)`.",
        severity="warning" if run else None,
    )


def _only_beside(found: Finding, claim: Claim, wide: str, severity: Severity) -> Finding:
    kept = _whose(claim) if claim.name in _WHOSE else _listed(claim)
    why = f"{wide}; only the condition on `{claim.name}` keeps it to {kept}."
    return finding(found.rule, found.evidence, why, found.help, severity=severity)


def _exact(statement: OidcStatement, names: Iterable[str]) -> Claim | None:
    """Return the first condition that every token has to meet with a whole text."""
    claims = (claim for name in names for claim in statement.of(name) if _is_exact(claim))
    return next(claims, None)


def _is_exact(claim: Claim) -> bool:
    is_optional = claim.is_optional or claim.is_for_all
    is_open = claim.is_pattern and any(map(has_wildcard, claim.values))
    return bool(claim.values) and not is_optional and not is_open


def _whose(claim: Claim) -> str:
    names = claim.values if claim.name != _WORKFLOW else claim.values[:1]
    return _joined(_WHOSE[claim.name or ""].format(name) for name in names)


def _listed(claim: Claim) -> str:
    return _joined(map(repr, claim.values))


def _joined(names: Iterable[str]) -> str:
    listed = list(names)
    return " or ".join(listed) if len(listed) <= _MOST else f"one of {len(listed)} values"

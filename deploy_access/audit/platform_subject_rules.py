"""
The rules about values of `sub` at other issuers than GitHub.

A platform of which the form of `sub` is known has GitHub's rules in its own words. At any other
issuer a pattern has to name somebody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.platform_without_subject import tested_ids
from deploy_access.audit.refusal_rules import check_everybody
from deploy_access.audit.subject_value_rules import check_subject
from deploy_access.github.platform_subject import problem_of, read_subject
from deploy_access.github.platforms import owner_of, platform_of
from deploy_access.github.subject_claim import literal_start
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.finding import Finding
    from deploy_access.github.oidc_trust import OidcStatement
    from deploy_access.github.platform_subject import PlatformSubject
    from deploy_access.github.platforms import Platform

_OF_ANY_OWNER = frozenset({"org-wide", "prefix-no-slash", "repo-prefix", "star-sub"})


def check_platform_value(
    statement: OidcStatement, value: str, *, pattern: bool
) -> Iterator[Finding]:
    """Check one value that `sub` is compared with at another issuer than GitHub."""
    ids = tested_ids(statement)
    for found in check_platform_subject(statement.prefix, value, pattern=pattern):
        if ids and found.rule in _OF_ANY_OWNER:
            held = ", ".join(f"`{statement.prefix}:{claim}`" for claim in ids)
            why = f"{found.why} {held} narrows it, if AWS compares it: it is listed, but not tried."
            yield replace(found, severity="warning", why=why)
        else:
            yield found


def check_platform_subject(provider: str, value: str, *, pattern: bool) -> Iterator[Finding]:
    """
    Check one value of `sub` for an issuer.

    Args:
        provider: The URL of the issuer without `https://`, which is not one of GitHub's.
        value: The value, as it stands in the policy.
        pattern: Whether the policy compares it with wildcards.
    """
    if not pattern and has_wildcard(value):
        yield from check_subject(value, pattern=False)
        return
    platform = platform_of(provider, value)
    if platform is None:
        yield from check_everybody(value) if pattern else ()
        return
    found = _check(platform, provider, read_subject(platform, value), value)
    if found is not None:
        yield found


def _check(
    platform: Platform, provider: str, subject: PlatformSubject, value: str
) -> Finding | None:
    problem = problem_of(provider, value)
    if problem:
        return finding(
            "bad-ref",
            value,
            f"It never matches a `sub` of {platform.name}. {problem}",
            f"Write `{platform.narrow}`.",
        )
    if not has_wildcard(value) and not subject.is_open:
        return _check_exact(subject, value)
    return _check_repository(subject, provider, value) or _check_runs(subject, value)


def _check_exact(subject: PlatformSubject, value: str) -> Finding | None:
    """Check a value without a wildcard; a project may have chosen few parts for its `sub`."""
    if subject.platform.is_keyed and len(subject.texts) == 1:
        return _repo_wide(subject, value, " where `sub` has no further part; else it never matches")
    if subject.text("ref type") and not subject.text("ref") and not subject.text("environment"):
        return _branch_glob(subject, value)
    return None


def _check_repository(subject: PlatformSubject, provider: str, value: str) -> Finding | None:
    """Check that a pattern names one repository."""
    text = subject.text("repository") or ""
    if text and not has_wildcard(text):
        return None
    environment, origin = subject.text("environment"), subject.texts.get("vcs-origin")
    if not subject.platform.is_keyed and environment and not has_wildcard(environment):
        return None  # The UUID of an environment is of one repository.
    if origin and not has_wildcard(origin):
        return None
    return _open_repository(subject, provider, value, literal_start(text))


def _open_repository(
    subject: PlatformSubject, provider: str, value: str, literal: str
) -> Finding | None:
    platform = subject.platform
    owner = owner_of(platform, provider)
    group, slash, name = literal.rpartition("/")
    if owner is None and not literal:
        return finding(
            "star-sub",
            value,
            f"Any {platform.repository} on {platform.name} matches, whoever owns it.",
            f"Name the {platform.owner} and the {platform.repository}: `{platform.narrow}`.",
        )
    if "project_id" in subject.texts:
        return finding(
            "prefix-no-slash",
            value,
            f"Any {platform.repository} whose id begins with {literal!r} matches, whoever owns it.",
            "Write the id out.",
        )
    if owner is None and not slash:
        return finding(
            "prefix-no-slash",
            value,
            f"Anybody may have a {platform.owner} whose name begins with {literal!r}.",
            f"Write the {platform.owner} out, up to its `/`.",
        )
    if literal and name not in {"", "{"}:
        return finding(
            "repo-prefix",
            value,
            f"Every {platform.repository} of the {platform.owner} whose name or id begins with "
            f"{name!r} matches.",
            f"Write the {platform.repository} out, up to the next `{platform.separator}`.",
        )
    return finding(
        "org-wide",
        value,
        f"Every {platform.repository} of the {platform.owner} {owner or group!r} matches, also "
        "those that are made tomorrow.",
        f"List the {platform.repository} names or ids, each with its own value.",
    )


def _check_runs(subject: PlatformSubject, value: str) -> Finding | None:
    """Check that a pattern names a branch, a tag or an environment of its repository."""
    environment, ref = subject.text("environment"), subject.text("ref")
    if subject.texts.get("ref_protected") == "true":
        return None
    if environment and not has_wildcard(environment):
        return None
    if ref is not None:
        return _check_ref(subject, value, ref)
    if environment is not None:
        return _environments(value, environment)
    return _check_open_end(subject, value)


def _check_open_end(subject: PlatformSubject, value: str) -> Finding | None:
    """Check a pattern that names neither ref nor environment."""
    user, kind = subject.texts.get("user"), subject.text("ref type")
    if user and not has_wildcard(user):
        return None
    if not kind or has_wildcard(kind):
        return _repo_wide(subject, value)
    return _any_tag(value) if kind == "tag" else _branch_glob(subject, value)


def _check_ref(subject: PlatformSubject, value: str, ref: str) -> Finding | None:
    kind = subject.text("ref type")
    if not has_wildcard(ref) and not (kind and has_wildcard(kind)):
        return None
    if kind != "tag" and not ref.startswith("refs/tags/"):
        return _branch_glob(subject, value)
    # `v*` is how releases are deployed; tags can be protected.
    return None if literal_start(ref).removeprefix("refs/tags/") else _any_tag(value)


def _repo_wide(subject: PlatformSubject, value: str, where: str = "") -> Finding:
    platform = subject.platform
    runs = platform.runs[0].upper() + platform.runs[1:]
    return finding(
        "repo-wide",
        value,
        f"{runs} of the {platform.repository} matches{where}.",
        f"Trust what deploys: `{platform.narrow}`.",
    )


def _environments(value: str, environment: str) -> Finding:
    is_any = not literal_start(environment)
    which = "an environment" if is_any else f"an environment that matches {environment!r}"
    return finding(
        "any-environment" if is_any else "environment-glob",
        value,
        f"Every job that names {which} matches, on any branch.",
        "Name the environment, and protect it.",
    )


def _any_tag(value: str) -> Finding:
    return finding(
        "any-tag",
        value,
        "Whoever can push can make a tag on any commit, and run its jobs.",
        "Begin with what such tags have, as in `v*`, and protect them.",
    )


def _branch_glob(subject: PlatformSubject, value: str) -> Finding:
    return finding(
        "branch-glob",
        value,
        "Whoever can push can make a branch or tag that matches, and run any job on it.",
        f"Name the branch: `{subject.platform.narrow}`.",
    )

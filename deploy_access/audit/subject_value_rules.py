"""
The rules about one value of `sub`.

Sources: https://docs.github.com/actions/reference/security/oidc for the claims of a token; Datadog
Security Labs 2023 ("No keys attached"), Tinder Security Labs 2023 and Astrix ("Sub:jugation") for
the attacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.github.subject_claim import (
    KEYS,
    NARROWING,
    has_loose_workflow,
    is_key,
    literal_start,
    names_owner,
    names_repository,
    parse_subject,
    segments,
)
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.finding import Finding

# Claims whose patterns have rules of their own; an open one of any other narrows nothing.
_WITH_RULES = frozenset({"environment", "job_workflow_ref", "ref"})


def check_subject(value: str, *, pattern: bool) -> Iterator[Finding]:
    """
    Check one value that a trust policy for GitHub's issuer compares `sub` with.

    Args:
        value: The value, as it stands in the policy.
        pattern: Whether the policy compares it with `StringLike`.
    """
    if not pattern and has_wildcard(value):
        yield _star_equals(value)
        return
    if has_loose_workflow(value):
        yield _loose_workflow_ref(value)
    if value.startswith("repo:"):
        yield from _check_repository(value)
    else:
        yield from _check_template(value)


def is_pull_request(value: str) -> bool:
    """
    Whether *value* trusts the `pull_request` event by name.

    Wider values include the event too, and have rules of their own.
    """
    if "pull_request" not in value and not has_wildcard(value):
        return False
    parsed = parse_subject(value)  # it also reads a context behind `repo:OWNER/*`
    if parsed is not None and parsed.context == "pull_request":
        return True
    return any(
        literal_start(key) and "pull_request".startswith(literal_start(key))
        for key, _ in segments(value)
        if key == "pull_request" or has_wildcard(key)
    )


def _check_template(value: str) -> Iterator[Finding]:
    """Check a value whose template does not begin with the repository."""
    # What is literal before the first wildcard decides how far the value reaches.
    key, colon, _ = literal_start(value).partition(":")
    if colon and not is_key(key):
        yield _bad_ref(value, f"No token begins with {key!r}.")
    elif names_repository(value) and colon:
        yield from _check_context(value, value)
    elif names_owner(value) and colon:
        yield _org_wide(value)
    elif colon or has_wildcard(value):
        yield _star_sub(value)
    else:
        yield _bad_ref(value, "It is no list of claims and their values.")


def _check_repository(value: str) -> Iterator[Finding]:
    rest = value.removeprefix("repo:")
    literal = literal_start(rest)
    owner, slash, after = literal.partition("/")
    name, colon, _ = after.partition(":")
    open_end = literal != rest
    # From left to right: the first part that is open, or missing, is the finding.
    if ":" in owner:
        yield _bad_ref(value, "There is no repository in it.")
    elif open_end and not colon and "@" in (name if slash else owner):
        yield from _open_id(value, rest)
    elif not slash and open_end:
        yield _open_owner(value, owner)
    elif not colon and open_end:
        yield _open_name(value, name)
        if not name:
            yield from _check_any_name(value, rest)
    elif not (owner and name):
        yield _bad_ref(value, "There is no repository in it.")
    else:
        yield from _check_context(value, rest.partition("/")[2].partition(":")[2])


def _open_id(value: str, rest: str) -> Iterator[Finding]:
    """Report the open id, and what stays open when that finding is accepted."""
    yield _id_wildcard(value)
    name, colon, context = rest.partition("/")[2].partition(":")
    if not literal_start(name):
        yield _org_wide(value)
    elif not colon:
        yield _repo_wide(value)
    else:
        yield from _check_context(value, context)


def _check_any_name(value: str, rest: str) -> Iterator[Finding]:
    """Report what else is open in a run of any repository: that is accepted by its own name."""
    name, _, context = rest.partition("/")[2].partition(":")
    if name == "*" and literal_start(context):
        yield from _check_context(value, context)


def _open_owner(value: str, owner: str) -> Finding:
    if not owner:
        return _star_sub(value)
    return finding(
        rule="prefix-no-slash",
        evidence=value,
        why=f"Anybody can register an owner whose name begins with {owner!r}.",
        fix="Write the owner out, up to the `/`.",
    )


def _open_name(value: str, name: str) -> Finding:
    if not name:
        return _org_wide(value)
    return finding(
        rule="repo-prefix",
        evidence=value,
        why=f"Every repository of the owner whose name begins with {name!r} matches.",
        fix="Write the repository out, up to the `:`.",
    )


def _check_context(value: str, context: str) -> Iterator[Finding]:
    """Check the claims that follow the repository, until one is open or can never match."""
    before: list[str] = []
    for key, text in segments(context):
        found = _check_segment(value, key, text, before)
        if found:
            yield found
            return
        if key in _WITH_RULES or not has_wildcard(text):
            before.append(key)
    if not any(key in NARROWING or has_wildcard(key) for key in before):
        yield _repo_wide(value)


def _check_segment(value: str, key: str, text: str, before: list[str]) -> Finding | None:
    if has_wildcard(key):
        return _check_open_key(value, literal_start(key), before)
    if not is_key(key):
        raw_colon = before[-1:] == ["environment"]
        return _bad_environment(value) if raw_colon else _bad_ref(value, f"{key!r} is no claim.")
    if key == "environment":
        return _check_environment(value, text)
    if key == "ref":
        return _check_ref(value, text, before)
    return None


def _check_open_key(value: str, literal: str, before: list[str]) -> Finding | None:
    if not any(key.startswith(literal) for key in (*KEYS, "repo_property_")):
        return _bad_ref(value, f"No claim begins with {literal!r}.")
    if {"environment", "pull_request", "ref"} & set(before):
        return None  # The context is exact; the wildcard covers what a custom template adds.
    if literal and "ref".startswith(literal):
        return _branch_glob(value)
    return None if literal and "pull_request".startswith(literal) else _repo_wide(value)


def _check_environment(value: str, name: str) -> Finding | None:
    if not name:
        return _bad_environment(value)
    # GitHub makes an environment that a job names, without any protection.
    return _repo_wide(value) if has_wildcard(name) else None


def _check_ref(value: str, ref: str, before: list[str]) -> Finding | None:
    literal = literal_start(ref)
    is_open = literal != ref
    if is_open and _starts_like(literal, "refs/heads/"):
        return None if "environment" in before else _branch_glob(value)
    if is_open and "refs/tags/".startswith(literal):
        return None if "environment" in before else _branch_glob(value)
    if is_open and _starts_like(literal, "refs/tags/"):
        return None  # `refs/tags/v*` is how releases are deployed; a ruleset can protect them.
    if ref.startswith(("refs/heads/", "refs/tags/")):
        return None
    return _bad_ref(value, "The claim holds the full ref, as in `refs/heads/main`.")


def _starts_like(literal: str, start: str) -> bool:
    return literal.startswith(start) or start.startswith(literal)


def _loose_workflow_ref(value: str) -> Finding:
    return finding(
        rule="loose-job-workflow-ref",
        evidence=value,
        why="Whoever can push a branch there can change the workflow that is trusted.",
        fix="Name one file at one protected ref: `o/r/.github/workflows/f.yml@refs/heads/b`.",
    )


def _star_equals(value: str) -> Finding:
    return finding(
        rule="star-equals",
        evidence=value,
        why="Under `StringEquals` a wildcard is an ordinary character, so this never matches.",
        fix="Compare a pattern with `StringLike`: `Subject.custom_pattern`.",
    )


def _star_sub(value: str) -> Finding:
    return finding(
        rule="star-sub",
        evidence=value,
        why="Any repository on GitHub matches, whoever owns it. IAM accepts it all the same.",
        fix="Name the owner and the repository: `GithubRepo(...)`.",
    )


def _org_wide(value: str) -> Finding:
    return finding(
        rule="org-wide",
        evidence=value,
        why="Every repository of the owner matches, also those that are made tomorrow.",
        fix="List the repositories: `GithubRepo(...)` for each.",
    )


def _id_wildcard(value: str) -> Finding:
    return finding(
        rule="id-wildcard",
        evidence=value,
        why="The id is what keeps a name from being taken over; a wildcard gives that up.",
        fix="Write the ids out: gh api repos/OWNER/NAME --jq '.owner.id, .id'",
    )


def _repo_wide(value: str) -> Finding:
    return finding(
        rule="repo-wide",
        evidence=value,
        why="Every branch, every pull request and every environment of the repository matches.",
        fix='Trust what deploys: `.environment("prod")`, `.branch("main")` or a tag.',
    )


def _branch_glob(value: str) -> Finding:
    return finding(
        rule="branch-glob",
        evidence=value,
        why="Whoever can push can make a branch or tag that matches, and run any workflow on it.",
        fix='Name the branch, or use `.environment("prod")` and protect the environment.',
    )


def _bad_ref(value: str, why: str) -> Finding:
    return finding(
        rule="bad-ref",
        evidence=value,
        why=f"It never matches. {why}",
        fix="`repo:OWNER/NAME:` is followed by `ref:refs/heads/B`, `ref:refs/tags/T`, "
        "`environment:E` or `pull_request`.",
    )


def _bad_environment(value: str) -> Finding:
    return finding(
        rule="bad-environment",
        evidence=value,
        why="It never matches: GitHub writes `:` in the name of an environment as `%3A`.",
        fix="Use `.environment(NAME)`, which encodes it.",
    )

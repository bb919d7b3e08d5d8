"""
The rules about one value of `sub`.

Sources: https://docs.github.com/actions/reference/security/oidc for what a token carries;
Datadog Security Labs 2023 ("No keys attached"), Tinder Security Labs 2023 and Astrix
("Sub:jugation") for what has been attacked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import Finding
from deploy_access.subject import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

_WILDCARD = re.compile(r"[*?]")
_TRUSTED_REFS = ("ref:refs/heads/", "ref:refs/tags/")
_CONTEXTS = ("pull_request", "environment:", *_TRUSTED_REFS)
# What may follow `repo:owner/name` in a template of somebody's own.
_TEMPLATE_KEY = re.compile(
    r"(actor|actor_id|base_ref|context|enterprise|enterprise_id|environment|event_name|head_ref"
    r"|job_workflow_ref|job_workflow_sha|ref|ref_type|repo|repo_property_\w+|repository"
    r"|repository_id|repository_owner|repository_owner_id|repository_visibility"
    r"|runner_environment|workflow|workflow_ref|workflow_sha):"
)
_NAMES_ONE_REPOSITORY = re.compile(r"(^|:)(repository|repository_id|workflow_ref):")


def check_subject(value: str, *, pattern: bool) -> Iterator[Finding]:
    """
    Check one value that a trust policy compares `sub` with.

    Args:
        value: The value, as it stands in the policy.
        pattern: Whether the policy compares it with `StringLike`.

    """
    if not pattern and has_wildcard(value):
        yield _star_equals(value)
        return
    yield from _check_workflow_ref(value)
    if value.startswith("repo:"):
        yield from _check_repository(value)
    elif _literal(value) in {"", "r", "re", "rep", "repo"}:
        yield _star_sub(value)
    elif not _NAMES_ONE_REPOSITORY.search(value):
        yield _org_wide(value)


def is_pull_request(value: str) -> bool:
    """
    Whether *value* trusts the `pull_request` event by name.

    Wider values include it too; they have rules of their own, which say so.
    """
    context = value.split(":", 2)[2:] if value.startswith("repo:") else []
    return bool(context) and context[0].startswith("pull_request")


def _check_repository(value: str) -> Iterator[Finding]:
    rest = value.removeprefix("repo:")
    literal = _literal(rest)
    owner, slash, after = literal.partition("/")
    name, colon, _ = after.partition(":")
    open_end = literal != rest
    if not slash and open_end:
        yield _open_owner(value, owner)
    elif not colon and open_end:
        yield _open_name(value, name)
    elif not slash:
        yield _bad_ref(value, "There is no repository in it.")
    else:
        yield from _check_context(value, rest.partition("/")[2].partition(":")[2])


def _open_owner(value: str, owner: str) -> Finding:
    if not owner:
        return _star_sub(value)
    if "@" in owner:
        return _id_wildcard(value)
    return Finding(
        rule="prefix-no-slash",
        severity="error",
        evidence=value,
        why=f"Anybody can register an owner whose name begins with {owner!r}.",
        help="Write the owner out, up to the `/`.",
    )


def _open_name(value: str, name: str) -> Finding:
    if not name:
        return _org_wide(value)
    if "@" in name:
        return _id_wildcard(value)
    return Finding(
        rule="repo-prefix",
        severity="error",
        evidence=value,
        why=f"Every repository of the owner whose name begins with {name!r} matches.",
        help="Write the repository out, up to the `:`.",
    )


def _check_context(value: str, context: str) -> Iterator[Finding]:
    literal = _literal(context)
    if literal == context:
        yield from _check_exact_context(value, context)
    elif _opens_repository(literal):
        yield _repo_wide(value)
    elif _starts_like(literal, "ref:refs/heads/"):
        yield _branch_glob(value)
    elif not _is_context(literal):
        yield _bad_ref(value, f"No token carries {literal!r} there.")


def _check_exact_context(value: str, context: str) -> Iterator[Finding]:
    if not context:
        yield _repo_wide(value)
    elif context.startswith("environment:"):
        name, colon, more = context.removeprefix("environment:").partition(":")
        if not name or (colon and not _TEMPLATE_KEY.match(more)):
            yield _bad_environment(value)
    elif context.startswith("ref:"):
        if not context.startswith(_TRUSTED_REFS):
            yield _bad_ref(value, "The claim holds the full ref, as in `refs/heads/main`.")
    elif not (context.startswith("pull_request") or _TEMPLATE_KEY.match(context)):
        yield _bad_ref(value, f"No token carries {context!r} there.")


def _opens_repository(literal: str) -> bool:
    if "environment:".startswith(literal):
        return True
    # An environment that does not exist is made when a job names it, without any protection.
    return literal.startswith("environment:") and literal.count(":") == 1


def _is_context(literal: str) -> bool:
    known = any(_starts_like(literal, start) for start in _CONTEXTS)
    return known or _TEMPLATE_KEY.match(literal) is not None


def _starts_like(literal: str, start: str) -> bool:
    return literal.startswith(start) or start.startswith(literal)


def _literal(pattern: str) -> str:
    return _WILDCARD.split(pattern, maxsplit=1)[0]


def _check_workflow_ref(value: str) -> Iterator[Finding]:
    _, key, workflow = value.partition("job_workflow_ref:")
    if key and has_wildcard(workflow):
        yield Finding(
            rule="loose-job-workflow-ref",
            severity="error",
            evidence=value,
            why="Whoever can push a branch there can change the workflow that is trusted.",
            help="Name one file at one protected ref: `o/r/.github/workflows/f.yml@refs/heads/b`.",
        )


def _star_equals(value: str) -> Finding:
    return Finding(
        rule="star-equals",
        severity="error",
        evidence=value,
        why="Under `StringEquals` a wildcard is an ordinary character, so this never matches.",
        help="Compare a pattern with `StringLike`: `Subject.custom_pattern`.",
    )


def _star_sub(value: str) -> Finding:
    return Finding(
        rule="star-sub",
        severity="error",
        evidence=value,
        why="Any repository on GitHub matches, whoever owns it. IAM accepts it all the same.",
        help="Name the owner and the repository: `GithubRepo(...)`.",
    )


def _org_wide(value: str) -> Finding:
    return Finding(
        rule="org-wide",
        severity="error",
        evidence=value,
        why="Every repository of the owner matches, also those that are made tomorrow.",
        help="List the repositories: `GithubRepo(...)` for each.",
    )


def _id_wildcard(value: str) -> Finding:
    return Finding(
        rule="id-wildcard",
        severity="error",
        evidence=value,
        why="The id is what keeps a name from being taken over; a wildcard gives that up.",
        help="Write the ids out: gh api repos/OWNER/NAME --jq '.owner.id, .id'",
    )


def _repo_wide(value: str) -> Finding:
    return Finding(
        rule="repo-wide",
        severity="error",
        evidence=value,
        why="Every branch, every pull request and every environment of the repository matches.",
        help='Trust what deploys: `.environment("prod")`, `.branch("main")` or a tag.',
    )


def _branch_glob(value: str) -> Finding:
    return Finding(
        rule="branch-glob",
        severity="error",
        evidence=value,
        why="Whoever can push can make a branch that matches, and run any workflow on it.",
        help='Name the branch, or use `.environment("prod")` and protect the environment.',
    )


def _bad_ref(value: str, why: str) -> Finding:
    return Finding(
        rule="bad-ref",
        severity="error",
        evidence=value,
        why=f"It never matches. {why}",
        help="`repo:OWNER/NAME:` is followed by `ref:refs/heads/B`, `ref:refs/tags/T`, "
        "`environment:E` or `pull_request`.",
    )


def _bad_environment(value: str) -> Finding:
    return Finding(
        rule="bad-environment",
        severity="error",
        evidence=value,
        why="It never matches: GitHub writes `:` in the name of an environment as `%3A`.",
        help="Use `.environment(NAME)`, which encodes it.",
    )

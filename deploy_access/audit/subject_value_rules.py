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
    CHOSEN,
    NARROWING,
    claims_of,
    has_loose_workflow,
    names_owner,
    names_ref,
    names_repository,
    segments,
)
from deploy_access.github.subject_fault import find_fault
from deploy_access.github.subject_grammar import ALONE, is_key, literal_end, literal_start
from deploy_access.github.subject_spelling import respell
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.audit.finding import Finding
    from deploy_access.github.subject_fault import SubjectFault

# Claims whose patterns have rules of their own; an open one of any other narrows nothing.
_WITH_RULES = frozenset({"environment", "job_workflow_ref", "ref"})


def check_subject(
    value: str, *, pattern: bool, is_repository_alone: bool = False
) -> Iterator[Finding]:
    """
    Check one value that a trust policy for GitHub's issuer compares `sub` with.

    Args:
        value: The value, as it stands in the policy.
        pattern: Whether the policy compares it with `StringLike`.
        is_repository_alone: Whether the repository is known to have the template `repo` alone.
    """
    if not pattern and has_wildcard(value):
        yield _star_equals(value)
        return
    fault = find_fault(value)
    if fault is not None and not (fault.is_repository and is_repository_alone):
        yield _never(value, fault)
        # A pattern of names is wide, once its template is accepted.
        if not (fault.is_repository and has_wildcard(value)):
            return
    if has_loose_workflow(value):
        yield _loose_workflow_ref(value)
    if value.startswith("repo:"):
        yield from _check_repository(value)
    elif not value.startswith("${"):  # What Terraform fills in may be the repository too.
        yield from _check_template(value)


def is_pull_request(value: str) -> bool:
    """
    Whether *value* trusts the `pull_request` event by name, whatever the repository.

    Wider values include the event too, and have rules of their own.
    """
    return any(
        (key, text) == ("event_name", ALONE)
        or _begins_pull_request(key)
        or (has_wildcard(key + text) and literal_end(text or key) == ALONE)
        for key, text in claims_of(value)
    )


def takes_pull_request(value: str) -> bool:
    """Whether *value*, with its wildcards, lets a run in that a pull request has started."""
    start = literal_start(value)
    runs = [f"{start}{between}{ALONE}" for between in ("", ":", "x:", "/x:", "x/x:", "repo:x/x:")]
    # A run of a pull request has no ref in its `sub`, and with an environment it is not called so.
    possible = [run for run in runs if {"environment", "ref"}.isdisjoint(dict(claims_of(run)))]
    return is_pull_request(value) or any(
        is_pull_request(run) and matches_plain(value, run) for run in possible
    )


def _begins_pull_request(key: str) -> bool:
    start = literal_start(key)
    return key == ALONE or (has_wildcard(key) and bool(start) and ALONE.startswith(start))


def _check_template(value: str) -> Iterator[Finding]:
    """Check a value whose template does not begin with the repository."""
    if ":" in literal_start(value) and names_repository(value):
        yield from _check_context(value, value)
    elif ":" in literal_start(value) and names_owner(value):
        yield _org_wide(value)
    else:
        yield _star_sub(value)


def _check_repository(value: str) -> Iterator[Finding]:
    rest = value.removeprefix("repo:")
    literal = literal_start(rest)
    owner, slash, after = literal.partition("/")
    name, colon, _ = after.partition(":")
    open_end = literal != rest
    # From left to right: the first part that is open is the finding.
    if ":" in owner:  # A reference is all of the repository: `repo:${var.repository}:*`.
        yield from _check_context(value, rest.partition(":")[2])
    elif open_end and not colon and "@" in (name if slash else owner):
        yield from _open_id(value, rest)
    elif not slash and open_end:
        yield _open_owner(value, owner)
    elif not colon and open_end:
        yield _open_name(value, name)
        if not name:
            yield from _check_any_name(value, rest)
    elif slash and (colon or "${" not in rest):
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
        if not (is_key(key) or has_wildcard(key)):
            return  # Terraform fills it in.
        found = _check_segment(value, key, text, before)
        if found:
            yield found
            return
        if key in _WITH_RULES or not has_wildcard(text):
            before.append(key)
    if not any(key in NARROWING or has_wildcard(key) for key in before):
        yield _repo_wide(value, before)


def _check_segment(value: str, key: str, text: str, before: list[str]) -> Finding | None:
    if has_wildcard(key):
        return _check_open_key(value, literal_start(key), before)
    if key == "environment":
        return _check_environment(value, text)
    if key == "ref":
        return _check_ref(value, text, before)
    return None


def _check_open_key(value: str, literal: str, before: list[str]) -> Finding | None:
    if {"environment", "pull_request", "ref"} & set(before) or names_ref(value):
        return None  # The context is exact; the wildcard covers what a custom template adds.
    if literal and "environment".startswith(literal):
        return _any_environment(value)
    if literal and "ref".startswith(literal):
        return _branch_glob(value)
    return None if literal and ALONE.startswith(literal) else _repo_wide(value, before)


def _check_environment(value: str, name: str) -> Finding | None:
    if not has_wildcard(name) or names_ref(value):
        return None
    return _environment_glob(value, name) if name.strip("*?") else _any_environment(value)


def _check_ref(value: str, ref: str, before: list[str]) -> Finding | None:
    literal = literal_start(ref)
    if literal == ref or "environment" in before:
        return None
    if _starts_like(literal, "refs/heads/"):
        return _branch_glob(value)
    if "refs/tags/".startswith(literal):
        return _any_tag(value, ref)
    return None  # `refs/tags/v*` is how releases are deployed; a ruleset can protect them.


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
    why = "Anybody can have a repository on GitHub that matches. IAM accepts it all the same."
    if not has_wildcard(value):
        why = "Anybody can have a repository on GitHub whose template writes it"
        why = f"{why}{_chosen(key for key, _ in claims_of(value))}."
    return finding(
        rule="star-sub",
        evidence=value,
        why=why,
        fix="Name the owner and the repository: `GithubRepo(...)`.",
    )


def _org_wide(value: str) -> Finding:
    why = "Every repository of the owner matches, also those that are made tomorrow."
    if literal_start(value).startswith("job_workflow_ref:"):
        why = "Every repository that may call the workflow matches: any, where it is public."
    return finding(
        rule="org-wide",
        evidence=value,
        why=why,
        fix="List the repositories: `GithubRepo(...)` for each.",
    )


def _id_wildcard(value: str) -> Finding:
    return finding(
        rule="id-wildcard",
        evidence=value,
        why="The id is what keeps a name from being taken over; a wildcard gives that up.",
        fix="Write the ids out: gh api repos/OWNER/NAME --jq '.owner.id, .id'",
    )


def _repo_wide(value: str, before: Iterable[str] = ()) -> Finding:
    what = "of the repository matches"
    if "job_workflow_ref" in before:
        what = "of the repository matches, where it calls the workflow"
    return finding(
        rule="repo-wide",
        evidence=value,
        why=f"Every branch, every pull request and every environment {what}{_chosen(before)}.",
        fix='Trust what deploys: `.environment("prod")`, `.branch("main")` or a tag.',
    )


def _chosen(keys: Iterable[str]) -> str:
    """Say of claims why they narrow nothing."""
    return "".join(f"; `{key}` narrows nothing, as {CHOSEN[key]}" for key in keys if key in CHOSEN)


def _any_environment(value: str) -> Finding:
    return finding(
        rule="any-environment",
        evidence=value,
        why="Every job that names an environment matches, on any branch or pull request: GitHub "
        "makes an environment that a job names, without any protection.",
        fix='Name the environment, `.environment("prod")`, and protect it.',
    )


def _environment_glob(value: str, name: str) -> Finding:
    return finding(
        rule="environment-glob",
        evidence=value,
        why=f"A job on any branch can name an environment that matches {name!r}: GitHub makes it, "
        "without any protection.",
        fix='Name each environment, `.environment("prod")`, and protect it.',
    )


def _branch_glob(value: str) -> Finding:
    return finding(
        rule="branch-glob",
        evidence=value,
        why="Whoever can push can make a branch or tag that matches, and run any workflow on it.",
        fix='Name the branch, or use `.environment("prod")` and protect the environment.',
    )


def _any_tag(value: str, ref: str) -> Finding:
    name = ref.removeprefix("refs/tags/")
    which = f"a tag that matches {name!r}" if name.strip("*?") and name != ref else "a tag"
    return finding(
        rule="any-tag",
        evidence=value,
        why=f"Every user who can push can make {which} on any commit, and run its workflows.",
        fix='Begin with what such tags have, `.tag_pattern("v*")`, and protect them by a ruleset.',
    )


def _never(value: str, fault: SubjectFault) -> Finding:
    meant = " or ".join(f"`{one}`" for one in respell(value))
    return finding(
        rule=fault.rule,
        evidence=value,
        why=f"{fault.never} {fault.why}",
        fix=f"Write {meant}." if meant else _form(value, fault),
    )


def _form(value: str, fault: SubjectFault) -> str:
    if fault.rule == "bad-environment":
        return "Use `.environment(NAME)`, which writes it as GitHub does."
    start = value if fault.is_repository else "repo:OWNER/NAME"
    return (
        f"`{start}:` is followed by `ref:refs/heads/B`, `ref:refs/tags/T`, `environment:E` or "
        "`pull_request`."
    )

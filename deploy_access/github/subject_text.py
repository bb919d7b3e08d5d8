"""
A `sub` as text, read into what a typed method makes of it.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.name_rules import (
    check_environment,
    check_owner,
    check_ref,
    check_ref_pattern,
    describe_ref,
)
from deploy_access.github.repository_checks import as_id, check_full_name, check_id, check_ids
from deploy_access.github.segment import Segment
from deploy_access.github.subject_claim import parse_subject, template_keys
from deploy_access.github.subject_grammar import is_key
from deploy_access.github.subject_warnings import assumed_legacy, warn_of_environment
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.github.subject_claim import SubjectClaim

_WHOLE = {
    "*": "anything",
    "": "any_repo",
    "environment:*": "any_environment",
    "pull_request": "pull_request",
    "ref:*": "any_ref",
    "ref:refs/heads/*": "any_branch",
    "ref:refs/tags/*": "any_tag",
}
"""What follows the repository, and the method that makes it without an argument."""
_OF_BOTH = set(_WHOLE.values()) - {"any_ref", "any_repo", "anything"} | {
    "branch",
    "environment",
    "tag",
}
_OF_REPOSITORY = _OF_BOTH | {"any_ref", "anything", "branch_pattern", "tag_pattern"}
_OF_OWNER = _OF_BOTH | {"any_repo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectText:
    """
    The parts of a subject, as the typed method makes them.

    Attributes:
        segments: The claims of the `sub`.
        repository: `owner/name`, or `owner/*`.
        warnings: What a person should check, in sentences.
        call: The call of the method, as one writes it.
        method: The name of the method.
        value: Its argument; empty where it takes none.
        owner_id: GitHub's number for the owner, as it stands in the text; None where none does.
        repo_id: The same of the repository.
    """

    segments: tuple[Segment, ...]
    repository: str
    warnings: tuple[str, ...]
    call: str
    method: str = ""
    value: str = ""
    owner_id: int | None = None
    repo_id: int | None = None


def read_subject(text: object) -> SubjectText:
    """
    Read the subject that trusts exactly what *text* says.

    Raises:
        InvalidValue: No typed method makes it, or the method refuses the name.
    """
    parts = parse_subject(text) if isinstance(text, str) else None
    method = _method(parts) if parts is not None else None
    if parts is None or method is None:
        raise InvalidValue(_not_typed(text, parts))
    reject([*_check_repository(parts), *_check_value(method, parts.value)])
    environment = warn_of_environment(parts.value) if method == "environment" else ()
    legacy = () if parts.is_immutable else (assumed_legacy(parts.repository),)
    return SubjectText(
        segments=_segments(parts),
        repository=parts.repository,
        warnings=(*legacy, *environment),
        call=f"{_maker(parts)}.{method}({_argument(method, parts)})",
        method=method,
        value="" if method in _WHOLE.values() else parts.value,
        owner_id=_number(parts.owner_id),
        repo_id=_number(parts.repo_id),
    )


def describe_subject(text: object) -> str | None:
    """Return the call that trusts exactly what *text* says, or None where none does."""
    try:
        return read_subject(text).call
    except InvalidValue:
        return None


def _method(parts: SubjectClaim) -> str | None:
    """Name the method that makes it; a template of the repository's own has more claims."""
    name = _WHOLE.get(parts.context_text)
    if name is None and not parts.has_claims:
        is_pattern = parts.context in {"branch", "tag"} and has_wildcard(parts.value)
        name = f"{parts.context}_pattern" if is_pattern else parts.context
    return name if name in (_OF_OWNER if parts.name == "*" else _OF_REPOSITORY) else None


def _segments(parts: SubjectClaim) -> tuple[Segment, ...]:
    owner, name = (
        text if number is None else f"{text}@{number}"
        for text, number in ((parts.owner, parts.owner_id), (parts.name, parts.repo_id))
    )
    repository = Segment("repo", f"repo:{owner}/{name}")
    context = parts.context_text
    return (repository, Segment("context", context)) if context else (repository,)


def _check_repository(parts: SubjectClaim) -> Iterator[Problem]:
    owner_id, repo_id = as_id(parts.owner_id), as_id(parts.repo_id)
    if parts.name == "*" and repo_id is None:
        yield from check_owner(parts.owner)
        yield from check_id("owner_id", owner_id)
    else:
        yield from check_full_name(parts.repository)
        yield from check_ids(parts.repository, owner_id, repo_id, None)


def _check_value(method: str, value: str) -> Iterator[Problem]:
    match method:
        case "branch" | "tag":
            yield from check_ref(method, value)
        case "branch_pattern":
            yield from check_ref_pattern("branch", value)
        case "tag_pattern":
            yield from check_ref_pattern("tag", value)
        case "environment":
            yield from check_environment(value)
        case _:
            pass


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _maker(parts: SubjectClaim) -> str:
    owner_id = "" if parts.owner_id is None else f", owner_id={parts.owner_id}"
    if parts.name == "*":
        return f"GithubOwner({parts.owner!r}{owner_id})"
    repo_id = "" if parts.repo_id is None else f", repo_id={parts.repo_id}"
    return f"GithubRepo({parts.repository!r}{owner_id}{repo_id})"


def _argument(method: str, parts: SubjectClaim) -> str:
    return "" if method in _WHOLE.values() else repr(parts.value)


def _not_typed(text: object, parts: SubjectClaim | None) -> Problem:
    return Problem(
        what="`Subject.parse` takes a `sub` as GitHub writes it: a repository and one kind of run.",
        given=text,
        why="What it does not say would be a guess, and it decides who is trusted.",
        fix=_way_out(parts),
    )


def _way_out(parts: SubjectClaim | None) -> str:
    if parts is None:
        return (
            "Write `repo:OWNER/NAME:ref:refs/heads/BRANCH` or `repo:OWNER/NAME:environment:NAME`; "
            "for another issuer use `Subject.custom` or `Subject.custom_pattern`."
        )
    keys = [key for key, _ in parts.claims]
    if keys and all(map(is_key, keys)) and not has_wildcard(parts.context_text):
        template = template_keys(f"repo:{parts.repository}:{parts.context_text}")
        return f"Name the claims of the template: `GithubRepo(..., include_claim_keys={template})`."
    call = describe_ref(parts.context_text)
    if call is not None and not any(check_full_name(parts.repository)):
        return f"GitHub writes `ref:` before a ref. Write `{_maker(parts)}.{call}`."
    return "Use the method of `GithubRepo` for the run that you mean, or else `Subject.custom`."

"""The values of `sub` that a role trusts, as entries of `subjects` in `environments.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.audit.subject_value_rules import check_subject, is_pull_request
from deploy_access.errors import InvalidValue
from deploy_access.github.subject_fault import find_fault
from deploy_access.github.subject_spelling import respell
from deploy_access.github.subject_text import read_subject
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.subject_text import SubjectText

_OF_OWNER = {"any_repo": "any_repository"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectLine:
    """
    An entry of `subjects`.

    Attributes:
        text: The `sub` that it trusts.
        key: The key, for example `branch`.
        value: Its text, or True for a key that takes none.
        repository: `owner/name`; of an entry for all repositories of an owner, `owner/*`.
        owner_id: GitHub's number for the owner, where the `sub` has it.
        repo_id: The same of the repository.
        requiring: Further claims, each with its values.
        requiring_pattern: The same with patterns.
        instead_of: The value that it is written for, where no token carries that one.
    """

    text: str
    key: str
    value: str | bool
    repository: str
    owner_id: int | None = None
    repo_id: int | None = None
    requiring: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    requiring_pattern: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    instead_of: str = ""

    @property
    def owner(self) -> str:
        """The user or organization."""
        return self.repository.partition("/")[0]

    @property
    def is_of_owner(self) -> bool:
        """Whether it is about every repository of the owner."""
        return self.key in _OF_OWNER.values()

    @property
    def writes_for_pull_requests(self) -> bool:
        """Whether it trusts pull requests by name."""
        return is_pull_request(self.text)

    @property
    def refused_by(self) -> tuple[str, ...]:
        """The rules by which the constructs refuse it, unless they are accepted."""
        findings = check_subject(self.text, pattern=has_wildcard(self.text))
        return tuple(sorted({one.rule for one in findings if one.severity != "note"}))


def read_line(text: str, *, is_pattern: bool) -> SubjectLine | str:
    """Return the entry for a value, or the reason, as a sentence, why there is none."""
    if has_wildcard(text) and not is_pattern:
        return f"`{text}` never matches: `StringEquals` takes its wildcard for a letter."
    try:
        found = read_subject(text)
    except InvalidValue:
        return _why_not(text)
    return _line(found, text) or _no_key(text)


def mended(text: str) -> SubjectLine | None:
    """Return the entry for what a value that no token carries is meant to be."""
    for meant in respell(text):
        found = read_line(meant, is_pattern=has_wildcard(meant))
        if isinstance(found, SubjectLine):
            return replace(found, instead_of=text)
    return None


def _line(found: SubjectText, text: str) -> SubjectLine | None:
    is_of_owner = found.repository.endswith("/*")
    key = _OF_OWNER.get(found.method) if is_of_owner else found.method
    if key is None:
        return None
    return SubjectLine(
        text=text,
        key=key,
        value=found.value or True,
        repository=found.repository,
        owner_id=found.owner_id,
        repo_id=found.repo_id,
    )


def _why_not(text: str) -> str:
    fault = find_fault(text)
    return f"`{text}`: {fault.why} {fault.never}" if fault else _no_key(text)


def _no_key(text: str) -> str:
    return f"`{text}` has no key in `environments.toml`: an entry is about one repository."

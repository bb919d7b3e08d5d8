"""
The `sub` claims that a role trusts.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypedDict, Unpack, cast, get_type_hints

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.name_rules import check_policy_text
from deploy_access.github.segment import Segment, encode
from deploy_access.github.subject_text import read_subject
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Claims(TypedDict, total=False):
    """
    The claims beside `sub` and `aud` that AWS can test, each as one exact value.

    Source: the Service Authorization Reference of `sts:AssumeRoleWithWebIdentity`. Whether AWS
    honours them in every account is in dispute (two field reports of 2026 say no), so they are an
    addition to `sub`, never a replacement.
    """

    actor: str
    actor_id: str
    enterprise_id: str
    environment: str
    job_workflow_ref: str
    ref: str
    repository: str
    repository_id: str
    repository_owner_id: str
    workflow: str


CLAIMS = tuple(sorted(get_type_hints(Claims)))
"""The names of `Claims`: every condition key that AWS has for GitHub alone."""
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
CONDITION_KEYS = frozenset({*CLAIMS, "amr", "aud", "email", "oaud", "sub"})
"""The claims of GitHub's tokens that AWS has condition keys for, those of any issuer included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    Who may assume a role: one kind of workflow run.

    Made by `GithubRepo` and `GithubOwner`, or by `custom` and `custom_pattern` for what they do
    not cover (another issuer, a template of your own).

    Attributes:
        forms: One tuple of segments for each form of `sub` (legacy, immutable) that is trusted.
        requires: Claims that must match as well, beside `sub`.
        repository: `owner/name`, or `owner/*`, or None for a custom subject.
        warnings: What a person should check, in sentences.
    """

    forms: tuple[tuple[Segment, ...], ...]
    requires: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repository: str | None = None
    warnings: tuple[str, ...] = ()

    @classmethod
    def custom(cls, value: str) -> Subject:
        """
        Trust exactly *value*.

        Raises:
            InvalidValue: It is empty, holds a wildcard, or text that IAM or Terraform misread.
        """
        reject(_check_custom(value))
        return cls(forms=((Segment("", value),),))

    @classmethod
    def custom_pattern(cls, pattern: str) -> Subject:
        """
        Trust every `sub` that *pattern* matches; `*` and `?` also match `/` and `:`.

        Raises:
            InvalidValue: It has no wildcard, or text that IAM or Terraform would misread.
        """
        reject(_check_custom_pattern(pattern))
        return cls(forms=((Segment("", pattern),),))

    @classmethod
    def parse(cls, text: str) -> Subject:
        """
        Return the subject that a typed method makes for *text*, with its ids.

        Raises:
            InvalidValue: No method trusts exactly this. For other issuers there is `custom`.
        """
        found = read_subject(text)
        return cls(
            forms=(found.segments,), repository=found.repository, warnings=tuple(found.warnings)
        )

    @property
    def exact(self) -> tuple[str, ...]:
        """The values to compare with `StringEquals`."""
        return tuple(_join(form) for form in self._complete() if not _is_pattern(form))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The values to compare with `StringLike`."""
        return tuple(_join(form) for form in self._complete() if _is_pattern(form))

    def requiring(self, **claims: Unpack[Claims]) -> Subject:
        """
        Ask for these claims as well.

        A claim that the repository's own template puts into `sub` goes there; any other becomes
        a condition of its own, which must match too.

        Raises:
            InvalidValue: A value is no text, empty or a pattern, AWS has no such condition key, or
                the subject already asks for another value.
        """
        values = cast("Mapping[str, str]", claims)
        reject(problem for key, value in values.items() for problem in _check_claim(key, value))
        reject(_check_contradictions(self, values))
        in_sub = {s.key for form in self.forms for s in form if not s.is_pattern}
        forms = tuple(tuple(_fill(s, values) for s in form) for form in self.forms)
        extra = {key: value for key, value in values.items() if key not in in_sub}
        merged = MappingProxyType(dict(sorted({**self.requires, **extra}.items())))
        return replace(self, forms=forms, requires=merged)

    def _complete(self) -> tuple[tuple[Segment, ...], ...]:
        missing = sorted({s.key for form in self.forms for s in form if s.text is None})
        if missing:
            raise InvalidValue(_missing_claims(self.repository, missing))
        return self.forms


def _join(form: tuple[Segment, ...]) -> str:
    return ":".join(segment.text or "" for segment in form)


def _is_pattern(form: tuple[Segment, ...]) -> bool:
    return any(segment.is_pattern for segment in form)


def _fill(segment: Segment, values: Mapping[str, str]) -> Segment:
    if segment.text is None and segment.key in values:
        return segment.filled(values[segment.key])
    return segment


def _missing_claims(repository: str | None, keys: list[str]) -> Problem:
    keywords = ", ".join(f"{key}=..." for key in keys)
    known = all(key in CLAIMS for key in keys)
    return Problem(
        what=f"The subject template of {repository!r} holds claims without a value here.",
        given=keys,
        why="GitHub puts them into every `sub` of the repository, so a subject without them never "
        "matches.",
        fix=f"Add `.requiring({keywords})`." if known else "Write the whole `sub`: Subject.custom.",
    )


def _check_custom(value: object) -> Iterator[Problem]:
    yield from check_policy_text("Subject.custom", value)
    if isinstance(value, str) and has_wildcard(value):
        yield Problem(
            what="`Subject.custom` takes one exact `sub`.",
            given=value,
            why="Under `StringEquals` a wildcard is an ordinary character and matches nothing.",
            fix="If it is meant as a pattern, say so: `Subject.custom_pattern`.",
        )


def _check_custom_pattern(pattern: object) -> Iterator[Problem]:
    yield from check_policy_text("Subject.custom_pattern", pattern)
    if isinstance(pattern, str) and not has_wildcard(pattern):
        yield Problem(
            what="`Subject.custom_pattern` takes a pattern.",
            given=pattern,
            why="Without `*` or `?` it means one exact value, and should read like one.",
            fix="Use `Subject.custom`.",
        )


def _check_claim(key: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(
            what=f"`requiring({key}=...)` takes text.",
            given=value,
            why="Claims are compared as text, also those that hold a number.",
            fix=f"Write {key}='{value}'.",
        )
        return
    yield from check_policy_text(f"requiring({key})", value)
    if key not in CLAIMS:
        yield Problem(
            what=f"AWS has no condition key for the claim {key!r}.",
            given=value,
            why="A condition on an unknown key never matches, so the role could not be assumed.",
            fix=f"Use one of {', '.join(CLAIMS)}.",
        )
    if has_wildcard(value):
        yield Problem(
            what=f"`requiring({key}=...)` takes one exact value.",
            given=value,
            why="It is compared with `StringEquals`, where a wildcard matches nothing.",
            fix="Write the value as the token carries it.",
        )


def _check_contradictions(subject: Subject, values: Mapping[str, str]) -> Iterator[Problem]:
    in_sub = {s.key: s.text for form in subject.forms for s in form if not s.is_pattern}
    for key, value in values.items():
        known = (subject.requires.get(key), in_sub.get(key))
        if any(text not in {None, value, f"{key}:{encode(value)}"} for text in known):
            yield Problem(
                what=f"The subject already asks for another value of {key!r}.",
                given=value,
                why="A token carries one value for each claim, so both together never match.",
                fix="Ask once, or make two subjects of it.",
            )

"""
The `sub` claims that a role trusts.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Unpack, cast

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.claims import CLAIMS, check_claim
from deploy_access.github.name_rules import check_policy_text
from deploy_access.github.segment import Segment, encode
from deploy_access.github.subject_text import read_subject
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.github.claims import Claims, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    Who may assume a role: one kind of workflow run.

    Made by `GithubRepo` and `GithubOwner`, or by `custom` and `custom_pattern` for what they do
    not cover (another issuer, a template of your own).

    Attributes:
        forms: One tuple of segments for each form of `sub` (legacy, immutable) that is trusted.
        requires: Claims that must match as well, beside `sub`, each with any of some values.
        requires_like: The same with patterns.
        repository: `owner/name`, or `owner/*`, or None for a custom subject.
        warnings: What a person should check, in sentences.
    """

    forms: tuple[tuple[Segment, ...], ...]
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    requires_like: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
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
        Ask for these claims as well, each with one value or any of several.

        A claim that the repository's own template puts into `sub` goes there; any other becomes
        a condition of its own, which must match too.

        Raises:
            InvalidValue: A value is no text, empty or a pattern, AWS has no such condition key, or
                the subject already asks for another value.
        """
        return self._requiring(claims, pattern=False)

    def requiring_pattern(self, **claims: Unpack[Claims]) -> Subject:
        """
        Ask for claims that look like these patterns as well; `*` and `?` also match `/` and `:`.

        Raises:
            InvalidValue: A value is no pattern or begins with a wildcard, AWS has no such
                condition key, or the subject already asks for another value.
        """
        return self._requiring(claims, pattern=True)

    def _requiring(self, claims: Claims, *, pattern: bool) -> Subject:
        given = cast("Mapping[str, object]", claims)
        reject(p for key, value in given.items() for p in check_claim(key, value, pattern=pattern))
        values = {key: _each(value) for key, value in cast("Mapping[str, Values]", claims).items()}
        reject(_check_contradictions(self, values))
        in_sub = {s.key for form in self.forms for s in form if not s.is_pattern}
        forms = tuple(filled for form in self.forms for filled in _fill(form, values))
        extra = {key: value for key, value in values.items() if key not in in_sub}
        before = self.requires_like if pattern else self.requires
        merged = MappingProxyType(dict(sorted({**before, **extra}.items())))
        if pattern:
            return replace(self, forms=forms, requires_like=merged)
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


def _each(value: Values) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))


def _fill(
    form: tuple[Segment, ...], values: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Segment, ...]]:
    """Write a form for each combination of the values that `sub` has a place for."""
    choices = [
        [segment.filled(value) for value in values[segment.key]]
        if segment.text is None and segment.key in values
        else [segment]
        for segment in form
    ]
    return product(*choices)


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


def _check_contradictions(
    subject: Subject, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    in_sub = {(s.key, s.text) for form in subject.forms for s in form if not s.is_pattern}
    for key, wanted in values.items():
        asked = [found[key] for found in (subject.requires, subject.requires_like) if key in found]
        held = {text for name, text in in_sub if name == key and text is not None}
        fits = not held or held == {f"{key}:{encode(value)}" for value in wanted}
        if not fits or any(one != wanted for one in asked):
            yield Problem(
                what=f"The subject already asks for another value of {key!r}.",
                given=wanted[0] if len(wanted) == 1 else list(wanted),
                why="A token carries one value for each claim, so both together never match.",
                fix="Ask once, or make two subjects of it.",
            )

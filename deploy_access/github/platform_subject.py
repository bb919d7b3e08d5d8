"""A `sub` of another platform than GitHub, or a pattern of it, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.github.platforms import owner_of, platform_of
from deploy_access.github.subject_claim import literal_start
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.github.platforms import Holds, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSubject:
    """
    What a value says, as far as it can be read.

    Attributes:
        platform: The platform.
        texts: The values by their keys; one may have wildcards.
        is_open: Whether a wildcard stands where further parts may follow.
        problem: Why no token has such a `sub`; empty where one may have.
    """

    platform: Platform
    texts: Mapping[str, str]
    is_open: bool = False
    problem: str = ""

    def text(self, holds: Holds) -> str | None:
        """Return the value that says something; None where the subject has none."""
        found = (self.texts.get(part.key) for part in self.platform.parts if part.holds == holds)
        return next((text for text in found if text is not None), None)


def read_subject(platform: Platform, value: str) -> PlatformSubject:
    """Take a value of `sub`, which may be a pattern, apart."""
    if not platform.is_keyed:
        return _read_bare(platform, value)
    pairs = _by_colon(value) if platform.separator == ":" else _by_key(platform, value)
    texts: dict[str, str] = {}
    for key, text in pairs:
        problem = _problem_of_key(platform, key, is_first=not texts)
        if problem or has_wildcard(key):
            return _subject(platform, texts, is_open=True, problem=problem)
        if text is None:
            return _subject(platform, texts, problem=f"{key!r} has no value.")
        texts[key], is_more = _within(text, platform.separator, platform.form(key))
        if is_more:
            return _subject(platform, texts, is_open=True)
    return _subject(platform, texts)


def _problem_of_key(platform: Platform, key: str, *, is_first: bool) -> str:
    """Say why no part has a key, which may end in a wildcard and what it stands for."""
    literal = literal_start(key)
    parts = platform.parts
    keys = [one.key for one in parts if not is_first or one.holds == parts[0].holds]
    if key in keys:
        return ""
    known = (f"{one}{platform.separator}" for one in keys)
    if has_wildcard(key) and any(one.startswith(literal) for one in known):
        return ""
    return f"None {'begins with' if is_first else 'has a part'} {literal!r}."


def _subject(
    platform: Platform, texts: Mapping[str, str], *, is_open: bool = False, problem: str = ""
) -> PlatformSubject:
    found = [*_misfits(platform, texts), problem]
    if not is_open and not any(map(has_wildcard, texts.values())):
        found += [f"It has no {key!r}." for key in platform.required if key not in texts]
    problem = next(filter(None, found), "")
    return PlatformSubject(platform=platform, texts=texts, is_open=is_open, problem=problem)


def _misfits(platform: Platform, texts: Mapping[str, str]) -> Iterator[str]:
    for key, text in texts.items():
        if not has_wildcard(text) and not _fits(platform, key, text):
            yield f"{text!r} is no {key!r}."


def _fits(platform: Platform, key: str, text: str) -> bool:
    return re.fullmatch(platform.form(key), text) is not None


def _by_colon(value: str) -> Iterator[tuple[str, str | None]]:
    """List keys and values, which hold no colon."""
    pieces = value.split(":")
    for index in range(0, len(pieces), 2):
        yield pieces[index], pieces[index + 1] if index + 1 < len(pieces) else None


def _by_key(platform: Platform, value: str) -> Iterator[tuple[str, str | None]]:
    """List keys and values, which may hold the separator: each ends where the next key begins."""
    marks: list[tuple[str, int, int]] = []
    for part in platform.parts:
        mark = f"{platform.separator if marks else ''}{part.key}{platform.separator}"
        start = value.find(mark, marks[-1][2] if marks else 0)
        if start < 0 or (start and not marks):
            continue
        marks.append((part.key, start, start + len(mark)))
    if not marks:
        yield value, None
    for index, (key, _, end) in enumerate(marks):
        after = marks[index + 1][1] if index + 1 < len(marks) else len(value)
        yield key, value[end:after]


def _within(text: str, separator: str, form: str) -> tuple[str, bool]:
    """Return the value alone, and whether a wildcard behind it stands for further parts."""
    start, mark, _ = literal_start(text).partition(separator)
    is_more = bool(mark) and has_wildcard(text) and re.fullmatch(form, f"{start}{mark}x") is None
    return (start, True) if is_more else (text, False)


def _read_bare(platform: Platform, value: str) -> PlatformSubject:
    pieces = value.split(platform.separator)
    keys = [part.key for part in platform.parts]
    first = literal_start(pieces[0])
    if has_wildcard(pieces[0]) and _fits(platform, keys[0], first):
        return _subject(platform, {keys[0]: first}, is_open=True)
    if len(pieces) > len(keys):
        return _subject(platform, {}, problem="It has too many parts.")
    if any(literal_start(one)[:1] not in {"", "{"} for one in pieces):
        return _subject(platform, {}, problem="Each part is a UUID in braces.")
    if len(pieces) == len(keys):
        return _subject(platform, dict(zip(keys, pieces, strict=True)))
    # The part in the middle may be left out, or be what the wildcard at the end stands for.
    last = literal_start(pieces[-1])
    if len(pieces) > 1 and has_wildcard(pieces[-1]) and _fits(platform, keys[1], last):
        return _subject(platform, {keys[0]: pieces[0], keys[1]: last}, is_open=True)
    texts = dict(zip((keys[0], keys[-1]), pieces, strict=False))
    return _subject(platform, texts, is_open=has_wildcard(value))


def write_subject(platform: Platform, texts: Mapping[str, str]) -> str:
    """Write a `sub` of the values of its parts."""
    mark = platform.separator
    return mark.join(
        f"{key}{mark}{text}" if platform.is_keyed else text for key, text in texts.items()
    )


def problem_of(provider: str, value: str) -> str:
    """
    Say why no token of an issuer has a `sub`, or one that a pattern matches; empty where one may.

    Args:
        provider: The URL of the issuer without `https://`.
        value: The value, as it stands in a policy.
    """
    platform = platform_of(provider, value)
    # A reference of Terraform can be any text, so the form of the value is not checked.
    if platform is None or "${" in f"{provider}{value}":
        return ""
    subject = read_subject(platform, value)
    own, named = owner_of(platform, provider), subject.text("owner")
    if not subject.problem and own and named and not has_wildcard(named) and own != named:
        return f"This issuer is of the {platform.owner} {own!r}, not {named!r}."
    return subject.problem

"""
The values of `sub` that are meant by one that GitHub never writes.

People write the address of a repository, `env` for `environment`, or a branch without its ref.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.github.segment import encode
from deploy_access.github.subject_fault import find_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = ('"', "'", "`")
_REPOSITORY = re.compile(
    r"(repos?(itory)?\s*[:=/]\s*)?((https?|ssh|git)://)?(git@)?((www\.)?github\.com[/:])?[/:]?"
    r"(?P<name>[^/:@\s]+(@[\d*?]+)?/[^/:@\s]+?(@[\d*?]+)?)(\.git)?(@[\d*?]+)?/?"
    r"(\s*[:/]+(?P<context>.*))?",
    re.IGNORECASE | re.DOTALL,
)
# How a context is written, and what GitHub writes for it; the first that fits counts. What stands
# for a branch may also be a tag, and a word alone may be an environment.
_CONTEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:env|envs|environments?)(?::+|[=/-])(.+)", ("environment:{}",)),
    (r"(?:refs?[:=/]+)?(?:refs?[:/])?(?:heads?|branch|branches)[:=/]+(.+)", ("ref:refs/heads/{}",)),
    (r"(?:refs?[:=/]+)?(?:refs?[:/])?tags?[:=/]+(.+)", ("ref:refs/tags/{}",)),
    (r"(?:refs?[:=/]+)?(?:refs?/)?pulls?/.*", ("pull_request",)),
    (r"(?:event_name:|event:)?(?:pull[-_ ]?requests?|prs?|pulls?)", ("pull_request",)),
    (r"pull_request_target|[*?]*", ()),
    (r"refs?[:=/]+(.+)", ("ref:refs/heads/{}", "ref:refs/tags/{}")),
    (r"([^:=]+)", ("ref:refs/heads/{}", "environment:{}")),
)


def respell(value: str) -> tuple[str, ...]:
    """List the values that *value* may be meant to be, the most likely one first."""
    text = value.strip()
    text = text.strip("".join(_QUOTES)).strip() if text.startswith(_QUOTES) else text
    found = _REPOSITORY.fullmatch(text)
    meant = [text]
    if found:
        contexts = _contexts(found["context"] or "")
        meant += [f"repo:{found['name']}:{context}" for context in contexts]
    spelt = dict.fromkeys(map(_encoded, meant))
    return tuple(one for one in spelt if one != value and not find_fault(one))


def _contexts(text: str) -> Iterator[str]:
    for pattern, forms in _CONTEXTS:
        found = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
        if found:
            name = next(iter(found.groups()), "")
            for form in forms:
                yield form.format(name.strip("/") if form.startswith("ref:") else name)
            return


def _encoded(value: str) -> str:
    """Write the `:` in the name of an environment as GitHub does, where it begins no claim."""
    fault = find_fault(value)
    if fault is None or fault.rule != "bad-environment":
        return value
    start, key, name = value.partition("environment:")
    return f"{start}{key}{encode(name)}"

"""
The events that start a workflow, and the refs on which they do.

Sources: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax (`on`),
https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.workflow_audit.model import Trigger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.workflow_audit.yaml_file import YamlNode

CALL = "workflow_call"
"""The event of a workflow that others call; it starts no run by itself."""
_SPECIAL = re.compile(r"[*?+\[\]!]")
_TOKENS = re.compile(r"\*\*/?|\*|\?|\+|\[[^\]]*\]|[^*?+\[]+|.", re.DOTALL)
_EVENT = re.compile(r"github\.event_name\s*(==|!=)\s*'([a-z_]+)'")
# On the default branch, whatever it is called.
_ON_DEFAULT = {
    "check_run", "check_suite", "discussion", "discussion_comment", "issue_comment", "issues",
    "label", "repository_dispatch", "schedule", "status", "workflow_run",
}  # fmt: skip
_ON_BRANCH = "some-branch"
_ON_TAG = "v0.0.0"
_QUEUE = "gh-readonly-queue/main/pr-1-0000000000000000000000000000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRef:
    """
    What a run may be on.

    Attributes:
        label: How it is called, for example `push to main`.
        kind: A branch, a tag or a pull request.
        name: The branch or the tag; empty for a pull request.
        is_certain: Whether the workflow names it; otherwise it is one of many that may be.
    """

    label: str
    kind: Literal["branch", "pull_request", "tag"]
    name: str = ""
    is_certain: bool = True


def read_triggers(on: YamlNode) -> tuple[Trigger, ...]:
    """Read `on:` in any of its three forms."""
    if on.entries:
        return tuple(_trigger(event, node) for event, node in on.entries.items())
    nodes = on.items or (on,)
    return tuple(Trigger(event=node.text, line=node.line) for node in nodes if node.text)


def _trigger(event: str, node: YamlNode) -> Trigger:
    def given(key: str) -> tuple[str, ...]:
        return node.get(key).texts

    return Trigger(
        event=event,
        line=node.line,
        branches=given("branches") or None,
        branches_ignore=given("branches-ignore"),
        tags=given("tags") or None,
        tags_ignore=given("tags-ignore"),
        types=given("types"),
    )


def starting(triggers: Sequence[Trigger], condition: str) -> tuple[Trigger, ...]:
    """Leave out the triggers that an `if:` rules out by name; of one with `||` nothing is sure."""
    if "||" in condition or "!(" in condition:
        return tuple(triggers)
    found = _EVENT.findall(condition)
    wanted = {event for operator, event in found if operator == "=="}
    unwanted = {event for operator, event in found if operator == "!="}
    return tuple(one for one in triggers if wanted <= {one.event} and one.event not in unwanted)


def refs_of(trigger: Trigger, trusted: Sequence[tuple[str, str]]) -> list[RunRef]:
    """
    List what runs of a trigger are on.

    Args:
        trigger: The trigger.
        trusted: Branches and tags that the role names, each with its kind: of many refs that a
            pattern means, these are looked at, and one more that stands for all others.
    """
    event = trigger.event
    if event == "pull_request" or event.startswith("pull_request_review"):
        return [RunRef(label=event, kind="pull_request")]
    if event == "merge_group":
        return [RunRef(label=event, kind="branch", name=_QUEUE)]
    return list(_of_push(trigger, trusted) if event == "push" else _of_other(trigger, trusted))


def _of_push(trigger: Trigger, trusted: Sequence[tuple[str, str]]) -> Iterator[RunRef]:
    # A filter of branches alone leaves out all tags, and the other way round.
    has_branches = trigger.branches is not None or bool(trigger.branches_ignore)
    has_tags = trigger.tags is not None or bool(trigger.tags_ignore)
    if has_branches or not has_tags:
        yield from _filtered(
            "push to", "branch", trigger.branches, trigger.branches_ignore, trusted
        )
    if has_tags or not has_branches:
        yield from _filtered("push of tag", "tag", trigger.tags, trigger.tags_ignore, trusted)


def _filtered(
    label: str,
    kind: Literal["branch", "tag"],
    patterns: tuple[str, ...] | None,
    ignored: tuple[str, ...],
    trusted: Sequence[tuple[str, str]],
) -> Iterator[RunRef]:
    given = patterns or ("**",)
    for name in (one for one in given if not _SPECIAL.search(one)):
        yield RunRef(label=f"{label} {name}", kind=kind, name=name)
    if not any(_SPECIAL.search(one) for one in given):
        return
    for of, name in trusted:
        if of == kind and matches_filter(name, given) and not matches_filter(name, ignored):
            yield RunRef(label=f"{label} {name}", kind=kind, name=name, is_certain=False)
    if patterns is None and not ignored and kind == "tag":
        return  # without any filter the branches stand for both
    shown = " or ".join(given) if patterns else f"any {kind}"
    other = _ON_BRANCH if kind == "branch" else _ON_TAG
    yield RunRef(label=f"{label} {shown}", kind=kind, name=other, is_certain=False)


def _of_other(trigger: Trigger, trusted: Sequence[tuple[str, str]]) -> Iterator[RunRef]:
    label = trigger.event
    kinds = ("tag",) if label == "release" else ("branch", "tag")
    if label in _ON_DEFAULT or label == "pull_request_target":
        kinds = ("branch",)
    for kind, name in trusted:
        if kind in kinds and matches_filter(name, trigger.branches or ("**",)):
            yield RunRef(label=f"{label} on {name}", kind=_kind(kind), name=name, is_certain=False)
    name = _ON_TAG if label == "release" else _ON_BRANCH
    yield RunRef(label=label, kind=_kind(kinds[0]), name=name, is_certain=False)


def _kind(text: str) -> Literal["branch", "tag"]:
    return "tag" if text == "tag" else "branch"


def matches_filter(name: str, patterns: Iterable[str]) -> bool:
    """Whether a filter lets a branch or a tag through; the last pattern that matches decides."""
    is_in = False
    for pattern in patterns:
        if _regex(pattern.removeprefix("!")).fullmatch(name):
            is_in = not pattern.startswith("!")
    return is_in


def _regex(pattern: str) -> re.Pattern[str]:
    parts = [_translated(token) for token in _TOKENS.findall(pattern)]
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))


def _translated(part: str) -> str:
    if part in {"?", "+"}:
        return part
    if part == "*":
        return "[^/]*"
    if part.startswith("**"):
        return ".*"
    return part if part.startswith("[") and len(part) > 1 else re.escape(part)

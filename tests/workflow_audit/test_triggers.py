"""Which refs a trigger runs on."""

from __future__ import annotations

import pytest

from deploy_access.workflow_audit.triggers import matches_filter, read_triggers, refs_of
from deploy_access.workflow_audit.yaml_file import parse_yaml

# https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
FILTERS = [
    ("feature/*", "feature/x", True),
    ("feature/*", "feature/x/y", False),
    ("feature/**", "feature/x/y", True),
    ("main", "main", True),
    ("main", "main2", False),
    ("*", "main", True),
    ("*", "a/b", False),
    ("**", "a/b", True),
    ("*feature", "mona-feature", True),
    ("v2*", "v2.0", True),
    ("v[12].[0-9]+.[0-9]+", "v1.10.1", True),
    ("v[12].[0-9]+.[0-9]+", "v3.0.0", False),
    ("v[", "v[", True),
    ("release/**", "release", False),
    ("a.b", "axb", False),
]


@pytest.mark.parametrize(("pattern", "name", "expected"), FILTERS)
def test_filter(pattern: str, name: str, *, expected: bool) -> None:
    """A pattern means what GitHub's page says."""
    assert matches_filter(name, [pattern]) is expected


def test_the_last_pattern_decides() -> None:
    """A pattern with `!` takes out what one before it has let in."""
    patterns = ["release/**", "!release/**-alpha", "release/x-alpha"]

    assert [matches_filter(f"release/{n}", patterns) for n in ("1", "1-alpha", "x-alpha")] == [
        True,
        False,
        True,
    ]


TRUSTED = [("branch", "main"), ("branch", "release/x"), ("tag", "v1")]
REFS = [
    ("push", ["push to main", "push to release/x", "push to any branch", "push of tag v1"]),
    ("[push]", ["push to main", "push to release/x", "push to any branch", "push of tag v1"]),
    ("{push: {branches: [main, dev]}}", ["push to main", "push to dev"]),
    ("{push: {branches: main}}", ["push to main"]),
    ("{push: {branches: ['release/*']}}", ["push to release/x", "push to release/*"]),
    ("{push: {branches-ignore: [main]}}", ["push to release/x", "push to any branch"]),
    ("{push: {tags: ['v*']}}", ["push of tag v1", "push of tag v*"]),
    ("{push: {branches: [main], tags: [v1]}}", ["push to main", "push of tag v1"]),
    ("pull_request", ["pull_request"]),
    ("merge_group", ["merge_group"]),
    (
        "{schedule: [{cron: '1 2 * * *'}]}",
        ["schedule on main", "schedule on release/x", "schedule"],
    ),
    ("release", ["release on v1", "release"]),
    (
        "{pull_request_target: {branches: [main]}}",
        ["pull_request_target on main", "pull_request_target"],
    ),
]


@pytest.mark.parametrize(("on", "expected"), REFS)
def test_refs(on: str, expected: list[str]) -> None:
    """What a trigger names is looked at, and of many refs those that a role names, and one more."""
    node = parse_yaml(f"on: {on}\n".encode(), "w.yml").get("on")

    assert [ref.label for trigger in read_triggers(node) for ref in refs_of(trigger, TRUSTED)] == (
        expected
    )

"""The grammar of `sub`: what a pattern matches of it, held against values that GitHub writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEMPLATES, narrow_subjects, repositories, subjects

from deploy_access.github.subject_grammar import ANY, DEFAULT, is_default, literal_end
from deploy_access.iam.patterns import matches_plain

if TYPE_CHECKING:
    from deploy_access.github.subject import Subject

MAIN = "refs/heads/main"
CALLED = f"acme/ci/.github/workflows/deploy.yml@{MAIN}"
REPOSITORIES = ("repo:acme/web", "repo:acme@1/web@2", "repo:a/b", "repo:acme/web-2")
CONTEXTS = (
    "environment:prod",
    "environment:a%3Ab",
    f"ref:{MAIN}",
    "ref:refs/tags/v1",
    "pull_request",
)
WRITTEN = [f"{repository}:{context}" for repository in REPOSITORIES for context in CONTEXTS]
OTHERS = [
    "repo:acme/web",
    f"repo:acme/web:environment:prod:ref:{MAIN}",
    f"repo:acme/web:environment:prod:job_workflow_ref:{CALLED}",
    f"workflow:deploy:repo:acme@1/web@2:ref:{MAIN}",
    "repository_owner:acme",
    "repository_id:2:pull_request",
    "repo_property_team:web:repo:acme/web:environment:prod",
]


@pytest.mark.parametrize("value", WRITTEN)
def test_written_by_default(value: str) -> None:
    """GitHub's own template writes it, and so may a repository's."""
    assert is_default(value)
    assert ANY.writes(value)


@pytest.mark.parametrize("value", OTHERS)
def test_written_by_another_template(value: str) -> None:
    """A template of a repository's own writes it, and GitHub's does not."""
    assert not is_default(value)
    assert ANY.writes(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "repo",
        "repo:",
        "repo:acme",
        "repo:acme/web:main",
        "repo:acme/web:ref:main",
        "repo:acme/web:environment:a:b",
        "repo:acme@1/web:pull_request",
        "repo:acme/*:env:prod",
        "repo:acme/we?:ref:main",
        "repo:acme/web:re?",
        "Repo:acme/web:pull_request",
        "repository_id:web",
        f"repo:acme/web:ref:{MAIN}~1",
        "repo:acme/web:ref:refs/heads/[a-z]*",
    ],
)
def test_written_by_none(value: str) -> None:
    """No template writes it."""
    assert not ANY.writes(value)


@given(narrow_subjects(repositories(templates=TEMPLATES)))
def test_what_is_made_is_written(subject: Subject) -> None:
    """Every value of a subject is in the grammar, in each template."""
    assert all(map(ANY.writes, (*subject.exact, *subject.patterns)))


@given(subjects())
def test_what_is_made_by_default_is_default(subject: Subject) -> None:
    """Every value of a subject of GitHub's own template is a `sub` of it."""
    assert all(map(is_default, (*subject.exact, *subject.patterns)))


def cut(value: str, places: list[int], wildcards: list[str]) -> str:
    """Put wildcards into the place of parts of *value*."""
    ends = sorted(min(place, len(value)) for place in places)
    pieces = [
        value[start:end]
        for start, end in zip([0, *ends[1::2]], [*ends[::2], len(value)], strict=True)
    ]
    return "".join(
        piece + wildcard for piece, wildcard in zip(pieces, [*wildcards, ""], strict=False)
    )


@given(
    value=st.sampled_from([*WRITTEN, *OTHERS]),
    places=st.lists(st.integers(0, 60), min_size=2, max_size=4).filter(lambda it: len(it) % 2 == 0),
    wildcards=st.lists(st.sampled_from("*?"), min_size=2, max_size=2),
)
def test_what_matches_a_value_is_in_the_grammar(
    value: str, places: list[int], wildcards: list[str]
) -> None:
    """A pattern that matches a value that GitHub writes is never said to match none."""
    pattern = cut(value, places, wildcards)
    if matches_plain(pattern, value):
        assert ANY.writes(pattern)
        assert value in OTHERS or DEFAULT.writes(pattern)


def test_the_end_of_a_pattern() -> None:
    """What follows the last wildcard is literal; without one, that is all of it."""
    assert [literal_end(one) for one in ("a*b?cd", "a*", "ab")] == ["cd", "", "ab"]

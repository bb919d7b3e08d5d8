"""Texts of `sub`, and the subjects that typed methods make of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.errors import InvalidValue
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.subject import Subject
from deploy_access.github.subject_text import describe_subject

CALLS = [
    "branch('main')",
    "branch('feature/a_b')",
    "tag('v1.2')",
    "environment('prod')",
    "environment('a:b')",
    "environment('München')",
    "pull_request()",
    "any_branch()",
    "any_tag()",
    "any_environment()",
]
OF_REPOSITORY = ["any_ref()", "anything()", "branch_pattern('release/*')", "tag_pattern('v?.*')"]
MAKERS: dict[str, list[str]] = {
    "GithubRepo('acme/web')": [*CALLS, *OF_REPOSITORY],
    "GithubRepo('acme/web', owner_id=1, repo_id=2)": [*CALLS, *OF_REPOSITORY],
    "GithubOwner('acme')": [*CALLS, "any_repo()"],
    "GithubOwner('acme', owner_id=1)": [*CALLS, "any_repo()"],
}
TYPED = [f"{maker}.{call}" for maker, calls in MAKERS.items() for call in calls]


def make(code: str) -> Subject:
    """Run a call."""
    return eval(code, {"GithubRepo": GithubRepo, "GithubOwner": GithubOwner})  # noqa: S307 - of the table above


@pytest.mark.parametrize("code", TYPED)
def test_a_text_is_what_the_typed_method_makes(code: str) -> None:
    """Ids, warnings and all: nothing tells the two apart, and the call is named."""
    subject = make(code)
    (text,) = values(subject)

    assert Subject.parse(text) == subject
    assert describe_subject(text) == code


REFUSED = {
    "repo:acme/web": "Use the method of `GithubRepo`",
    "acme/web:ref:refs/heads/main": "Write `repo:OWNER/NAME:ref:refs/heads/BRANCH`",
    "repo:acme/web:refs/heads/main": "Write `GithubRepo('acme/web').branch('main')`.",
    "repo:acme/web:refs/tags/v*": "Write `GithubRepo('acme/web').tag_pattern('v*')`.",
    "repo:acme/web:ref:refs/heads/${x}": "Write the value that you mean.",
    "repo:acme/web:environment:prod*": "Name each environment.",
    "repo:acme/web:environment:prod:ref:refs/heads/main": "include_claim_keys=('repo', 'context', "
    "'ref')",
    "repo:acme/web:pull_request:actor:me": "include_claim_keys=('repo', 'context', 'actor')",
    "repo:acme/w*:pull_request": "without `.git` and wildcards",
    "repo:acme*:pull_request": "1 to 39 letters",
    "repo:acme/*:*": "Use the method",
    "repo:acme/*:ref:refs/tags/v*": "Use the method",
    "repo:acme@1/web:pull_request": "Pass both",
    "repo:acme@01/web@2:pull_request": "Read it with",
    "repo:acme@*/web@*:pull_request": "Read it with",
    "project_path:acme/web:ref_type:branch:ref:main": "for another issuer",
    "*": "for another issuer",
    "": "for another issuer",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_that_no_method_makes(text: str) -> None:
    """It is refused with the way out, and nothing is named that trusts more."""
    with pytest.raises(InvalidValue) as caught:
        Subject.parse(text)

    assert REFUSED[text] in caught.value.problems[0].fix
    assert describe_subject(text) is None


@pytest.mark.parametrize(
    "value", [None, 7, True, b"repo:acme/web:pull_request", ["repo:acme/web:*"]]
)
def test_no_text(value: Any) -> None:
    """What is no text is refused as all other mistakes are."""
    with pytest.raises(InvalidValue, match="takes a `sub` as GitHub writes it"):
        Subject.parse(value)


PIECES = st.sampled_from(
    [
        *("repo:", "acme", "/", "web", "@", "1", "*", "?", ":", "ref:refs/heads/", "refs/tags/"),
        *("main", "environment:", "pull_request", "prod", "%3A", "ref:", " ", "${x}", "actor:"),
    ]
)


def values(subject: Subject) -> tuple[str, ...]:
    """List the texts that a subject trusts."""
    return (*subject.exact, *subject.patterns)


@given(st.lists(PIECES, max_size=9).map("".join))
def test_nothing_is_read_that_was_not_written(text: str) -> None:
    """Whatever is read trusts the very same text, and the call that is named makes it."""
    call = describe_subject(text)
    if call is not None:
        assert values(Subject.parse(text)) == values(make(call)) == (text,)

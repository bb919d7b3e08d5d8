"""The faults of a value of `sub`, and that `explain` and the audit find the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEMPLATES, narrow_subjects, repositories

from deploy_access.audit.subject_value_rules import check_subject
from deploy_access.explain.dead_values import is_dead
from deploy_access.explain.differences import compare_subjects
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.subject_fault import find_fault
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from deploy_access.github.subject import Subject

NEVER = "It never matches."
OWN = "It matches no `sub` of GitHub's own template."


@pytest.mark.parametrize(
    ("value", "never", "why"),
    [
        ("repo:acme/web:main", NEVER, "'main' is no claim."),
        ("repo:acme/web:main*", NEVER, "No claim begins with 'main'."),
        ("repo:acme/web:", NEVER, "No claim stands beside one of its `:`."),
        ("repo:acme/web:Ref:refs/heads/x", NEVER,
         "GitHub writes the names of claims in lower case."),
        ("repo:acme/web:ref", NEVER, "No value follows 'ref'."),
        ("repo:acme/web:ref:main", NEVER, "The claim holds the full ref, as in `refs/heads/main`."),
        ("repo:acme/web:ref:refs/heads/", NEVER, "Git has no such ref."),
        ("repo:acme/web:ref:refs/pull/7/merge", OWN,
         "The `sub` of a pull request ends in `pull_request`, without a ref or a number."),
        ("repo:acme/web:environment:a:b", NEVER,
         "GitHub writes `:` in the name of an environment as `%3A`."),
        ("repo:acme/web:environment", NEVER, "No environment is named."),
        ("repo:acme/web.git:pull_request", NEVER,
         "GitHub writes the name of the repository without `.git`."),
        ("repo:*/web.git:pull_request", OWN,
         "GitHub writes the name of the repository without `.git`."),
        ("repo:https://github.com/acme/web", NEVER,
         "GitHub writes `OWNER/NAME`, and not the address of the repository."),
        ("repo:acme@1/web:pull_request", NEVER,
         "GitHub writes the ids of owner and repository as numbers, both or none."),
        ("repo:acme:pull_request", NEVER,
         "There is no repository in it: GitHub writes `OWNER/NAME`."),
        ("repository_id:web", NEVER, "The value of 'repository_id' is a number."),
        ("repo:acme/web:pull_request ", NEVER, "A space stands at its beginning or its end."),
        ("repo:acme/web", "It never matches, unless the repository's own template is `repo` alone.",
         "GitHub writes the ref, the environment or `pull_request` behind the repository."),
    ],
)  # fmt: skip
def test_why(value: str, never: str, why: str) -> None:
    """Each fault has its own reason, which says how far it goes."""
    found = find_fault(value)

    assert found is not None
    assert (found.never, found.why) == (never, why)


@pytest.mark.parametrize(
    "value",
    [
        "repo:${var.repository}:main",
        "repo:acme/web:${var.context}",
        "*:" * 200,
        "x" * 3_000,
        "repo:acme/web?pull_request",
        "repo:acme/*:main",
        "repo:acme/*:refs/heads/main",
        "repo:acme/web:environment:*ref:refs/heads/main",
    ],
)
def test_what_is_no_fault(value: str) -> None:
    """What Terraform fills in, what is too long, and what a wildcard may stand for is no fault."""
    assert find_fault(value) is None


@given(narrow_subjects(repositories(templates=TEMPLATES)))
def test_what_is_made_has_no_fault(subject: Subject) -> None:
    """No value that a subject makes has a fault, in any template."""
    assert [find_fault(one) for one in (*subject.exact, *subject.patterns)] == [None] * len(
        (*subject.exact, *subject.patterns)
    )


RUNS = ("repo:acme/web:ref:refs/heads/main", "repo:acme@1/web@2:environment:prod")
VALUES = (
    *RUNS,
    "repo:acme/web:environment:prod",
    "repo:acme/web:pull_request",
    "repo:acme@1/web@2:ref:refs/tags/v1",
    "repo:acme/web",
    "repo:acme/web:environment:prod:ref:refs/heads/main",
    "workflow:deploy:repo:acme/web:environment:prod",
)
PARTS = (
    *(":", "/", ".git", " ", "env", "environment", "Environment", "ref", "refs/", "heads/", "main"),
    *(
        "branch",
        "repo:",
        "Repo:",
        "https:",
        "//github.com/",
        "github.com/",
        "pull_request",
        "@",
        "1",
    ),
    *("acme", "web", "workflow", "v1", "prod", "refs/pull/7/merge", ""),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw a value with one or two parts of it replaced by what people write there."""
    value = draw(st.sampled_from(VALUES))
    for _ in range(draw(st.integers(1, 2))):
        start = draw(st.integers(0, len(value)))
        end = draw(
            st.sampled_from([start, start, min(start + 1, len(value)), *_ends(value, start)])
        )
        value = value[:start] + draw(st.sampled_from(PARTS)) + value[end:]
    return value


def _ends(value: str, start: int) -> list[int]:
    return [index for index in range(start, len(value)) if value[index] in ":/"] or [len(value)]


def audited(value: str) -> bool:
    """Whether the audit says of a value that no token has it."""
    return "bad-ref" in [found.rule for found in check_subject(value, pattern=False)]


@given(value=mutated(), run=st.sampled_from(RUNS))
def test_the_same_fault_in_both_commands(value: str, run: str) -> None:
    """What the audit calls malformed is so for `explain`, whatever the run, and the reverse."""
    causes = compare_subjects(run, value, exact=True)
    parts = parse_subject(value)

    assert audited(value) == bool({"bad-ref", "not-a-subject"} & {*causes})
    assert not (audited(value) and "custom-template" in causes)
    if audited(value):
        assert is_dead(value, claim="sub", is_pattern=False, provider=GITHUB_HOST)
    if parts is not None and value == value.strip():
        assert parts.is_malformed == audited(value)


@given(mutated())
def test_a_fault_is_one_for_patterns_too(value: str) -> None:
    """A value without wildcards means the same as a pattern."""
    rules = [
        [one.rule for one in check_subject(value, pattern=pattern)] for pattern in (False, True)
    ]

    assert not has_wildcard(value)
    assert rules[0] == rules[1]

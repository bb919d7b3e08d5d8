"""Subjects: custom ones, and what they require beside `sub`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from hypothesis import given
from strategies import TEMPLATES, WORKFLOW, narrow_subjects, repositories, subjects

from deploy_access.errors import InvalidValue
from deploy_access.github.claims import CLAIMS, Claims
from deploy_access.github.repository import GithubRepo
from deploy_access.github.segment import encode
from deploy_access.github.subject import Subject
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
IN_SUB = GithubRepo(
    "acme/web", owner_id=1, repo_id=2, include_claim_keys=("repo", "context", "job_workflow_ref")
)


def test_claims_are_those_of_aws() -> None:
    """AWS has ten condition keys for GitHub's claims beside `aud` and `sub`."""
    assert CLAIMS == (
        "actor",
        "actor_id",
        "enterprise_id",
        "environment",
        "job_workflow_ref",
        "ref",
        "repository",
        "repository_id",
        "repository_owner_id",
        "workflow",
    )
    assert set(CLAIMS) == set(get_type_hints(Claims))


def test_custom_is_exact() -> None:
    """A custom subject is compared as it is, without any change."""
    subject = Subject.custom("project_path:acme/web:ref_type:branch:ref:main")

    assert subject.exact == ("project_path:acme/web:ref_type:branch:ref:main",)
    assert (subject.patterns, subject.repository) == ((), None)


def test_custom_pattern_is_a_pattern() -> None:
    """A custom pattern is never compared exactly."""
    subject = Subject.custom_pattern("project_path:acme/web:*")

    assert (subject.exact, subject.patterns) == ((), ("project_path:acme/web:*",))


def test_requiring_a_claim_stands_beside_sub() -> None:
    """A claim that the template does not hold becomes a condition of its own."""
    subject = WEB.environment("prod").requiring(ref="refs/heads/main", actor_id="7")

    assert subject.exact == ("repo:acme@1/web@2:environment:prod",)
    assert dict(subject.requires) == {"actor_id": ("7",), "ref": ("refs/heads/main",)}


def test_requiring_a_claim_of_the_template_goes_into_sub() -> None:
    """A claim that the template holds is said in `sub`, and not a second time."""
    subject = IN_SUB.environment("prod").requiring(job_workflow_ref="acme/ci/f.yml@v1:x")

    assert subject.exact == (
        "repo:acme@1/web@2:environment:prod:job_workflow_ref:acme/ci/f.yml@v1%3Ax",
    )
    assert dict(subject.requires) == {}


def test_requiring_fills_every_form() -> None:
    """Both forms of a repository that moves carry the claim."""
    repo = GithubRepo(
        "acme/web",
        owner_id=1,
        repo_id=2,
        subject_format="both",
        include_claim_keys=("repo", "job_workflow_ref"),
    )

    subject = repo.anything().requiring(job_workflow_ref=WORKFLOW)

    assert subject.exact == (
        f"repo:acme@1/web@2:job_workflow_ref:{WORKFLOW}",
        f"repo:acme/web:job_workflow_ref:{WORKFLOW}",
    )


def test_requirements_add_up() -> None:
    """Asking twice asks for both."""
    subject = WEB.branch("main").requiring(actor="a").requiring(workflow="deploy")

    assert dict(subject.requires) == {"actor": ("a",), "workflow": ("deploy",)}


def test_requiring_what_sub_says_already_changes_nothing() -> None:
    """A claim that `sub` holds with the same value needs no condition."""
    repo = GithubRepo("acme/web", owner_id=1, repo_id=2, include_claim_keys=("repo", "environment"))

    assert repo.environment("prod").requiring(environment="prod") == repo.environment("prod")


def test_requiring_narrows_a_pattern_of_sub() -> None:
    """Where `sub` holds a pattern for a claim, the exact value is a condition beside it."""
    repo = GithubRepo("acme/web", owner_id=1, repo_id=2, include_claim_keys=("repo", "environment"))

    subject = repo.anything().requiring(environment="prod")

    assert subject.patterns == ("repo:acme@1/web@2:environment:*",)
    assert dict(subject.requires) == {"environment": ("prod",)}


def test_requiring_leaves_the_first_subject_alone() -> None:
    """A subject is a value: asking for more makes another one."""
    main = WEB.branch("main")
    main.requiring(actor="a")

    assert dict(main.requires) == {}


def test_a_missing_claim_is_named_when_the_subject_is_used() -> None:
    """A template's claim that nobody has said cannot be left out of `sub`."""
    with pytest.raises(InvalidValue) as caught:
        _ = IN_SUB.branch("main").exact

    (problem,) = caught.value.problems
    assert (problem.given, problem.fix) == (
        ["job_workflow_ref"],
        "Add `.requiring(job_workflow_ref=...)`.",
    )


def test_a_missing_claim_that_aws_cannot_test_needs_a_custom_subject() -> None:
    """`requiring` takes only what AWS knows, so other claims have to be written out."""
    repo = GithubRepo("acme/web", owner_id=1, repo_id=2, include_claim_keys=("repo", "sha"))

    with pytest.raises(InvalidValue, match=r"Write the whole `sub`: Subject\.custom"):
        _ = repo.anything().exact


def requiring(**claims: str) -> Subject:
    """Ask for claims that the type checker would refuse."""
    return WEB.branch("main").requiring(**claims)


GIVEN_BAD: dict[str, tuple[Callable[[], object], list[tuple[object, str]]]] = {
    "empty custom": (lambda: Subject.custom(""), [("", "U+0020 to U+00FF")]),
    "wildcard in custom": (
        lambda: Subject.custom("repo:acme/*"),
        [("repo:acme/*", "one exact `sub`")],
    ),
    "exact pattern": (
        lambda: Subject.custom_pattern("repo:acme/web:pull_request"),
        [("repo:acme/web:pull_request", "takes a pattern")],
    ),
    "IAM's variable in custom": (
        lambda: Subject.custom("repo:acme/${aws:username}"),
        [("repo:acme/${aws:username}", "plain text")],
    ),
    "IAM's escape in a pattern": (
        lambda: Subject.custom_pattern("repo:acme/web:ref:refs/heads/${*}"),
        [("repo:acme/web:ref:refs/heads/${*}", "plain text")],
    ),
    "line break in a pattern": (
        lambda: Subject.custom_pattern("repo:acme/web:*\n"),
        [("repo:acme/web:*\n", "U+0020 to U+00FF")],
    ),
    "wildcard in a claim": (
        lambda: WEB.branch("main").requiring(job_workflow_ref="acme/ci/*"),
        [("acme/ci/*", "takes one exact value")],
    ),
    "empty claim": (
        lambda: WEB.branch("main").requiring(actor=""),
        [("", "U+0020 to U+00FF")],
    ),
    "number as claim": (
        lambda: WEB.branch("main").requiring(actor_id=7),  # pyright: ignore[reportArgumentType]
        [(7, "takes text")],
    ),
    "claim without a condition key": (
        lambda: requiring(repository_owner="acme"),
        [("acme", "no condition key for the claim 'repository_owner'")],
    ),
    "two mistakes": (
        lambda: requiring(actor="*", event_name="push"),
        [("*", "takes one exact value"), ("push", "no condition key")],
    ),
    "another value asked for": (
        lambda: WEB.branch("main").requiring(actor="a").requiring(actor="b"),
        [("b", "already asks for another value of 'actor'")],
    ),
    "another value in sub": (
        lambda: (
            IN_SUB.branch("main").requiring(job_workflow_ref="a").requiring(job_workflow_ref="b")
        ),
        [("b", "already asks for another value of 'job_workflow_ref'")],
    ),
}


@pytest.mark.parametrize("case", GIVEN_BAD)
def test_bad_input_is_refused(case: str) -> None:
    """A bad value is refused where it is given, with what was given."""
    make, expected = GIVEN_BAD[case]

    with pytest.raises(InvalidValue) as caught:
        make()

    problems = caught.value.problems
    assert [problem.given for problem in problems] == [given_ for given_, _ in expected]
    for problem, (_, what) in zip(problems, expected, strict=True):
        assert what in problem.what
        assert problem.why
        assert problem.fix


def test_only_colons_are_encoded() -> None:
    """GitHub documents `%3A` for `:` and nothing for other characters."""
    assert encode("a:b c/%3A") == "a%3Ab c/%3A"


@given(subjects())
def test_exact_holds_no_wildcard(subject: Subject) -> None:
    """What is compared with `StringEquals` is never read as a pattern, and the reverse."""
    assert not any(has_wildcard(value) for value in subject.exact)
    assert all(has_wildcard(value) for value in subject.patterns)


@given(narrow_subjects(repositories(templates=TEMPLATES)))
def test_every_template_can_be_completed(subject: Subject) -> None:
    """Once each claim is said, a subject has one value for each form."""
    assert len(subject.exact) + len(subject.patterns) == len(subject.forms)


@pytest.mark.parametrize("value", [None, 7, ["repo:acme/web:*"], WEB])
@pytest.mark.parametrize("make", [Subject.custom, Subject.custom_pattern], ids=["value", "pattern"])
def test_a_custom_subject_is_text(make: Callable[[Any], Subject], value: Any) -> None:
    """What is no text is refused once, as all other mistakes are."""
    with pytest.raises(InvalidValue) as caught:
        make(value)

    assert [problem.given for problem in caught.value.problems] == [value]

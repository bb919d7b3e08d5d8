"""The rules about one value of `sub`: which fires on what, and what none of them lets through."""

from __future__ import annotations

import re
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEMPLATES, WORKFLOW, narrow_subjects, repositories

from deploy_access.audit.catalogue import SUBJECT_RULES, Severity
from deploy_access.audit.finding import RULES, Finding, check_accept, unaccepted
from deploy_access.audit.subject_value_rules import check_subject, is_pull_request
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.github.subject import Subject

WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
WITH_WORKFLOW = GithubRepo(
    "acme/web", owner_id=1, repo_id=2, include_claim_keys=("repo", "job_workflow_ref", "context")
)


def rules(value: str, *, pattern: bool) -> list[str]:
    """Name the rules that fire, in their order."""
    return [finding.rule for finding in check_subject(value, pattern=pattern)]


def rules_of(subject: Subject) -> list[str]:
    """Name the rules that fire on the values of a subject."""
    exact = [rule for value in subject.exact for rule in rules(value, pattern=False)]
    return exact + [rule for value in subject.patterns for rule in rules(value, pattern=True)]


ON_PATTERNS: dict[str, list[str]] = {
    # any repository on GitHub
    "*": ["star-sub"],
    "?*": ["star-sub"],
    "r*": ["star-sub"],
    "repo*": ["star-sub"],
    "repo:*": ["star-sub"],
    "repo:*/*": ["star-sub"],
    "repo:*/web:ref:refs/heads/main": ["star-sub"],
    "*:environment:prod": ["star-sub"],
    "reposi*": ["star-sub"],
    "repository:*": ["star-sub"],
    "repository_id:4*": ["star-sub"],
    "repository_owner:ac*": ["star-sub"],
    "environment:prod*": ["star-sub"],
    "environment:*:repo:acme/web*": ["org-wide"],
    # whoever has a similar name
    "repo:acme*": ["prefix-no-slash"],
    "repo:acme*/*": ["prefix-no-slash"],
    "repo:acme?/web:environment:prod": ["prefix-no-slash"],
    "repo:acme/web*": ["repo-prefix"],
    "repo:acme/we?:environment:prod": ["repo-prefix"],
    "repo:acme*/web*:environment:prod": ["prefix-no-slash"],
    # ids are no ids with a wildcard
    "repo:acme@*/web@*:environment:prod": ["id-wildcard"],
    "repo:acme@1*/web@2:environment:prod": ["id-wildcard"],
    "repo:acme@1/web@*:environment:prod": ["id-wildcard"],
    "repo:acme@1/web@2*": ["id-wildcard", "repo-wide"],
    "repo:acme@*": ["id-wildcard", "org-wide"],
    "repo:acme@*/*": ["id-wildcard", "org-wide"],
    "repo:acme@1/web@*:*": ["id-wildcard", "repo-wide"],
    # the whole owner
    "repo:acme/*": ["org-wide"],
    "repo:acme@1/*": ["org-wide"],
    "repo:acme/*:environment:prod": ["org-wide"],
    "repository:acme/*": ["org-wide"],
    "repository_owner:acme:*": ["org-wide"],
    # the whole repository
    "repo:acme/web:*": ["repo-wide"],
    "repo:acme@1/web@2:*": ["repo-wide"],
    "repo:acme/web:?*": ["repo-wide"],
    "repo:acme/web:*:job_workflow_ref:x": ["repo-wide"],
    "repo:acme/web:workflow:deploy:*": ["repo-wide"],
    "repo:acme/web:*:ref:refs/heads/*": ["repo-wide"],
    "repo:acme/web:*:ref:refs/heads/release*": ["repo-wide"],
    "repo:${var.repository}:*": ["repo-wide"],
    "repo:<your organization>/<your repository>:*": ["repo-wide"],
    "repo:{{ owner }}/{{ name }}:*": ["repo-wide"],
    "repo:ORG/REPO:*": ["repo-wide"],
    "repository_id:2:*": ["repo-wide"],
    f"repo:acme/web:job_workflow_ref:{WORKFLOW}:*": ["repo-wide"],
    "repo:acme/web:workflow:deploy*": ["repo-wide"],
    # environments that a job can make
    "repo:acme/web:e*": ["any-environment"],
    "repo:acme/web:environment*": ["any-environment"],
    "repo:acme/web:environment:*": ["any-environment"],
    "repo:acme/web:environment:?*": ["any-environment"],
    "repo:acme/web:environment:*:ref:*": ["any-environment"],
    "environment:*:repo:acme/web": ["any-environment"],
    "repo:acme/web:environment:*:ref:refs/heads/release*": ["any-environment"],
    "repo:acme/*:environment:*": ["org-wide", "any-environment"],
    "repo:acme/web:environment:prod*": ["environment-glob"],
    "repo:acme/web:environment:prod-*": ["environment-glob"],
    "repo:acme/web:environment:*-prod": ["environment-glob"],
    "repo:acme/web:environment:pro?": ["environment-glob"],
    "repo:acme/*:environment:prod-*": ["org-wide", "environment-glob"],
    # branches that anybody with push access can make
    "repo:acme/web:ref:*": ["branch-glob"],
    "repo:acme/web:re*": ["branch-glob"],
    "repo:acme/web:ref:refs/*": ["branch-glob"],
    "repo:acme/web:ref:refs/heads/*": ["branch-glob"],
    "repo:acme/web:ref:refs/heads/main*": ["branch-glob"],
    "repo:acme/web:ref:refs/heads/feat/*": ["branch-glob"],
    "repository_id:2:ref:refs/heads/release?": ["branch-glob"],
    # tags that anybody with push access can make
    "repo:acme/web:ref:refs/tags/*": ["any-tag"],
    "repo:acme/web:ref:refs/t*": ["any-tag"],
    "repo:acme/web:ref:refs/tags/*.*.*": ["any-tag"],
    # never matches
    "repo:acme/web*:ref:main": ["bad-ref"],
    "repo:acme/*:env:prod": ["bad-ref"],
    "repo:acme/web.git:*": ["bad-ref"],
    "repo:https://github.com/acme/web:*": ["bad-ref"],
    "Repo:acme/web:*": ["bad-ref"],
    "repo:acme/web:Environment:*": ["bad-ref"],
    "x*": ["bad-ref"],
    # never matches, but under a template of the repository alone: then it is wide
    "repo:acme/we?": ["bad-ref", "repo-prefix"],
    "repo:acme?/web": ["bad-ref", "prefix-no-slash"],
    "repo:acme/web:ref:main*": ["bad-ref"],
    "repo:acme/web:ref:refs/pull/*": ["bad-ref"],
    "repo:acme/web:branch:*": ["bad-ref"],
    "repo:acme/web:main*": ["bad-ref"],
    "repo:/web:environment:*": ["bad-ref"],
    "repo:acme:ref:refs/heads/*": ["bad-ref"],
    "project_path:acme/web:*": ["bad-ref"],
    "repo:acme/web:environment:Production:V1:*": ["bad-environment"],
    # the workflow's file or ref is open
    "repo:acme/web:job_workflow_ref:acme/ci/.github/workflows/*@*": ["loose-job-workflow-ref"],
    "repo:acme/web:job_workflow_ref:acme/ci/.github/workflows/d.yml@refs/heads/*": [
        "loose-job-workflow-ref"
    ],
    "job_workflow_ref:acme/ci/.github/workflows/*@*": ["loose-job-workflow-ref", "org-wide"],
    # nothing wrong
    "repo:acme/web:ref:refs/tags/v*": [],
    "repo:acme/web:workflow_ref:*": ["repo-wide"],
    "repo:acme/web:workflow_ref:acme/web/.github/*": ["repo-wide"],
    "repo:acme/web:job_workflow_sha:*": ["repo-wide"],
    "repo:acme/web:environment:prod:workflow_ref:*": [],
    "repo:acme@1/web@2:ref:refs/tags/v?.*": [],
    "repo:acme/web:ref:refs/heads/main:*": [],
    "repo:acme/web:environment:prod:*": [],
    "repo:acme/web:environment:prod:ref:refs/heads/*": [],
    "repo:acme/web:pull_reques?": [],
    "repo:acme/web:environment:*:ref:refs/heads/main": [],
    "repo:acme/web:environment:*ref:refs/heads/main": [],
    "repo:acme/web:*:ref:refs/heads/main": [],
    "repo:${var.repository}:environment:prod:*": [],
    # another repository's name may end in what stands behind the wildcard
    "repo:acme/*:main": ["org-wide"],
    "repo:acme/*:pull_request": ["org-wide"],
    "repo:*/*:pull_request": ["star-sub"],
    "repo:acme/web*:pull_request": ["repo-prefix"],
    "repository_id:2:ref:refs/tags/v*": [],
    "ref:refs/tags/v*:repo:acme/web": [],
    f"repo:acme/web:job_workflow_ref:{WORKFLOW}:ref:refs/tags/v*": [],
}


@pytest.mark.parametrize("value", ON_PATTERNS)
def test_rules_on_patterns(value: str) -> None:
    """Under `StringLike` exactly these rules fire."""
    assert rules(value, pattern=True) == ON_PATTERNS[value]


ON_EXACT_VALUES: dict[str, list[str]] = {
    # never matches
    "repo:acme/*": ["star-equals"],
    "repo:acme/web:ref:refs/heads/*": ["star-equals"],
    "*": ["star-equals"],
    "repo:acme/web": ["bad-ref"],
    "repo:acme@1/web@2": ["bad-ref"],
    "repo:acme/web:": ["bad-ref"],
    " repo:acme/web:pull_request": ["bad-ref"],
    "repo:acme/web:pull_request ": ["bad-ref"],
    "repo:acme/web:environment:prod ": ["bad-ref"],
    "repo:acme/web.git:pull_request": ["bad-ref"],
    "repo: acme/web:pull_request": ["bad-ref"],
    "repo:acme /web:pull_request": ["bad-ref"],
    "repo:acme@1/web.git@2:pull_request": ["bad-ref"],
    "repo:acme@1/web:pull_request": ["bad-ref"],
    "repo:acme/web@main:pull_request": ["bad-ref"],
    "repo:https://github.com/acme/web:pull_request": ["bad-ref"],
    "repo:github.com/acme/web:pull_request": ["bad-ref"],
    "github.com/acme/web": ["bad-ref"],
    "repo:acme/web:env:prod": ["bad-ref"],
    "repo:acme/web:pull_requests": ["bad-ref"],
    "Repo:acme/web:pull_request": ["bad-ref"],
    "repo:acme/web:REF:refs/heads/main": ["bad-ref"],
    "repo:acme/web:ref:refs/heads/": ["bad-ref"],
    "repo:acme/web:ref:refs/heads/main/": ["bad-ref"],
    "repository_id:acme": ["bad-ref"],
    "repo:acme/web:ref:main": ["bad-ref"],
    "repo:acme/web:ref": ["bad-ref"],
    "repo:acme/web:refs/heads/main": ["bad-ref"],
    "repo:acme/web:branch:main": ["bad-ref"],
    "repo:acme/web:ref:refs/pull/7/merge": ["bad-ref"],
    "repo:acme/web:pull_request_target": ["bad-ref"],
    "repo:acme/web:main": ["bad-ref"],
    "repo:acme:ref:refs/heads/main": ["bad-ref"],
    "repo:acme/:environment:prod": ["bad-ref"],
    "acme/web": ["bad-ref"],
    "project_path:acme/web:ref_type:branch:ref:main": ["bad-ref"],
    "repo:acme/web:environment:Production:V1": ["bad-environment"],
    "repo:acme/web:environment:": ["bad-environment"],
    "repo:acme/web:environment": ["bad-environment"],
    # a template that says too little
    "repo:acme/web:repository_owner:acme": ["repo-wide"],
    "repo:acme/web:actor:octocat:workflow:deploy": ["repo-wide"],
    "repository_id:2": ["repo-wide"],
    "repository:acme/web": ["repo-wide"],
    "repository_owner:acme": ["org-wide"],
    "repository_owner:acme:repository_visibility:private": ["org-wide"],
    "repository_owner_id:1:environment:prod": ["org-wide"],
    f"job_workflow_ref:{WORKFLOW}": ["org-wide"],
    "workflow:deploy:repo:acme/web": ["repo-wide"],
    "actor:octocat:repo:acme/web": ["repo-wide"],
    "head_ref:main:repo:acme/web": ["repo-wide"],
    "base_ref:main:repo:acme/web": ["repo-wide"],
    "event_name:push:repo:acme/web": ["repo-wide"],
    "workflow:deploy:repository_owner:acme": ["org-wide"],
    "workflow:deploy": ["star-sub"],
    "event_name:push": ["star-sub"],
    "environment:prod": ["star-sub"],
    "repo_property_team:web": ["star-sub"],
    # nothing wrong
    "repo:acme/web:ref:refs/heads/main": [],
    "repo:acme@1/web@2:ref:refs/tags/v1": [],
    "repo:acme/web:environment:Production%3AV1": [],
    "repo:acme/web:environment:pull_request": [],
    "repo:acme/web:environment:prod:ref:refs/heads/main": [],
    "workflow:deploy:repo:acme/web:ref:refs/heads/main": [],
    "repository_owner:acme:repo:acme/web:environment:prod": [],
    "repo_property_team:web:repo:acme@1/web@2:environment:prod": [],
    "repo:acme/web:repository_visibility:private:ref:refs/heads/main": [],
    "repo:${var.repository}:environment:prod": [],
    "repo:acme/${var.name}": [],
    "repo:${var.repository}": [],
    "${var.subject}": [],
    "repo:acme/web:${var.context}": [],
    "repo:acme/web:pull_request": [],
    "repository_id:2:environment:prod": [],
    "environment:prod:repo:acme/web": [],
    "repo:acme/web:environment:prod:repo_property_team:web": [],
    f"repo:acme/web:environment:prod:job_workflow_ref:{WORKFLOW}": [],
    "workflow_ref:acme/web/.github/workflows/d.yml@refs/heads/main": [],
}


@pytest.mark.parametrize("value", ON_EXACT_VALUES)
def test_rules_on_exact_values(value: str) -> None:
    """Under `StringEquals` exactly these rules fire."""
    assert rules(value, pattern=False) == ON_EXACT_VALUES[value]


def test_every_rule_about_subjects_has_a_case() -> None:
    """No rule is without a value that it fires on; the roles check writing themselves."""
    fired = {
        rule
        for table in (ON_PATTERNS, ON_EXACT_VALUES)
        for found in table.values()
        for rule in found
    }

    assert fired == SUBJECT_RULES - {"pull-request-write"}


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (WEB.any_ref(), ["branch-glob"]),
        (WEB.any_branch(), ["branch-glob"]),
        (WEB.any_tag(), ["any-tag"]),
        (WEB.any_environment(), ["any-environment"]),
        (GithubOwner("acme", owner_id=1).branch("main"), ["org-wide"]),
        (GithubOwner("acme").tag("v1"), ["org-wide"]),
        (GithubOwner("acme", owner_id=1).environment("prod"), ["org-wide"]),
        (GithubOwner("acme", owner_id=1).pull_request(), ["org-wide"]),
        (GithubOwner("acme", owner_id=1).any_branch(), ["org-wide", "branch-glob"]),
        (GithubOwner("acme").any_tag(), ["org-wide", "any-tag"]),
        (GithubOwner("acme", owner_id=1).any_environment(), ["org-wide", "any-environment"]),
        (WEB.branch_pattern("release/*"), ["branch-glob"]),
        (WEB.anything(), ["repo-wide"]),
        (GithubOwner("acme").any_repo(), ["org-wide"]),
        (GithubOwner("acme", owner_id=1).any_repo(), ["org-wide"]),
        (WEB.pull_request(), []),
        (WITH_WORKFLOW.anything().requiring(job_workflow_ref=WORKFLOW), ["repo-wide"]),
    ],
    ids=[
        "any ref",
        "any branch",
        "any tag",
        "any environment",
        "branch of any repository",
        "tag of any repository",
        "environment of any repository",
        "pr of any repository",
        "any branch of any repository",
        "any tag of any repository",
        "any environment of any repository",
        "branch pattern",
        "anything",
        "owner",
        "owner with id",
        "pr",
        "template",
    ],
)
def test_rules_on_the_wide_subjects(subject: Subject, expected: list[str]) -> None:
    """What is wide by name is found by the rule of that name."""
    assert rules_of(subject) == expected


@pytest.mark.parametrize(
    ("value", "trusts"),
    [
        ("repo:acme/web:pull_request", True),
        ("repo:acme@1/web@2:pull_request", True),
        ("repo:acme/web:pull_request:job_workflow_ref:x", True),
        (f"repo:acme/web:job_workflow_ref:{WORKFLOW}:pull_request", True),
        ("repository_id:2:pull_request", True),
        ("repo:acme/*:pull_request", True),
        ("repo:acme@1/*:pull_request", True),
        ("repo:acme/*:ref:refs/heads/main", False),
        ("repo:acme/*:environment:pull_request", False),
        ("repo:acme/web*:pull_request", True),
        ("repo:*/*:pull_request", True),
        ("repo:*:pull_request", True),
        ("*:pull_request", True),
        ("repo:acme/web*pull_request", True),
        ("repo:acme/web:*:pull_request", True),
        ("repo:acme/web:*pull_request", True),
        (f"repo:acme/*:job_workflow_ref:{WORKFLOW}:pull_request", True),
        ("repo:acme/web:event_name:pull_request", True),
        ("event_name:pull_request:repo:acme/web", True),
        ("repo:acme/web:event_name:push", False),
        ("repo:acme/*:workflow:pull_request", False),
        ("repo:acme/web:p*", True),
        ("repo:acme/web:pull_reques?", True),
        ("repo:acme/web:pull_request*", True),
        ("repo:acme/web:pull_request_target", False),
        ("repo:acme/web:environment:pull_request", False),
        ("repo:acme/web:ref:refs/heads/pull_request", False),
        ("repo:pull_request/pull_request:environment:prod", False),
        ("repo:acme/web:*", False),
        ("repo:acme/web", False),
        ("", False),
    ],
)
def test_pull_requests_are_known_by_name(value: str, *, trusts: bool) -> None:
    """A subject of pull requests is found wherever the template puts it."""
    assert is_pull_request(value) is trusts


def test_the_repository_alone() -> None:
    """Where the template is known to be `repo` alone, its value is all of the repository."""
    found = check_subject("repo:acme/web", pattern=False, is_repository_alone=True)

    assert [one.rule for one in found] == ["repo-wide"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("workflow:deploy:repo:acme/web", "the author of a workflow chooses its name"),
        ("repo:acme/web:actor:octocat", "it says who started the run, not what is run"),
        ("head_ref:main:repo:acme/web", "the author of a pull request chooses it"),
        ("event_name:push", "the author of a workflow chooses its events"),
        (f"repo:acme/web:job_workflow_ref:{WORKFLOW}:*", "where it calls the workflow"),
        (f"job_workflow_ref:{WORKFLOW}", "Every repository that may call the workflow matches"),
        ("repo:acme/web:environment:prod-*", "an environment that matches 'prod-*'"),
        ("repo:acme/web:ref:refs/tags/*.*.*", "a tag that matches '*.*.*'"),
        ("repo:acme/web", "unless the repository's own template is `repo` alone"),
        ("repo:acme/web:environment:", "No environment is named"),
        ("repo:acme/web:environment:a:b", "as `%3A`"),
    ],
)
def test_reasons(value: str, expected: str) -> None:
    """The reason is the one that is true for the value."""
    (found,) = check_subject(value, pattern="*" in value)

    assert expected in found.why


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("repo:acme/web:env:prod", "Write `repo:acme/web:environment:prod`."),
        ("repo:acme/web.git:pull_request", "Write `repo:acme/web:pull_request`."),
        ("repo:acme@1/web@2", ("`repo:acme@1/web@2:` is followed by `ref:refs/heads/B`, "
         "`ref:refs/tags/T`, `environment:E` or `pull_request`.")),
        ("repo:acme/web:environment:", "Use `.environment(NAME)`, which writes it as GitHub does."),
    ],
)  # fmt: skip
def test_advice(value: str, expected: str) -> None:
    """The advice is the value that is meant, where that can be told."""
    (found,) = check_subject(value, pattern=False)

    assert found.help == expected


@given(narrow_subjects(repositories(templates=TEMPLATES)))
def test_narrow_subjects_have_no_finding(subject: Subject) -> None:
    """The rules and the values agree: what is made narrow is found narrow, in every template."""
    assert rules_of(subject) == []


# Real values of `sub`, cut up at random to make patterns.
TOKENS = [
    "repo:acme/web:ref:refs/heads/main",
    "repo:acme@1/web@2:ref:refs/tags/v1",
    "repo:acme/web:environment:prod",
    "repo:acme/web:pull_request",
    "repo:acme/web:ref:refs/tags/v1:job_workflow_ref:acme/ci/f.yml@main",
    "repository:acme/web:environment:prod",
    "repository_id:2:ref:refs/tags/v1",
    "environment:prod:repo:acme/web",
    "ref:refs/tags/v1:repo:acme@1/web@2",
    "repository_owner:acme:repository:acme/web:ref:refs/tags/v1",
    "workflow_ref:acme/web/.github/workflows/d.yml@refs/heads/main",
    "job_workflow_ref:acme/ci/f.yml@main:repository_id:2",
]
FILLINGS = [
    "",
    "x",
    "2",
    "eb",
    "-evil",
    "cme-evil/web",
    "evil/web",
    "repo:evil/web",
    "repo:evil/web:ref:refs/tags/v1",
    ":repo:evil/web",
    "evil/web:environment:prod",
    "x:repo:evil/web:environment:prod",
    "sitory:evil/web:environment:prod",
    "sitory_id:3:repo_property_x",
    "ository_owner:evil",
    "prod:repository:evil/web",
    "environment:prod",
    "@9/web@2",
]


def cut(value: str) -> Iterator[str]:
    """Put one wildcard into the place of each part of *value*, and between any two letters."""
    for start, end in combinations_with_replacement(range(len(value) + 1), 2):
        yield f"{value[:start]}*{value[end:]}"
        yield f"{value[:start]}?{value[end:]}"


OPEN = {pattern for token in TOKENS for pattern in cut(token)}
UNFLAGGED = sorted(pattern for pattern in OPEN if not rules(pattern, pattern=True))


@st.composite
def twice_cut(draw: st.DrawFn) -> str:
    """Draw a pattern without a finding and put a second wildcard into it."""
    value = draw(st.sampled_from(UNFLAGGED))
    start = draw(st.integers(0, len(value)))
    return f"{value[:start]}*{value[draw(st.integers(start, len(value))) :]}"


def string_like(pattern: str, value: str) -> bool:
    """Compare as IAM does: `*` is any text, `?` one character, anything else itself."""
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(letter) or re.escape(letter) for letter in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


IDENTIFYING = {
    "repo": re.compile(r"[\w-]+(/|@\d+/)[\w.-]+(@\d+)?"),
    "repository": re.compile(r"[\w-]+/[\w.-]+"),
    "repository_id": re.compile(r"\d+"),
    "workflow_ref": re.compile(r"[\w-]+/[\w.-]+/.+"),
}
OTHER = re.compile(
    r"actor|context|environment|job_workflow_ref|ref|repository_owner|repo_property_\w+"
)


def repository_of(sub: str) -> dict[str, str] | None:
    """Read which repository a token comes from; None when GitHub never makes this `sub`."""
    tokens = sub.replace(":pull_request", ":context:pull_request").split(":")
    claims = dict(zip(tokens[::2], tokens[1::2], strict=False))
    if len(tokens) != 2 * len(claims) or not all(claims.values()):
        return None
    for key, value in claims.items():
        if not (IDENTIFYING[key].fullmatch(value) if key in IDENTIFYING else OTHER.fullmatch(key)):
            return None
    named = {key: claims[key] for key in IDENTIFYING if key in claims}
    if "workflow_ref" in named:
        named["workflow_ref"] = "/".join(named["workflow_ref"].split("/")[:2])
    return named


def fill(pattern: str, fillings: Iterable[str]) -> str:
    """Put texts in the place of the wildcards."""
    texts = iter(fillings)
    return re.sub(r"[*?]", lambda found: next(texts) if found[0] == "*" else "x", pattern)


def strangers(pattern: str) -> list[tuple[str, dict[str, str]]]:
    """List the tokens that *pattern* matches and that are not of one and the same repository."""
    texts = product(FILLINGS, repeat=pattern.count("*"))
    tokens = [fill(pattern, several) for several in texts]
    named = [(token, claims) for token in tokens if (claims := repository_of(token)) is not None]
    return [found for found in named if not found[1].items() & named[0][1].items()]


def test_what_no_rule_finds_is_one_repository() -> None:
    """A pattern without a finding matches the tokens of one repository, whatever others try."""
    assert UNFLAGGED
    assert [found for pattern in UNFLAGGED for found in strangers(pattern)] == []


@given(twice_cut())
def test_a_second_wildcard_lets_no_stranger_in(pattern: str) -> None:
    """Two wildcards that no rule finds are no wider than one."""
    assert rules(pattern, pattern=True) or strangers(pattern) == []


def test_filling_is_what_string_like_matches() -> None:
    """The tokens that the laws above try are tokens that IAM would match."""
    for pattern in UNFLAGGED[::50]:
        assert all(string_like(pattern, fill(pattern, [text])) for text in FILLINGS)


ATTACKERS = [
    f"{repository}:{tail}"
    for repository in (
        "repo:evil/web",
        "repo:acme-evil/web",
        "repo:acmex/web",
        "repo:acme/web-evil",
        "repo:acme/webx",
        "repo:acme@12/web@2",
        "repo:acme@1/web@23",
        "repo:acme@9/web@9",
        "repository:evil/web",
        "repository_id:23",
    )
    for tail in (
        "ref:refs/heads/main",
        "ref:refs/tags/v1",
        "environment:prod",
        "environment:repo%3Aacme/web",
        "pull_request",
        "environment:prod:job_workflow_ref:acme/ci/f.yml@main",
    )
]


def test_what_no_rule_finds_lets_no_stranger_in() -> None:
    """A pattern without a finding matches no token of a repository with a similar name."""
    assert [
        (pattern, token)
        for pattern in UNFLAGGED[::5]  # neighbours differ by a letter
        for token in ATTACKERS
        if string_like(pattern, token)
    ] == []


# Runs of the same repository that no narrow value trusts, in several templates.
OTHER_RUNS = [
    template.format(context)
    for template in (
        "repo:acme/web:{}",
        "repo:acme@1/web@2:{}",
        "repo:acme/web:{}:workflow:deploy",
        "repo:acme/web:workflow:deploy:{}",
        "repo:acme/web:{}:actor:me",
        "workflow:deploy:repo:acme/web:{}",
    )
    for context in (
        "ref:refs/heads/evil",
        "ref:refs/heads/main-evil",
        "ref:refs/tags/evil",
        "environment:evil",
        "environment:prod-evil",
        "environment:evil:ref:refs/heads/evil",
    )
]
NARROW = sorted(
    pattern
    for token in (
        *TOKENS,
        "repo:acme/web:environment:prod:ref:refs/heads/main",
        "repo:acme/web:workflow:deploy:ref:refs/heads/main",
        "workflow:deploy:repo:acme/web:environment:prod",
    )
    for pattern in cut(token)
    if not rules(pattern, pattern=True)
)


def test_what_no_rule_finds_lets_no_other_run_in() -> None:
    """A pattern without a finding matches no branch, tag or environment that anybody can make."""
    assert [
        (pattern, run) for pattern in NARROW for run in OTHER_RUNS if string_like(pattern, run)
    ] == []


def finding(rule: str, severity: Severity = "error") -> Finding:
    """Make a finding of a rule."""
    return Finding(
        rule=rule, severity=severity, evidence="repo:acme/*", why="Wide.", help="Narrow it."
    )


def test_a_finding_reads_as_a_sentence() -> None:
    """Severity, rule and value come first, then why and what to do."""
    assert str(finding("org-wide")) == "error[org-wide] 'repo:acme/*': Wide. Narrow it."


def test_accepted_rules_and_notes_are_left_out() -> None:
    """What is accepted by name is not refused, and a note never is."""
    found = [finding("org-wide"), finding("repo-wide", "warning"), finding("bad-ref", "note")]

    assert unaccepted(found, {"org-wide": "pilot"}) == [found[1]]


def test_acceptances_that_hold_are_fine() -> None:
    """Every rule can be accepted with a reason."""
    assert list(check_accept(dict.fromkeys(RULES, "pilot until 2027-01"))) == []


@pytest.mark.parametrize(
    ("accept", "given_", "fix"),
    [
        ({"org-wid": "pilot"}, "org-wid", "Did you mean 'org-wide'?"),
        ({"zzz": "pilot"}, "zzz", f"Rules: {', '.join(sorted(RULES))}."),
        ({"org-wide": " "}, " ", 'For example {"org-wide": "pilot until 2027-01"}.'),
    ],
    ids=["misspelt", "unknown", "no reason"],
)
def test_acceptances_that_do_nothing_are_refused(
    accept: dict[str, str], given_: str, fix: str
) -> None:
    """A misspelt rule or a missing reason is said, with what to write instead."""
    (problem,) = check_accept(accept)

    assert (problem.given, problem.fix) == (given_, fix)

"""Repositories and owners, and the values of `sub` that their subjects hold."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ENVIRONMENTS, IDS, OWNERS, REFS, REPOSITORIES

from deploy_access.errors import InvalidValue
from deploy_access.github.repository import GithubRepo

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.github.subject import Subject

IMMUTABLE = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
LEGACY = GithubRepo("acme/web", subject_format="legacy")
BOTH = GithubRepo("acme/web", owner_id=123456, repo_id=456789, subject_format="both")

KINDS: dict[str, tuple[Callable[[GithubRepo], Subject], str]] = {
    "branch": (lambda repo: repo.branch("main"), "ref:refs/heads/main"),
    "branch with a slash": (lambda repo: repo.branch("release/1"), "ref:refs/heads/release/1"),
    "branch pattern": (lambda repo: repo.branch_pattern("release/*"), "ref:refs/heads/release/*"),
    "tag": (lambda repo: repo.tag("v1.2.3"), "ref:refs/tags/v1.2.3"),
    "tag pattern": (lambda repo: repo.tag_pattern("v?.*"), "ref:refs/tags/v?.*"),
    "environment": (lambda repo: repo.environment("prod"), "environment:prod"),
    "environment with a colon": (
        lambda repo: repo.environment("Production:V1"),
        "environment:Production%3AV1",
    ),
    "pull request": (lambda repo: repo.pull_request(), "pull_request"),
    "any branch": (lambda repo: repo.any_branch(), "ref:refs/heads/*"),
    "any tag": (lambda repo: repo.any_tag(), "ref:refs/tags/*"),
    "any environment": (lambda repo: repo.any_environment(), "environment:*"),
    "any ref": (lambda repo: repo.any_ref(), "ref:*"),
    "anything": (lambda repo: repo.anything(), "*"),
}
PATTERNS = {
    "branch pattern",
    "tag pattern",
    "any branch",
    "any tag",
    "any environment",
    "any ref",
    "anything",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("repo", "prefixes"),
    [
        pytest.param(IMMUTABLE, ["repo:acme@123456/web@456789"], id="immutable"),
        pytest.param(LEGACY, ["repo:acme/web"], id="legacy"),
        pytest.param(BOTH, ["repo:acme@123456/web@456789", "repo:acme/web"], id="both"),
    ],
)
def test_each_kind_in_each_format(repo: GithubRepo, prefixes: list[str], kind: str) -> None:
    """A subject is the repository's prefix in each of its forms, and what the kind adds."""
    make, tail = KINDS[kind]
    values = tuple(f"{prefix}:{tail}" for prefix in prefixes)

    subject = make(repo)

    expected = ((), values) if kind in PATTERNS else (values, ())
    assert (subject.exact, subject.patterns) == expected
    assert (subject.repository, dict(subject.requires)) == ("acme/web", {})


def test_format_follows_the_ids() -> None:
    """With ids a repository has the immutable form, without them the legacy one."""
    assert IMMUTABLE.format == "immutable"
    assert GithubRepo("acme/web").format == "legacy"


def test_an_assumed_format_warns() -> None:
    """A repository without ids says how to find out, and that `both` is there for a move."""
    (warning,) = GithubRepo("acme/web").branch("main").warnings

    command = "`gh api repos/acme/web/actions/oidc/customization/sub --jq .sub_claim_prefix`"
    assert f"Run {command}, which decides, whatever `use_immutable_subject` says" in warning
    assert 'subject_format="both"' in warning


@pytest.mark.parametrize("repo", [IMMUTABLE, LEGACY, BOTH], ids=["immutable", "legacy", "both"])
def test_a_stated_format_does_not_warn(repo: GithubRepo) -> None:
    """Whoever says the format is not asked about it."""
    assert repo.branch("main").warnings == ()


@pytest.mark.parametrize(
    ("name", "characters"),
    [("my prod", " "), ("a/b%", "%/"), ("größe", "ßö")],
)
def test_an_environment_of_odd_characters_warns(name: str, characters: str) -> None:
    """GitHub documents only what becomes of `:`, so other characters are for a person to check."""
    (warning,) = IMMUTABLE.environment(name).warnings

    assert f"holds {characters!r}" in warning


def test_a_managed_user_owns_a_repository() -> None:
    """Names of managed users hold an underscore."""
    subject = GithubRepo("octo_corp/web", subject_format="legacy").branch("main")

    assert subject.exact == ("repo:octo_corp/web:ref:refs/heads/main",)


TEMPLATES: dict[tuple[str, ...], str] = {
    ("repo", "context", "repository_owner"): (
        "repo:acme@123456/web@456789:ref:refs/heads/main:repository_owner:acme"
    ),
    ("repository_id", "context"): "repository_id:456789:ref:refs/heads/main",
    ("repository_owner_id", "repository", "ref"): (
        "repository_owner_id:123456:repository:acme/web:ref:refs/heads/main"
    ),
    ("ref", "repo"): "ref:refs/heads/main:repo:acme@123456/web@456789",
}


@pytest.mark.parametrize("keys", TEMPLATES, ids=":".join)
def test_a_template_orders_the_claims(keys: tuple[str, ...]) -> None:
    """The repository's own template decides which claims `sub` holds, and in which order."""
    repo = GithubRepo("acme/web", owner_id=123456, repo_id=456789, include_claim_keys=keys)

    assert repo.branch("main").exact == (TEMPLATES[keys],)


def test_a_template_without_repo_has_one_form() -> None:
    """Only the `repo` claim has a legacy and an immutable form."""
    repo = GithubRepo(
        "acme/web",
        owner_id=1,
        repo_id=2,
        subject_format="both",
        include_claim_keys=("repository_id", "context"),
    )

    assert repo.environment("prod").exact == ("repository_id:2:environment:prod",)


def test_anything_follows_the_template() -> None:
    """Every claim that depends on the run becomes a wildcard, and only those."""
    repo = GithubRepo(
        "acme/web", subject_format="legacy", include_claim_keys=("repo", "environment", "ref")
    )

    assert repo.anything().patterns == ("repo:acme/web:environment:*:ref:*",)


def test_anything_may_be_one_exact_subject() -> None:
    """Where every run of a repository has the same `sub`, anything is exact."""
    repo = GithubRepo("acme/web", subject_format="legacy", include_claim_keys=("repo",))

    assert (repo.anything().exact, repo.anything().patterns) == (("repo:acme/web",), ())


def test_a_template_without_context_refuses_a_branch() -> None:
    """Where the template says nothing about the run, a branch cannot be trusted."""
    repo = GithubRepo("acme/web", subject_format="legacy", include_claim_keys=("repo",))

    with pytest.raises(InvalidValue, match=r"does not say 'context'.*say `anything\(\)`"):
        repo.branch("main")


def test_ids_may_be_texts_of_digits() -> None:
    """`gh api` and outputs give an id as text: it is the same repository."""
    repo = GithubRepo("acme/web", owner_id="123456", repo_id="456789")

    assert repo == IMMUTABLE
    assert repo.branch("main") == IMMUTABLE.branch("main")


GIVEN_BAD: dict[str, tuple[Callable[[], object], list[tuple[str, object, str, str]]]] = {
    "no owner": (
        lambda: GithubRepo("web"),
        [("`owner/name`", "web", "a stranger's repository", "'acme/web'")],
    ),
    "three parts": (
        lambda: GithubRepo("acme/web/app"),
        [("The name of a repository", "web/app", "as it is", "page shows it")],
    ),
    "wildcard owner": (
        lambda: GithubRepo("ac*/web"),
        [("The owner", "ac*", "any other text can never match", "1 to 39 letters")],
    ),
    "wildcard name": (
        lambda: GithubRepo("acme/*"),
        [("The name of a repository", "*", "any other text can never match", "wildcards")],
    ),
    "address": (
        lambda: GithubRepo("acme/web.git"),
        [("The name of a repository", "web.git", "never match", "without `.git`")],
    ),
    "owner and name": (
        lambda: GithubRepo("-acme/.."),
        [("The owner", "-acme", "never", "39"), ("The name", "..", "never", "page shows")],
    ),
    "a template in the owner": (
        lambda: GithubRepo("${var.owner}/web"),
        [("The owner", "${var.owner}", "never match", "'acme'")],
    ),
    "non-latin repository": (
        lambda: GithubRepo("acme/веб"),
        [("The name of a repository", "веб", "never match", "page shows")],
    ),
    "one id": (
        lambda: GithubRepo("acme/web", owner_id=1),
        [("only one of", {"owner_id": 1, "repo_id": None}, "both into `sub`", "gh api repos/acme")],
    ),
    "an id that is no number": (
        lambda: GithubRepo("acme/web", owner_id=True, repo_id=0),
        [("`owner_id`", True, "never matches", "gh api"), ("`repo_id`", 0, "never", "gh api")],
    ),
    "misspelt format": (
        lambda: GithubRepo("acme/web", subject_format="imutable"),  # pyright: ignore[reportArgumentType]
        [("The subject format", "imutable", "locks the workflow out", "customization/sub")],
    ),
    "immutable without ids": (
        lambda: GithubRepo("acme/web", subject_format="immutable"),
        [("The immutable subject", {"owner_id": None, "repo_id": None}, "Without", "Pass both")],
    ),
    "both without ids": (
        lambda: GithubRepo("acme/web", subject_format="both"),
        [("The both subject", {"owner_id": None, "repo_id": None}, "Without", "Pass both")],
    ),
    "empty template": (
        lambda: GithubRepo("acme/web", include_claim_keys=()),
        [("`include_claim_keys`", (), "every `sub`", "Copy it")],
    ),
    "a template that says a claim twice": (
        lambda: GithubRepo("acme/web", include_claim_keys=("repo", "repo")),
        [("`include_claim_keys`", ("repo", "repo"), "every `sub`", "Copy it")],
    ),
    "a template that is one text": (
        lambda: GithubRepo("acme/web", include_claim_keys="repo"),  # pyright: ignore[reportArgumentType]
        [("`include_claim_keys`", "repo", "every `sub`", "Copy it")],
    ),
    "full ref as branch": (
        lambda: LEGACY.branch("refs/heads/main"),
        [("`branch` takes the short name", "refs/heads/main", "only", "Use `branch('main')`.")],
    ),
    "full ref as tag": (
        lambda: LEGACY.tag("refs/tags/release/1"),
        [("`tag` takes the short name", "refs/tags/release/1", "only", "Use `tag('release/1')`.")],
    ),
    "full ref as pattern": (
        lambda: LEGACY.tag_pattern("refs/tags/v*"),
        [("the pattern of the short name", "refs/tags/v*", "only", "Use `tag_pattern('v*')`.")],
    ),
    "wildcard in a branch": (
        lambda: LEGACY.branch("release/*"),
        [("one exact name", "release/*", "push access", "`branch_pattern('release/*')`")],
    ),
    "wildcard in a tag": (
        lambda: LEGACY.tag("v?"),
        [("one exact name", "v?", "push access", "`tag_pattern('v?')`")],
    ),
    "pattern without a wildcard": (
        lambda: LEGACY.branch_pattern("main"),
        [("takes a pattern", "main", "one exact name", "`branch('main')`")],
    ),
    "pattern without a prefix": (
        lambda: LEGACY.tag_pattern("*"),
        [("literal text before", "*", "made by an attacker", "it is wide: `any_tag()`.")],
    ),
    "tag as branch": (
        lambda: LEGACY.branch("refs/tags/v1"),
        [("`branch` takes the short name", "refs/tags/v1", "only", "Use `tag('v1')`.")],
    ),
    "ref of a pull request as branch": (
        lambda: LEGACY.branch("refs/pull/1/merge"),
        [("takes the short name", "refs/pull/1/merge", "only", "Use a name like 'main'.")],
    ),
    "every branch as branch": (
        lambda: LEGACY.branch("*"),
        [("one exact name", "*", "push access", "exactly, or say that it is wide: `any_branch()`")],
    ),
    "every branch as a full ref": (
        lambda: LEGACY.branch_pattern("refs/heads/*"),
        [("the pattern of the short name", "refs/heads/*", "only", "Use `any_branch()`.")],
    ),
    "end of a branch": (
        lambda: LEGACY.branch("*-rc"),
        [("one exact name", "*-rc", "push access", "Name it exactly.")],
    ),
    "pattern of an end": (
        lambda: LEGACY.tag_pattern("*-rc"),
        [("literal text before", "*-rc", "made by an attacker", "for example 'v*'.")],
    ),
    "one letter": (
        lambda: LEGACY.branch_pattern("?"),
        [("literal text before", "?", "made by an attacker", "for example 'release/*'.")],
    ),
    "every environment": (
        lambda: LEGACY.environment("*"),
        [("one exact name", "*", "ordinary", "say that it is wide: `any_environment()`.")],
    ),
    "no text": (
        lambda: GithubRepo(7),  # pyright: ignore[reportArgumentType]
        [("`GithubRepo` takes text", 7, "a guess", "'acme/web'")],
    ),
    "a template that is no list": (
        lambda: GithubRepo("acme/web", include_claim_keys=5),  # pyright: ignore[reportArgumentType]
        [("`include_claim_keys`", 5, "every `sub`", "Copy it")],
    ),
    "a template of no texts": (
        lambda: GithubRepo("acme/web", include_claim_keys=("repo", 1)),  # pyright: ignore[reportArgumentType]
        [("`include_claim_keys`", ("repo", 1), "every `sub`", "Copy it")],
    ),
    "no text as branch": (
        lambda: LEGACY.branch(None),  # pyright: ignore[reportArgumentType]
        [("`branch` takes text", None, "a guess", "'main'")],
    ),
    "no text as pattern": (
        lambda: LEGACY.tag_pattern(["v*"]),  # pyright: ignore[reportArgumentType]
        [("`tag_pattern` takes text", ["v*"], "a guess", "'v*'")],
    ),
    "no text as environment": (
        lambda: LEGACY.environment(b"prod"),  # pyright: ignore[reportArgumentType]
        [("`environment` takes text", b"prod", "a guess", "'prod'")],
    ),
    "ids that are no numbers": (
        lambda: GithubRepo("acme/web", owner_id="acme", repo_id="07"),
        [("`owner_id`", "acme", "never matches", "gh api"), ("`repo_id`", "07", "never", "gh api")],
    ),
    "a format that cannot be compared": (
        lambda: GithubRepo("acme/web", subject_format=["legacy"]),  # pyright: ignore[reportArgumentType]
        [("The subject format", ["legacy"], "locks the workflow out", "customization/sub")],
    ),
    "pattern that git refuses": (
        lambda: LEGACY.branch_pattern("feature..*"),
        [("a name that git accepts", "feature..*", "check-ref-format", "git branch")],
    ),
    "empty branch": (
        lambda: LEGACY.branch(""),
        [("takes text", "", "IAM refuses", "plain name")],
    ),
    "empty pattern": (
        lambda: LEGACY.branch_pattern(""),
        [("takes text", "", "IAM refuses", "plain name")],
    ),
    "Terraform's template in a branch": (
        lambda: LEGACY.branch("a${var.x}"),
        [("plain text", "a${var.x}", "expression", "value that you mean")],
    ),
    "Terraform's directive in an environment": (
        lambda: LEGACY.environment("%{if true}"),
        [("plain text", "%{if true}", "expression", "value that you mean")],
    ),
    "non-latin environment": (
        lambda: LEGACY.environment("прод"),
        [("U+0020 to U+00FF", "прод", "IAM refuses", "Rename it")],
    ),
    "emoji in a branch": (
        lambda: LEGACY.branch("ship-🚀"),
        [("U+0020 to U+00FF", "ship-🚀", "IAM refuses", "Rename it")],
    ),
    "long environment": (
        lambda: LEGACY.environment("e" * 256),
        [("at most 255", "e" * 256, "no environment", "settings show")],
    ),
    "wildcard in an environment": (
        lambda: LEGACY.environment("prod-*"),
        [("one exact name", "prod-*", "ordinary character", "Name each environment")],
    ),
}


@pytest.mark.parametrize("case", GIVEN_BAD)
def test_bad_input_is_refused(case: str) -> None:
    """A bad value is refused where it is given: what, what was given, why, and what to do."""
    make, expected = GIVEN_BAD[case]

    with pytest.raises(InvalidValue) as caught:
        make()

    problems = caught.value.problems
    assert [problem.given for problem in problems] == [given_ for _, given_, _, _ in expected]
    for problem, (what, _, why, fix) in zip(problems, expected, strict=True):
        assert what in problem.what
        assert why in problem.why
        assert fix in problem.fix


REF_NAMES = {
    "main": True,
    "release/2026.11": True,
    "größe": True,
    "a@b": True,
    "x.locked": True,
    "v1.0-rc.1": True,
    "a b": False,
    "a~1": False,
    "a^": False,
    "a:b": False,
    "a\\b": False,
    "a[b": False,
    "a..b": False,
    "a@{b": False,
    "a//b": False,
    "/a": False,
    "a/": False,
    "a.": False,
    ".a": False,
    "a/.b": False,
    "a.lock": False,
    "a.lock/b": False,
    "a\tb": False,
    "-a": False,
}


@pytest.mark.parametrize("name", REF_NAMES)
def test_refs_that_git_refuses_are_refused(name: str) -> None:
    """No token carries a branch that git cannot hold."""
    if REF_NAMES[name]:
        assert LEGACY.branch(name).exact == (f"repo:acme/web:ref:refs/heads/{name}",)
    else:
        with pytest.raises(InvalidValue):
            LEGACY.branch(name)


@pytest.mark.skipif(shutil.which("git") is None, reason="asks git itself")
def test_git_agrees_about_refs() -> None:
    """The table of refs says what git says."""
    answers = {
        name: subprocess.run(
            ["git", "check-ref-format", "--branch", name],
            capture_output=True,
            check=False,
        ).returncode
        == 0
        for name in REF_NAMES
    }

    assert answers == REF_NAMES


@given(OWNERS, REPOSITORIES, IDS, IDS, st.sampled_from(sorted(KINDS)))
def test_both_is_the_union(owner: str, name: str, owner_id: int, repo_id: int, kind: str) -> None:
    """`both` trusts exactly what the immutable and the legacy form trust together."""
    make = KINDS[kind][0]
    immutable, legacy, both = (
        make(
            GithubRepo(
                f"{owner}/{name}", owner_id=owner_id, repo_id=repo_id, subject_format=subject_format
            )
        )
        for subject_format in ("immutable", "legacy", "both")
    )

    assert both.exact == immutable.exact + legacy.exact
    assert both.patterns == immutable.patterns + legacy.patterns


@given(ENVIRONMENTS)
def test_an_environment_holds_no_colon(name: str) -> None:
    """The name of an environment never looks like another claim of `sub`."""
    (value,) = LEGACY.environment(name).exact

    assert value.removeprefix("repo:acme/web:environment:").replace("%3A", ":") == name.replace(
        "%3A", ":"
    )
    assert value.count(":") == len(["repo:", "web:", "environment:"])


@given(REFS)
def test_exact_and_pattern_exclude_each_other(name: str) -> None:
    """A name with a wildcard is a pattern only, a name without is exact only."""
    with pytest.raises(InvalidValue):
        LEGACY.branch(f"{name}*")
    with pytest.raises(InvalidValue):
        LEGACY.branch_pattern(name)


NAMES = ["acme/old", "Acme/older", "other/web"]
BEFORE = ["repo:acme/old", "repo:Acme/older", "repo:other/web"]
WITH_IDS = [
    *("repo:acme@1/old@2", "repo:acme/old", "repo:Acme@1/older@2", "repo:Acme/older"),
    "repo:other/web",
]
NUMBERS: dict[str, Any] = {"owner_id": 1, "repo_id": 2}
FORMER: dict[str, tuple[dict[str, Any], list[str]]] = {
    "immutable": (NUMBERS, ["repo:acme@1/web@2", *WITH_IDS]),
    "both": (
        {**NUMBERS, "subject_format": "both"},
        ["repo:acme@1/web@2", "repo:acme/web", *WITH_IDS],
    ),
    "legacy": ({"subject_format": "legacy"}, ["repo:acme/web", *BEFORE]),
}
WITH_OWNER_ID = ["acme@1/old", "other@9/web"]
IMMUTABLE_ONLY = ["repo:acme@1/web@2", "repo:acme@1/old@2", "repo:other@9/web@2"]


def test_former_names_with_the_number_of_the_owner() -> None:
    """The ids of then are written out, and the form without ids, which nothing had, is not."""
    repo = GithubRepo("acme/web", **NUMBERS, former_names=WITH_OWNER_ID)

    assert repo.pull_request().exact == tuple(f"{one}:pull_request" for one in IMMUTABLE_ONLY)


@pytest.mark.parametrize("case", FORMER)
def test_former_names(case: str) -> None:
    """Each is trusted as it was written then; at another owner its ids were others."""
    keywords, prefixes = FORMER[case]
    repo = GithubRepo("acme/web", **keywords, former_names=NAMES)

    assert repo.pull_request().exact == tuple(f"{one}:pull_request" for one in prefixes)
    assert repo.pull_request().repository == "acme/web"


@pytest.mark.parametrize(
    "names",
    [
        *("acme/old", ["old"], [7], [None], None, ["acme/web"], ["acme@1/web"]),
        *(["acme@/old"], ["acme@x/old"], ["acme@0/old"], ["acme@01/old"], ["acme@1/old@2"]),
        *(["acme@1*/old"], [f"acme@{'9' * 19}/old"], ["@1/old"], ["acme@1"], ["acme@\u0661/old"]),
    ],
)
def test_wrong_former_names(names: Any) -> None:
    """They are names of repositories, in a list, and not the one of today."""
    with pytest.raises(InvalidValue):
        GithubRepo("acme/web", **NUMBERS, former_names=names)


def test_a_former_name_with_a_number_needs_both() -> None:
    """Without the number of the repository no immutable subject can be written."""
    with pytest.raises(InvalidValue, match="no `repo_id`"):
        GithubRepo("acme/web", former_names=["acme@1/old"])

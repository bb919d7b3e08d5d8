"""The rules about `sub` at GitLab, Bitbucket and CircleCI, and what is said where it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from audit_policies import ACCOUNT, ACTION, estate, trust

from deploy_access.audit.platform_subject_rules import check_platform_subject
from deploy_access.github.platforms import platform_of

if TYPE_CHECKING:
    from deploy_access.audit.finding import Finding

GITLAB = "gitlab.com"
OWN_GITLAB = "git.acme.example"
WORKSPACE = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
REPO = "{2e9e429c-7b8b-404f-8648-8c40c27c9ebd}"
PROD = "{6d1d5c0a-7a5e-4f0a-9a51-1b7f0c1d2e3f}"
STEP = "{7baee083-4f25-4a97-8a9a-0fde1b623b45}"
ORG = "c5a99188-154f-4f69-8da2-b442b1bf78dd"
CIRCLECI = f"oidc.circleci.com/org/{ORG}"
PROJECT = f"org/{ORG}/project/0a1b2c3d-154f-4f69-8da2-b442b1bf78dd"
USER = "user/11112222-154f-4f69-8da2-b442b1bf78dd"
ORIGIN = "vcs-origin/github.com/acme/web"
WEB = "project_path:acme/web"

# Each value under `StringLike`, and the rule that finds it.
WIDE = [
    (GITLAB, "*", "star-sub"),
    (GITLAB, "p*", "star-sub"),
    (GITLAB, "project_path:*", "star-sub"),
    (GITLAB, "project_id:*", "star-sub"),
    (GITLAB, "project_path:*:ref_type:branch:ref:main", "star-sub"),
    (GITLAB, "project_path:*/web:ref_type:branch:ref:main", "star-sub"),
    (GITLAB, "project_path:acme*", "prefix-no-slash"),
    (GITLAB, "project_path:acme*/web:ref_type:branch:ref:main", "prefix-no-slash"),
    (GITLAB, "project_id:12*:ref_type:branch:ref:main", "prefix-no-slash"),
    (GITLAB, "project_path:acme/*", "org-wide"),
    (GITLAB, "project_path:acme/team/*:ref_type:branch:ref:main", "org-wide"),
    (GITLAB, "project_path:acme/web*", "repo-prefix"),
    (GITLAB, "project_path:acme/team/web*:ref_type:tag:ref:v1", "repo-prefix"),
    (GITLAB, f"{WEB}:*", "repo-wide"),
    (GITLAB, f"{WEB}:ref_type:*", "repo-wide"),
    (GITLAB, f"{WEB}:ref_type:*:ref:*", "branch-glob"),
    (GITLAB, f"{WEB}:ref_type:*:ref:main", "branch-glob"),
    (GITLAB, f"{WEB}:ref_type:branch:*", "branch-glob"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:*", "branch-glob"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:release*", "branch-glob"),
    (GITLAB, f"{WEB}:ref_type:tag:ref:*", "any-tag"),
    (GITLAB, f"{WEB}:ref_type:tag:*", "any-tag"),
    (GITLAB, f"{WEB}:environment:*", "any-environment"),
    (GITLAB, f"{WEB}:environment:prod-*", "environment-glob"),
    ("gitlab.acme.example", f"{WEB}:*", "repo-wide"),
    (OWN_GITLAB, f"{WEB}:*", "repo-wide"),
    (OWN_GITLAB, "project_path:acme/*", "org-wide"),
    (WORKSPACE, "*", "org-wide"),
    (WORKSPACE, "*:*", "org-wide"),
    (WORKSPACE, "{*", "org-wide"),
    (WORKSPACE, "{2e9e*:*", "repo-prefix"),
    (WORKSPACE, f"{REPO}*", "repo-wide"),
    (WORKSPACE, f"{REPO}*:*", "repo-wide"),
    (WORKSPACE, f"{REPO}:*", "repo-wide"),
    (WORKSPACE, f"{REPO}:*:*", "any-environment"),
    (CIRCLECI, "*", "org-wide"),
    (CIRCLECI, "org/*", "org-wide"),
    (CIRCLECI, f"org/{ORG}/*", "org-wide"),
    (CIRCLECI, f"org/{ORG}/project/*", "org-wide"),
    (CIRCLECI, f"org/{ORG}/project/*/user/*", "org-wide"),
    (CIRCLECI, f"org/{ORG}/project/*/user/*/vcs-origin/*/vcs-ref/refs/heads/main", "org-wide"),
    (CIRCLECI, f"org/{ORG}/project/0a1b*/user/*", "repo-prefix"),
    (CIRCLECI, f"{PROJECT}/*", "repo-wide"),
    (CIRCLECI, f"{PROJECT}/user/*", "repo-wide"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/*", "repo-wide"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/*", "branch-glob"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/refs/heads/*", "branch-glob"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/refs/heads/release*", "branch-glob"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/refs/tags/*", "any-tag"),
]
# Each value under `StringLike`; one without a wildcard is the same under `StringEquals`.
NARROW = [
    (GITLAB, f"{WEB}:ref_type:branch:ref:main"),
    (GITLAB, "project_path:acme/team/ops/web.app:ref_type:branch:ref:feat/a-1"),
    (GITLAB, f"{WEB}:ref_type:tag:ref:v*"),
    (GITLAB, f"{WEB}:ref_type:tag:ref:v1.2"),
    (GITLAB, "project_id:57382910:ref_type:branch:ref:main"),
    (GITLAB, f"{WEB}:environment:prod"),
    (GITLAB, f"{WEB}:environment:review/app 1:*"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:main:environment:prod"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:*:ref_protected:true"),
    (GITLAB, "project_path:${var.group}/web:ref_type:branch:ref:main"),
    (GITLAB, f"{WEB}:ref:main"),
    (OWN_GITLAB, f"{WEB}:ref_type:branch:ref:main"),
    (WORKSPACE, f"{REPO}:{PROD}:*"),
    (WORKSPACE, f"{REPO}:{PROD}*"),
    (WORKSPACE, f"{REPO}:{PROD}:{STEP}"),
    (WORKSPACE, f"*:{PROD}:*"),
    (WORKSPACE, f"{REPO}:{STEP}"),
    (WORKSPACE, "{${var.repository}}:{${var.environment}}:*"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/refs/heads/main"),
    (CIRCLECI, f"{PROJECT}/{USER}/{ORIGIN}/vcs-ref/refs/heads/main"),
    (CIRCLECI, f"{PROJECT}/{USER}"),
    (CIRCLECI, f"{PROJECT}/{USER}/*"),
    (CIRCLECI, f"{PROJECT}/user/*/vcs-origin/*/vcs-ref/refs/heads/main"),
    (CIRCLECI, f"org/{ORG}/project/*/user/*/{ORIGIN}/vcs-ref/refs/heads/main"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/refs/tags/v*"),
]
# What no token has, under either operator.
DEAD = [
    (GITLAB, "project_path:acme"),
    (GITLAB, "project_path:acme:ref_type:branch:ref:main"),
    (GITLAB, "acme/web"),
    (GITLAB, "project:acme/web:ref_type:branch:ref:main"),
    (GITLAB, "repo:acme/web:ref:refs/heads/main"),
    (GITLAB, "acme/*"),
    (GITLAB, "ref:main"),
    (GITLAB, f"{WEB}:branch*"),
    (GITLAB, f"{WEB}:ref_type:mr:ref:main"),
    (GITLAB, f"{WEB}:ref_type:merge_request:ref:7"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:refs/heads/main"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:main "),
    (GITLAB, f" {WEB}:ref_type:branch:ref:main"),
    (GITLAB, f"{WEB}.git:ref_type:branch:ref:main"),
    (GITLAB, "project_path:https://gitlab.com/acme/web:ref_type:branch:ref:main"),
    (GITLAB, f"{WEB}:branch:main"),
    (GITLAB, f"{WEB}:main"),
    (GITLAB, f"{WEB}:ref_type:branch:ref:"),
    (GITLAB, "project_id:web:ref_type:branch:ref:main"),
    (OWN_GITLAB, f"{WEB}:ref_type:mr:ref:*"),
    (WORKSPACE, "2e9e429c-7b8b-404f-8648-8c40c27c9ebd:*"),
    (WORKSPACE, "acme/web:*"),
    (WORKSPACE, "2e9e*"),
    (WORKSPACE, "repo:acme/web:*"),
    (WORKSPACE, REPO),
    (WORKSPACE, f"{REPO}:prod:*"),
    (WORKSPACE, f"{REPO}:{PROD}:{STEP} "),
    (WORKSPACE, f"{STEP}:{REPO}:{PROD}:*"),
    (CIRCLECI, f"org/{ORG}"),
    (CIRCLECI, PROJECT),
    (CIRCLECI, f"org/acme/project/{ORG}/user/*"),
    (CIRCLECI, f"org/{ORG}/project/web/user/*"),
    (CIRCLECI, f"org/{ORG[::-1]}/project/{ORG}/user/*"),
    (CIRCLECI, f"project/{ORG}/user/*"),
    (CIRCLECI, f"{ORG}/*"),
    (CIRCLECI, f"org:{ORG}:project:{ORG}:*"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/main"),
    (CIRCLECI, f"{PROJECT}/user/*/{ORIGIN}/vcs-ref/refs/heads/main "),
]


def found(provider: str, value: str, *, pattern: bool = True) -> list[Finding]:
    """Check a value."""
    return list(check_platform_subject(provider, value, pattern=pattern))


@pytest.mark.parametrize(("provider", "value", "rule"), WIDE)
def test_wide(provider: str, value: str, rule: str) -> None:
    """A pattern that is wider than one branch, tag or environment has GitHub's rule."""
    assert [one.rule for one in found(provider, value)] == [rule]


@pytest.mark.parametrize(("provider", "value"), NARROW)
def test_narrow(provider: str, value: str) -> None:
    """A value that names what may deploy is clean."""
    assert found(provider, value) == []


@pytest.mark.parametrize(("provider", "value"), DEAD)
def test_never_matches(provider: str, value: str) -> None:
    """A value that no token of the platform has is found, with its form."""
    (one,) = found(provider, value)

    assert one.rule == "bad-ref"
    assert "never matches" in one.why


@pytest.mark.parametrize(("provider", "value", "_"), WIDE)
def test_wildcard_under_equals(provider: str, value: str, _: str) -> None:
    """Where a wildcard is an ordinary character, nothing else is said of the value."""
    assert [one.rule for one in found(provider, value, pattern=False)] == ["star-equals"]


def test_a_project_that_chose_one_part() -> None:
    """A project may have its path alone as its `sub`: that is every branch, or never matches."""
    (one,) = found(GITLAB, WEB, pattern=False)

    assert (one.rule, "never matches" in one.why) == ("repo-wide", True)


@pytest.mark.parametrize(
    ("provider", "value"),
    [("app.terraform.io", "organization:acme:*"), ("agent.buildkite.com", "organization:acme:*")],
)
def test_other_issuer(provider: str, value: str) -> None:
    """An issuer that is in no row has no rule but that a pattern names somebody."""
    assert found(provider, value) == []
    assert [one.rule for one in found(provider, "organization:*")] == ["star-sub"]


def test_the_words_are_the_platforms() -> None:
    """No finding about a platform speaks of GitHub, or of the form of its `sub`."""
    dead = [(provider, value, "bad-ref") for provider, value in DEAD]
    for provider, value, _ in [*WIDE, *dead]:
        for one in found(provider, value):
            text = f"{one.why} {one.help}".replace(repr(value), "").replace("github.com", "")
            assert "GitHub" not in text
            assert "repo:" not in text


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        (GITLAB, {"GROUP": "acme", "PROJECT": "web", "BRANCH": "main"}),
        (WORKSPACE, {"{REPOSITORY_UUID}": REPO, "{ENVIRONMENT_UUID}": PROD}),
        (
            CIRCLECI,
            {
                "ORGANIZATION/project/PROJECT": f"{ORG}/project/{ORG}",
                "REPOSITORY": "github.com/acme/web",
                "BRANCH": "main",
            },
        ),
    ],
)
def test_the_narrow_form_is_narrow(provider: str, words: dict[str, str]) -> None:
    """No rule finds the form that each platform's row proposes, with values in place of words."""
    platform = platform_of(provider)
    value = platform.narrow if platform else ""
    for word, text in words.items():
        assert word in value
        value = value.replace(word, text)

    assert found(provider, value) == []


def tokens(provider: str, **condition: Any) -> list[tuple[str, str, str]]:
    """Audit a role for an issuer, and list severity, rule and reason; keys lack the issuer."""
    written = {
        operator: {f"{provider}:{claim}": value for claim, value in claims.items()}
        for operator, claims in condition.items()
    }
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}"}
    policy = trust({"Principal": principal, "Action": ACTION, "Condition": written})
    placed = estate(trusting=policy).findings
    return [(one.finding.severity, one.finding.rule, one.finding.why) for one in placed]


@pytest.mark.parametrize(
    ("provider", "claims", "severity", "says"),
    [
        (GITLAB, {"aud": "https://gitlab.com"}, "error", "any project on GitLab at gitlab.com"),
        ("gitlab.acme.example", {"aud": "a"}, "error", "any project on GitLab at gitlab.acme"),
        (WORKSPACE, {"aud": "a"}, "warning", "every repository of the workspace 'acme'"),
        (CIRCLECI, {"aud": ORG}, "warning", f"every project of the organization '{ORG}'"),
        ("oidc.vercel.com/acme", {"aud": "a"}, "warning", "project of the Vercel team 'acme'"),
        ("oidc.vercel.com", {"aud": "https://vercel.com/acme"}, "warning", "'https://vercel.com/a"),
        ("api.pulumi.com/oidc", {"aud": "aws:acme"}, "warning", "audience 'aws:acme' names"),
        ("api.pulumi.com/oidc", {"aud": ["a", "b"]}, "warning", "audience 'a' or 'b' names"),
        ("api.pulumi.com/oidc", {"amr": "x"}, "error", "everybody whom the issuer knows"),
        ("oidc.eks.eu-central-1.amazonaws.com/id/0AF", {"aud": "a"}, "warning", "cluster '0AF'"),
        ("app.terraform.io", {"aud": "aws"}, "error", "everybody whom the issuer knows"),
        ("agent.buildkite.com", {"aud": "a"}, "error", "everybody whom the issuer knows"),
        (OWN_GITLAB, {"aud": "a"}, "error", "everybody whom the issuer knows"),
        (GITLAB, {"aud": "a", "project_id": "7"}, "warning", "`gitlab.com:project_id` lets in"),
        (OWN_GITLAB, {"aud": "a", "project_id": "7"}, "error", "everybody whom the issuer knows"),
    ],
)
def test_no_subject(provider: str, claims: Any, severity: str, says: str) -> None:
    """Whose tokens are taken without `sub` is said as it is: one customer's are a warning."""
    said = {rule: (grade, why) for grade, rule, why in tokens(provider, StringEquals=claims)}

    assert said["no-sub"][0] == severity
    assert says in said["no-sub"][1]


def test_a_pattern_of_the_audience_bounds_nothing() -> None:
    """An audience under a wildcard does not name one organization."""
    said = tokens("api.pulumi.com/oidc", StringLike={"aud": "aws:*"})

    assert [grade for grade, rule, _ in said if rule == "no-sub"] == ["error"]


@pytest.mark.parametrize(
    ("provider", "claim", "is_listed"),
    [
        (GITLAB, "project_id", True),
        (GITLAB, "namespace_id", True),
        (GITLAB, "ref_protected", True),
        (GITLAB, "project_path", False),
        (GITLAB, "environment", False),
        (GITLAB, "amr", True),
        ("gitlab.acme.example", "project_id", False),
        (OWN_GITLAB, "project_id", False),
        (WORKSPACE, "repositoryUuid", False),
        (CIRCLECI, "oidc.circleci.com/project-id", True),
        (CIRCLECI, "oidc.circleci.com/vcs-ref", False),
        ("app.terraform.io", "terraform_workspace_id", True),
    ],
)
def test_wrong_key(provider: str, claim: str, is_listed: bool) -> None:
    """A claim that AWS lists no key for at the issuer is a warning, as nobody has tried it."""
    subject = {"gitlab.com": WEB, OWN_GITLAB: WEB}.get(provider, "x")
    said = tokens(provider, StringEquals={"sub": f"{subject}:ref:main", "aud": "a", claim: "7"})

    graded = [(grade, "not tried" in why) for grade, rule, why in said if rule == "wrong-key"]
    assert graded == ([] if is_listed else [("warning", True)])


def test_ids_narrow_a_wide_subject() -> None:
    """A wide `sub` beside an exact id stays a finding, which says what holds."""
    claims = {"StringEquals": {"aud": "a", "project_id": "7"}}
    wide = {"StringLike": {"sub": "project_path:*:ref_type:branch:ref:main"}}
    (one,) = [said for said in tokens(GITLAB, **claims, **wide) if said[1] == "star-sub"]

    assert one[0] == "warning"
    assert "`gitlab.com:project_id` narrows it" in one[2]


def test_the_narrower_of_two_conditions() -> None:
    """Where two conditions on `sub` must both hold, the narrow one counts."""
    narrow = {"sub": f"{WEB}:ref_type:branch:ref:main", "aud": "a"}
    said = tokens(GITLAB, StringEquals=narrow, StringLike={"sub": f"{WEB}:*"})

    assert said == []

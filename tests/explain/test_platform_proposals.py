"""Runs of GitLab, Bitbucket and CircleCI: what is proposed, in whose words, and what it lets in."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from explain_cases import (
    ACCOUNT,
    MAIN,
    ROLE,
    Json,
    estate_of,
    event,
    explain,
    explain_all,
    policy,
    role_answer,
    run_of,
    trail_of,
)
from judged_cases import Case, ask_simulator

from deploy_access.explain.decide import explain_run
from deploy_access.explain.token_request import web_identity
from deploy_access.github.run import Run
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.trust import evaluate_trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.finding import ProposedChange, RoleAnswer

GITLAB = "gitlab.com"
WORKSPACE = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
ORG = "c5a99188-154f-4f69-8da2-b442b1bf78dd"
CIRCLECI = f"oidc.circleci.com/org/{ORG}"
TERRAFORM = "app.terraform.io"
ARI = "ari:cloud:bitbucket::workspace/7baee083-4f25-4a97-8a9a-0fde1b623b45"
REPO, OTHER_REPO = "{2e9e429c-7b8b-404f}", "{11111111-7b8b-404f}"
PROD, STAGE = "{6d1d5c0a-7a5e-4f0a}", "{6d1d5c0a-0000-4f0a}"
STEP, OTHER_STEP = "{7baee083-4f25-4a97}", "{7baee083-1111-4a97}"
WEB = f"org/{ORG}/project/0a1b2c3d-154f"
API = f"org/{ORG}/project/ffffffff-154f"
ORIGIN = "vcs-origin/github.com/acme/web/vcs-ref"
ANA, BEN = "user/aaaaaaaa-154f", "user/bbbbbbbb-154f"
AUDIENCES = {
    GITLAB: "https://gitlab.com",
    "git.acme.example": "https://git.acme.example",
    WORKSPACE: ARI,
    CIRCLECI: ORG,
    TERRAFORM: "aws.workload.identity",
}
STS = "sts.amazonaws.com"


def gitlab(ref: str = "main", project: str = "acme/web", kind: str = "branch") -> str:
    """Write the `sub` of a job of GitLab."""
    return f"project_path:{project}:ref_type:{kind}:ref:{ref}"


def circleci(ref: str, user: str = ANA, project: str = WEB) -> str:
    """Write the `sub` of `$CIRCLE_OIDC_TOKEN_V2`."""
    return f"{project}/{user}/{ORIGIN}/{ref}"


def run_at(provider: str, subject: str, **more: Any) -> Run:
    """Make a run of a token that shows all of its claims."""
    known: Json = {"audience": AUDIENCES[provider], "complete": True, **more}
    return Run(name="token", subject=subject, provider=provider, **known)


def trusting(provider: str, *subjects: str, aud: str = "", **claims: str) -> Json:
    """Trust subjects, which are patterns where one has a wildcard."""
    operator = "StringLike" if any("*" in one for one in subjects) else "StringEquals"
    keys: Json = {f"{provider}:aud": aud or AUDIENCES[provider]}
    keys |= {f"{provider}:{claim}": value for claim, value in claims.items()}
    condition: Json = {"StringEquals": keys}
    wanted = subjects[0] if len(subjects) == 1 else list(subjects)
    condition.setdefault(operator, {})[f"{provider}:sub"] = wanted
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}"}
    return policy(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
    )


def proposals(run: Run, trust: Json) -> tuple[ProposedChange, ...]:
    """List what is proposed for a refused run."""
    found = explain(run, trust)
    assert found.answer == "denied"
    return found.cause.changes


def lets_in(trust: Any, run: Run) -> bool:
    """Whether a run may assume the role."""
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{run.provider}"
    decision = evaluate_trust(read_policy(trust).policy, web_identity(run, run.subject, arn))
    return decision.verdict is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("provider", "subject", "wanted", "forms"),
    [
        pytest.param(
            GITLAB,
            gitlab(),
            STS,
            (("YAML", f'id_tokens:\n  AWS_TOKEN:\n    aud: "{STS}"'),),
            id="GitLab",
        ),
        pytest.param(
            "git.acme.example",
            gitlab(),
            STS,
            (("YAML", f'id_tokens:\n  AWS_TOKEN:\n    aud: "{STS}"'),),
            id="GitLab at home",
        ),
        pytest.param(
            WORKSPACE,
            f"{REPO}:{PROD}:{STEP}",
            STS,
            (("YAML", f'oidc:\n  audiences:\n    - "{STS}"'),),
            id="Bitbucket",
        ),
        pytest.param(
            WORKSPACE,
            f"{REPO}:{PROD}:{STEP}",
            f"{ARI}0",
            (("YAML", "oidc: true"),),
            id="Bitbucket, of the workspace",
        ),
        pytest.param(
            CIRCLECI,
            circleci("refs/heads/main"),
            STS,
            (("Shell", f'circleci run oidc get --claims \'{{"aud": "{STS}"}}\''),),
            id="CircleCI",
        ),
        pytest.param(TERRAFORM, "organization:acme", STS, (), id="any other"),
    ],
)
def test_audience(provider: str, subject: str, wanted: str, forms: object) -> None:
    """The audience is asked for in the platform's own syntax, before the policy takes another."""
    first, *others = proposals(run_at(provider, subject), trusting(provider, subject, aud=wanted))

    assert (first.side, first.forms) == ("workflow", forms)
    assert first.run is not None
    assert first.run.audience == wanted
    assert [one.side for one in others] == ["policy"]
    assert "among the provider's client ids" in others[0].text


@pytest.mark.parametrize(
    ("partition", "held", "wanted", "first"),
    [
        ("aws-cn", STS, f"{STS}.cn", "workflow"),
        ("aws-cn", f"{STS}.cn", STS, "policy"),
        ("aws", STS, f"{STS}.cn", "policy"),
        ("aws", f"{STS}.cn", STS, "workflow"),
    ],
)
def test_audience_in_china(partition: str, held: str, wanted: str, first: str) -> None:
    """GitHub's action asks for another audience in China, so the one that is unusual is changed."""
    host = "token.actions.githubusercontent.com"
    trust = trusting(host, MAIN, aud=wanted)
    trust = json.loads(json.dumps(trust).replace("arn:aws:", f"arn:{partition}:"))
    answer = role_answer(trust, Arn=ROLE.replace("arn:aws:", f"arn:{partition}:"))
    changes = explain_all(run_of(audience=held), answer).findings[0].cause.changes

    asking = [one for one in changes if one.forms[0] == ("YAML", f"audience: {wanted}")]
    assert (changes[0].side, [one.side for one in asking]) == (first, ["workflow"])


def test_the_organization_as_audience() -> None:
    """A token of CircleCI has the organization's id without being asked."""
    subject = circleci("refs/heads/main")
    first, *_ = proposals(run_at(CIRCLECI, subject, audience=STS), trusting(CIRCLECI, subject))

    assert "`$CIRCLE_OIDC_TOKEN_V2`" in first.text
    assert first.forms == ()


@pytest.mark.parametrize(
    ("provider", "subject", "wanted", "text", "moved"),
    [
        (GITLAB, gitlab("feat"), gitlab(), "Run the pipeline on the branch 'main'.", gitlab()),
        (
            GITLAB,
            gitlab("feat"),
            gitlab("v*", kind="tag"),
            "Run the pipeline on a tag that matches 'v*'.",
            gitlab("vx", kind="tag"),
        ),
        (
            GITLAB,
            gitlab(),
            "project_path:acme/web:environment:prod",
            (
                "Let `sub` be made of `project_path`, `environment` in all of the project's tokens "
                "(`ci_id_token_sub_claim_components` of the projects API); and give the job the "
                "environment 'prod' that the policy wants:"
            ),
            "project_path:acme/web:environment:prod",
        ),
        (
            WORKSPACE,
            f"{REPO}:{STEP}",
            f"{REPO}:{PROD}:*",
            f"Give the step the `deployment:` whose environment has the UUID {PROD}.",
            f"{REPO}:{PROD}:{STEP}",
        ),
        (
            CIRCLECI,
            circleci("refs/heads/dev"),
            f"{WEB}/user/*/{ORIGIN}/refs/heads/main",
            "Run the pipeline on the branch 'main'.",
            circleci("refs/heads/main"),
        ),
        (
            CIRCLECI,
            f"{WEB}/{ANA}",
            f"{WEB}/user/*/{ORIGIN}/refs/heads/main",
            (
                "Use `$CIRCLE_OIDC_TOKEN_V2`, whose `sub` names the repository and the ref; and "
                "run the pipeline on the branch 'main'."
            ),
            circleci("refs/heads/main"),
        ),
    ],
)
def test_the_narrower_side_first(
    provider: str, subject: str, wanted: str, text: str, moved: str
) -> None:
    """To run what the policy trusts comes first, and leaves the policy as it is."""
    trust = trusting(provider, wanted)
    first, *others = proposals(run_at(provider, subject), trust)

    assert (first.text, first.policy) == (text, None)
    assert first.run is not None
    assert first.run.subject == moved
    assert lets_in(trust, first.run)
    assert {one.side for one in others} == {"policy"}


@pytest.mark.parametrize(
    ("provider", "subject", "wanted", "cause"),
    [
        (GITLAB, gitlab("feat"), gitlab(), "other-branch"),
        (GITLAB, gitlab("feat"), gitlab("v1", kind="tag"), "branch-not-tag"),
        (GITLAB, gitlab("v2", kind="tag"), gitlab("v1", kind="tag"), "other-tag"),
        (GITLAB, gitlab("v2", kind="tag"), gitlab("v2"), "tag-not-branch"),
        (GITLAB, gitlab(), gitlab(project="acme/api"), "other-repository"),
        (GITLAB, gitlab(), gitlab("Main"), "letter-case"),
        (GITLAB, gitlab(), "project_path:acme/web:environment:prod", "other-subject"),
        (GITLAB, gitlab(), gitlab(kind="mr"), "bad-ref"),
        (GITLAB, gitlab(), "repo:acme/web:ref:refs/heads/main", "bad-ref"),
        (GITLAB, gitlab(), gitlab("refs/heads/main"), "bad-ref"),
        ("git.acme.example", gitlab(), gitlab("main "), "bad-ref"),
        (WORKSPACE, f"{REPO}:{STEP}", f"{OTHER_REPO}:*", "other-repository"),
        (WORKSPACE, f"{REPO}:{STEP}", f"{REPO}:{PROD}:*", "other-subject"),
        (WORKSPACE, f"{REPO}:{STEP}", f"{REPO[1:-1]}:*", "bad-ref"),
        (CIRCLECI, circleci("refs/heads/dev"), circleci("refs/heads/main"), "other-branch"),
        (CIRCLECI, circleci("refs/heads/dev"), f"{API}/user/*", "other-repository"),
        (CIRCLECI, circleci("refs/heads/dev"), circleci("main"), "bad-ref"),
        (CIRCLECI, f"{WEB}/{ANA}", f"org/{ORG[::-1]}/project/*", "bad-ref"),
        (TERRAFORM, "organization:acme", "organization:other", "other-subject"),
    ],
)
def test_cause_of_a_subject(provider: str, subject: str, wanted: str, cause: str) -> None:
    """The cause is found in the parts of `sub`; a malformed value is what the audit finds too."""
    found = explain(run_at(provider, subject), trusting(provider, wanted))

    assert found.cause.id == cause
    if cause == "bad-ref":
        change = found.cause.changes[-1]
        assert change.policy is not None
        assert wanted not in json.dumps(change.policy) or "own" in change.text


def test_two_causes_are_mended_at_once() -> None:
    """With another branch and another audience, one proposal changes both."""
    trust = trusting(GITLAB, gitlab(), aud=STS)
    first, *_ = proposals(run_at(GITLAB, gitlab("feat")), trust)

    assert first.text == (
        "Run the pipeline on the branch 'main'; and ask for the audience that the policy wants, "
        "in the job of `.gitlab-ci.yml` that gets credentials:"
    )
    assert first.run is not None
    assert lets_in(trust, first.run)


@pytest.mark.parametrize(
    ("provider", "subject", "pattern", "risk"),
    [
        (WORKSPACE, f"{REPO}:{PROD}:{STEP}", f"{REPO}:{PROD}:*", "In the policy, "),
        (WORKSPACE, f"{REPO}:{STEP}", f"{REPO}:*", "Only if every branch and pull request "),
        (
            GITLAB,
            gitlab("v1.2", kind="tag"),
            gitlab("v*", kind="tag"),
            "Only if whoever may push a tag may deploy: ",
        ),
        (
            CIRCLECI,
            circleci("refs/heads/main"),
            f"{WEB}/user/*/{ORIGIN}/refs/heads/main",
            "In the policy, ",
        ),
    ],
)
def test_values_that_come_once(provider: str, subject: str, pattern: str, risk: str) -> None:
    """A step's UUID, a tag and a user are of one run, so the runs alike are trusted."""
    other = subject.replace("acme/web", "acme/api").replace(REPO, OTHER_REPO).replace(WEB, API)
    (change,) = proposals(run_at(provider, subject), trusting(provider, other))

    assert change.policy is not None
    statements: Any = change.policy["Statement"]
    assert statements[-1]["Condition"]["StringLike"] == {f"{provider}:sub": pattern}
    assert change.text.startswith(risk)


@pytest.mark.parametrize(
    ("provider", "claim", "answer", "cause"),
    [
        (GITLAB, "project_path", "denied", "unknown-key"),
        (GITLAB, "environment", "denied", "unknown-key"),
        ("git.acme.example", "project_id", "denied", "unknown-key"),
        (GITLAB, "project_id", "unknown", "undecided"),
        (GITLAB, "ref_protected", "unknown", "undecided"),
        (TERRAFORM, "terraform_project_id", "allowed", "allowed"),
    ],
)
def test_keys_that_aws_lists(provider: str, claim: str, answer: str, cause: str) -> None:
    """A claim that AWS lists no key for is not seen by AWS, which is said not to be tried."""
    subject = "organization:acme" if provider == TERRAFORM else gitlab()
    run = run_at(provider, subject, claims={claim: "7"})
    found = explain(run, trusting(provider, subject, **{claim: "7"}))

    assert (found.answer, found.cause.id) == (answer, cause)
    if cause == "unknown-key":
        assert f"no condition key `{claim}` for this provider" in found.cause.text
        assert "it was not tried" in found.cause.text
        (change,) = found.cause.changes
        assert change.policy == trusting(provider, subject)


def test_a_key_that_was_not_tried() -> None:
    """A key of one platform alone is in AWS's list; that it is compared is not known here."""
    run = run_at(GITLAB, gitlab(), claims={"project_id": "7"})
    listed = explain(run, trusting(GITLAB, gitlab(), project_id="7"))
    plain = explain(run, trusting(GITLAB, gitlab()))

    assert ["`gitlab.com:project_id`" in note for note in listed.notes] == [True]
    assert "is not known here" in listed.notes[0]
    assert plain.notes == ()


def test_event_of_another_platform() -> None:
    """An event shows `sub` and `aud` alone; a listed claim is not known, another is none."""
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITLAB}"
    identity = {
        "type": "WebIdentityUser",
        "principalId": f"{arn}:https://gitlab.com:{gitlab()}",
        "userName": gitlab(),
        "identityProvider": arn,
    }
    (run,) = trail_of(json.dumps(event(userIdentity=identity)).encode()).runs

    def answer(**claims: str) -> tuple[str, str]:
        content = role_answer(trusting(GITLAB, gitlab(), **claims))
        found = explain_run(run, estate_of(content)).findings[0]
        return found.answer, found.cause.id

    assert run.role_arn == ROLE
    assert answer() == ("allowed", "outside-policy")
    assert answer(project_id="7") == ("unknown", "undecided")
    assert answer(project_path="acme/web") == ("denied", "unknown-key")


GRID = {
    GITLAB: [
        *(gitlab(ref, project) for ref in ("main", "feat", "x") for project in ("acme/web", "b/c")),
        *(gitlab(ref, kind="tag") for ref in ("v1", "v2", "other")),
        *(f"project_path:acme/web:environment:{one}" for one in ("prod", "stage")),
    ],
    WORKSPACE: [
        *(f"{r}:{s}" for r in (REPO, OTHER_REPO) for s in (STEP, OTHER_STEP)),
        *(f"{r}:{e}:{STEP}" for r in (REPO, OTHER_REPO) for e in (PROD, STAGE)),
    ],
    CIRCLECI: [
        *(f"{p}/{u}" for p in (WEB, API) for u in (ANA, BEN)),
        *(
            circleci(ref, user, project)
            for ref in ("refs/heads/main", "refs/heads/dev", "refs/tags/v1", "refs/tags/v2")
            for user in (ANA, BEN)
            for project in (WEB, API)
        ),
    ],
}
PATTERNS = {
    GITLAB: ["project_path:acme/web:*", gitlab("v*", kind="tag"), gitlab("*"), "project_path:b/*"],
    WORKSPACE: [f"{REPO}:{PROD}:*", f"{REPO}:*", f"{OTHER_REPO}:{STAGE}:*"],
    CIRCLECI: [f"{WEB}/user/*", f"{WEB}/user/*/{ORIGIN}/refs/heads/main", f"{API}/*"],
}
DEAD = {
    GITLAB: [gitlab("refs/heads/main"), gitlab(kind="mr"), "acme/web"],
    WORKSPACE: [REPO, f"{REPO[1:-1]}:{STEP}"],
    CIRCLECI: [WEB, circleci("main")],
}
COUNT = 300


def cases() -> Iterator[tuple[Json, Run]]:
    """Make policies and runs, the same every time."""
    random = Random(11)  # noqa: S311 - the same cases every time
    for _ in range(COUNT):
        provider = random.choice(list(GRID))
        live = random.choice((GRID, PATTERNS))[provider]
        dead = DEAD[provider] if random.random() < 0.2 else []
        subjects = random.sample([*live, *dead, *dead], random.choice((1, 2)))
        claims = {"unlisted": "x"} if random.random() < 0.1 else {}
        aud = random.choice((STS, AUDIENCES[provider], AUDIENCES[provider]))
        trust = trusting(provider, *subjects, aud=aud, **claims)
        yield trust, run_at(provider, random.choice(GRID[provider]))


def kind(run: Run) -> str:
    """Return the `sub` of the runs like one: of the next step, the next user, the next tag."""
    if run.provider == WORKSPACE:
        return f"{run.subject.rpartition(':')[0]}:*"
    alike = run.subject.replace(":tag:ref:v1", ":tag:ref:v*").replace(":tag:ref:v2", ":tag:ref:v*")
    if ORIGIN in alike:
        alike = re.sub(r"/user/[^/]+", "/user/*", alike).replace("tags/v1", "tags/v*")
    return alike.replace("tags/v2", "tags/v*")


def asked(trust: Any, run: Run) -> Case:
    """Ask another judge whether a run, which has no claim but these, may assume the role."""
    claims = {"sub": run.subject, "aud": run.audience or ""}
    return Case(
        principal=f"arn:aws:iam::{ACCOUNT}:oidc-provider/{run.provider}",
        action="sts:AssumeRoleWithWebIdentity",
        resource=ROLE,
        context={f"{run.provider}:{claim}": value for claim, value in claims.items()},
        resource_policy=json.loads(json.dumps(trust)),
    )


@pytest.mark.slow
def test_three_way_rule() -> None:
    """The run gets in, whoever got in still does, and nothing but its kind is new."""
    denied = proposed = 0
    judged: list[Case] = []
    for trust, run in cases():
        found = explain(run, trust)
        if found.answer != "denied":
            continue
        denied += 1
        proposed += bool(found.cause.changes)
        without = json.loads(json.dumps(trust).replace(f'"{run.provider}:unlisted": "x"', '"": ""'))
        live = without["Statement"][0]["Condition"]["StringEquals"].pop("", None)
        assert live in {None, ""}
        for change in found.cause.changes:
            after: Any = change.policy or trust
            assert lets_in(after, change.run or run), (trust, run, change)
            judged.append(asked(after, change.run or run))
            for subject in GRID[run.provider]:
                for audience in (STS, AUDIENCES[run.provider]):
                    other = run_at(run.provider, subject, audience=audience)
                    was_in, is_in = lets_in(trust, other), lets_in(after, other)
                    assert is_in or not was_in, (trust, change, other)
                    is_kind = fnmatchcase(subject, kind(change.run or run))
                    assert not is_in or is_kind or lets_in(without, other), (trust, change, other)

    assert denied > COUNT / 2
    assert proposed > 0.9 * denied
    assert set(ask_simulator(judged)) == {Verdict.ALLOWED}


def texts(found: RoleAnswer) -> Iterator[str]:
    """List what is said to a person."""
    yield found.cause.text
    for change in found.cause.changes:
        yield change.text
        if change.side != "policy":
            yield from (text for _, text in change.forms)
    yield from found.notes


def test_the_words_are_the_platforms() -> None:
    """Nothing that is said about a run of another platform is about GitHub."""
    said = 0
    for trust, run in cases():
        for text in texts(explain(run, trust)):
            said += 1
            words = text.replace("github.com/acme", "")
            assert "github" not in words.casefold()
            assert "repo:" not in words
            assert "workflow" not in words.casefold()
    assert said > COUNT


def test_what_is_pasted_is_what_was_tried() -> None:
    """The JSON of each proposal is the whole `Condition`, or the statement, of the new policy."""
    for trust, run in cases():
        for change in explain(run, trust).cause.changes:
            if change.policy is None:
                continue
            text = dict(change.forms)["JSON"]
            statements: Any = change.policy["Statement"]
            shown = json.loads(f"{{{text}}}") if text.startswith('"') else json.loads(text)
            whole = [{"Condition": one["Condition"]} for one in statements]
            assert shown in [*statements, *whole]

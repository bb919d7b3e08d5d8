"""Who may assume a role: whole trust policies, as AWS gets them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from cdktf import TerraformStack, TerraformVariable
from synth import ACCOUNT, GITHUB, OTHER_ACCOUNT, REGION, WEB, Json, new_stack, policy, synth

from constructs_lib import (
    GithubDeployRole,
    GithubOwner,
    GithubRepo,
    Issuer,
    OidcProvider,
    OidcProviderBase,
    Subject,
    github_trust,
)
from constructs_lib.provider import AwsProvider
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdktf import App

    from deploy_access.github.repository import SubjectFormat

IMMUTABLE = "repo:acme@123456/web@456789"
LEGACY = "repo:acme/web"
OLD_WEB = GithubRepo("acme/web", subject_format="legacy")
MOVING_WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789, subject_format="both")
WORKFLOW = "acme/ci/.github/workflows/deploy.yml@refs/heads/main"
REUSING_WEB = GithubRepo(
    "acme/web",
    owner_id=123456,
    repo_id=456789,
    include_claim_keys=("repo", "context", "job_workflow_ref"),
)


def trust(
    sid: str,
    *,
    exact: str | list[str] | None = None,
    pattern: str | list[str] | None = None,
    host: str = GITHUB,
    audience: str | list[str] = "sts.amazonaws.com",
    claims: Json | None = None,
) -> Json:
    """Write one statement of a trust policy."""
    equals: Json = {f"{host}:aud": audience}
    equals |= {f"{host}:{key}": value for key, value in (claims or {}).items()}
    equals |= {f"{host}:sub": exact} if exact is not None else {}
    like = {"StringLike": {f"{host}:sub": pattern}} if pattern is not None else {}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": equals} | like,
    }


def trust_policy_for(
    stack: TerraformStack,
    subjects: Sequence[Subject],
    *,
    issuer: Issuer | str | None = None,
    audiences: Sequence[str] | None = None,
    accept: dict[str, str] | None = None,
    quota: int = 2048,
    **people: Any,
) -> Json:
    """Make a role and read who may assume it."""
    GithubDeployRole(
        stack,
        "Deploy",
        name=f"{stack.node.id}-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Idp", issuer=issuer, audiences=audiences),
        subjects=subjects,
        accept=accept,
        trust_policy_quota=quota,
        **people,
    )
    return synth(stack)["Deploy/Resource"].policy


@pytest.mark.parametrize(
    ("subject", "sub"),
    [
        pytest.param(WEB.environment("prod"), f"{IMMUTABLE}:environment:prod", id="environment"),
        pytest.param(
            WEB.environment("prod:eu"), f"{IMMUTABLE}:environment:prod%3Aeu", id="colon in it"
        ),
        pytest.param(WEB.branch("main"), f"{IMMUTABLE}:ref:refs/heads/main", id="branch"),
        pytest.param(WEB.tag("v1.0"), f"{IMMUTABLE}:ref:refs/tags/v1.0", id="tag"),
        pytest.param(WEB.pull_request(), f"{IMMUTABLE}:pull_request", id="pull request"),
        pytest.param(OLD_WEB.environment("prod"), f"{LEGACY}:environment:prod", id="legacy"),
        pytest.param(OLD_WEB.branch("main"), f"{LEGACY}:ref:refs/heads/main", id="legacy branch"),
        pytest.param(
            MOVING_WEB.environment("prod"),
            [f"{LEGACY}:environment:prod", f"{IMMUTABLE}:environment:prod"],
            id="both forms",
        ),
        pytest.param(
            REUSING_WEB.environment("prod").requiring(job_workflow_ref=WORKFLOW),
            f"{IMMUTABLE}:environment:prod:job_workflow_ref:{WORKFLOW}",
            id="template",
        ),
        pytest.param(
            Subject.custom("repo:acme/web:environment:prod:actor:octocat"),
            "repo:acme/web:environment:prod:actor:octocat",
            id="custom",
        ),
    ],
)
def test_exact_subject(stack: TerraformStack, subject: Subject, sub: str | list[str]) -> None:
    """An exact subject is compared with `StringEquals`, together with the audience."""
    assert trust_policy_for(stack, [subject]) == policy(
        trust("TrustExact", exact=sorted(sub) if isinstance(sub, list) else sub)
    )


@pytest.mark.parametrize(
    ("subject", "sub", "rule"),
    [
        pytest.param(WEB.tag_pattern("v*"), f"{IMMUTABLE}:ref:refs/tags/v*", None, id="tag"),
        pytest.param(
            WEB.branch_pattern("release/*"),
            f"{IMMUTABLE}:ref:refs/heads/release/*",
            "branch-glob",
            id="branch",
        ),
        pytest.param(WEB.any_ref(), f"{IMMUTABLE}:ref:*", "branch-glob", id="any ref"),
        pytest.param(WEB.anything(), f"{IMMUTABLE}:*", "repo-wide", id="anything"),
        pytest.param(
            GithubOwner("acme", owner_id=123456).any_repo(),
            "repo:acme@123456/*",
            "org-wide",
            id="any repository",
        ),
        pytest.param(
            Subject.custom_pattern(f"{IMMUTABLE}:environment:prod:actor:*"),
            f"{IMMUTABLE}:environment:prod:actor:*",
            None,
            id="custom",
        ),
    ],
)
def test_pattern_subject(
    stack: TerraformStack, subject: Subject, sub: str, rule: str | None
) -> None:
    """A pattern is compared with `StringLike`, the audience still exactly."""
    accept = {rule: "a test"} if rule else None

    assert trust_policy_for(stack, [subject], accept=accept) == policy(
        trust("TrustPattern", pattern=sub)
    )


def test_several_repositories(stack: TerraformStack) -> None:
    """Exact subjects of several repositories share a statement, sorted."""
    api = GithubRepo("acme/api", owner_id=123456, repo_id=111)

    assert trust_policy_for(
        stack, [WEB.environment("prod"), api.environment("prod"), WEB.branch("main")]
    ) == policy(
        trust(
            "TrustExact",
            exact=[
                "repo:acme@123456/api@111:environment:prod",
                f"{IMMUTABLE}:environment:prod",
                f"{IMMUTABLE}:ref:refs/heads/main",
            ],
        )
    )


def test_exact_and_pattern(stack: TerraformStack) -> None:
    """In one statement IAM would ask for both, so a pattern gets its own."""
    assert trust_policy_for(stack, [WEB.environment("prod"), WEB.tag_pattern("v*")]) == policy(
        trust("TrustExact", exact=f"{IMMUTABLE}:environment:prod"),
        trust("TrustPattern", pattern=f"{IMMUTABLE}:ref:refs/tags/v*"),
    )


def test_required_claims(stack: TerraformStack) -> None:
    """Subjects share a statement when they require the same claims, and only then."""
    main = {"ref": "refs/heads/main"}
    subjects = [
        WEB.environment("prod").requiring(ref="refs/heads/main"),
        WEB.tag_pattern("v*"),
        WEB.environment("stg").requiring(ref="refs/heads/main"),
        WEB.branch("main"),
        WEB.environment("prod").requiring(job_workflow_ref=WORKFLOW, repository_id="456789"),
        WEB.environment("dev").requiring(ref="refs/heads/dev"),
    ]

    assert trust_policy_for(stack, subjects, quota=8192) == policy(
        trust("TrustExact", exact=f"{IMMUTABLE}:ref:refs/heads/main"),
        trust("TrustPattern", pattern=f"{IMMUTABLE}:ref:refs/tags/v*"),
        trust(
            "TrustExactRequiringJobWorkflowRefRepositoryId",
            exact=f"{IMMUTABLE}:environment:prod",
            claims={"job_workflow_ref": WORKFLOW, "repository_id": "456789"},
        ),
        trust(
            "TrustExactRequiringRef",
            exact=f"{IMMUTABLE}:environment:dev",
            claims={"ref": "refs/heads/dev"},
        ),
        trust(
            "TrustExactRequiringRef2",
            exact=[f"{IMMUTABLE}:environment:prod", f"{IMMUTABLE}:environment:stg"],
            claims=main,
        ),
    )


def test_order_of_subjects(app: App) -> None:
    """The order in which subjects are listed means nothing."""
    subjects = [WEB.environment("prod"), WEB.tag_pattern("v*"), WEB.branch("main")]

    assert trust_policy_for(new_stack(app, "one"), subjects) == trust_policy_for(
        new_stack(app, "two"), subjects[::-1]
    )


@pytest.mark.parametrize(
    ("issuer", "host"),
    [
        pytest.param(Issuer.github("acme"), f"{GITHUB}/acme", id="enterprise slug"),
        pytest.param(Issuer.ghe("acme"), "token.actions.acme.ghe.com", id="data residency"),
        pytest.param(Issuer.ghes("git.acme.example"), "git.acme.example/_services/token", id="own"),
    ],
)
def test_condition_keys(stack: TerraformStack, issuer: Issuer, host: str) -> None:
    """The condition keys begin with the issuer, slug included."""
    assert trust_policy_for(stack, [OLD_WEB.branch("main")], issuer=issuer) == policy(
        trust("TrustExact", exact=f"{LEGACY}:ref:refs/heads/main", host=host)
    )


@pytest.mark.parametrize(
    ("issuer", "audience", "sub"),
    [
        pytest.param(
            "https://gitlab.com",
            "https://gitlab.com",
            "project_path:acme/web:ref_type:branch:ref:main",
            id="GitLab",
        ),
        pytest.param(
            "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
            "ari:cloud:bitbucket::workspace/0a1b2c",
            "{0a1b2c}:{3d4e5f}",
            id="Bitbucket",
        ),
    ],
)
def test_other_issuers(stack: TerraformStack, issuer: str, audience: str, sub: str) -> None:
    """Subjects of other issuers are taken as they are: GitHub's grammar is not theirs."""
    assert trust_policy_for(
        stack, [Subject.custom(sub)], issuer=issuer, audiences=[audience]
    ) == policy(
        trust("TrustExact", exact=sub, host=issuer.removeprefix("https://"), audience=audience)
    )


def test_one_of_several_audiences(stack: TerraformStack) -> None:
    """A role takes the one audience that it names of those that its provider takes."""
    provider = OidcProvider.from_account(stack, "Github", audiences=["two", "one"])
    subjects = [WEB.branch("main")]

    expected = policy(trust("TrustExact", exact=f"{IMMUTABLE}:ref:refs/heads/main", audience="one"))
    role = GithubDeployRole(
        stack, "Deploy", name="web", oidc_provider=provider, subjects=subjects, audience="one"
    )
    assert role.trust_policy.to_dict() == expected
    trusted = github_trust(oidc_provider=provider, subjects=subjects, audience="one")
    assert trusted.to_dict() == expected


@pytest.mark.parametrize(
    ("audiences", "audience", "what"),
    [
        (["two", "one"], None, "takes several audiences"),
        (["two", "one"], "three", "`audience` is one of those"),
        (None, "one", "`audience` is one of those"),
    ],
)
def test_an_audience_that_no_token_has(
    stack: TerraformStack, audiences: list[str] | None, audience: str | None, what: str
) -> None:
    """With several a role says which one, and none that STS would refuse."""
    provider = OidcProvider.from_account(stack, "Github", audiences=audiences)

    for make in (github_trust, partial(GithubDeployRole, stack, "Deploy", name="web")):
        with pytest.raises(InvalidValue, match=what):
            make(oidc_provider=provider, subjects=[WEB.branch("main")], audience=audience)


def test_a_trust_policy_alone_is_as_narrow(stack: TerraformStack) -> None:
    """What a role would refuse is refused here too, as nothing can be accepted."""
    provider = OidcProvider.from_account(stack, "Github")

    with pytest.raises(AccessRefused):
        github_trust(oidc_provider=provider, subjects=[WEB.anything()])
    with pytest.raises(InvalidValue):
        github_trust(oidc_provider=provider, subjects=[])


def test_claims_with_several_values_and_patterns(stack: TerraformStack) -> None:
    """Any of several values, or what looks like one, each in the statement of its subject."""
    subject = WEB.environment("prod").requiring(ref=["refs/heads/main", "refs/heads/hotfix"])
    found = trust_policy_for(stack, [subject.requiring_pattern(workflow="deploy-*")])

    expected = trust(
        "TrustExactRequiringRefWorkflow",
        exact=f"{IMMUTABLE}:environment:prod",
        claims={"ref": ["refs/heads/hotfix", "refs/heads/main"]},
    )
    expected["Condition"]["StringLike"] = {f"{GITHUB}:workflow": "deploy-*"}
    assert found == policy(expected)


def test_a_loose_workflow_is_refused(stack: TerraformStack) -> None:
    """A called workflow that anybody can change on a branch has its own rule, here too."""
    subject = WEB.branch("main").requiring_pattern(job_workflow_ref="acme/ci/*")

    with pytest.raises(AccessRefused, match="loose-job-workflow-ref"):
        trust_policy_for(stack, [subject])


def test_unknown_partition(app: App) -> None:
    """What is known at apply only is a reference; who is trusted stays readable."""
    stack = TerraformStack(app, "web")
    region = TerraformVariable(stack, "region", type="string").string_value
    AwsProvider(stack, "Aws", region=region)

    found = trust_policy_for(stack, [WEB.branch("main")])["Statement"][0]

    partition = "${data.aws_partition.DeployAccessPartition.partition}"
    account = "${data.aws_caller_identity.DeployAccessAccount.account_id}"
    assert found["Principal"] == {
        "Federated": f"arn:{partition}:iam::{account}:oidc-provider/{GITHUB}"
    }
    assert found["Condition"]["StringEquals"] == {
        f"{GITHUB}:aud": "${local.DeployAccessAudience}",
        f"{GITHUB}:sub": f"{IMMUTABLE}:ref:refs/heads/main",
    }


def made_there(app: App) -> OidcProviderBase:
    """Make a provider in another account."""
    return OidcProvider(new_stack(app, "other", account=OTHER_ACCOUNT), "Github")


def of_that_account(app: App) -> OidcProviderBase:
    """Refer to the provider of a stack of another account."""
    return OidcProvider.from_account(new_stack(app, "other", account=OTHER_ACCOUNT), "Github")


def by_arn(app: App) -> OidcProviderBase:
    """Refer to a provider by the ARN of another account."""
    arn = f"arn:aws:iam::{OTHER_ACCOUNT}:oidc-provider/{GITHUB}"
    return OidcProvider.from_arn(new_stack(app, "other"), "Github", arn=arn)


@pytest.mark.parametrize("provider_of", [made_there, of_that_account, by_arn])
def test_provider_of_another_account(
    app: App, provider_of: Callable[[App], OidcProviderBase]
) -> None:
    """A trust policy cannot name a provider of another account."""
    with pytest.raises(InvalidValue, match=f"in account {ACCOUNT}, its OIDC provider in another"):
        GithubDeployRole(
            new_stack(app),
            "Deploy",
            name="web-deploy",
            oidc_provider=provider_of(app),
            subjects=[WEB.branch("main")],
        )


def payments(number: int, subject_format: SubjectFormat) -> Subject:
    """Make a subject of 57 characters in the legacy form, 77 in the immutable one."""
    return GithubRepo(
        f"acme-platform/payments-api-{number:02}",
        owner_id=123456789,
        repo_id=987654321,
        subject_format=subject_format,
    ).environment("production")


@pytest.mark.parametrize(
    ("subject_format", "most"),
    [
        pytest.param("legacy", 28, id="legacy"),
        pytest.param("immutable", 21, id="immutable"),
        pytest.param("both", 12, id="both"),
    ],
)
def test_most_subjects(app: App, subject_format: SubjectFormat, most: int) -> None:
    """So many subjects fit under 2,048 characters; one more is refused."""
    subjects = [payments(number, subject_format) for number in range(most + 1)]

    trust_policy_for(new_stack(app, "fits"), subjects[:most])
    with pytest.raises(RuntimeError, match="this account lets it have 2048") as caught:
        trust_policy_for(new_stack(app, "long"), subjects)

    assert ("end the migration" in str(caught.value)) is (subject_format == "both")


def test_raised_quota(stack: TerraformStack) -> None:
    """A quota that AWS has raised for the account lets more subjects in."""
    subjects = [payments(number, "immutable") for number in range(90)]

    (found,) = trust_policy_for(stack, subjects, quota=8192)["Statement"]

    assert len(found["Condition"]["StringEquals"][f"{GITHUB}:sub"]) == 90


@pytest.mark.parametrize("quota", [0, 8193])
def test_impossible_quota(stack: TerraformStack, quota: int) -> None:
    """A quota that AWS gives nobody is refused."""
    with pytest.raises(InvalidValue, match="`trust_policy_quota` is 1 to 8192"):
        trust_policy_for(stack, [WEB.branch("main")], quota=quota)


def test_same_region_does_not_matter(app: App) -> None:
    """A provider has no region: one of the account serves roles of every region."""
    github = OidcProvider(new_stack(app, "account", region=REGION), "Github")

    GithubDeployRole(
        far := new_stack(app, region="us-east-1"),
        "Deploy",
        name="web-deploy",
        oidc_provider=github,
        subjects=[WEB.branch("main")],
    )

    assert synth(far)["Deploy/Resource"].policy == policy(
        trust("TrustExact", exact=f"{IMMUTABLE}:ref:refs/heads/main")
    )


ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"


def test_people(stack: TerraformStack) -> None:
    """The statement of the workflows stays as it is, and people have one of their own."""
    found = trust_policy_for(stack, [WEB.branch("main")], trusted_roles=[ADMIN])

    assert found == policy(
        trust("TrustExact", exact=f"{IMMUTABLE}:ref:refs/heads/main"),
        {
            "Sid": "People",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": ADMIN}},
        },
    )


@pytest.mark.parametrize(
    "people",
    [
        {"trusted_roles": ["admin"]},
        {"trusted_roles": [ADMIN, ADMIN]},
        {"trusted_users": [ADMIN]},
        {"trusted_roles": [ADMIN.replace("aws", "aws-cn")]},
        {"trusted_roles": ADMIN},
    ],
)
def test_people_refused(stack: TerraformStack, people: Json) -> None:
    """Names, other partitions, one twice, and a user who is a role are refused."""
    with pytest.raises(InvalidValue):
        trust_policy_for(stack, [WEB.branch("main")], **people)

"""Access that is too wide, or that never works: refused unless accepted by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from synth import ACCOUNT, PARAMETER, WEB, synth

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    GithubOwner,
    GithubRepo,
    OidcProvider,
    Statement,
    Subject,
)
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cdktf import TerraformStack

AWS_POLICY = "arn:aws:iam::aws:policy/"
GITLAB = "https://gitlab.com"
BITBUCKET = "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"


def make_role(
    stack: TerraformStack,
    subjects: Sequence[Subject],
    *,
    accept: Mapping[str, str] | None = None,
    issuer: str | None = None,
    managed_policies: Sequence[str] = (),
    statements: Sequence[Statement] = (),
) -> GithubDeployRole:
    """Make a role that trusts *subjects*."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider.from_account(stack, "Idp", issuer=issuer),
        subjects=subjects,
        accept=accept,
        managed_policies=managed_policies,
        statements=statements,
    )


NO_SUBJECTS: dict[str, tuple[object, list[object]]] = {
    "one subject": (WEB.branch("main"), [WEB.branch("main")]),
    "one text": ("repo:acme/web:ref:refs/heads/main", ["repo:acme/web:ref:refs/heads/main"]),
    "a repository": (WEB, [WEB]),
    "nothing": (None, [None]),
    "a text and a repository in the list": (["main", WEB], ["main", WEB]),
    "nothing in the list": ([WEB.branch("main"), None], [None]),
}


@pytest.mark.parametrize("case", NO_SUBJECTS)
def test_what_is_no_subject(stack: TerraformStack, case: str) -> None:
    """What others take for a subject is refused with what was given, all at once."""
    subjects, given = NO_SUBJECTS[case]

    with pytest.raises(InvalidValue) as caught:
        make_role(stack, cast("list[Subject]", subjects))

    assert [problem.given for problem in caught.value.problems] == given
    assert {"GithubRepo(" in problem.fix for problem in caught.value.problems} == {True}


MEANT = {
    "repo:acme/web:ref:refs/tags/v*": "GithubRepo('acme/web').tag_pattern('v*')",
    "repo:acme@1/web@2:environment:prod": "GithubRepo('acme/web', owner_id=1, repo_id=2)"
    ".environment('prod')",
    "acme/web:pull_request": "GithubRepo('acme/web').pull_request()",
    "repo:acme/*": "GithubOwner('acme').any_repo()",
    "main": "GithubRepo('acme/web', owner_id=1, repo_id=2).branch('main')",
}


@pytest.mark.parametrize("text", MEANT)
@pytest.mark.parametrize("is_listed", [True, False])
def test_which_subject_is_meant(stack: TerraformStack, text: str, *, is_listed: bool) -> None:
    """A text that says one kind of run is answered with the method that trusts just that."""
    given: Any = [text] if is_listed else text

    with pytest.raises(InvalidValue) as caught:
        make_role(stack, given)

    (problem,) = caught.value.problems
    code = MEANT[text] if is_listed else f"subjects=[{MEANT[text]}]"
    assert problem.fix.startswith(f"Write `{code}`")


WIDE_OR_DEAD = [
    pytest.param(GithubOwner("acme", owner_id=1).any_repo(), "org-wide", id="any repository"),
    pytest.param(GithubOwner("acme").any_repo(), "org-wide", id="any repository, legacy"),
    pytest.param(WEB.anything(), "repo-wide", id="anything"),
    pytest.param(WEB.branch_pattern("release/*"), "branch-glob", id="branch pattern"),
    pytest.param(WEB.any_ref(), "branch-glob", id="any ref"),
    pytest.param(WEB.any_tag(), "any-tag", id="any tag"),
    pytest.param(WEB.any_environment(), "any-environment", id="any environment"),
    pytest.param(
        Subject.custom_pattern("repo:acme@1/web@2:environment:prod-*"),
        "environment-glob",
        id="environments",
    ),
    pytest.param(Subject.custom_pattern("repo:acme*"), "prefix-no-slash", id="prefix"),
    pytest.param(Subject.custom_pattern("repo:acme/web*"), "repo-prefix", id="repository prefix"),
    pytest.param(
        Subject.custom_pattern("repo:acme@*/web@*:ref:refs/heads/main"), "id-wildcard", id="ids"
    ),
    pytest.param(Subject.custom_pattern("*"), "star-sub", id="everybody"),
    pytest.param(Subject.custom("repo:acme/web:ref:main"), "bad-ref", id="short ref"),
    pytest.param(Subject.custom("repo:acme/web:environment:a:b"), "bad-environment", id="colon"),
    pytest.param(Subject.custom("repo:acme/web"), "bad-ref", id="repository alone"),
    pytest.param(
        GithubRepo("acme/web", include_claim_keys=("repo",)).anything(),
        "repo-wide",
        id="template of the repository only",
    ),
    pytest.param(
        GithubRepo("acme/web", include_claim_keys=("repository_owner",)).anything(),
        "org-wide",
        id="template of the owner only",
    ),
]


@pytest.mark.parametrize(("subject", "rule"), WIDE_OR_DEAD)
def test_subject_refused(stack: TerraformStack, subject: Subject, rule: str) -> None:
    """A subject that is too wide or dead is refused by the rule that audit would report."""
    with pytest.raises(AccessRefused, match="Role 'web-deploy' is refused") as caught:
        make_role(stack, [WEB.environment("prod"), subject])

    assert [finding.rule for finding in caught.value.findings] == [rule]
    assert f'accept={{"{rule}": "<reason>"}}' in str(caught.value)


@pytest.mark.parametrize(
    ("subject", "rule"), [case for case in WIDE_OR_DEAD if case.id != "everybody"]
)
def test_subject_accepted(stack: TerraformStack, subject: Subject, rule: str) -> None:
    """The same subject passes when its rule is accepted with a reason, which stays visible."""
    make_role(stack, [subject], accept={rule: "pilot"})

    assert synth(stack)["Deploy/Resource"].facts["accept"] == {rule: "pilot"}


@pytest.mark.parametrize("issuer", [None, GITLAB, "https://app.terraform.io"])
@pytest.mark.parametrize("pattern", ["*", "**", "?*"])
def test_what_iam_refuses(stack: TerraformStack, pattern: str, issuer: str | None) -> None:
    """A role that IAM would refuse is not made, also where its width is accepted."""
    subjects = [Subject.custom("repo:acme/web:pull_request"), Subject.custom_pattern(pattern)]

    with pytest.raises(InvalidValue) as caught:
        make_role(stack, subjects, accept={"star-sub": "pilot", "bad-ref": "pilot"}, issuer=issuer)

    assert [(problem.given, problem.what) for problem in caught.value.problems] == [
        (pattern, "IAM makes no role for a shared issuer that trusts every `sub`, accepted or not.")
    ]


@pytest.mark.parametrize(
    ("subject", "issuer"),
    [
        pytest.param(
            Subject.custom_pattern("*").requiring(
                job_workflow_ref="acme/ci/.github/workflows/deploy.yml@refs/heads/main"
            ),
            None,
            id="a workflow",
        ),
        pytest.param(Subject.custom_pattern("repo:*"), None, id="a key"),
        pytest.param(Subject.custom_pattern("*"), "https://gitlab.example.com", id="own server"),
        pytest.param(Subject.custom_pattern("*"), "https://api.pulumi.com/oidc", id="by audience"),
    ],
)
def test_what_iam_takes(stack: TerraformStack, subject: Subject, issuer: str | None) -> None:
    """A role that IAM takes is made as accepted."""
    make_role(stack, [subject], accept={"star-sub": "pilot"}, issuer=issuer)

    assert "Deploy/Resource" in synth(stack).blocks


def test_another_rule_accepted(stack: TerraformStack) -> None:
    """An acceptance covers its own rule and no other."""
    with pytest.raises(AccessRefused):
        make_role(stack, [WEB.anything()], accept={"branch-glob": "pilot"})


def test_all_findings_at_once(stack: TerraformStack) -> None:
    """Every subject that is refused is listed, with all rules to accept."""
    with pytest.raises(AccessRefused) as caught:
        make_role(stack, [WEB.anything(), WEB.any_ref(), WEB.environment("prod")])

    assert [finding.rule for finding in caught.value.findings] == ["repo-wide", "branch-glob"]
    assert 'accept={"branch-glob": "<reason>", "repo-wide": "<reason>"}' in str(caught.value)


@pytest.mark.parametrize("issuer", [GITLAB, "https://app.terraform.io"])
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("?roject_path:acme/web:*", id="open start"),
        pytest.param("p*", id="part of the key"),
        pytest.param("project_path:*", id="key"),
        pytest.param("project_path:*:ref_type:branch:ref:main", id="key and branch"),
    ],
)
def test_everybody_of_another_issuer(stack: TerraformStack, pattern: str, issuer: str) -> None:
    """At another issuer, at least not every token is trusted."""
    with pytest.raises(AccessRefused) as caught:
        make_role(stack, [Subject.custom_pattern(pattern)], issuer=issuer)

    assert [finding.rule for finding in caught.value.findings] == ["star-sub"]


@pytest.mark.parametrize(
    ("issuer", "subject", "rule"),
    [
        (GITLAB, Subject.custom_pattern("project_path:acme*"), "prefix-no-slash"),
        (GITLAB, Subject.custom_pattern("project_path:acme/*"), "org-wide"),
        (GITLAB, Subject.custom_pattern("project_path:acme/web:ref_type:branch:*"), "branch-glob"),
        (GITLAB, Subject.custom("project_path:acme/web:ref_type:mr:ref:main"), "bad-ref"),
        (BITBUCKET, Subject.custom_pattern("{6d1d5c0a-7a5e}:*"), "repo-wide"),
        (BITBUCKET, Subject.custom_pattern("6d1d5c0a-7a5e:*"), "bad-ref"),
    ],
)
def test_subject_of_a_platform(
    stack: TerraformStack, issuer: str, subject: Subject, rule: str
) -> None:
    """A platform whose form of `sub` is known has the rules of the audit, and can accept them."""
    with pytest.raises(AccessRefused) as caught:
        make_role(stack, [subject], issuer=issuer)

    assert [finding.rule for finding in caught.value.findings] == [rule]


def test_environment_of_bitbucket(stack: TerraformStack) -> None:
    """An environment of Bitbucket is named by two UUIDs, and a step's UUID follows."""
    subject = Subject.custom_pattern("{6d1d5c0a-7a5e}:{7baee083-4f25}:*")
    make_role(stack, [subject], issuer=BITBUCKET)

    assert "Deploy/Resource" in synth(stack).blocks


def test_repository_of_another_issuer(stack: TerraformStack) -> None:
    """A repository on GitHub is refused for an issuer that is not GitHub's: it never matches."""
    with pytest.raises(InvalidValue, match="A subject of GitHub is trusted through another"):
        make_role(stack, [WEB.branch("main")], issuer=GITLAB)


def test_pattern_of_another_issuer(stack: TerraformStack) -> None:
    """A pattern of releases is taken, as with GitHub's tags."""
    make_role(
        stack, [Subject.custom_pattern("project_path:acme/web:ref_type:tag:ref:v*")], issuer=GITLAB
    )

    (statement,) = synth(stack)["Deploy/Resource"].policy["Statement"]
    assert statement["Sid"] == "TrustPattern"


WRITE = Statement(sid="Invalidate", actions=["cloudfront:CreateInvalidation"], resources=["*"])
READ = Statement(sid="Read", actions=["ssm:GetParameter", "s3:ListBucket"], resources=[PARAMETER])
DENY = Statement(sid="Never", actions=["iam:*"], resources=["*"], effect="Deny")


def push(stack: TerraformStack, role: GithubDeployRole) -> None:
    """Let the role push."""
    EcrRepo(stack, "Image", name="web").grant_push(role)


def push_elsewhere(stack: TerraformStack, role: GithubDeployRole) -> None:
    """Let the role push to a repository that is made elsewhere."""
    EcrRepo.from_name(stack, "Image", name="web").grant_push(role)


def deploy(stack: TerraformStack, role: GithubDeployRole) -> None:
    """Let the role deploy to ECS."""
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="prod",
        services=["web"],
        task_roles=[],
        execution_role=None,
    )


def write(stack: TerraformStack, role: GithubDeployRole) -> None:
    """Add a statement that writes."""
    del stack
    role.add_statement(WRITE)


def pull(stack: TerraformStack, role: GithubDeployRole) -> None:
    """Let the role pull."""
    EcrRepo(stack, "Image", name="web").grant_pull(role)


def read(stack: TerraformStack, role: GithubDeployRole) -> None:
    """Add a statement that reads, and one that denies."""
    del stack
    role.add_statement(READ)
    role.add_statement(DENY)


WAYS_TO_WRITE = [
    pytest.param(push, id="push"),
    pytest.param(push_elsewhere, id="push elsewhere"),
    pytest.param(deploy, id="deploy to ECS"),
    pytest.param(write, id="statement"),
]
PULL_REQUEST_SUBJECTS = [
    pytest.param(WEB.pull_request(), id="immutable"),
    pytest.param(GithubRepo("acme/web", subject_format="legacy").pull_request(), id="legacy"),
    pytest.param(Subject.custom("repo:acme/web:pull_request"), id="custom"),
    pytest.param(Subject.custom_pattern("repo:acme/web:pull_*"), id="pattern"),
]


@pytest.mark.parametrize("subject", PULL_REQUEST_SUBJECTS)
@pytest.mark.parametrize("use", WAYS_TO_WRITE)
def test_pull_request_that_writes(
    stack: TerraformStack, use: Callable[[TerraformStack, GithubDeployRole], None], subject: Subject
) -> None:
    """A role that trusts pull requests is not given anything that writes."""
    role = make_role(stack, [WEB.environment("prod"), subject])

    with pytest.raises(AccessRefused) as caught:
        use(stack, role)

    assert {finding.rule for finding in caught.value.findings} == {"pull-request-write"}


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        (GithubOwner("acme", owner_id=1).pull_request(), "org-wide"),
        (Subject.custom_pattern("repo:*/*:pull_request"), "star-sub"),
        (Subject.custom_pattern("repo:acme@1/web*:pull_request"), "repo-prefix"),
    ],
)
def test_pull_requests_of_many_repositories(
    stack: TerraformStack, subject: Subject, rule: str
) -> None:
    """A wildcard in the repository, which is accepted by its own name, does not hide the event."""
    role = make_role(stack, [subject], accept={rule: "a test"})

    with pytest.raises(AccessRefused) as caught:
        push(stack, role)

    assert {finding.rule for finding in caught.value.findings} == {"pull-request-write"}


@pytest.mark.parametrize("use", WAYS_TO_WRITE)
def test_pull_request_that_writes_accepted(
    stack: TerraformStack, use: Callable[[TerraformStack, GithubDeployRole], None]
) -> None:
    """It is, when that is accepted with a reason."""
    role = make_role(stack, [WEB.pull_request()], accept={"pull-request-write": "a test account"})

    use(stack, role)

    assert len(synth(stack).blocks) > 1


@pytest.mark.parametrize(
    "use", [pytest.param(pull, id="pull"), pytest.param(read, id="statements")]
)
def test_pull_request_that_reads(
    stack: TerraformStack, use: Callable[[TerraformStack, GithubDeployRole], None]
) -> None:
    """Reading is what such a role is for."""
    use(stack, make_role(stack, [WEB.pull_request()]))

    assert len(synth(stack).blocks) > 1


@pytest.mark.parametrize("use", WAYS_TO_WRITE)
def test_environment_that_writes(
    stack: TerraformStack, use: Callable[[TerraformStack, GithubDeployRole], None]
) -> None:
    """A role that trusts no pull request may write."""
    use(stack, make_role(stack, [WEB.environment("prod"), WEB.tag_pattern("v*")]))

    assert len(synth(stack).blocks) > 1


def test_statement_in_the_constructor(stack: TerraformStack) -> None:
    """A statement that writes is refused also where the role is made."""
    with pytest.raises(AccessRefused, match="statement 'Invalidate' allows"):
        make_role(stack, [WEB.pull_request()], statements=[READ, WRITE])


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param(f"{AWS_POLICY}AdministratorAccess", id="administrator"),
        pytest.param(f"{AWS_POLICY}AmazonEC2ContainerRegistryPowerUser", id="power user"),
        pytest.param(f"{AWS_POLICY}ReadOnlyAccessAndMore", id="name that begins so"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:policy/MyReadOnlyAccess", id="somebody's own"),
        pytest.param("${aws_iam_policy.ReadOnly.arn}", id="reference"),
    ],
)
def test_managed_policy_that_may_write(stack: TerraformStack, arn: str) -> None:
    """A managed policy is taken to write, unless AWS itself calls it read-only."""
    with pytest.raises(AccessRefused):
        make_role(stack, [WEB.pull_request()], managed_policies=[arn])


def test_managed_policy_accepted(stack: TerraformStack) -> None:
    """It is attached when that is accepted with a reason."""
    make_role(
        stack,
        [WEB.pull_request()],
        managed_policies=[f"{AWS_POLICY}AdministratorAccess"],
        accept={"full-access-policy": "a test", "pull-request-write": "a test account"},
    )

    assert "Deploy/Managed-AdministratorAccess" in synth(stack).blocks


@pytest.mark.parametrize(
    "name",
    [
        "ReadOnlyAccess",
        "AmazonEC2ContainerRegistryReadOnly",
        "job-function/ViewOnlyAccess",
    ],
)
def test_managed_policy_that_reads(stack: TerraformStack, name: str) -> None:
    """What AWS itself calls read-only is attached."""
    make_role(stack, [WEB.pull_request()], managed_policies=[f"{AWS_POLICY}{name}"])

    assert len(synth(stack).paths("aws_iam_role_policy_attachment")) == 1


def test_existing_role(stack: TerraformStack) -> None:
    """Whom an existing role trusts is not known here, so it may write."""
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy")

    EcrRepo(stack, "Image", name="web").grant_push(role)

    assert "Deploy/Push-web" in synth(stack).blocks


def test_refused_before_anything_is_made(stack: TerraformStack) -> None:
    """A refusal leaves nothing behind in the stack."""
    with pytest.raises(AccessRefused):
        make_role(stack, [WEB.anything()])

    assert synth(stack).paths() == []

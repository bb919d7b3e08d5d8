"""The role beside its trust: arguments, policies of its own, metadata, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cdktf import App, TerraformStack, TerraformVariable
from synth import (
    ACCOUNT,
    GITHUB,
    PARAMETER,
    WEB,
    new_stack,
    policy,
    statement,
    synth,
)

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
from constructs_lib.provider import IamPolicy
from deploy_access.acceptance import Acceptance
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY_ARN = "arn:aws:iam::aws:policy/"


def make_role(
    stack: TerraformStack, *, subjects: Sequence[Subject] | None = None, **keywords: Any
) -> GithubDeployRole:
    """Make a role that trusts an environment of acme/web through an existing provider."""
    defaults: dict[str, Any] = {
        "name": "web-deploy",
        "oidc_provider": OidcProvider.from_account(stack, "Github"),
        "subjects": [WEB.environment("prod")] if subjects is None else subjects,
    }
    return GithubDeployRole(stack, "Deploy", **(defaults | keywords))


def read(sid: str, resource: str = PARAMETER) -> Statement:
    """Allow reading a parameter."""
    return Statement(sid=sid, actions=["ssm:GetParameter"], resources=[resource])


def test_defaults(stack: TerraformStack) -> None:
    """What is not said is narrow: one hour, no policy, a description without subjects."""
    role = make_role(stack)

    made = synth(stack)
    arguments = dict(made["Deploy/Resource"].arguments)
    arguments.pop("assume_role_policy")
    assert made.paths() == ["Deploy/Resource"]
    assert arguments == {
        "name": "web-deploy",
        "path": "/",
        "description": "Deploys from acme/web",
        "max_session_duration": 3600,
    }
    assert (role.name, role.path) == ("web-deploy", "/")
    assert role.arn == f"arn:aws:iam::{ACCOUNT}:role/web-deploy"


def test_arguments(stack: TerraformStack) -> None:
    """Every keyword about the role itself reaches Terraform."""
    role = make_role(
        stack,
        path="/deploy/",
        description="Ships the web shop",
        max_session_duration=7200,
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/boundary",
        tags={"team": "web"},
    )

    arguments = dict(synth(stack)["Deploy/Resource"].arguments)
    arguments.pop("assume_role_policy")
    assert arguments == {
        "name": "web-deploy",
        "path": "/deploy/",
        "description": "Ships the web shop",
        "max_session_duration": 7200,
        "permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/boundary",
        "tags": {"team": "web"},
    }
    assert role.arn == f"arn:aws:iam::{ACCOUNT}:role/deploy/web-deploy"


@pytest.mark.parametrize(
    ("subjects", "description"),
    [
        pytest.param(
            [WEB.environment("prod"), WEB.branch("main")], "Deploys from acme/web", id="one"
        ),
        pytest.param(
            [
                WEB.environment("prod"),
                GithubRepo("acme/api", owner_id=123456, repo_id=1).branch("main"),
            ],
            "Deploys from acme/api, acme/web",
            id="two",
        ),
        pytest.param(
            [
                GithubOwner("acme", owner_id=123456)
                .repo(f"{n:02}" + "x" * 90, repo_id=1 + n)
                .tag("v")
                for n in range(12)
            ],
            f"Deploys from 12 repositories, acme/00{'x' * 90} to acme/11{'x' * 90}",
            id="too many to list",
        ),
        pytest.param(
            [Subject.custom("repo:acme/web:environment:prod")],
            f"Deploys with tokens of {GITHUB}",
            id="custom",
        ),
    ],
)
def test_description(stack: TerraformStack, subjects: list[Subject], description: str) -> None:
    """Without one of its own a role is described by its repositories, in IAM's limit."""
    make_role(stack, subjects=subjects, trust_policy_quota=8192)

    assert synth(stack)["Deploy/Resource"].arguments["description"] == description


def test_metadata(stack: TerraformStack) -> None:
    """The role carries what was accepted; subjects, region and ARNs are read elsewhere."""
    make_role(stack, subjects=[WEB.anything()], accept={"repo-wide": "pilot until 2027-01"})

    assert synth(stack)["Deploy/Resource"].facts == {
        "format": 1,
        "construct": "GithubDeployRole",
        "accept": {"repo-wide": "pilot until 2027-01"},
    }


def test_metadata_is_small(stack: TerraformStack) -> None:
    """Metadata says whose resource it is, where the resource itself does not, and no more."""
    make_role(stack, statements=[read("Read")], managed_policies=[f"{POLICY_ARN}ReadOnlyAccess"])

    made = synth(stack)
    assert {path: made[path].facts for path in made.paths()} == {
        "Deploy/Resource": {"format": 1, "construct": "GithubDeployRole"},
        "Deploy/Statements": {"format": 1, "construct": "GithubDeployRole", "role": "web-deploy"},
        "Deploy/Managed-ReadOnlyAccess": {},
    }


def test_managed_policies(stack: TerraformStack) -> None:
    """Each managed policy is an attachment named after it, whatever their order."""
    make_role(
        stack,
        managed_policies=[
            f"{POLICY_ARN}service-role/AmazonECSTaskExecutionRolePolicy",
            f"{POLICY_ARN}ReadOnlyAccess",
        ],
    )

    made = synth(stack)
    role = f"${{{made['Deploy/Resource'].address}.name}}"
    assert {
        path: made[path].arguments for path in made.paths("aws_iam_role_policy_attachment")
    } == {
        "Deploy/Managed-AmazonECSTaskExecutionRolePolicy": {
            "role": role,
            "policy_arn": f"{POLICY_ARN}service-role/AmazonECSTaskExecutionRolePolicy",
        },
        "Deploy/Managed-ReadOnlyAccess": {
            "role": role,
            "policy_arn": f"{POLICY_ARN}ReadOnlyAccess",
        },
    }


def test_managed_policies_of_one_name(stack: TerraformStack) -> None:
    """Two policies of one name in two places are kept apart by a part of their hash."""
    make_role(
        stack,
        managed_policies=[
            f"{POLICY_ARN}ReadOnlyAccess",
            f"arn:aws:iam::{ACCOUNT}:policy/ReadOnlyAccess",
        ],
    )

    assert synth(stack).paths("aws_iam_role_policy_attachment") == [
        "Deploy/Managed-ReadOnlyAccess-2a3bda39",
        "Deploy/Managed-ReadOnlyAccess-d045127e",
    ]


def test_managed_policy_of_the_stack(stack: TerraformStack) -> None:
    """A policy made beside the role is attached by reference, and named by it."""
    extra = IamPolicy(stack, "Extra", name="extra", policy="{}")

    make_role(stack, managed_policies=[extra.arn])

    attachment = synth(stack)["Deploy/Managed-aws_iam_policy.Extra.arn"]
    assert attachment.arguments["policy_arn"] == "${aws_iam_policy.Extra.arn}"


def test_managed_policies_with_unknown_accounts(app: App) -> None:
    """Names that hold a reference do not depend on how many references came before."""
    paths: list[list[str]] = []
    for number, stack in enumerate([new_stack(app, "one"), new_stack(app, "two")]):
        accounts = [TerraformVariable(stack, f"a{n}", type="string").string_value for n in "12"]
        policies = [f"arn:aws:iam::{account}:policy/ReadOnlyAccess" for account in accounts]
        make_role(stack, name=f"deploy-{number}", managed_policies=policies)
        paths.append(synth(stack).paths("aws_iam_role_policy_attachment"))

    assert paths[0] == paths[1]


def test_statements(stack: TerraformStack) -> None:
    """Statements, given at once or added later, make one inline policy, in their order."""
    role = make_role(stack, statements=[read("ReadConfig", "arn:aws:ssm:::parameter/web")])
    role.add_statement(
        Statement(sid="Invalidate", actions=["cloudfront:CreateInvalidation"], resources=["*"])
    )

    made = synth(stack)
    block = made["Deploy/Statements"]
    assert block.policy == policy(
        statement("ReadConfig", "ssm:GetParameter", "arn:aws:ssm:::parameter/web"),
        statement("Invalidate", "cloudfront:CreateInvalidation", "*"),
    )
    assert block.type == "aws_iam_role_policy"
    assert block.arguments["name"] == "statements"
    assert block.arguments["role"] == f"${{{made['Deploy/Resource'].address}.name}}"


def test_iam_variables(stack: TerraformStack) -> None:
    """IAM's own variables are escaped, so that Terraform hands them on to AWS."""
    resource = "arn:aws:s3:::web/${aws:PrincipalTag/team}/${*}"
    make_role(
        stack, statements=[Statement(sid="Own", actions=["s3:GetObject"], resources=[resource])]
    )

    block = synth(stack)["Deploy/Statements"]
    assert '"arn:aws:s3:::web/$${aws:PrincipalTag/team}/$${*}"' in block.arguments["policy"]
    assert block.policy == policy(statement("Own", "s3:GetObject", resource))


def test_directives(stack: TerraformStack) -> None:
    """Text that Terraform would read as a directive is escaped as well."""
    resource = "arn:aws:s3:::web/%{team}/*"
    make_role(
        stack, statements=[Statement(sid="Own", actions=["s3:GetObject"], resources=[resource])]
    )

    block = synth(stack)["Deploy/Statements"]
    assert '"arn:aws:s3:::web/%%{team}/*"' in block.arguments["policy"]
    assert block.policy == policy(statement("Own", "s3:GetObject", resource))


def test_references_in_statements(stack: TerraformStack) -> None:
    """References of Terraform stay references."""
    bucket = TerraformVariable(stack, "bucket", type="string").string_value
    make_role(
        stack,
        statements=[
            Statement(sid="Own", actions=["s3:GetObject"], resources=[f"arn:aws:s3:::{bucket}/*"])
        ],
    )

    assert synth(stack)["Deploy/Statements"].policy == policy(
        statement("Own", "s3:GetObject", "arn:aws:s3:::${var.bucket}/*")
    )


def test_never_exclusive(stack: TerraformStack) -> None:
    """The role's own policy arguments, which detach what others attached, are never used."""
    role = make_role(
        stack,
        statements=[read("Read")],
        managed_policies=[f"{POLICY_ARN}ReadOnlyAccess"],
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    )
    EcrRepo(stack, "Image", name="web").grant_push(role)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="prod",
        services=["web"],
        task_roles=["web-task"],
        execution_role=None,
    )

    made = synth(stack)
    assert not {"inline_policy", "managed_policy_arns"} & set(made["Deploy/Resource"].arguments)
    assert {made[path].type for path in made.paths() if path.startswith(("Deploy/", "Ecs/"))} == {
        "aws_iam_policy",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
    }


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        pytest.param({"name": ""}, "name of a role has 1 to 64", id="no name"),
        pytest.param({"name": "a" * 65}, "name of a role has 1 to 64", id="long name"),
        pytest.param({"name": "web/deploy"}, "name of a role has 1 to 64", id="slash in name"),
        pytest.param({"name": "GitHubActions"}, "cannot be assumed", id="dead name"),
        pytest.param({"path": "deploy"}, "A path begins and ends with", id="path"),
        pytest.param({"path": f"/{'a' * 511}/"}, "at most 512 characters", id="long path"),
        pytest.param({"description": "a" * 1001}, "at most 1000 characters", id="description"),
        pytest.param({"description": "→ web"}, "of Latin-1", id="arrow in description"),
        pytest.param({"max_session_duration": 3599}, "3600 to 43200 seconds", id="short session"),
        pytest.param({"max_session_duration": 43201}, "3600 to 43200 seconds", id="long session"),
        pytest.param({"permissions_boundary": "boundary"}, "`permissions_boundary`", id="boundary"),
        pytest.param({"managed_policies": ["Read only"]}, "`managed_policies`", id="no ARN"),
        pytest.param(
            {"managed_policies": ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"]},
            "of another partition",
            id="partition",
        ),
        pytest.param(
            {"managed_policies": ["arn:aws:iam::444455556666:policy/web"]},
            "The policy is of another account",
            id="account",
        ),
        pytest.param(
            {"permissions_boundary": "arn:aws:iam::444455556666:policy/web"},
            "The policy is of another account",
            id="account of the boundary",
        ),
        pytest.param(
            {"managed_policies": [f"arn:aws:iam::{ACCOUNT}:role/web"]},
            "ARN of a managed",
            id="role",
        ),
        pytest.param(
            {"managed_policies": f"{POLICY_ARN}ReadOnlyAccess"}, "is a list of texts", id="one text"
        ),
        pytest.param(
            {"managed_policies": [f"{POLICY_ARN}ReadOnlyAccess"] * 2}, "each once", id="twice"
        ),
        pytest.param({"managed_policies_quota": 26}, "is 1 to 25", id="impossible quota"),
        pytest.param({"subjects": []}, "`subjects` names at least one", id="nobody"),
        pytest.param({"accept": {"repo-wid": "x"}}, "Did you mean 'repo-wide'", id="unknown rule"),
        pytest.param({"accept": {"repo-wide": " "}}, "needs a reason", id="no reason"),
        pytest.param(
            {"accept": {"repo-wid": Acceptance("x", until="2027-01-31")}},
            "Did you mean 'repo-wide'",
            id="unknown rule until a day",
        ),
        pytest.param(
            {"accept": {"repo-wide": {"reason": "x"}}}, "`Acceptance`", id="no acceptance"
        ),
        pytest.param({"tags": {"aws:team": "web"}}, "A tag has a key", id="AWS's tag"),
        pytest.param({"tags": {"team": "a" * 257}}, "A tag has a key", id="long tag"),
        pytest.param({"tags": {str(n): "" for n in range(51)}}, "at most 50 tags", id="51 tags"),
        pytest.param({"statements": [read("A"), read("A")]}, "a `sid` of its own", id="same sid"),
        pytest.param(
            {
                "statements": [
                    Statement(sid="A", actions=["s3:GetObject"], principals={"AWS": [ACCOUNT]})
                ]
            },
            "names a principal",
            id="principal",
        ),
    ],
)
def test_refused(stack: TerraformStack, keywords: dict[str, Any], message: str) -> None:
    """What IAM would refuse, or what never works, is refused here, as one problem."""
    with pytest.raises(InvalidValue, match=message) as caught:
        make_role(stack, **keywords)

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    "keywords",
    [
        pytest.param({"name": "a" * 64}, id="name"),
        pytest.param({"path": f"/{'a' * 510}/"}, id="path"),
        pytest.param({"description": "a" * 1000}, id="description"),
        pytest.param({"description": "für Kunden"}, id="Latin-1"),
        pytest.param({"max_session_duration": 43200}, id="session"),
        pytest.param({"tags": {str(n): "" for n in range(50)}}, id="tags"),
        pytest.param({"name": "${var.x}", "path": "${var.x}", "description": "${var.x}"}, id="ref"),
        pytest.param({"permissions_boundary": "${aws_iam_policy.B.arn}"}, id="boundary by ref"),
    ],
)
def test_just_taken(stack: TerraformStack, keywords: dict[str, Any]) -> None:
    """What IAM just takes is taken, and references pass through."""
    make_role(stack, **keywords)

    arguments = synth(stack)["Deploy/Resource"].arguments
    assert {key: arguments[key] for key in keywords} == keywords


def test_everything_wrong_at_once(stack: TerraformStack) -> None:
    """Mistakes in several keywords come in one error."""
    with pytest.raises(InvalidValue) as caught:
        make_role(
            stack,
            subjects=[],
            name="web deploy",
            path="deploy",
            max_session_duration=60,
            trust_policy_quota=0,
            accept={"x": "y"},
        )

    assert len(caught.value.problems) == 6


def test_four_parts(stack: TerraformStack) -> None:
    """An error says what is wrong, what was given, why it matters and what to do."""
    with pytest.raises(InvalidValue) as caught:
        make_role(stack, path="deploy")

    (problem,) = caught.value.problems
    assert all((problem.what, problem.given == "deploy", problem.why, problem.fix))


def test_inline_total(stack: TerraformStack) -> None:
    """Inline policies add up over 10,240 characters at synthesis, and the error counts them."""
    role = make_role(stack)
    long = f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/" + "a" * 400
    for number in range(19):
        role.add_statement(read(f"Read{number}", f"{long}{number}"))
    assert "Deploy/Statements" in synth(stack).blocks

    EcrRepo(stack, "Image", name="web").grant_push(role)
    role.add_statement(read("Last", f"{long}last"))

    with pytest.raises(
        RuntimeError, match="inline policies of role 'web-deploy' have 10"
    ) as caught:
        synth(stack)
    assert "Deploy/Push-web': " in str(caught.value)


def test_references_do_not_count(stack: TerraformStack) -> None:
    """A token has another length than what it stands for, so it is not counted."""
    role = make_role(stack)
    resources = [f"${{aws_ssm_parameter.{'a' * 500}{n}.arn}}" for n in range(30)]

    role.add_statement(Statement(sid="Read", actions=["ssm:GetParameter"], resources=resources))

    assert len(synth(stack)["Deploy/Statements"].arguments["policy"]) > 10_240


@pytest.mark.parametrize(("quota", "fits"), [(2, False), (3, True), (20, True)])
def test_attachments(stack: TerraformStack, quota: int, *, fits: bool) -> None:
    """All managed policies count against the quota, those of EcsDeployPolicy too."""
    role = make_role(
        stack, managed_policies=[f"{POLICY_ARN}ReadOnlyAccess"], managed_policies_quota=quota
    )
    for cluster in ("blue", "green"):
        EcsDeployPolicy(
            stack,
            cluster,
            role=role,
            cluster=cluster,
            services=["web"],
            task_roles=[],
            execution_role=None,
        )

    if fits:
        assert len(synth(stack).paths("aws_iam_role_policy_attachment")) == 3
    else:
        with pytest.raises(RuntimeError, match="has 3 managed policies; this account lets a role"):
            synth(stack)


@pytest.mark.parametrize(
    ("subjects", "warnings"),
    [
        pytest.param([WEB.environment("prod")], [], id="ids"),
        pytest.param(
            [GithubRepo("acme/web", subject_format="legacy").environment("prod")],
            [],
            id="legacy on purpose",
        ),
        pytest.param(
            [GithubRepo("acme/web").environment("prod"), GithubRepo("acme/web").branch("main")],
            ["The subject of 'acme/web' is taken to have the legacy form"],
            id="no ids, once",
        ),
        pytest.param(
            [WEB.environment("prod eu")], ["The environment 'prod eu' holds ' '"], id="odd name"
        ),
    ],
)
def test_warnings(stack: TerraformStack, subjects: list[Subject], warnings: list[str]) -> None:
    """What a person should check stands in the manifest, at the role, once."""
    make_role(stack, subjects=subjects)

    found = synth(stack).warnings
    assert [(path, text[: len(w)]) for (path, text), w in zip(found, warnings, strict=True)] == [
        ("web/Deploy", w) for w in warnings
    ]


def test_warning_says_what_to_do(stack: TerraformStack) -> None:
    """Whoever has no ids yet is told how to find out, and how not to be locked out."""
    make_role(stack, subjects=[GithubRepo("acme/web").environment("prod")])

    ((_, message),) = synth(stack).warnings
    assert "gh api repos/acme/web/actions/oidc/customization/sub" in message
    assert 'subject_format="both"' in message


def test_warnings_without_stack_traces(stack: TerraformStack) -> None:
    """A warning in the manifest has no stack trace: it would hold folders of this machine."""
    make_role(stack, subjects=[GithubRepo("acme/web").environment("prod")])

    (annotation,) = synth(stack).manifest["annotations"]
    assert annotation.get("stacktrace", []) == []


def test_policies_of_aws_by_name(app: App) -> None:
    """A name is that of one of AWS's own policies, in the partition of the role."""
    stack = new_stack(app, region="cn-north-1")
    make_role(stack, managed_policies=["ReadOnlyAccess", "job-function/ViewOnlyAccess"])

    made = synth(stack)
    assert {
        path: made[path].arguments["policy_arn"]
        for path in made.paths("aws_iam_role_policy_attachment")
    } == {
        "Deploy/Managed-ReadOnlyAccess": "arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
        "Deploy/Managed-ViewOnlyAccess": "arn:aws-cn:iam::aws:policy/job-function/ViewOnlyAccess",
    }


def test_a_name_is_judged_as_the_policy(stack: TerraformStack) -> None:
    """What its ARN is refused for, its name is refused for too."""
    with pytest.raises(AccessRefused, match="AdministratorAccess"):
        make_role(stack, managed_policies=["AdministratorAccess"])

"""Permissions that the audit warns of: refused in its words unless accepted by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import pytest
from cdktf import TerraformVariable
from synth import ACCOUNT, PARAMETER, REGION, WEB, new_stack, synth

from constructs_lib import (
    CodeDeploy,
    EcrRegistry,
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    OidcProvider,
    PullThroughCache,
    Statement,
    TrustedRole,
)
from deploy_access.audit.catalogue import PERMISSION_RULES
from deploy_access.audit.estate_audit import audit_estate
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import InvalidValue
from deploy_access.iam.capabilities import EcsCapability
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from cdktf import App, TerraformStack

    from deploy_access.audit.finding import Finding
    from deploy_access.audit.report_model import Audit

ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-task"
IMAGE = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/prod"
SERVICE = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service"
TO_TASKS = {"StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def make_role(stack: TerraformStack, **keywords: Any) -> GithubDeployRole:
    """Make a role that trusts one environment."""
    defaults: dict[str, Any] = {
        "name": "web-deploy",
        "oidc_provider": OidcProvider.from_account(stack, f"Idp{len(stack.node.children)}"),
        "subjects": [WEB.environment("prod")],
    }
    return GithubDeployRole(stack, "Deploy", **(defaults | keywords))


def allow(action: str, resource: str, **conditions: Any) -> dict[str, Any]:
    """Give a role one statement."""
    statement = Statement(sid="Own", actions=[action], resources=[resource], conditions=conditions)
    return {"statements": [statement]}


def attach(name: str) -> dict[str, Any]:
    """Give a role a managed policy of AWS."""
    return {"managed_policies": [f"arn:aws:iam::aws:policy/{name}"]}


def refused(stack: TerraformStack, **keywords: Any) -> AccessRefused:
    """Make a role that is refused."""
    with pytest.raises(AccessRefused) as caught:
        make_role(stack, **keywords)
    return caught.value


def audit(stack: TerraformStack) -> Audit:
    """Synthesize the stack, and audit what is written."""
    synth(stack)
    return audit_estate(read_estate(Path(cast("App", stack.node.root).outdir)))


def warnings(found: Audit) -> list[str]:
    """Name the rules of what the audit would have somebody change."""
    return [p.finding.rule for p in found.findings if p.finding.severity != "note"]


def accepted(found: Audit) -> tuple[Finding, ...]:
    """List what the audit prints as accepted for the reason that is given here."""
    return tuple(p.finding for p in found.accepted if p.accepted == "a pilot")


WIDE = [
    pytest.param(allow("ecs:ExecuteCommand", CLUSTER), "ecs-exec", id="commands in containers"),
    pytest.param(allow("ecs:RegisterContainerInstance", CLUSTER), "cluster-host", id="machines"),
    pytest.param(allow("ssm:StartSession", "*"), "far-reaching", id="far-reaching"),
    pytest.param(allow("iam:PassRole", "*", **TO_TASKS), "pass-role-star", id="pass any role"),
    pytest.param(
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/web-*", **TO_TASKS),
        "pass-role-star",
        id="pass roles of a name",
    ),
    pytest.param(allow("iam:PassRole", ROLE), "pass-role-service", id="pass to any service"),
    pytest.param(allow("ecs:*", f"{SERVICE}/prod/web"), "service-wildcard", id="all of ECS"),
    pytest.param(allow("*", "*"), "service-wildcard", id="everything"),
    pytest.param(allow("ecr:PutImage", "*"), "resource-star", id="push to all"),
    pytest.param(allow("ssm:GetParameter", "*"), "resource-star", id="read all"),
    pytest.param(allow("iam:*", "*"), "permissions-management", id="all of IAM"),
    pytest.param(
        allow("ecr:SetRepositoryPolicy", IMAGE), "permissions-management", id="let others in"
    ),
    pytest.param(allow("sts:AssumeRole", "*"), "assume-onwards", id="become any role"),
    pytest.param(allow("sts:AssumeRole", ROLE), "assume-onwards", id="become one role"),
    pytest.param(allow("ecs:UpdateService", f"{SERVICE}/web"), "no-cluster", id="no cluster"),
    pytest.param(
        allow("ssm:GetParameter", PARAMETER, StringLikes={"aws:username": ["x"]}),
        "malformed-policy",
        id="unknown operator",
    ),
    pytest.param(attach("AdministratorAccess"), "full-access-policy", id="administrator"),
    pytest.param(attach("PowerUserAccess"), "full-access-policy", id="power user"),
    pytest.param(attach("AmazonECS_FullAccess"), "full-access-policy", id="all of ECS attached"),
]
# A statement has no `NotAction`, and a role is attached to by its name.
# What a deploy does by design is a note, and refuses nothing.
NOTES = {rule for rule in PERMISSION_RULES if rule.startswith("runs-")}
ELSEWHERE = {"not-action", "role-arn", *NOTES}


def test_every_rule_is_tried() -> None:
    """Every rule about permissions stands in the table, or cannot be written in a construct."""
    tried = {str(case.values[1]) for case in WIDE}

    assert PERMISSION_RULES - tried == ELSEWHERE


@pytest.mark.parametrize(("given", "rule"), WIDE)
def test_refused(stack: TerraformStack, given: dict[str, Any], rule: str) -> None:
    """What is too wide is refused by its rule, which the message names with the way out."""
    error = refused(stack, **given)

    assert {finding.rule for finding in error.findings} == {rule}
    assert f'accept={{"{rule}": "<reason>"}}' in str(error)
    assert synth(stack).paths() == []


def test_added(stack: TerraformStack) -> None:
    """A statement that is added later is judged like the first ones, which stay."""
    role = make_role(stack, **allow("ssm:GetParameter", PARAMETER))
    wide = Statement(sid="Wide", actions=["ecs:*"], resources=[f"{SERVICE}/prod/web"])

    with pytest.raises(AccessRefused, match=r"with statement 'Wide' is refused.*\n.*ecs:\*"):
        role.add_statement(wide)

    assert [s["Sid"] for s in synth(stack)["Deploy/Statements"].policy["Statement"]] == ["Own"]


@pytest.mark.parametrize(("given", "rule"), WIDE)
def test_accepted(app: App, given: dict[str, Any], rule: str) -> None:
    """What is accepted by name is made, and the audit prints it in the words of the refusal."""
    error = refused(new_stack(app, "refused"), **given)
    stack = new_stack(app)

    make_role(stack, **given, accept={rule: "a pilot"})

    found = audit(stack)
    assert warnings(found) == []
    assert accepted(found) == error.findings


def test_everything_at_once(stack: TerraformStack) -> None:
    """Subjects, statements and managed policies are refused together, and named."""
    wide = [
        Statement(sid="Push", actions=["ecr:PutImage"], resources=["*"]),
        Statement(sid="Read", actions=["ssm:GetParameter"], resources=[PARAMETER]),
        Statement(sid="Become", actions=["sts:AssumeRole"], resources=["*"]),
    ]

    error = refused(
        stack, subjects=[WEB.anything()], statements=wide, managed_policies=[ADMINISTRATOR]
    )

    first, *findings, last = str(error).splitlines()
    assert first == (
        "Role 'web-deploy' with statement 'Push' and statement 'Become' and managed policy "
        f"'{ADMINISTRATOR}' is refused."
    )
    assert findings == [f"  {finding}" for finding in error.findings]
    assert last.endswith(
        'accept={"assume-onwards": "<reason>", "full-access-policy": "<reason>", '
        '"repo-wide": "<reason>", "resource-star": "<reason>"}.'
    )
    assert [finding.rule for finding in error.findings] == [
        "repo-wide",
        "resource-star",
        "assume-onwards",
        "full-access-policy",
    ]


def test_pull_requests_come_with_it(stack: TerraformStack) -> None:
    """Everything that writes is refused at once where pull requests are trusted."""
    own = Statement(sid="Own", actions=["ecr:PutImage"], resources=[IMAGE])

    error = refused(
        stack,
        subjects=[WEB.pull_request()],
        statements=[own],
        managed_policies=[ADMINISTRATOR],
    )

    assert [finding.rule for finding in error.findings] == [
        "full-access-policy",
        "pull-request-write",
        "pull-request-write",
    ]
    assert "with what statement 'Own' allows" in str(error)
    assert f"with what managed policy '{ADMINISTRATOR}' allows" in str(error)


def test_one_of_two_accepted(stack: TerraformStack) -> None:
    """An acceptance covers its own rule and no other."""
    given = allow("iam:PassRole", "*")

    error = refused(stack, **given, accept={"pass-role-star": "a pilot"})

    assert [finding.rule for finding in error.findings] == ["pass-role-service"]


def test_values_come_first(stack: TerraformStack) -> None:
    """What IAM refuses whoever accepts it is said first, all of it."""
    trust = Statement(sid="A", actions=["s3:GetObject"], principals={"AWS": [ACCOUNT]})

    with pytest.raises(InvalidValue) as caught:
        make_role(stack, name="a b", statements=[trust], managed_policies=[ADMINISTRATOR])

    assert len(caught.value.problems) == 2


def test_denied(stack: TerraformStack) -> None:
    """What a statement denies is never too wide."""
    never = Statement(sid="Never", actions=["iam:*"], resources=["*"], effect="Deny")

    make_role(stack, statements=[never])

    assert warnings(audit(stack)) == []


def test_reference(stack: TerraformStack) -> None:
    """What only Terraform knows is not judged."""
    bucket = TerraformVariable(stack, "bucket", type="string").string_value

    make_role(stack, **allow("s3:PutObject", bucket))

    assert warnings(audit(stack)) == []


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(
            allow("iam:PassRole", f"{ROLE}-${{var.blue ? 1 : 2}}", **TO_TASKS), id="condition"
        ),
        pytest.param(allow("s3:PutObject", "${var.name}/*"), id="bucket"),
        pytest.param(allow("ecs:UpdateService", f"{SERVICE}/${{var.path}}"), id="cluster"),
    ],
)
def test_wildcard_in_a_reference(stack: TerraformStack, given: dict[str, Any]) -> None:
    """What stands inside of a reference is no wildcard, and may hold what seems to be missing."""
    make_role(stack, **given)

    assert warnings(audit(stack)) == []


def test_wildcard_beside_a_reference(app: App) -> None:
    """What stands beside a reference is judged, and named as the synthesized JSON has it."""
    stacks = [new_stack(app, "refused"), new_stack(app)]
    names = [TerraformVariable(stack, "name", type="string").string_value for stack in stacks]
    given = [
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/{name}-*", **TO_TASKS) for name in names
    ]

    error = refused(stacks[0], **given[0])
    make_role(stacks[1], **given[1], accept={"pass-role-star": "a pilot"})

    assert error.findings[0].evidence == f"arn:aws:iam::{ACCOUNT}:role/${{var.name}}-*"
    assert accepted(audit(stacks[1])) == error.findings


def test_grants_are_clean(stack: TerraformStack) -> None:
    """Nothing that the other constructs give is found by the audit, with every option."""
    admin = f"arn:aws:iam::{ACCOUNT}:role/admin"
    role = make_role(
        stack,
        trusted_roles=[admin, TrustedRole(f"{admin}-2", source_identity="alice")],
        trusted_users=[f"arn:aws:iam::{ACCOUNT}:user/eve"],
    )
    image = EcrRepo(stack, "Image", name="web")
    image.grant_push(role, cache=True)
    image.grant_read(role)
    image.grant_pull(role)
    image.allow_pull_from("444455556666", organizations=["o-abcdefghij"], lambda_functions=True)
    image.grant_pull(
        GithubDeployRole.from_name(stack, "Far", name="web-deploy", account="444455556666")
    )
    image.grant_read(role)
    EcrRegistry(
        stack,
        "Registry",
        pull_through=[PullThroughCache(prefix="q1", upstream="quay.io", pulled_by=["build"])],
        allow_replication_from=["444455556666"],
    )
    for number, codedeploy in enumerate((None, CodeDeploy())):
        EcsDeployPolicy(
            stack,
            f"Ecs{number}",
            role=role,
            name=f"ecs-{number}",
            cluster="prod",
            services=["web"],
            task_roles=["web-task"],
            execution_role="ecsTaskExecutionRole",
            read_task_definition=True,
            one_off_tasks=["migrate"],
            codedeploy=codedeploy,
            tag_on_create=True,
            also=get_args(EcsCapability),
        )

    assert warnings(audit(stack)) == []

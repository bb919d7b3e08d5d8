"""What the settings of `environments.toml` become in the stacks, beyond the example estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, environment, load, mistakes, write
from synthesized import synth_file

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.errors import InvalidEnvironments
from deploy_access.iam import limits
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

    from synthesized import Synthesized

ROLE = "arn:aws:iam::111122223333:role"
ECS_ARN = "arn:aws:ecs:eu-central-1:111122223333"
IN_CLUSTER = {"ArnEquals": {"ecs:cluster": f"{ECS_ARN}:cluster/dev"}}


def allow(action: str, *resources: str) -> dict[str, object]:
    """Write a statement without a condition."""
    resource = resources[0] if len(resources) == 1 else list(resources)
    return {"Effect": "Allow", "Action": action, "Resource": resource}


PASS_ROLES = {
    **allow("iam:PassRole", f"{ROLE}/ecsTaskExecutionRole", f"{ROLE}/web-dev-task"),
    "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
}


def statements(stack: Synthesized) -> dict[str, dict[str, object]]:
    """Return the statements of the ECS policy by their names."""
    return {statement.pop("Sid"): statement for statement in stack.policy("Ecs")["Statement"]}


def stacks(folder: Path, text: str) -> dict[str, Synthesized]:
    """Write the file, and synthesize it."""
    return synth_file(write(folder, text), folder / "cdktf.out")


def refused(folder: Path, text: str) -> tuple[str, ...]:
    """Synthesize a file that the constructs refuse, and return what is said about it."""
    with pytest.raises(InvalidEnvironments) as caught:
        stacks(folder, text)
    return caught.value.problems


def test_local_state_has_no_absolute_path(tmp_path: Path) -> None:
    """A local state is beside `cdktf.out`, by a path that is the same on any machine."""
    stack = stacks(tmp_path, HEAD)["account-prod"]

    assert stack.terraform["backend"] == {
        "local": {"path": "../../../terraform.account-prod.tfstate"}
    }


def test_state_in_s3(tmp_path: Path) -> None:
    """A state in S3 is encrypted and locked, and can have its own key and role."""
    s3 = """type = "s3"
bucket = "acme-state"
region = "eu-west-1"
key_prefix = "team/"
kms_key = "arn:aws:kms:eu-west-1:999900001111:key/1"
role_arn = "arn:aws:iam::999900001111:role/state"
"""
    stack = stacks(tmp_path, HEAD.replace('type = "local"\n', s3))["account-prod"]

    assert stack.terraform["backend"] == {
        "s3": {
            "assume_role": {"role_arn": "arn:aws:iam::999900001111:role/state"},
            "bucket": "acme-state",
            "encrypt": True,
            "key": "team/account-prod.tfstate",
            "kms_key_id": "arn:aws:kms:eu-west-1:999900001111:key/1",
            "region": "eu-west-1",
            "use_lockfile": True,
        }
    }


def test_provider_of_an_environment(tmp_path: Path) -> None:
    """The AWS provider is that of the environment: region, account, role and tags."""
    text = environment("eu") + 'region = "eu-west-1"\nassume_role = "tf"\ntags = { tier = "low" }\n'
    stack = stacks(tmp_path, HEAD + text + WEB + "[services.web.environments.eu]")["web-eu"]

    assert stack.provider == {
        "allowed_account_ids": ["111122223333"],
        "assume_role": [{"role_arn": f"{ROLE}/tf"}],
        "default_tags": [{"tags": {"tier": "low"}}],
        "region": "eu-west-1",
    }


def test_existing_oidc_provider_is_looked_up(tmp_path: Path) -> None:
    """Where the provider exists, the account's stack makes none and proves that it is there."""
    head = HEAD.replace("[accounts.prod]\n", '[accounts.prod]\noidc_provider = "existing"\n')
    stack = stacks(tmp_path, head)["account-prod"]

    assert stack.addresses == ["data.aws_iam_openid_connect_provider.Github_Lookup_A92AD034"]
    assert stack.outputs["oidc_provider_arn"] == (
        "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"
    )


def test_issuer_of_an_enterprise(tmp_path: Path) -> None:
    """An issuer in `[github]` is that of the provider and of every condition."""
    issuer = 'issuer = "https://token.actions.githubusercontent.com/acme"\n'
    head = HEAD.replace("owner_id = 1\n", f"owner_id = 1\n{issuer}")
    made = stacks(tmp_path, head + WEB + DEV)
    condition = made["web-dev"].trust_policy()["Statement"][0]["Condition"]

    url = made["account-nonprod"].at("Github")["url"]
    assert url == "https://token.actions.githubusercontent.com/acme"
    assert condition == {
        "StringEquals": {
            "token.actions.githubusercontent.com/acme:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com/acme:sub": "repo:acme@1/web@2:ref:refs/heads/main",
        }
    }


def test_role_settings(tmp_path: Path) -> None:
    """The role has the duration, boundary and policies that the file gives it."""
    text = """
max_session_duration = 7200
permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
"""
    stack = stacks(tmp_path, HEAD + WEB + text + DEV)["web-dev"]
    role = stack.at("Deploy")

    assert role["max_session_duration"] == 7200
    assert role["permissions_boundary"] == "arn:aws:iam::111122223333:policy/boundary"
    attached = stack.at("Deploy/Managed-ReadOnlyAccess")["policy_arn"]
    assert attached == "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_acceptance_is_left_in_the_role(tmp_path: Path) -> None:
    """What is wide on purpose is made, with its reason where a review finds it."""
    text = 'subjects = [{ anything = true }]\naccept = { repo-wide = "pilot until 2027-01" }'
    stack = stacks(tmp_path, HEAD + WEB + DEV + text)["web-dev"]
    condition = stack.trust_policy()["Statement"][0]["Condition"]

    assert condition["StringLike"] == {
        "token.actions.githubusercontent.com:sub": "repo:acme@1/web@2:*"
    }
    assert stack.at("Deploy")["//"]["deploy_access"]["accept"] == {
        "repo-wide": "pilot until 2027-01"
    }


@pytest.mark.parametrize("day", ["2027-01-31", '"2027-01-31"'])
def test_acceptance_that_ends(tmp_path: Path, day: str) -> None:
    """Its last day is a date of TOML or a text, and is left in the role as text."""
    accept = f'accept = {{ repo-wide = {{ reason = "pilot", until = {day} }} }}'
    stack = stacks(tmp_path, f"{HEAD}{WEB}{DEV}subjects = [{{ anything = true }}]\n{accept}")[
        "web-dev"
    ]

    assert stack.at("Deploy")["//"]["deploy_access"]["accept"] == {
        "repo-wide": {"reason": "pilot", "until": "2027-01-31"}
    }


def test_repository_settings(tmp_path: Path) -> None:
    """The repository has the encryption and mutability that the file gives it."""
    key = "arn:aws:kms:eu-central-1:111122223333:key/1"
    text = f'ecr.tag_mutability = "mutable"\necr.kms_key = "{key}"\n'
    repository = stacks(tmp_path, HEAD + WEB + text + DEV)["web-dev"].at("Image")

    assert repository["image_tag_mutability"] == "MUTABLE"
    assert repository["encryption_configuration"] == [{"encryption_type": "KMS", "kms_key": key}]


@pytest.mark.parametrize(
    ("service", "environment", "mode"),
    [
        pytest.param("", "", "IMMUTABLE", id="default"),
        pytest.param('"immutable"', "", "IMMUTABLE", id="immutable"),
        pytest.param('"mutable"', '"immutable"', "IMMUTABLE", id="environment"),
    ],
)
def test_tag_mutability(tmp_path: Path, service: str, environment: str, mode: str) -> None:
    """Tags move where the nearest table says so, and have no exclusions of their own."""
    texts = [f"ecr.tag_mutability = {value}\n" if value else "" for value in (service, environment)]
    made = stacks(tmp_path, HEAD + WEB + texts[0] + DEV + texts[1])["web-dev"].at("Image")

    assert made["image_tag_mutability"] == mode
    assert "image_tag_mutability_exclusion_filter" not in made


@pytest.mark.parametrize(
    ("mutability", "mode"),
    [("immutable", "IMMUTABLE_WITH_EXCLUSION"), ("mutable", "MUTABLE_WITH_EXCLUSION")],
)
def test_tag_exclusions(tmp_path: Path, mutability: str, mode: str) -> None:
    """Tags in `tag_exclusions` are the opposite of all others."""
    text = f'ecr = {{ tag_mutability = "{mutability}", tag_exclusions = ["buildcache*"] }}\n'
    made = stacks(tmp_path, HEAD + WEB + text + DEV)["web-dev"].at("Image")

    assert made["image_tag_mutability"] == mode
    assert made["image_tag_mutability_exclusion_filter"] == [
        {"filter": "buildcache*", "filter_type": "WILDCARD"}
    ]


def test_tag_exclusion_that_ecr_refuses(tmp_path: Path) -> None:
    """An exclusion that ECR would refuse is refused with the entry that asks for it."""
    text = 'ecr.tag_exclusions = ["a b"]\n'

    (problem,) = refused(tmp_path, HEAD + WEB + text + DEV)
    assert problem == (
        "services.web.ecr.tag_exclusions: An exclusion has 1 to 128 letters, digits or `._*-`, at "
        "most 2 of them `*`. Got 'a b'. ECR refuses any other at apply. For example 'buildcache*'."
    )


@pytest.mark.parametrize(
    ("text", "scanned", "deleted"),
    [
        pytest.param("", True, False, id="default"),
        pytest.param("ecr.scan_on_push = false\n", False, False, id="not scanned"),
        pytest.param("ecr.force_delete = true\n", True, True, id="deleted"),
    ],
)
def test_scan_and_deletion(tmp_path: Path, text: str, *, scanned: bool, deleted: bool) -> None:
    """Images are scanned and kept unless the environment says otherwise."""
    made = stacks(tmp_path, HEAD + WEB + DEV + text)["web-dev"].at("Image")

    assert made["image_scanning_configuration"] == {"scan_on_push": scanned}
    assert made["force_delete"] is deleted


@pytest.mark.parametrize("shared", [False, True], ids=["own", "shared"])
@pytest.mark.parametrize("cache", ["true", "false"])
def test_push_cache(tmp_path: Path, cache: str, *, shared: bool) -> None:
    """The role that pushes reads layers where `push_cache` says so, and only there."""
    text = f"{SHARED if shared else ''}ecr.push_cache = {cache}\n"
    stack = stacks(tmp_path, HEAD + WEB + text + DEV)["web-images" if shared else "web-dev"]
    (policy,) = stack.resources("aws_iam_role_policy").values()

    assert ("ecr:GetDownloadUrlForLayer" in str(policy)) == (cache == "true")


@pytest.mark.parametrize("quota", [0, 1, 25, 26, 8192, 8193])
@pytest.mark.parametrize("keyword", ["trust_policy_quota", "managed_policies_quota"])
def test_quotas_as_the_role_checks_them(tmp_path: Path, keyword: str, quota: int) -> None:
    """The file refuses the quotas that the role refuses, in the same words."""
    said = [str(problem) for problem in getattr(limits, f"check_{keyword}")(quota)]
    text = HEAD.replace("[accounts.prod]\n", f"[accounts.prod]\n{keyword} = {quota}\n")

    if said:
        assert mistakes(tmp_path, text) == (f"accounts.prod.{keyword}: {said[0]}",)
    else:
        assert load(tmp_path, text)


def test_quotas_reach_the_role(tmp_path: Path) -> None:
    """Where AWS raised the quota of an account, a role there has as many policies."""
    arns = ", ".join(f'"arn:aws:iam::aws:policy/Read{n}OnlyAccess"' for n in range(21))
    head = HEAD.replace("[accounts.nonprod]\n", "[accounts.nonprod]\nmanaged_policies_quota = 21\n")
    stack = stacks(tmp_path, f"{head}{WEB}managed_policies = [{arns}]\n{DEV}")["web-dev"]

    assert len(stack.resources("aws_iam_role_policy_attachment")) == 21


@pytest.mark.parametrize("shared", [False, True], ids=["deploy", "push"])
@pytest.mark.parametrize("quota", [2048, 8192])
def test_trust_policy_quota_reaches_the_role(tmp_path: Path, quota: int, *, shared: bool) -> None:
    """A long trust policy is refused by the quota of its own account, and made where it fits."""
    entries = ", ".join(f'{{ branch = "release-{n:03}-{"x" * 60}" }}' for n in range(30))
    head = HEAD.replace(
        "[accounts.prod]\n", f"[accounts.prod]\ntrust_policy_quota = {quota}\n"
    ).replace('subjects = [{ environment = "prod" }]', f"subjects = [{entries}]")
    push = f'ecr.account = "prod"\necr.subjects = [{entries}]\n{DEV}'
    text = head + WEB + (push if shared else "[services.web.environments.prod]\n")

    if quota == 2048:
        assert "2048" in refused(tmp_path, text)[0]
    else:
        assert stacks(tmp_path, text)


def test_repository_lets_accounts_pull(tmp_path: Path) -> None:
    """The accounts in `pull_accounts` may pull, and nothing else."""
    text = 'ecr.pull_accounts = ["prod", "999900001111"]\n'
    stack = stacks(tmp_path, HEAD + WEB + text + DEV)["web-dev"]

    assert stack.policy("Image/Policy") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "PullFromAccounts",
                "Effect": "Allow",
                "Principal": {
                    "AWS": ["arn:aws:iam::444455556666:root", "arn:aws:iam::999900001111:root"]
                },
                "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            }
        ],
    }


def test_shared_repository_in_the_only_account_lets_nobody_in(tmp_path: Path) -> None:
    """Where every environment is in the repository's own account, it needs no policy."""
    text = f"{WEB}{SHARED}[services.web.environments.prod]"
    stack = stacks(tmp_path, HEAD + text)["web-images"]

    assert stack.resources("aws_ecr_repository_policy") == {}


@pytest.mark.parametrize(("production", "protected"), [("true", True), ("false", False)])
def test_production_prevents_destruction(
    tmp_path: Path, production: str, *, protected: bool
) -> None:
    """Terraform refuses to destroy the repository of a production environment."""
    head = HEAD.replace("[environments.dev]\n", f"[environments.dev]\nproduction = {production}\n")
    repository = stacks(tmp_path, head + WEB + DEV)["web-dev"].at("Image")

    assert ("prevent_destroy" in repository.get("lifecycle", {})) == protected


def test_every_setting_of_ecs(tmp_path: Path) -> None:
    """Each key of `ecs` becomes its own narrow statement."""
    text = """families = ["web-app"]
read_task_definition = true
one_off_tasks = ["web-migrate"]
tag_on_create = true
also = ["list-tasks"]
"""
    stack = stacks(tmp_path, HEAD + WEB + ECS + text + DEV)["web-dev"]
    assert statements(stack) == {
        "RegisterTaskDefinition": allow("ecs:RegisterTaskDefinition", "*"),
        "UpdateServices": {
            **allow("ecs:UpdateService", f"{ECS_ARN}:service/dev/web"),
            "Condition": {
                **IN_CLUSTER,
                "ArnLikeIfExists": {"ecs:task-definition": f"{ECS_ARN}:task-definition/web-app:*"},
            },
        },
        "ReadServices": {
            **allow("ecs:DescribeServices", f"{ECS_ARN}:service/dev/web"),
            "Condition": IN_CLUSTER,
        },
        "PassTaskRoles": PASS_ROLES,
        "ReadTaskDefinition": allow("ecs:DescribeTaskDefinition", "*"),
        "RunTasks": {
            **allow("ecs:RunTask", f"{ECS_ARN}:task-definition/web-migrate:*"),
            "Condition": IN_CLUSTER,
        },
        "ReadTasks": {
            **allow("ecs:DescribeTasks", f"{ECS_ARN}:task/dev/*"),
            "Condition": IN_CLUSTER,
        },
        "ListTasks": {**allow("ecs:ListTasks", "*"), "Condition": IN_CLUSTER},
        "TagOnCreate": {
            **allow(
                "ecs:TagResource",
                f"{ECS_ARN}:task-definition/web-app:*",
                f"{ECS_ARN}:task-definition/web-migrate:*",
                f"{ECS_ARN}:task/dev/*",
            ),
            "Condition": {
                "StringEquals": {"ecs:CreateAction": ["RegisterTaskDefinition", "RunTask"]}
            },
        },
    }


def test_blue_green_with_codedeploy(tmp_path: Path) -> None:
    """With `codedeploy` the role starts deployments in place of updating the service."""
    text = 'codedeploy = { application = "web", deployment_group = "{environment}" }\n'
    stack = stacks(tmp_path, HEAD + WEB + ECS + text + DEV)["web-dev"]
    codedeploy = "arn:aws:codedeploy:eu-central-1:111122223333"

    assert statements(stack) == {
        "RegisterTaskDefinition": allow("ecs:RegisterTaskDefinition", "*"),
        "ReadServices": {
            **allow("ecs:DescribeServices", f"{ECS_ARN}:service/dev/web"),
            "Condition": IN_CLUSTER,
        },
        "CreateDeployments": {
            "Effect": "Allow",
            "Action": [
                "codedeploy:CreateDeployment",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentGroup",
            ],
            "Resource": f"{codedeploy}:deploymentgroup:web/dev",
        },
        "ReadDeploymentConfigurations": allow(
            "codedeploy:GetDeploymentConfig", f"{codedeploy}:deploymentconfig:*"
        ),
        "RegisterRevisions": allow(
            "codedeploy:RegisterApplicationRevision", f"{codedeploy}:application:web"
        ),
        "PassTaskRoles": PASS_ROLES,
    }


def test_refused_access_names_the_entry(tmp_path: Path) -> None:
    """A subject that is too wide is refused with the way to accept it, as TOML spells it."""
    (problem,) = refused(tmp_path, HEAD + WEB + DEV + "subjects = [{ anything = true }]")

    assert problem == (
        "services.web.environments.dev.subjects: Role 'web-dev-deploy' is refused.\n"
        "    error[repo-wide] 'repo:acme@1/web@2:*': Every branch, every pull request and every "
        'environment of the repository matches. Trust what deploys: `environment = "prod"`, '
        '`branch = "main"` or a tag.\n'
        "    If it is meant, say why beside the `subjects`: "
        'accept = { "repo-wide" = "<reason>" }'
    )


ADMINISTRATOR = 'managed_policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]\n'
PILOT = 'accept = { full-access-policy = "pilot" }\n'


def test_refused_policy_names_the_list(tmp_path: Path) -> None:
    """Each thing that is refused is told where it can be accepted, in the audit's words."""
    text = f"{WEB}{ADMINISTRATOR}{DEV}subjects = [{{ anything = true }}]"

    trust, policy = refused(tmp_path, HEAD + text)

    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert trust == (
        "services.web.environments.dev.subjects: Role 'web-dev-deploy' is refused.\n"
        "    error[repo-wide] 'repo:acme@1/web@2:*': Every branch, every pull request and every "
        'environment of the repository matches. Trust what deploys: `environment = "prod"`, '
        '`branch = "main"` or a tag.\n'
        "    If it is meant, say why beside the `subjects`: "
        'accept = { "repo-wide" = "<reason>" }'
    )
    assert policy == (
        "services.web.managed_policies: Role 'web-dev-deploy' with managed policy "
        f"'{arn}' is refused.\n"
        f"    error[full-access-policy] '{arn}': AWS keeps this policy, and it is about "
        "everything: far more than a deploy calls. Attach a policy with the few actions that a "
        "deploy calls, on named ARNs.\n"
        "    If it is meant, say why beside the `managed_policies`: "
        'accept = { "full-access-policy" = "<reason>" }'
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WEB + ADMINISTRATOR + PILOT + DEV, id="service"),
        pytest.param(WEB + DEV + ADMINISTRATOR + PILOT, id="environment of the service"),
        pytest.param(WEB + ADMINISTRATOR + DEV + PILOT, id="service, accepted in one environment"),
    ],
)
def test_policy_accepted(tmp_path: Path, text: str) -> None:
    """A policy that is accepted where it is named is attached, and the audit prints the reason."""
    stack = stacks(tmp_path, HEAD + text)["web-dev"]
    found = audit_estate(read_estate(tmp_path / "cdktf.out"))

    assert "Deploy/Managed-AdministratorAccess" in str(
        stack.resources("aws_iam_role_policy_attachment")
    )
    assert [(p.finding.rule, p.accepted) for p in found.accepted] == [
        ("full-access-policy", "pilot")
    ]
    assert [p.finding.rule for p in found.findings if p.finding.severity != "note"] == []


def test_refused_values_come_at_once(tmp_path: Path) -> None:
    """What the constructs refuse is collected over all stacks, each with its place."""
    text = f'{WEB}ecr.name = "x"\n{DEV}[services.web.environments.prod]\n'
    text += "subjects = [{ any_ref = true }]\n"
    entries = [line.partition(": ")[0] for line in refused(tmp_path, HEAD + text)]

    assert entries == ["services.web.ecr.name", "services.web.environments.prod.subjects"]


def test_one_repository_made_twice(tmp_path: Path) -> None:
    """Two environments of one account whose repositories have one name are refused by name."""
    text = f'{WEB}ecr.name = "web"\n{DEV}[services.web.environments.two]\n' + environment("two")

    (problem,) = refused(tmp_path, HEAD + text)
    assert problem.startswith(
        "services.web.ecr.name: The repository of `services.web.environments.two` has the same "
        "name as that of `services.web.environments.dev`. Got 'web'. "
    )


def test_what_only_adds_up(tmp_path: Path) -> None:
    """More policies than a role may have are refused in words, without a traceback of Node."""
    arns = ", ".join(f'"arn:aws:iam::aws:policy/Read{n}OnlyAccess"' for n in range(21))
    text = f"{WEB}managed_policies = [{arns}]\n{DEV}"

    (problem,) = refused(tmp_path, HEAD + text)
    assert problem.startswith(
        "services.web.environments.dev: Role 'web-dev-deploy' has 21 managed policies; "
    )
    assert "skipValidation" not in problem


def test_other_errors_of_node_are_not_hidden(tmp_path: Path) -> None:
    """Only refusals are rewritten: a file in the way of `cdktf.out` stays what it is."""
    (tmp_path / "cdktf.out").write_text("in the way")

    with pytest.raises(RuntimeError, match=r"EEXIST|ENOTDIR"):
        stacks(tmp_path, HEAD)


def test_lock_files_are_copied(tmp_path: Path) -> None:
    """A committed lock file is put where Terraform looks for it, if its stack exists."""
    for stack in ("account-prod", "gone"):
        (tmp_path / "locks" / stack).mkdir(parents=True)
        (tmp_path / "locks" / stack / ".terraform.lock.hcl").write_text(stack)
    stacks(tmp_path, HEAD)

    found = sorted((tmp_path / "cdktf.out").rglob(".terraform.lock.hcl"))
    assert found == [tmp_path / "cdktf.out/stacks/account-prod/.terraform.lock.hcl"]
    assert found[0].read_text() == "account-prod"

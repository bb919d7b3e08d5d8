"""What stacks say of a workflow is in it: from `environments.toml` to the file in `.github`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from estate_files import DEV, ECS, HEAD, SHARED, WEB, mistakes, write
from workflow_estate import Kinds, repo
from workflow_files import parse

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

from deploy_access.cli import main
from deploy_access.workflow.deployer_reader import DeployerEstate, read_deployers
from deploy_access.workflow.job_settings import JobSettings
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.settings import HINTS as TABLE
from stacks.environments_file import load_estate
from stacks.stack_builder import build_stacks

if TYPE_CHECKING:
    from pathlib import Path

assert AwsProvider

HINTS = """
[services.web.workflow]
context = "services/{service}"
platforms = ["linux/arm64"]
container = "app"
task_definition = "deploy/{environment}.json"
"""
ONCE = ECS.replace('["web"]', '[]\none_off_tasks = ["nightly"]')
PROD = '[services.web.environments.prod]\nworkflow.container = "proxy"\n'


def made(folder: Path, *options: str) -> str:
    """Write the stacks of a service with a shared image, and its workflow."""
    own = (
        DEV.replace("dev]", "dev]\necs.one_off_tasks = ['migrate']") + "workflow.subnets = ['a']\n"
    )
    return made_of(folder, HEAD + WEB + SHARED + own + PROD + ECS + HINTS, *options)


def made_of(folder: Path, file: str, *options: str) -> str:
    """Write the stacks of a file, and their workflows."""
    estate = load_estate(write(folder, file))
    app = App(outdir=str(folder / "cdktf.out"))
    build_stacks(app, estate)
    app.synth()
    ran = CliRunner().invoke(main, ["workflow", "--out", str(folder / "cdktf.out"), *options])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def service(name: str) -> str:
    """Write the tables of a service of one repository, with an image for both environments."""
    ecs = ECS.replace("services.web", f"services.{name}").replace('["web"]', f'["{name}-app"]')
    return (
        f'[services.{name}]\nrepository = "shop"\nrepo_id = 2\n{SHARED}{ecs}'
        f'[services.{name}.workflow]\npaths = ["{name}/**"]\n'
        f"[services.{name}.environments.dev]\n[services.{name}.environments.prod]\n"
    )


def test_services_of_one_repository(tmp_path: Path) -> None:
    """Services of `environments.toml` that share a repository are told apart by their names."""
    text = made_of(tmp_path, HEAD + service("api") + service("api-admin"))

    assert [line for line in text.splitlines() if line.startswith("# ---")] == [
        "# --- .github/workflows/deploy-shop-api-admin.yml",
        "# --- .github/workflows/deploy-shop-api.yml",
    ]
    assert said(text, "group") == [
        *("build-api-admin", "deploy-api-admin-dev", "deploy-api-admin-prod"),
        *("build-api", "deploy-api-dev", "deploy-api-prod"),
    ]
    assert text.count('      - "api/**"') + text.count("      - api/**") == 1


def test_tasks_alone(tmp_path: Path) -> None:
    """A service without ECS services runs its tasks; its role may update nothing."""
    once = ECS.replace('["web"]', '[]\none_off_tasks = ["nightly"]')

    text = made_of(tmp_path, HEAD + WEB + DEV + once)

    assert said(text, "run-task") == ["true"]
    assert said(text, "service") == []
    stack = (tmp_path / "cdktf.out/stacks/web-dev/cdk.tf.json").read_text("utf-8")
    assert "ecs:RunTask" in stack
    assert "ecs:UpdateService" not in stack
    assert "ecs:DescribeServices" not in stack


ON_SERVER = HEAD.replace(
    'owner = "acme"\nowner_id = 1\n',
    'owner = "acme"\nissuer = "https://git.example.com/_services/token"\nserver_version = "3.19"\n',
)
RUNS_ON = """
[workflow]
runs_on = ["self-hosted", "{environment}"]
[services.web.environments.prod.workflow]
runs_on = { group = "aws", labels = ["arm64"] }
"""


def test_runners_of_an_estate(tmp_path: Path) -> None:
    """The estate says what jobs run on, and a service or an environment may say otherwise."""
    web = WEB.replace("repo_id = 2\n", "")
    text = made_of(tmp_path, ON_SERVER + web + DEV + RUNS_ON)

    jobs: dict[str, Any] = parse(text)["jobs"]
    assert {name: job["runs-on"] for name, job in jobs.items()} == {
        "push-dev": ["self-hosted", "dev"],
        "push-prod": {"group": "aws", "labels": "arm64"},
    }


def test_runner_of_a_shared_image(tmp_path: Path) -> None:
    """The job that builds for all environments runs where the service says."""
    said_once = '[services.web.workflow]\nruns_on = "aws"\n'
    text = made_of(tmp_path, HEAD + WEB + SHARED + DEV + ECS + said_once)

    assert said(text, "runs-on") == ["aws", "aws"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param("3.19", "3.9", "`server_version` is a release", id="old"),
        pytest.param("3.19", "latest", "`server_version` is a release", id="no release"),
        pytest.param(
            "git.example.com/_services/token",
            "token.actions.githubusercontent.com",
            "`server_version` is of a GitHub Enterprise Server",
            id="github.com",
        ),
        pytest.param('group = "aws"', 'grup = "aws"', "Did you mean 'group'?", id="misspelt"),
        pytest.param('["arm64"]', "[]", "`workflow.runs_on` is a label", id="no label"),
        pytest.param('["arm64"]', "7", "`workflow.runs_on` is a label", id="number"),
    ],
)
def test_wrong_runners_and_servers(tmp_path: Path, before: str, after: str, message: str) -> None:
    """What names no machine and no release is refused, by its key."""
    file = (ON_SERVER + WEB.replace("repo_id = 2\n", "") + DEV + RUNS_ON).replace(before, after)

    (found,) = mistakes(tmp_path, file)

    assert message in found


def test_how_tasks_run(tmp_path: Path) -> None:
    """`ecs.task` says on what a task runs, its address, and when."""
    task = 'task = { launch_type = "EC2", public_ip = true, schedule = "0 3 * * *" }\n'
    own = '[services.web.environments.prod]\necs.task = { capacity_provider = "{service}" }\n'

    prod, dev = made_of(tmp_path, HEAD + WEB + DEV + own + ONCE + task).split("# --- ")[1:]

    assert parse(dev.partition("\n")[2])["on"] == {"schedule": [{"cron": "0 3 * * *"}]}
    assert said(dev, "run-task-launch-type") == ["EC2"]
    assert said(dev, "run-task-assign-public-IP") == ["ENABLED"]
    assert said(prod, "run-task-launch-type") == []
    strategy = '[{"capacityProvider": "web", "weight": 1}]'
    assert said(prod, "run-task-capacity-provider-strategy") == [f"'{strategy}'"]


@pytest.mark.parametrize(
    ("ecs", "message"),
    [
        pytest.param(
            f'{ONCE}task = {{ launch_type = "EC2", capacity_provider = "x" }}',
            "`task` has a launch type and a capacity provider",
            id="both",
        ),
        pytest.param(
            f"{ECS}task = {{ public_ip = true }}", "`task` is about `one_off_tasks`", id="no tasks"
        ),
        pytest.param(
            f'{ECS}one_off_tasks = ["x"]\ntask = {{ schedule = "0 3 * * *" }}',
            "`task.schedule` is for tasks alone",
            id="services too",
        ),
        pytest.param(f'{ONCE}task = {{ schedule = "daily" }}', "a schedule of five", id="no cron"),
        pytest.param(f'{ONCE}task = {{ launch_type = "SPOT" }}', "one of a few", id="no type"),
    ],
)
def test_wrong_tasks(tmp_path: Path, ecs: str, message: str) -> None:
    """What nobody would read, or ECS would refuse, is refused by its key."""
    (found,) = mistakes(tmp_path, HEAD + WEB + DEV + ecs)

    assert message in found


def test_a_service_that_has_its_repository_alone(tmp_path: Path) -> None:
    """It carries no name: stacks of one service a repository are as they were."""
    estate = load_estate(write(tmp_path, HEAD + WEB + SHARED + DEV))

    assert [dict(one.workflow) for one in (*estate.images, *estate.services)] == [{}, {}]


def said(text: str, key: str) -> list[str]:
    """List what a workflow says to a key, in the order of its jobs."""
    lines = (line.strip().partition(": ") for line in text.splitlines())
    return [value for name, _, value in lines if name == key]


def test_hints_reach_the_workflow(tmp_path: Path) -> None:
    """Each job has what its role says: the one that builds, and those of the environments."""
    text = made(tmp_path)

    assert said(text, "context") == ["services/web"]
    assert said(text, "platforms") == ["linux/arm64"]
    assert said(text, "runs-on") == ["ubuntu-24.04-arm", "ubuntu-24.04", "ubuntu-24.04"]
    assert said(text, "container-name") == ["app", "app", "proxy"]
    assert said(text, "run-task-subnets") == ["a"]
    assert said(text, "task-definition")[2::2] == ["deploy/dev.json", "deploy/prod.json"]


def test_an_option_wins_over_a_hint(tmp_path: Path) -> None:
    """What is asked for on the command line is in every job, whatever the stacks say."""
    text = made(tmp_path, "--container", "mine", "--context", "src", "--subnet", "b")

    assert said(text, "context") == ["src"]
    assert set(said(text, "container-name")) == {"mine"}
    assert said(text, "run-task-subnets") == ["b"]


def test_the_role_wins_over_its_policy(tmp_path: Path) -> None:
    """A key at the role wins over the same at a policy; other keys of both are joined."""
    app = App(outdir=str(tmp_path))
    make = Kinds(app)
    stack = make.stack("web")
    said_by_role = {"container": "role", "subnets": ["subnet-1"]}
    role = make.role(stack, repo("web").environment("prod"), workflow=said_by_role)
    make.ecs(stack, role, workflow={"container": "policy", "appspec": "a.yaml"})
    app.synth()

    (deployer,) = read_deployers(tmp_path).deployers

    assert deployer.hints == {**said_by_role, "appspec": "a.yaml"}


def settings(hints: dict[str, Any], **options: Any) -> JobSettings:
    """Make the settings of the job of `prod`."""
    given = Options.of(**options)
    return JobSettings(options=given, hints=hints, environment="prod", alone=False)


FAMILY = {"services": {"migrate": {"container": "job", "task_definition": "m-{environment}.json"}}}


def test_hints_of_a_family() -> None:
    """A family that is run once has a container and a file of its own, by its name."""
    hinted = settings({"container": "app", "task_definition": "t.json", **FAMILY})

    assert hinted.container("web") == "app"
    assert hinted.container("web", "migrate") == "job"
    assert hinted.definition("migrate", named=True, extra=True) == "m-prod.json"
    assert hinted.asks_for_file("migrate", extra=True)
    assert not hinted.asks_for_file("other", extra=True)


def test_an_option_for_a_family_wins() -> None:
    """An option for the family wins over its hint, and the hint over what all services have."""
    asked = settings(FAMILY, container={"migrate": "asked", "": "all"})

    assert asked.container("web", "migrate") == "asked"
    assert settings(FAMILY, container={"": "all"}).container("web", "migrate") == "job"


READ_BY: dict[str, tuple[str, object]] = {
    "appspec": ("shifting", "deploy/appspec.yaml"),
    "cache": ("cached", True),
    "capacity_provider": ("migrating", "FARGATE_SPOT"),
    "container": ("deploy", "app"),
    "container_port": ("shifting", 8080),
    "context": ("push", "src"),
    "dockerfile": ("push", "build.Dockerfile"),
    "environment": ("promote", "development"),
    "launch_type": ("migrating", "EC2"),
    "migration": ("migrating", "migrate --now"),
    "paths": ("push", ["src/**"]),
    "platforms": ("push", ["linux/amd64"]),
    "promote": ("mono", True),
    "public_ip": ("migrating", True),
    "runs_on": ("push", {"group": "aws", "labels": ["x64"]}),
    "schedule": ("once", "17 3 * * 1-5"),
    "security_groups": ("migrating", ["sg-1"]),
    "service": ("promote", "shop"),
    "services": ("several", {"worker": {"container": "job"}}),
    "subnets": ("migrating", ["subnet-1"]),
    "task_definition": ("deploy", "task.json"),
}


OF_DEPLOYS = [key for key, one in TABLE.items() if one.applies_to != "infra"]


@pytest.mark.parametrize("key", [key for key in OF_DEPLOYS if key != "server_version"])
def test_every_key_is_read(read: DeployerEstate, key: str) -> None:
    """Each key of the table changes what is written."""
    kind, hint = READ_BY[key]
    hinted = [replace(one, hints={key: hint}) for one in read.deployers]
    options = Options(repo=f"acme/{kind}")

    files = render_files(plan_workflows(hinted, options), "")

    assert files != render_files(plan_workflows(read.deployers, options), "")

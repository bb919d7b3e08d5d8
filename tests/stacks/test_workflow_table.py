"""`workflow` of a service in `environments.toml`: what its roles say of their workflow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, load, mistakes

from deploy_access.workflow.settings import HINTS, INFRA_HINTS, SERVICE_HINTS
from stacks.workflow_table import InfraWorkflowTable, WorkflowServiceTable, WorkflowTable

PAGES = Path(__file__).parents[2] / "docs"
PROD = "[services.web.environments.prod]\n"
ALL = """
[services.web.workflow]
context = "services/{service}"
cache = true
container = "app"
platforms = ["linux/arm64"]
task_definition = "deploy/{environment}.json"
[services.web.workflow.services."{service}-worker"]
container = "job-{environment}"
"""


def test_keys_are_those_of_the_command() -> None:
    """The tables have every key that the command reads, and no other."""
    of_services = [key for key, setting in HINTS.items() if setting.applies_to != "infra"]
    assert sorted(WorkflowTable.model_fields) == sorted(of_services)
    assert sorted(InfraWorkflowTable.model_fields) == sorted(INFRA_HINTS)
    assert sorted(WorkflowServiceTable.model_fields) == sorted(SERVICE_HINTS)


@pytest.mark.parametrize("page", ["environments.md", "workflows.md"])
def test_keys_are_on_the_pages(page: str) -> None:
    """Every key is in a table of both pages."""
    text = (PAGES / page).read_text("utf-8")
    rows = {word for row in re.findall(r"^\| (.*?) \|", text, re.MULTILINE) for word in _keys(row)}

    assert [key for key in HINTS if key not in rows] == []


def _keys(row: str) -> list[str]:
    return [key.partition(".")[0] for key in re.findall(r"`([\w.]+)`", row)]


def test_names_are_filled_in(tmp_path: Path) -> None:
    """Service and environment stand in every text and in the names of ECS services."""
    (settings,) = load(tmp_path, HEAD + WEB + DEV + ALL).services

    assert settings.workflow == {
        "cache": True,
        "container": "app",
        "context": "services/web",
        "platforms": ["linux/arm64"],
        "services": {"web-worker": {"container": "job-dev"}},
        "task_definition": "deploy/dev.json",
    }


def test_an_environment_overrides_key_by_key(tmp_path: Path) -> None:
    """What an environment says wins, `services` whole, and the other keys are the service's."""
    other = PROD + (
        'workflow.container = "web"\nworkflow.cache = false\n'
        'workflow.services = { web = { migration = "migrate" } }\n'
    )
    dev, prod = load(tmp_path, HEAD + WEB + DEV + ALL + other).services

    assert prod.workflow == {
        **dev.workflow,
        "cache": False,
        "container": "web",
        "services": {"web": {"migration": "migrate"}},
        "task_definition": "deploy/prod.json",
    }


def test_an_environment_alone(tmp_path: Path) -> None:
    """An environment may say something where the service says nothing."""
    text = HEAD + WEB + DEV + "workflow.container_port = 8080\n" + PROD
    dev, prod = load(tmp_path, text).services

    assert (dev.workflow, prod.workflow) == ({"container_port": 8080}, {})


def test_a_shared_image_is_built_by_one_role(tmp_path: Path) -> None:
    """What is about building goes to the role that pushes, the rest to those that deploy."""
    estate = load(tmp_path, HEAD + WEB + SHARED + DEV + ECS + ALL)

    assert estate.images[0].workflow == {
        "cache": True,
        "context": "services/web",
        "platforms": ["linux/arm64"],
    }
    assert set(estate.services[0].workflow) == {"container", "services", "task_definition"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            HEAD + WEB + DEV + 'workflow.dockerfle = "a"',
            "services.web.environments.dev.workflow.dockerfle: There is no such key. Got 'a'. What "
            "nobody reads would look as if it worked. Did you mean 'dockerfile'?",
            id="unknown key",
        ),
        pytest.param(
            HEAD + WEB + DEV + "workflow.container_port = 70000",
            "services.web.environments.dev.workflow.container_port: `workflow.container_port` is a "
            "port, 1 to 65535. Got 70000. A workflow that is made from anything else would be a "
            "guess. For example container_port=8080.",
            id="no port",
        ),
        pytest.param(
            HEAD + WEB + DEV + "workflow.cache = 1",
            "services.web.environments.dev.workflow.cache: This takes `true` or `false`, without "
            "quotes. Got 1. What was meant instead would be a guess. Write it like `true`.",
            id="number for a flag",
        ),
        pytest.param(
            HEAD + WEB + DEV + 'workflow.services.web.port = "a"',
            "services.web.environments.dev.workflow.services.web.port: There is no such key. Got "
            "'a'. What nobody reads would look as if it worked. Known here: container, migration, "
            "task_definition.",
            id="unknown key of an ECS service",
        ),
        pytest.param(
            HEAD + WEB + SHARED + DEV + 'workflow.dockerfile = "a"\nworkflow.container = "b"',
            "services.web.workflow: The image is built once, and environments change how. Got "
            "{'dev': ['dockerfile']}. All of them deploy what the role of `ecr.account` pushes. "
            "Move the keys to the service's own `workflow`, or remove `ecr.account`.",
            id="environment builds otherwise",
        ),
        pytest.param(
            HEAD + WEB + SHARED + 'workflow.context = "{environment}"\n' + DEV,
            "services.web.workflow: How a shared image is built holds `{environment}`. Got "
            "['context']. It is built once, for all environments. Leave it out, or remove "
            "`ecr.account`.",
            id="environment of a shared image",
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: str) -> None:
    """A mistake names its key, the value and the way out."""
    assert mistakes(tmp_path, text) == (line,)

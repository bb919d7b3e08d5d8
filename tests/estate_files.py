"""Small `environments.toml` files for tests: a common head, and what the test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deploy_access.errors import InvalidEnvironments
from stacks.environments_file import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from stacks.estate_plan import EstatePlan

HEAD = """
schema = 1

[github]
owner = "acme"
owner_id = 1

[states.main]
type = "local"

[accounts.nonprod]
id = "111122223333"
region = "eu-central-1"
state = "main"

[accounts.prod]
id = "444455556666"
region = "eu-central-1"
state = "main"

[environments.dev]
account = "nonprod"
subjects = [{ branch = "main" }]

[environments.prod]
account = "prod"
subjects = [{ environment = "prod" }]
"""

WEB = """
[services.web]
repository = "web"
repo_id = 2
"""

DEV = "[services.web.environments.dev]\n"
SHARED = 'ecr.account = "prod"\necr.subjects = [{ branch = "main" }]\n'

ECS = """
[services.web.ecs]
cluster = "{environment}"
services = ["web"]
task_roles = ["web-{environment}-task"]
execution_role = "ecsTaskExecutionRole"
"""


def environment(name: str) -> str:
    """Write the table of an environment."""
    return f'[environments.{name}]\naccount = "nonprod"\nsubjects = [{{ branch = "main" }}]\n'


def service(name: str, environment: str) -> str:
    """Write the tables of a service that is deployed to one environment."""
    return (
        f'[services.{name}]\nrepository = "web"\nrepo_id = 2\n'
        f"[services.{name}.environments.{environment}]\n"
    )


def write(folder: Path, text: str) -> Path:
    """Write the file."""
    path = folder / "environments.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str) -> EstatePlan:
    """Write the file and load it."""
    return load_estate(write(folder, text))


def mistakes(folder: Path, text: str) -> tuple[str, ...]:
    """Write a file that is wrong, and return what is said about it."""
    with pytest.raises(InvalidEnvironments) as caught:
        load(folder, text)
    return caught.value.problems

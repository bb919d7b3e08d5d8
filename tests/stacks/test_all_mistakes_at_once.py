"""Mistakes that have nothing to do with each other come in one round, whatever sort they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import mistakes, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthesized import synth_file

from deploy_access.errors import InvalidEnvironments

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
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
registry = { replication = [{ regions = ["eu-west-1"], prefixes = ["ab"] }] }
[accounts.prod]
id = "444455556666"
region = "eu-central-1"
state = "main"
permissions_boundary = "arn:aws:iam::444455556666:policy/bound"
[environments.dev]
account = "nonprod"
subjects = [{ branch = "main" }]
tags = { tier = "dev" }
[environments.stg]
account = "nonprod"
subjects = [{ environment = "stg" }]
managed_policies = ["arn:aws:iam::111122223333:policy/one"]
[environments.prod]
account = "prod"
subjects = [{ environment = "prod" }]
[services.web]
repository = "web"
repo_id = 2
role_name = "{service}-{environment}-ci"
[services.web.ecr]
name = "web/{environment}"
tag_exclusions = ["cache*"]
push_policy_name = "push"
scan_on_push = true
[services.web.ecs]
cluster = "{environment}"
services = ["web"]
task_roles = ["web-task"]
execution_role = "exec"
policy_name = "deploy-web-{environment}"
[services.web.environments.dev]
[services.web.environments.stg]
[services.web.environments.prod]
[services.api]
repository = "api"
repo_id = 3
ecr = { account = "prod", subjects = [{ branch = "main" }] }
[services.api.environments.dev]
subjects = [{ branch = "main" }, { tag = "v1" }]
[services.api.environments.prod]
import_existing = ["role"]
"""

MISTAKES = {
    "accounts.nonprod.id": ('id = "111122223333"', "id = 111122223333"),
    "accounts.nonprod.registry.replication[0]": ('["ab"]', '["a*"]'),
    "accounts.prod.permissions_boundary": ("444455556666:policy/bound", "999988887777:policy/b"),
    "environments.dev.tags": ('{ tier = "dev" }', '{ "aws:tier" = "dev" }'),
    "environments.stg.managed_policies": (
        "arn:aws:iam::111122223333:policy/one",
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ),
    "environments.prod.subjects": ('{ environment = "prod" }', "{ anything = true }"),
    "services.web.role_name": ("-ci", "-{service}" * 30),
    "services.web.ecr.name": ("web/{environment}", "Web/{environment}"),
    "services.web.ecr.tag_exclusions": ("cache*", "ca**che*"),
    "services.web.ecr.push_policy_name": ('"push"', '"push it"'),
    "services.web.ecr.scan_on_push": ("scan_on_push = true", 'scan_on_push = "yes"'),
    "services.web.ecs": ('execution_role = "exec"\n', ""),
    "services.web.ecs.clster": (
        '"{environment}"\nservices',
        '"{environment}"\nclster = 1\nservices',
    ),
    "services.web.ecs.services": ('services = ["web"]', 'services = ["arn:web"]'),
    "services.web.ecs.policy_name": ("deploy-web-{environment}", "deploy-web"),
    "services.api.environments.dev.subjects[1].tagg": ('{ tag = "v1" }', '{ tagg = "v1" }'),
    "services.api.environments.prod.import_existing": ('["role"]', '["role", "repository"]'),
    "services.api.ecr.subjects": (
        'subjects = [{ branch = "main" }] }',
        "subjects = [{ any_branch = true }] }",
    ),
}
"""What is made of the file for each mistake, by the place at which it has to be said."""

# One needs the other: without the key there is no deployment whose names could be wrong.
NOT_WITHOUT = {
    "services.web.ecs": {"services.web.ecs.services", "services.web.ecs.policy_name"},
}


def _with(entries: list[str]) -> str:
    text = FILE
    for entry in entries:
        right, wrong = MISTAKES[entry]
        assert text.count(right) == 1, entry
        text = text.replace(right, wrong)
    return text


def test_the_file_is_right(tmp_path: Path) -> None:
    """Without a mistake the file is synthesized."""
    assert len(synth_file(write(tmp_path, FILE), tmp_path / "cdktf.out")) > 1


@pytest.mark.parametrize("entry", MISTAKES)
def test_each(tmp_path: Path, entry: str) -> None:
    """Each mistake is one line, at its own place, though several stacks inherit it."""
    with pytest.raises(InvalidEnvironments) as caught:
        synth_file(write(tmp_path, _with([entry])), tmp_path / "cdktf.out")

    assert [line.partition(": ")[0] for line in caught.value.problems] == [entry]


def test_all(tmp_path: Path) -> None:
    """All of them are one round, and nothing follows from them."""
    entries = [entry for entry in MISTAKES if entry not in NOT_WITHOUT]
    found = [line.partition(": ")[0] for line in mistakes(tmp_path, _with(entries))]

    assert sorted(found) == sorted(entries)


# One folder for all examples: each writes the same file anew.
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=st.lists(st.sampled_from(sorted(MISTAKES)), min_size=2, unique=True))
def test_some(tmp_path: Path, entries: list[str]) -> None:
    """Any of them are one round."""
    hidden = {one for entry in entries for one in NOT_WITHOUT.get(entry, set())}
    found = [line.partition(": ")[0] for line in _problems(tmp_path, _with(entries))]

    assert sorted(found) == sorted(set(entries) - hidden)


def _problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidEnvironments) as caught:
        synth_file(write(folder, text), folder / "cdktf.out")
    return caught.value.problems

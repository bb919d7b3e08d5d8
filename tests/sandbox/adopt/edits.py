"""What a person does to the entries that the command writes, so that the workflows get through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each line that is replaced is there once. What a role trusts becomes what its workflow shows.
ANYTHING = "subjects = [{ anything = true }]"
WIDE = 'accept.repo-wide = "It was so before it was taken over."\n'

EDITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "000": (),
    "001": (
        (WIDE, ""),
        (ANYTHING, 'subjects = [{ environment = "production" }]'),
        (
            "[services.sample.environments.main.ecr]",
            """\
[services.sample.environments.main.ecs]
cluster = "sample_ecs_cluster"
services = ["sample_ecs_service"]
task_roles = ["sample-task"]
execution_role = "ecsTaskExecutionRole"

[services.sample.environments.main.ecr]""",
        ),
    ),
    "002": ((WIDE, ""), (ANYTHING, 'subjects = [{ branch = "develop" }]')),
    "003": (
        (WIDE, ""),
        (ANYTHING, 'subjects = [{ branch = "main" }]'),
        (
            "[services.api.environments.main.ecr]",
            """\
[services.api.environments.main.ecs]
cluster = "api-prod-cluster"
services = ["api-prod-service"]
families = ["api-prod-task"]
task_roles = ["api-prod-task-role"]
execution_role = "ecsTaskExecutionRole"
read_task_definition = true

[services.api.environments.main.ecr]""",
        ),
    ),
    "004": ((WIDE, ""), (ANYTHING, 'subjects = [{ branch = "main" }]')),
}
"""By system: texts and what stands in their places."""


def edited(system: str, text: str) -> str:
    """Return the entries of a system as its owner leaves them."""
    for before, after in EDITS[system]:
        assert text.count(before) == 1, (before, text)
        text = text.replace(before, after)
    return text

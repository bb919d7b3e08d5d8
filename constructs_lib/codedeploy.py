"""
Blue/green deployments of an ECS service with CodeDeploy.

Source: https://github.com/aws-actions/amazon-ecs-deploy-task-definition#codedeploy-support
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs_lib.keyword_types import check_value
from deploy_access.errors import Problem, reject
from deploy_access.iam.limits import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateApplication.html
_NAME = re.compile(r"[A-Za-z0-9._+=,@-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDeploy:
    """
    The CodeDeploy deployments that a role may start.

    Attributes:
        application: Left out, `AppECS-CLUSTER-SERVICE`, as the ECS console names it.
        deployment_group: Left out, `DgpECS-CLUSTER-SERVICE`.
        deployment_config: Its configuration; any one may be read when left out.

    Raises:
        InvalidValue: A name that CodeDeploy would refuse.
    """

    application: str | None = None
    deployment_group: str | None = None
    deployment_config: str | None = None

    def __post_init__(self) -> None:
        check_value(self)
        names = (self.application, self.deployment_group, self.deployment_config)
        reject(problem for name in names if name is not None for problem in _check_name(name))

    @property
    def is_named(self) -> bool:
        """Whether the application or the group has a name of its own."""
        return self.application is not None or self.deployment_group is not None


def _check_name(name: str) -> Iterator[Problem]:
    if not is_reference(name) and not _NAME.fullmatch(name):
        yield Problem(
            what="CodeDeploy's names have 1 to 100 letters, digits or `._+=,@-`.",
            given=name,
            why="The name becomes part of an ARN; any other text matches nothing.",
            fix="Pass the name, not the ARN.",
        )

"""
The calls that the gate judges, with the permissions that each needs: one row a call.

A call that is not in the table is refused. The sources are AWS's Service Authorization Reference;
what a row needs beyond it is said where it is worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.gate import codedeploy_needs, ecr_needs, ecs_needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.gate.call import ApiCall
    from sandbox.gate.lookup import Lookup
    from sandbox.gate.need import CallTarget, Need

    Needs = Callable[[ApiCall, CallTarget, Lookup], Iterator[Need]]

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_PAGES = {
    "sts": "list_awssecuritytokenservice.html#awssecuritytokenservice",
    "ecr": "list_amazonelasticcontainerregistry.html#amazonelasticcontainerregistry",
    "ecs": "list_amazonelasticcontainerservice.html#amazonelasticcontainerservice",
    "codedeploy": "list_awscodedeploy.html#awscodedeploy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """
    One call of the API.

    Attributes:
        service: The service.
        operation: The call.
        needs: The permissions that it needs; None where AWS asks for none.

    """

    service: str
    operation: str
    needs: Needs | None

    @property
    def source(self) -> str:
        """The page of AWS that lists the resources and condition keys of the action."""
        return f"{_REFERENCE}/{_PAGES[self.service]}-{self.operation}"


_ON_REPOSITORY = (
    *("BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart"),
    *("CompleteLayerUpload", "PutImage", "BatchGetImage", "GetDownloadUrlForLayer"),
    "DescribeImages",
)


def _rows() -> Iterator[CallRow]:
    found: dict[str, dict[str, Needs | None]] = {
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no
        # permission is needed, and an explicit deny changes nothing.
        "sts": {"GetCallerIdentity": None},
        "ecr": {
            "GetAuthorizationToken": ecr_needs.registry,
            **dict.fromkeys(_ON_REPOSITORY, ecr_needs.repository),
        },
        "ecs": {
            "RegisterTaskDefinition": ecs_needs.register_task_definition,
            "DescribeTaskDefinition": ecs_needs.read_task_definition,
            "UpdateService": ecs_needs.update_service,
            "DescribeServices": ecs_needs.describe_services,
            "RunTask": ecs_needs.run_task,
            "DescribeTasks": ecs_needs.describe_tasks,
        },
        "codedeploy": {
            "GetDeploymentGroup": codedeploy_needs.deployment_group,
            "CreateDeployment": codedeploy_needs.create_deployment,
            "GetDeployment": codedeploy_needs.deployment,
            "GetDeploymentConfig": codedeploy_needs.configuration,
            "RegisterApplicationRevision": codedeploy_needs.application,
        },
    }
    for service, operations in found.items():
        for operation, needs in operations.items():
            yield CallRow(service=service, operation=operation, needs=needs)


TABLE = {(row.service, row.operation): row for row in _rows()}

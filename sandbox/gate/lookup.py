"""
The resources that AWS looks up before it authorizes a call, read from moto.

ECS has resolved the revision of a task definition before authorization since March 2024, see
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.server.aws_session import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.server.aws_session import AwsSession


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    One region of the account that a call is for, read with the sandbox's own keys.
    """

    session: AwsSession
    region: str

    def task_definition(self, name: str) -> Mapping[str, Any]:
        """
        Return a task definition by its family, family and revision, or ARN; empty without one.
        """
        client = self.session.client("ecs", self.region)
        try:
            return client.describe_task_definition(taskDefinition=name)["taskDefinition"]
        except AwsError:
            return {}

    def deployment(self, number: str) -> Mapping[str, Any]:
        """
        Return a deployment of CodeDeploy; empty when it does not exist.
        """
        client = self.session.client("codedeploy", self.region)
        try:
            return client.get_deployment(deploymentId=number)["deploymentInfo"]
        except AwsError:
            return {}

    def deployment_group(self, application: str, group: str) -> Mapping[str, Any]:
        """
        Return a deployment group of CodeDeploy; empty when it does not exist.
        """
        client = self.session.client("codedeploy", self.region)
        try:
            return client.get_deployment_group(
                applicationName=application, deploymentGroupName=group
            )["deploymentGroupInfo"]
        except AwsError:
            return {}

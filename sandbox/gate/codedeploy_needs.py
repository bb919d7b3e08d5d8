"""
The permissions that calls of CodeDeploy need.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html,
https://github.com/aws-actions/amazon-ecs-deploy-task-definition#aws-codedeploy-support
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget

# https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
_DEFAULT_CONFIGURATION = "CodeDeployDefault.OneAtATime"


def deployment_group(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the deployment group.
    """
    del lookup
    yield _on_group(call.action, *_group(call), place)


def create_deployment(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the group, to read its configuration, and to register the revision.

    The last two are in no table of AWS; the deploy action never calls them and yet asks for both.
    """
    application, group = _group(call)
    yield _on_group(call.action, application, group, place)
    known = lookup.deployment_group(application, group)
    name = call.parameters.get("deploymentConfigName") or known.get("deploymentConfigName")
    configuration = place.arn("codedeploy", f"deploymentconfig:{name or _DEFAULT_CONFIGURATION}")
    yield Need(action="codedeploy:GetDeploymentConfig", resource=configuration)
    resource = place.arn("codedeploy", f"application:{application}")
    yield Need(action="codedeploy:RegisterApplicationRevision", resource=resource)


def deployment(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the group that the deployment is of.
    """
    found = lookup.deployment(str(call.parameters.get("deploymentId", "")))
    # A deployment that does not exist could be of any group, so all of them are needed.
    application, group = found.get("applicationName", "*"), found.get("deploymentGroupName", "*")
    yield _on_group(call.action, application, group, place)


def configuration(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the deployment configuration.
    """
    del lookup
    name = call.parameters.get("deploymentConfigName", "")
    arn = place.arn("codedeploy", f"deploymentconfig:{name}")
    yield Need(action=call.action, resource=arn)


def application(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the application.
    """
    del lookup
    name = call.parameters.get("applicationName", "")
    yield Need(action=call.action, resource=place.arn("codedeploy", f"application:{name}"))


def _group(call: ApiCall) -> tuple[str, str]:
    given = call.parameters
    return given.get("applicationName", ""), given.get("deploymentGroupName", "")


def _on_group(action: str, application: str, group: str, place: CallTarget) -> Need:
    arn = place.arn("codedeploy", f"deploymentgroup:{application}/{group}")
    return Need(action=action, resource=arn)

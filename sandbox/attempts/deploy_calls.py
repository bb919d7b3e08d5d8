"""
The calls with which a job deploys.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html (what a push of
an image calls), https://github.com/aws-actions/amazon-ecs-deploy-task-definition
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sandbox.attempts.job import AwsCall, FromAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.attempts.deployment import Deployment, EcsTarget

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
CONFIGURATION = "application/vnd.docker.container.image.v1+json"


def version_of(deployment: Deployment, number: int) -> str:
    """
    Return the tag of the image that the job for one run pushes: no two push the same one.
    """
    return f"{deployment.role}-{number}"


def deploy_calls(deployment: Deployment, version: str) -> tuple[AwsCall, ...]:
    """
    List everything that a job does in the role: look who it is, push an image, deploy.
    """
    calls = [AwsCall("sts", "GetCallerIdentity", {})]
    if deployment.repositories:
        calls.append(AwsCall("ecr", "GetAuthorizationToken", {}))
    for repository in deployment.repositories:
        calls += push_calls(repository, version)
    for target in deployment.targets:
        for family in target.one_off_tasks:
            calls += _run_once(target, family)
        for service, family in target.services:
            calls += service_calls(target, service, family)
    return tuple(calls)


def push_calls(repository: str, version: str) -> Iterator[AwsCall]:
    """
    Push an image of one layer, which holds its version.

    moto has no registry to speak to, so these are the calls that Docker's own ones become.
    """
    layer = version.encode()
    digest = f"sha256:{hashlib.sha256(layer).hexdigest()}"
    to = {"repositoryName": repository}
    yield AwsCall("ecr", "BatchCheckLayerAvailability", {**to, "layerDigests": [digest]})
    yield AwsCall("ecr", "InitiateLayerUpload", to)
    upload = {**to, "uploadId": FromAnswer("InitiateLayerUpload", ("uploadId",))}
    part = {"partFirstByte": 0, "partLastByte": len(layer) - 1, "layerPartBlob": layer}
    yield AwsCall("ecr", "UploadLayerPart", {**upload, **part})
    yield AwsCall("ecr", "CompleteLayerUpload", {**upload, "layerDigests": [digest]})
    manifest = json.dumps(_manifest(digest, len(layer)))
    yield AwsCall("ecr", "PutImage", {**to, "imageManifest": manifest, "imageTag": version})
    yield AwsCall("ecr", "BatchGetImage", {**to, "imageIds": [{"imageTag": version}]})


def service_calls(target: EcsTarget, service: str, family: str) -> Iterator[AwsCall]:
    """
    Register a task definition, give it to the service, and look at the service.
    """
    yield register(target, family)
    at = {"cluster": target.cluster}
    yield AwsCall("ecs", "DescribeServices", {**at, "services": [service]})
    yield AwsCall("ecs", "UpdateService", {**at, "service": service, "taskDefinition": _REGISTERED})
    yield AwsCall("ecs", "DescribeServices", {**at, "services": [service]})


def register(target: EcsTarget, family: str, *, task_role: str | None = None) -> AwsCall:
    """
    Register a task definition with the roles of its tasks.
    """
    roles = {
        "taskRoleArn": task_role or target.task_role,
        "executionRoleArn": target.execution_role,
    }
    given: dict[str, Any] = {
        "family": family,
        "containerDefinitions": [{"name": "app", "image": "scratch", "memory": 128}],
        **{key: arn for key, arn in roles.items() if arn},
    }
    return AwsCall("ecs", "RegisterTaskDefinition", given)


def _run_once(target: EcsTarget, family: str) -> Iterator[AwsCall]:
    at = {"cluster": target.cluster}
    yield register(target, family)
    yield AwsCall("ecs", "RunTask", {**at, "taskDefinition": _REGISTERED, "launchType": "FARGATE"})
    task = FromAnswer("RunTask", ("tasks", "0", "taskArn"))
    yield AwsCall("ecs", "DescribeTasks", {**at, "tasks": [task]})


_REGISTERED = FromAnswer("RegisterTaskDefinition", ("taskDefinition", "taskDefinitionArn"))


def _manifest(digest: str, size: int) -> dict[str, Any]:
    return {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIGURATION, "size": size, "digest": digest},
        "layers": [{"mediaType": LAYER, "size": size, "digest": digest}],
    }

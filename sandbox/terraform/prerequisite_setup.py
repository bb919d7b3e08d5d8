"""
The resources that the stacks expect, made in the sandbox through boto3.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..server.aws_session import AwsError, is_there_already

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..server.aws_session import AwsSession
    from .default_target import AccountRegion
    from .prerequisite import Prerequisites

# A role that tasks run as; who may assume a role that is only named is not looked at.
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            }
        ],
    }
)
_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}],
    }
)
# One definition for all services: a deploy replaces it with one of its own.
_FAMILY = "sandbox"


def furnish_state(prerequisites: Prerequisites, session: Callable[[str], AwsSession]) -> None:
    """
    Make the buckets and lock tables in which Terraform keeps its state.
    """
    for name, place in sorted(prerequisites.buckets.items()):
        _make_bucket(session(place.account).client("s3", place.region), name, place)
    for place, table in sorted(prerequisites.lock_tables):
        _unless_there(
            session(place.account).client("dynamodb", place.region).create_table,
            TableName=table,
            KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def _make_bucket(client: Any, name: str, place: AccountRegion) -> None:
    # us-east-1 is the one region that may not be named.
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
    _unless_there(
        client.create_bucket, Bucket=name, **({} if place.region == "us-east-1" else elsewhere)
    )


def furnish(prerequisites: Prerequisites, session: Callable[[str], AwsSession]) -> None:
    """
    Make the resources that the stacks expect; those that exist stay as they are.
    """
    _furnish_iam(prerequisites, session)
    for place, cluster in sorted(prerequisites.clusters):
        _make_cluster(session(place.account).client("ecs", place.region), cluster)
    for place, cluster, service in sorted(prerequisites.services):
        client = session(place.account).client("ecs", place.region)
        _make_cluster(client, cluster)
        _make_service(client, cluster, service)


def _furnish_iam(prerequisites: Prerequisites, session: Callable[[str], AwsSession]) -> None:
    for account, role in sorted(prerequisites.roles):
        path, _, name = role.rpartition("/")
        _unless_there(
            session(account).client("iam").create_role,
            Path=f"{path}/",
            RoleName=name,
            AssumeRolePolicyDocument=_TRUST,
        )
    for account, arn in sorted(prerequisites.policies):
        path, _, name = arn.partition(":policy")[2].rpartition("/")
        _unless_there(
            session(account).client("iam").create_policy,
            Path=f"{path}/",
            PolicyName=name,
            PolicyDocument=_POLICY,
        )
    for (account, url), audiences in sorted(prerequisites.providers.items()):
        _unless_there(
            session(account).client("iam").create_open_id_connect_provider,
            Url=url if url.startswith("https://") else f"https://{url}",
            ClientIDList=sorted(audiences),
        )


def _make_cluster(client: Any, cluster: str) -> None:
    if not client.describe_clusters(clusters=[cluster])["clusters"]:
        client.create_cluster(clusterName=cluster)


def _make_service(client: Any, cluster: str, service: str) -> None:
    if client.describe_services(cluster=cluster, services=[service])["services"]:
        return
    container = {"name": "app", "image": "scratch", "memory": 128}
    client.register_task_definition(family=_FAMILY, containerDefinitions=[container])
    client.create_service(
        # No task is to run before the first deploy.
        cluster=cluster,
        serviceName=service,
        taskDefinition=_FAMILY,
        desiredCount=0,
    )


def _unless_there(create: Callable[..., Any], **arguments: Any) -> None:
    try:
        create(**arguments)
    except AwsError as error:
        if not is_there_already(error):
            raise

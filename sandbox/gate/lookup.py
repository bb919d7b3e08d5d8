"""
The resources that AWS looks up before it authorizes a call, read from moto.

ECS has resolved the revision of a task definition before authorization since March 2024, see
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy_access.iam.arns import Arn

from ..server.aws_session import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..server.aws_session import AwsSession


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

    def role(self, name: str) -> Mapping[str, Any]:
        """
        Return a role by its name, without its path; empty when it does not exist.
        """
        try:
            return self.session.client("iam").get_role(RoleName=name)["Role"]
        except AwsError:
            return {}

    def owns_bucket(self, bucket: str) -> bool:
        """
        Whether the bucket is of this account.
        """
        found = self.session.client("s3", self.region).list_buckets()["Buckets"]
        return any(one["Name"] == bucket for one in found)

    def bucket_encryption(self, bucket: str) -> Mapping[str, Any]:
        """
        Return the rule by which a bucket encrypts what is put into it; empty without one.
        """
        client = self.session.client("s3", self.region)
        try:
            found = client.get_bucket_encryption(Bucket=bucket)
        except AwsError:
            return {}
        return found["ServerSideEncryptionConfiguration"]["Rules"][0]

    def stored(self, bucket: str, key: str) -> Mapping[str, Any]:
        """
        Return what S3 says of an object; empty when it does not exist.
        """
        try:
            return self.session.client("s3", self.region).head_object(Bucket=bucket, Key=key)
        except AwsError:
            return {}

    def kms_key(self, name: str) -> str | None:
        """
        Return the ARN of a KMS key by its id, its ARN or an alias; None when it does not exist.

        One of another account is known by its ARN alone.
        """
        found = Arn.parse(name)
        if found and found.resource_type == "key":
            return name
        try:
            answer = self.session.client("kms", self.region).describe_key(KeyId=name)
        except AwsError:
            return None
        return answer["KeyMetadata"]["Arn"]

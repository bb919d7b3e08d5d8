"""A stack with an ECS service, a Lambda function and a bucket, and who may deploy them."""

import json

from deploy_access.constructs import EcrRepo, EcsDeployPolicy, GithubDeployRole  # isort: skip
from deploy_access.constructs import GithubRepo, OidcProvider  # isort: skip - before cdktf
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.ecs_cluster import EcsCluster
from cdktf_cdktf_provider_aws.ecs_service import EcsService
from cdktf_cdktf_provider_aws.ecs_task_definition import EcsTaskDefinition
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from constructs import Construct

WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
SUBJECTS = [WEB.environment("prod")]


class WebStack(TerraformStack):
    """The service `web` in production."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        AwsProvider(self, "Aws", region="eu-central-1", allowed_account_ids=["111122223333"])
        image = EcrRepo(self, "Image", name="web")
        self._service(image.url)
        self._thumbnails()
        deploy = GithubDeployRole(
            self,
            "Deploy",
            name="web-prod-deploy",
            oidc_provider=OidcProvider(self, "Github"),
            subjects=SUBJECTS,
        )
        image.grant_push(deploy)
        EcsDeployPolicy(
            self,
            "Ecs",
            role=deploy,
            cluster="prod",
            services=["web"],
            task_roles=["web-task"],
            execution_role=None,
        )

    def _service(self, image: str) -> None:
        task = EcsTaskDefinition(
            self,
            "Task",
            family="web",
            task_role_arn=self._role("web-task", "ecs-tasks.amazonaws.com").arn,
            container_definitions=json.dumps([{"name": "web", "image": image, "memory": 128}]),
        )
        EcsService(
            self,
            "Service",
            name="web",
            cluster=EcsCluster(self, "Cluster", name="prod").arn,
            task_definition=task.arn,
            desired_count=2,
        )

    def _thumbnails(self) -> None:
        code = S3Bucket(self, "Code", bucket="acme-code")
        LambdaFunction(
            self,
            "Thumbnails",
            function_name="thumbnails",
            role=self._role("thumbnails", "lambda.amazonaws.com").arn,
            runtime="python3.13",
            handler="main.handle",
            s3_bucket=code.bucket,
            s3_key="thumbnails.zip",
        )

    def _role(self, name: str, service: str) -> IamRole:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
        }
        trust = {"Version": "2012-10-17", "Statement": [statement]}
        return IamRole(self, name, name=name, assume_role_policy=json.dumps(trust))

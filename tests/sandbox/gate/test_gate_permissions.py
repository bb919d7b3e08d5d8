"""
What a session may do through the gate: real boto3 calls, real policies in moto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]
from gate_world import (
    ANYTHING,
    REGION,
    World,
    allow,
    denied,
    document,
    make_infrastructure,
    refusal,
)
from sandbox_estates import NONPROD, PROD

from sandbox.server.aws_session import client_of

if TYPE_CHECKING:
    from sandbox_estates import Json

ECS = f"arn:aws:ecs:{REGION}:{NONPROD}"
ECR = f"arn:aws:ecr:{REGION}:{NONPROD}:repository"
CLUSTER = {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}}


@pytest.fixture(scope="module", autouse=True)
def _infrastructure(world: World) -> None:
    """
    Make what the calls are about.
    """
    make_infrastructure(world)


def test_who_am_i_is_always_allowed(world: World) -> None:
    """A role without any policy, and one that denies everything, may ask who they are."""
    for name, statements in (("mute", []), ("gagged", [{**ANYTHING, "Effect": "Deny"}])):
        session = world.enter(world.role(name, *statements))

        assert session.client("sts").get_caller_identity()["Account"] == NONPROD


def test_a_role_without_policies_may_do_nothing(world: World) -> None:
    """Where moto would let every caller in, the gate refuses in the words of AWS."""
    ecr = world.enter(world.role("poor")).client("ecr")

    assert refusal(ecr.get_authorization_token) == denied("poor", "ecr:GetAuthorizationToken", "*")


def test_one_repository_is_not_another(world: World) -> None:
    """A grant on one repository reaches that one and no other."""
    role = world.role("pusher", allow("ecr:InitiateLayerUpload", on=f"{ECR}/web"))
    ecr = world.enter(role).client("ecr")

    assert ecr.initiate_layer_upload(repositoryName="web")["uploadId"]
    assert refusal(ecr.initiate_layer_upload, repositoryName="other") == denied(
        "pusher", "ecr:InitiateLayerUpload", f"{ECR}/other"
    )


def test_the_sdk_raises_its_own_exception(world: World) -> None:
    """A refusal of ECS is the exception that the SDK has for it."""
    ecs = world.enter(world.role("nobody")).client("ecs")

    with pytest.raises(ecs.exceptions.AccessDeniedException):
        ecs.describe_services(cluster="dev", services=["web"])


def test_an_explicit_deny(world: World) -> None:
    """A deny wins, and AWS says so in other words."""
    deny = {"Effect": "Deny", "Action": "ecr:DescribeImages", "Resource": f"{ECR}/web"}
    ecr = world.enter(world.role("denied", ANYTHING, deny)).client("ecr")

    _, code, message = refusal(ecr.describe_images, repositoryName="web")

    assert code == "AccessDeniedException"
    assert message.endswith(f"{ECR}/web with an explicit deny in an identity-based policy")


def test_a_boundary(world: World) -> None:
    """What the boundary does not allow is refused, whatever the policies of the role say."""
    boundary = world.policy("only-ecr", allow("ecr:*"))
    role = world.role("bounded", ANYTHING, PermissionsBoundary=boundary)
    session = world.enter(role)

    assert session.client("ecr").describe_images(repositoryName="web")["imageDetails"] == []
    answer = refusal(session.client("ecs").describe_task_definition, taskDefinition="web")
    why = "no permissions boundary allows"
    assert answer == denied("bounded", "ecs:DescribeTaskDefinition", "*", why)


def test_an_attached_policy(world: World) -> None:
    """A managed policy counts as soon as it is attached, and no longer when it is not."""
    role = world.role("attached")
    ecr = world.enter(role).client("ecr")
    arn = world.policy("reads-web", allow("ecr:DescribeImages", on=f"{ECR}/web"))
    before = refusal(ecr.describe_images, repositoryName="web")

    world.iam.attach_role_policy(RoleName="attached", PolicyArn=arn)
    assert ecr.describe_images(repositoryName="web")["imageDetails"] == []

    world.iam.detach_role_policy(RoleName="attached", PolicyArn=arn)
    assert refusal(ecr.describe_images, repositoryName="web") == before


def test_a_policy_of_aws_itself(world: World) -> None:
    """A policy that AWS manages counts like any other."""
    role = world.role("reader")
    arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
    world.iam.attach_role_policy(RoleName="reader", PolicyArn=arn)
    ecr = world.enter(role).client("ecr")

    assert ecr.describe_images(repositoryName="web")["imageDetails"] == []
    assert refusal(ecr.initiate_layer_upload, repositoryName="web") == denied(
        "reader", "ecr:InitiateLayerUpload", f"{ECR}/web"
    )


IMAGES: Json = {"registryId": PROD, "repositoryName": "web", "imageIds": [{"imageTag": "v1"}]}
FOREIGN = f"arn:aws:ecr:{REGION}:{PROD}:repository/web"


def test_pulling_across_accounts(world: World) -> None:
    """Both sides have to allow it: the role, and the policy of the repository."""
    pull = allow("ecr:BatchGetImage", on=FOREIGN)
    ecr = world.enter(world.role("puller", pull)).client("ecr")
    stranger = world.enter(world.role("stranger")).client("ecr")
    why = "no resource-based policy allows"
    assert refusal(ecr.batch_get_image, **IMAGES) == denied(
        "puller", "ecr:BatchGetImage", FOREIGN, why
    )

    account = {"AWS": f"arn:aws:iam::{NONPROD}:root"}
    shared = {"Effect": "Allow", "Principal": account, "Action": "ecr:BatchGetImage"}
    world.session(PROD).client("ecr").set_repository_policy(
        repositoryName="web", policyText=document(shared)
    )

    assert ecr.batch_get_image(**IMAGES)["failures"]
    assert refusal(stranger.batch_get_image, **IMAGES) == denied(
        "stranger", "ecr:BatchGetImage", FOREIGN
    )


def test_a_repository_that_denies(world: World) -> None:
    """A deny in the policy of a repository stops a role that may do everything."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:PutImage"}
    world.session(NONPROD).client("ecr").set_repository_policy(
        repositoryName="other", policyText=document(deny)
    )
    ecr = world.enter(world.role("almighty", ANYTHING)).client("ecr")

    _, _, message = refusal(ecr.put_image, repositoryName="other", imageManifest="{}")

    assert message.endswith(f"{ECR}/other with an explicit deny in a resource-based policy")


@pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [
        pytest.param("ecs", "list_clusters", {}, id="a call that is not in the table"),
        pytest.param("ecs", "delete_service", {"service": "web"}, id="one that destroys"),
        pytest.param("iam", "list_roles", {}, id="one of IAM"),
        pytest.param("sns", "list_topics", {}, id="another service"),
        pytest.param("s3", "list_buckets", {}, id="one of S3"),
        pytest.param("s3", "get_bucket_acl", {"Bucket": "state"}, id="what a bucket has besides"),
        pytest.param(
            "s3",
            "copy_object",
            {"Bucket": "state", "Key": "a", "CopySource": "state/b"},
            id="a put that is a copy",
        ),
        pytest.param(
            "s3",
            "get_object",
            {"Bucket": "state", "Key": "a", "VersionId": "1"},
            id="another version of an object",
        ),
    ],
)
def test_what_the_gate_does_not_know(
    world: World, service: str, method: str, parameters: Json
) -> None:
    """A call that the gate cannot judge is refused, also for a role that may do everything."""
    name = world.fresh("unknown")
    client = world.enter(world.role(name, ANYTHING)).client(service)

    code = refusal(getattr(client, method), **parameters)[1]

    assert code in {"SandboxCannotJudge", "400"}


def test_all_repositories_at_once(world: World) -> None:
    """A call that names no repository needs the action on all of them."""
    some = world.enter(world.role("some", allow("ecr:DescribeRepositories", on=f"{ECR}/web")))
    every = world.enter(world.role("every", allow("ecr:DescribeRepositories", on=f"{ECR}/*")))

    assert refusal(some.client("ecr").describe_repositories) == denied(
        "some", "ecr:DescribeRepositories", f"{ECR}/*"
    )
    assert every.client("ecr").describe_repositories()["repositories"]


def test_a_name_that_is_none(world: World) -> None:
    """What cannot even be looked up is refused, and no error of the gate."""
    role = world.role(world.fresh("odd"), ANYTHING)
    loose = Config(parameter_validation=False)
    ecr = client_of(world.enter(role), "ecr", REGION, loose)

    assert refusal(ecr.describe_images, repositoryName="x")[1] == "SandboxCannotJudge"


def test_a_condition_that_cannot_be_judged(world: World) -> None:
    """A policy that asks for what only AWS knows is not rounded to a yes."""
    tagged = {"StringEquals": {"aws:ResourceTag/team": "web"}}
    ecr = world.enter(world.role("by-tag", allow("ecr:*", when=tagged))).client("ecr")

    assert refusal(ecr.describe_images, repositoryName="web")[1] == "SandboxCannotJudge"
